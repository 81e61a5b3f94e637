import { timeOfBucket, type Counts, type HourStatistics } from '../../storage/index.ts';

/** Durations, to 5 %. Null where there were none. */
export type Times = { readonly count: number; readonly medianMs: number; readonly p95Ms: number } | null;

/** What happened in some time. */
export type Summary = {
  readonly messages: number;
  readonly conversations: number;
  /** Of the conversations, those of verified visitors, and those that no person was asked into or took over. */
  readonly verified: number;
  readonly withoutHuman: number;
  readonly feedback: { readonly up: number; readonly down: number };
  readonly refused: Counts;
  readonly replyTime: Times;
  readonly humanTime: Times;
};

/** Many hours as one. */
export function summarize(hours: readonly HourStatistics[]): Summary {
  const sum = (of: (hour: HourStatistics) => number): number => hours.reduce((total, hour) => total + of(hour), 0);
  const conversations = sum((hour) => hour.conversations);
  return {
    messages: sum((hour) => hour.messages),
    conversations,
    verified: sum((hour) => hour.verified),
    withoutHuman: conversations - sum((hour) => hour.handedOver),
    feedback: { up: sum((hour) => hour.ratedUp), down: sum((hour) => hour.ratedDown) },
    refused: addUp(hours.map((hour) => hour.refusals)),
    replyTime: timesOf(addUp(hours.map((hour) => hour.replyTimes))),
    humanTime: timesOf(addUp(hours.map((hour) => hour.humanTimes))),
  };
}

function addUp(all: readonly Counts[]): Counts {
  const sums = new Map<string, number>();
  for (const counts of all) {
    for (const [key, count] of Object.entries(counts)) sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

function timesOf(histogram: Counts): Times {
  const pieces = Object.entries(histogram)
    .map(([bucket, count]) => ({ ms: timeOfBucket(Number(bucket)), count }))
    .toSorted((one, two) => one.ms - two.ms);
  const count = pieces.reduce((total, piece) => total + piece.count, 0);
  if (count === 0) return null;
  return { count, medianMs: quantile(pieces, 0.5 * count), p95Ms: quantile(pieces, 0.95 * count) };
}

/** The shortest time that so many of them did not take longer than. */
function quantile(pieces: readonly { readonly ms: number; readonly count: number }[], rank: number): number {
  let seen = 0;
  return pieces.find(({ count }) => (seen += count) >= rank)?.ms ?? 0;
}
