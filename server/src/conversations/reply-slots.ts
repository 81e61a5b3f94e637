/** How many replies this process writes at once. */
export type ReplyLimits = {
  /** Of one owner, and of one session. Default 4. */
  readonly perVisitor: number;
  /** Of one address, which may be a whole office's. Default 100. */
  readonly perAddress: number;
  /** Of everybody together. Default 500. */
  readonly inProcess: number;
};

export const defaultReplyLimits: ReplyLimits = { perVisitor: 4, perAddress: 100, inProcess: 500 };

/** Room for one reply, until it has ended. */
export type ReplySlot = {
  /** Idempotent. */
  readonly release: () => void;
};

export type ReplySlots = {
  /**
   * Room for a reply in this conversation that counts for each of these visitors, or why there is none. A conversation has
   * one reply at a time: the same message sent twenty times at once takes the room of one.
   */
  take(
    visitors: readonly string[],
    conversationId: string,
    address?: string,
  ): ReplySlot | 'too_many_replies' | 'unavailable';
};

export function createReplySlots({ perVisitor, perAddress, inProcess }: ReplyLimits): ReplySlots {
  const holders = new Map<string, number>();
  const perOwner = new Map<string, number>();
  const fromAddress = new Map<string, number>();

  function change(by: 1 | -1, visitors: readonly string[], address: string | undefined): void {
    for (const visitor of visitors) count(perOwner, visitor, by);
    if (address !== undefined) count(fromAddress, address, by);
  }

  function hold(key: string, visitors: readonly string[], address: string | undefined): ReplySlot {
    if (count(holders, key, 1) === 1) change(1, visitors, address);
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      if (count(holders, key, -1) === 0) change(-1, visitors, address);
    };
    return { release };
  }

  return {
    take(visitors, conversationId, address) {
      const key = JSON.stringify([address, conversationId, ...visitors]);
      if (holders.has(key)) return hold(key, visitors, address);
      if (address !== undefined && (fromAddress.get(address) ?? 0) >= perAddress) return 'too_many_replies';
      if (visitors.some((visitor) => (perOwner.get(visitor) ?? 0) >= perVisitor)) return 'too_many_replies';
      return holders.size >= inProcess ? 'unavailable' : hold(key, visitors, address);
    },
  };
}

/** Changes a count, and forgets it at zero. */
function count(counts: Map<string, number>, key: string, change: 1 | -1): number {
  const left = (counts.get(key) ?? 0) + change;
  if (left === 0) counts.delete(key);
  else counts.set(key, left);
  return left;
}
