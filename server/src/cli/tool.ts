import { nameWord } from '../config/index.ts';

/** Where a command's words go, and what it knows of the world. */
export type Surroundings = {
  readonly environment: { readonly [name: string]: string | undefined };
  /** All of standard input, as text. */
  readonly readInput: () => Promise<string>;
  readonly write: (text: string) => void;
  /** For people, beside the answer. */
  readonly note: (text: string) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
};

/** The answer, in words or as JSON. */
export type Say = (text: string, value: object) => void;

/** A command that was not understood; the exit code is 2. */
export class UsageError extends Error {}

/** The flags that a command was given, those with values as text. */
export type Flags = { readonly [name: string]: string | boolean | readonly string[] | undefined };

export type Invocation = {
  /** Such as `keys`. */
  readonly name: string;
  readonly verb: string;
  readonly positionals: readonly string[];
  /** The words behind the program's name, the first of which is number 1: the place of `verb` and of each of `positionals`. */
  readonly places: { readonly verb: number; readonly positionals: readonly number[] };
  readonly flags: Flags;
};

/** The text of a flag; undefined where it was not given. @throws UsageError where it is empty */
export function textFlag({ flags }: Invocation, name: string): string | undefined {
  const value = flags[name];
  if (typeof value !== 'string') return undefined;
  if (value === '') throw new UsageError(`--${name} needs a value.`);
  return value;
}

/**
 * Exactly these arguments, by their names.
 *
 * @throws UsageError that points at a surplus one by its number: it may be a secret or a token
 */
export function positionalsOf(invocation: Invocation, ...names: readonly string[]): readonly string[] {
  const { positionals, name, verb, places } = invocation;
  const surplus = places.positionals[names.length];
  if (surplus !== undefined) {
    const takes = names.length === 0 ? 'options alone' : names.map((each) => `<${each}>`).join(' ');
    throw new UsageError(`${name} ${verb} takes ${takes}. Not understood: argument ${surplus}.`);
  }
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`${verb} needs <${missing}>.`);
  return positionals;
}

/** For a verb that the command does not have. It may be a secret or a token, so that only a short word is repeated. */
export function unknownVerb({ name, verb, places }: Invocation, known: readonly string[]): UsageError {
  const word = nameWord({ text: verb, place: places.verb });
  const there = known.map((each) => `${name} ${each}`).join(', ');
  return new UsageError(`There are ${there}. Not understood: ${word}. ${seeHelp(name)}`);
}

/** What a token or a JWKS says may hold characters that a terminal obeys, or that turn the direction of a line. */
export function escapeControls(text: string): string {
  return text.replaceAll(
    /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Where to read more about a command. */
export function seeHelp(name: string): string {
  return `chat-widget-server ${name} --help tells more.`;
}

export function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** ISO 8601 to the minute, for tables. */
export function shortTime(time: number | null): string {
  return time === null ? '-' : new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

export function shortDay(time: number | null): string {
  return time === null ? '-' : new Date(time).toISOString().slice(0, 10);
}

/** Rows under their headings, each column as wide as it has to be. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
