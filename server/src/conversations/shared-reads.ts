import { createBell, type Bell } from './bell.ts';

/** What the streams of one owner in this process have in common. */
export type SharedReads = {
  /** Rung when the owner may have new events. */
  readonly bell: Bell;
  /**
   * What `read` gives, or what another stream's read of the same thing gives that is still on its way. One that had begun
   * before the bell's last ring may have missed what it rang for, and is not shared.
   */
  share<Result>(what: string, read: () => Promise<Result>): Promise<Result>;
};

/** The shared reads of each key (an owner) that has a stream, dropped with its last one. */
export function createSharedReads(subscribe: (key: string, ring: () => void) => () => void) {
  const open = new Map<string, { readonly reads: SharedReads; streams: number; readonly unsubscribe: () => void }>();

  function join(key: string): SharedReads {
    const known = open.get(key);
    if (known !== undefined) {
      known.streams++;
      return known.reads;
    }
    const reads = createReads();
    open.set(key, { reads, streams: 1, unsubscribe: subscribe(key, () => reads.bell.ring()) });
    return reads;
  }

  function leave(key: string): void {
    const left = open.get(key);
    if (left === undefined || --left.streams > 0) return;
    open.delete(key);
    left.unsubscribe();
  }

  return { join, leave };
}

function createReads(): SharedReads {
  const bell = createBell();
  const underWay = new Map<string, Promise<unknown>>();
  return {
    bell,
    share<Result>(what: string, read: () => Promise<Result>): Promise<Result> {
      const key = `${bell.rings} ${what}`;
      const known = underWay.get(key);
      // Only this function writes the map, and each `what` has one kind of result.
      if (known !== undefined) return known as Promise<Result>;
      const reading = read().finally(() => underWay.delete(key));
      underWay.set(key, reading);
      return reading;
    },
  };
}
