/** Pieces of 1 to `longest` characters that join to the text; the same seed makes the same pieces. (mulberry32) */
export function splitAtRandom(text: string, seed: number, longest = 12): string[] {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + 1 + Math.floor(next() * longest);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
