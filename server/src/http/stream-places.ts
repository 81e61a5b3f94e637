import { busy } from './http-problem.ts';
import { networkOf } from './rate-limits.ts';

/** Room for one open stream. Its holder gives it back when the body of the answer has ended. */
export type StreamPlace = {
  /** Idempotent. */
  readonly release: () => void;
};

export type StreamPlaces = {
  /** @throws HttpProblem `rate_limited` where this address holds all that it may. */
  take(address: string): StreamPlace;
};

/**
 * How many streams of one address are open at once, whatever they are: each holds a socket, and nothing else bounds how
 * long. They count until their body has ended, so that a client that does not read cannot hold more.
 */
export function createStreamPlaces(maxPerAddress: number): StreamPlaces {
  const taken = new Map<string, number>();
  return {
    take(address) {
      const network = networkOf(address);
      const count = taken.get(network) ?? 0;
      if (count >= maxPerAddress) throw busy();
      taken.set(network, count + 1);
      let isHeld = true;
      const release = (): void => {
        if (!isHeld) return;
        isHeld = false;
        const left = (taken.get(network) ?? 1) - 1;
        if (left === 0) taken.delete(network);
        else taken.set(network, left);
      };
      return { release };
    },
  };
}

/** Opens a stream in a place that was taken for it, and gives the place back where that fails. */
export async function openIn<Opened>(place: StreamPlace, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    place.release();
    throw error;
  }
}
