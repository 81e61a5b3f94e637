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

/** A command that was not understood; the exit code is 2. */
export class UsageError extends Error {}

/** The flags that a command was given, those with values as text. */
export type Flags = { readonly [name: string]: string | boolean | readonly string[] | undefined };

export type Invocation = {
  readonly verb: string;
  readonly positionals: readonly string[];
  readonly flags: Flags;
};

/** The text of a flag; undefined where it was not given. @throws UsageError where it is empty */
export function textFlag({ flags }: Invocation, name: string): string | undefined {
  const value = flags[name];
  if (typeof value !== 'string') return undefined;
  if (value === '') throw new UsageError(`--${name} needs a value.`);
  return value;
}

/** Exactly these arguments, by their names. @throws UsageError */
export function positionalsOf({ positionals, verb }: Invocation, ...names: readonly string[]): readonly string[] {
  if (positionals.length > names.length) throw new UsageError(`Unexpected argument "${positionals[names.length]}".`);
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`${verb} needs <${missing}>.`);
  return positionals;
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
