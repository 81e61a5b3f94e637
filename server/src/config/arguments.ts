import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ConfigError } from './environment.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** A word of the command line that is no option. */
export type Word = {
  readonly text: string;
  /** Its number among all words behind the program's name, from 1. */
  readonly place: number;
};

export type Arguments = {
  readonly values: { readonly [option: string]: string | boolean | readonly (string | boolean)[] | undefined };
  readonly words: readonly Word[];
};

/**
 * Reads options and words. What could be a secret or a token in the wrong place is never repeated.
 *
 * @param argv all words behind the program's name
 * @throws ConfigError for an option that is not known, lacks its value or takes none
 */
export function readArguments(argv: readonly string[], options: Options): Arguments {
  const lenient = parseArgs({ args: [...argv], strict: false, allowPositionals: true, tokens: true, options });
  const unknown = lenient.tokens.find((token) => token.kind === 'option' && !Object.hasOwn(options, token.name));
  if (unknown !== undefined) {
    const word = argv[unknown.index]?.split('=')[0] ?? '';
    throw new ConfigError(`Not understood: ${nameWord({ text: word, place: unknown.index + 1 })}.`);
  }
  // Of known options Node names the option alone, never its value.
  const { values, tokens } = parseArgs({
    args: [...argv],
    strict: true,
    allowPositionals: true,
    tokens: true,
    options,
  });
  const words = tokens.flatMap((token) =>
    token.kind === 'positional' ? [{ text: token.value, place: token.index + 1 }] : [],
  );
  return { values, words };
}

/** A word as it may be repeated: a short one in lower case, such as a mistyped command. Others are only pointed at. */
export function nameWord({ text, place }: Word): string {
  return /^-{0,2}[a-z][a-z-]{0,14}$/.test(text) ? `"${text}"` : `argument ${place}`;
}
