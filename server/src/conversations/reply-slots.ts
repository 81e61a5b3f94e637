/** How many replies this process writes at once. */
export type ReplyLimits = {
  /** Of one owner, and of one session. Default 4. */
  readonly perVisitor: number;
  /** Of everybody together. Default 500. */
  readonly inProcess: number;
};

export const defaultReplyLimits: ReplyLimits = { perVisitor: 4, inProcess: 500 };

/** Room for one reply, until it has ended. */
export type ReplySlot = {
  /** Idempotent. */
  readonly release: () => void;
};

export type ReplySlots = {
  /** Room for a reply that counts for each of these visitors, or why there is none. */
  take(visitors: readonly string[]): ReplySlot | 'too_many_replies' | 'unavailable';
};

export function createReplySlots({ perVisitor, inProcess }: ReplyLimits): ReplySlots {
  const running = new Map<string, number>();
  let total = 0;

  function count(visitor: string, change: 1 | -1): void {
    const left = (running.get(visitor) ?? 0) + change;
    if (left === 0) running.delete(visitor);
    else running.set(visitor, left);
  }

  return {
    take(visitors) {
      if (visitors.some((visitor) => (running.get(visitor) ?? 0) >= perVisitor)) return 'too_many_replies';
      if (total >= inProcess) return 'unavailable';
      total++;
      for (const visitor of visitors) count(visitor, 1);
      let isHeld = true;
      const release = (): void => {
        if (!isHeld) return;
        isHeld = false;
        total--;
        for (const visitor of visitors) count(visitor, -1);
      };
      return { release };
    },
  };
}
