/** Numbers that look random and are the same in every run. */
export type Random = {
  /** A whole number from `from` to `to`, both included. */
  readonly between: (from: number, to: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly chance: (probability: number) => boolean;
  readonly shuffle: <T>(list: readonly T[]) => T[];
  /** Letters and digits. */
  readonly word: (length: number) => string;
  readonly bytes: (length: number) => Uint8Array;
};

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Mulberry32: 32 bits of state, a full period, good enough to spread test cases. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => {
    const at = between(0, list.length - 1);
    if (at in list) return list[at] as T;
    throw new RangeError('There is nothing to pick from.');
  };
  return {
    between,
    pick,
    chance: (probability) => next() < probability,
    shuffle: (list) => {
      const left = [...list];
      return list.map(() => left.splice(between(0, left.length - 1), 1)[0] as (typeof left)[number]);
    },
    word: (length) => Array.from({ length }, () => letters[between(0, letters.length - 1)]).join(''),
    bytes: (length) => Uint8Array.from({ length }, () => between(0, 255)),
  };
}
