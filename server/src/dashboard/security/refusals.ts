type Counted = { readonly reason: string; readonly bucket: number; readonly count: number };

type ReasonCount = {
  readonly reason: string;
  readonly count: number;
  /** One for each piece of the time, the oldest first. */
  readonly counts: readonly number[];
};

/** Counts by reason, the most frequent first. */
export function addUp(counted: readonly Counted[], buckets: number): readonly ReasonCount[] {
  const byReason = Map.groupBy(counted, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, pieces]) => {
      const counts = Array.from({ length: buckets }, () => 0);
      for (const { bucket, count } of pieces) {
        // What is counted this very moment belongs to the last piece.
        const at = Math.min(bucket, buckets - 1);
        counts[at] = (counts[at] ?? 0) + count;
      }
      return { reason, counts, count: counts.reduce((sum, each) => sum + each, 0) };
    })
    .toSorted((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));
}
