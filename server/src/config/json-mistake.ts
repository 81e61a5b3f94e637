/** Where a text stops being JSON; both count from 1. */
export type TextPlace = { readonly line: number; readonly column: number };

const space = /[ \t\n\r]*/y;
/** RFC 8259: the two brackets, the two separators, strings, numbers and the three names. */
const token =
  /[[\]{}:,]|"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/iuy;

type Bracket = '[' | '{';
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end';

/**
 * Where `JSON.parse` gave up. Its own message says it for some mistakes only, and quotes the text for the others, which may
 * be a secret.
 */
export function jsonMistake(text: string): TextPlace {
  const open: Bracket[] = [];
  let expected: Expected | 'nothing' = 'value';
  let at = 0;
  for (;;) {
    at += matchAt(space, text, at).length;
    const word = matchAt(token, text, at);
    const next: Expected | 'nothing' | undefined = word === '' ? undefined : step(word, expected, open);
    if (next === undefined) return placeOf(text, at);
    expected = next;
    at += word.length;
  }
}

/** What may come behind a token; undefined where it may not stand there. */
function step(word: string, expected: Expected | 'nothing', open: Bracket[]): Expected | 'nothing' | undefined {
  switch (word) {
    case ':':
      return expected === 'colon' ? 'value' : undefined;
    case ',':
      return expected === 'comma or end' ? (open.at(-1) === '{' ? 'key' : 'value') : undefined;
    case ']':
      return close('[', expected === 'value or ]' || expected === 'comma or end', open);
    case '}':
      return close('{', expected === 'key or }' || expected === 'comma or end', open);
    default:
      if (expected === 'key' || expected === 'key or }') return word.startsWith('"') ? 'colon' : undefined;
      return expected === 'value' || expected === 'value or ]' ? readValue(word, open) : undefined;
  }
}

function close(bracket: Bracket, mayClose: boolean, open: Bracket[]): Expected | 'nothing' | undefined {
  if (!mayClose || open.at(-1) !== bracket) return undefined;
  open.pop();
  return afterValue(open);
}

function readValue(word: string, open: Bracket[]): Expected | 'nothing' | undefined {
  if (word !== '[' && word !== '{') return isName(word) ? afterValue(open) : undefined;
  open.push(word);
  return word === '[' ? 'value or ]' : 'key or }';
}

function afterValue(open: readonly Bracket[]): Expected | 'nothing' {
  return open.length === 0 ? 'nothing' : 'comma or end';
}

/** The pattern ignores case for the sake of hex digits and exponents. */
function isName(word: string): boolean {
  return !/^[a-z]/i.test(word) || ['true', 'false', 'null'].includes(word);
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function placeOf(text: string, at: number): TextPlace {
  const lines = text.slice(0, at).split(/\r\n|[\n\r]/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
