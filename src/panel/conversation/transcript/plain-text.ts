/** All that some program takes for the end of a line (UAX #14, BK, CR, LF, NL). */
const lineEnds = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/** Control characters but for the tab, and those that turn the direction of what follows: a terminal would obey them. */
// oxlint-disable-next-line no-control-regex
const orders = /[\0-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A text of whoever wrote it, line by line, with nothing in it that acts: such characters are named. */
export function plainLines(text: string): readonly string[] {
  return text.split(lineEnds).map((line) => line.replace(orders, named));
}

/** The same in a single line. */
export function plainLine(text: string): string {
  return plainLines(text).join(' ').trim();
}

function named(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
