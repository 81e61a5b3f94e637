const smallestMs = 50;
/** Neighbours are 10 % apart: what is read back is at most 5 % off. */
const growth = 1.1;

/** The number of the piece of a histogram that a duration belongs to. */
export function timeBucket(durationMs: number): number {
  return Math.max(0, Math.round(Math.log(Math.max(durationMs, 1) / smallestMs) / Math.log(growth)));
}

/** The duration that a piece stands for, in milliseconds. */
export function timeOfBucket(bucket: number): number {
  return Math.round(smallestMs * growth ** bucket);
}
