import { defaultPolicy } from '../identity/index.ts';

/** No signing secret and no token is shorter; ids, commands and settings mostly are. */
const minCharacters = 20;

/** What follows these is a path, which whoever mistyped it has to see. */
const pathFlags: ReadonlySet<string> = new Set(['--config', '--data']);
const pathForm = /^(?:\.{0,2}\/|[A-Za-z]:\\)|\.json$/;

/**
 * Takes out of a message what could be a secret or a token that was typed in a wrong place, and points at it by its number
 * among the words behind the program's name. Messages come from everywhere, and most of them quote what they do not know.
 */
export function createMask(argv: readonly string[]): (text: string) => string {
  const hidden = argv
    .flatMap((word, at) => (isPath(word, argv[at - 1]) ? [] : partsOf(word).map((part) => [part, at + 1] as const)))
    .filter(([part]) => part.length >= minCharacters && !Object.hasOwn(defaultPolicy, part))
    .toSorted(([one], [other]) => other.length - one.length);
  return (text) => hidden.reduce((rest, [part, place]) => rest.replaceAll(part, () => `[argument ${place}]`), text);
}

/** As a whole, and both halves of `name=value`; also as JSON quotes it. */
function partsOf(word: string): readonly string[] {
  const at = word.indexOf('=');
  const parts = at === -1 ? [word] : [word, word.slice(0, at), word.slice(at + 1)];
  return parts.flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
}

function isPath(word: string, before: string | undefined): boolean {
  const [flag = '', value = ''] = word.split('=', 2);
  if (pathFlags.has(flag)) return pathForm.test(value);
  return before !== undefined && pathFlags.has(before) && pathForm.test(word);
}
