import { codeEnd } from './code-end.ts';

/** What cannot be told yet at the end of a text begins at `start`; `label`: what can be shown of it. */
export type Undecided = { readonly start: number; readonly label?: string };

/** A label, address or tag that is longer than this and still open is shown as it is. */
const maxUndecidedCharacters = 300;

const address =
  /^\([ \t\n]*(?:<[^<>\n]*>|(?:[^\s()<\\]|\\.|\((?:[^\s()\\]|\\.)*\))*)(?:[ \t\n]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t\n]*\)/;
// An inner bracket that is open goes to the text's end: were it to end anywhere, there would be ever more ways to read one text.
const growingAddress =
  /^\([ \t\n]*(?:<[^<>\n]*>?|(?:[^\s()<\\]|\\.|\((?:[^\s()\\]|\\.)*(?:\)|(?=\\?$)))*)(?:[ \t\n]+(?:"[^"]*"?|'[^']*'?|\([^()]*\)?)?)?[ \t\n]*\\?$/;

type Group = { readonly start: number; readonly end: number };

/**
 * Looks for a link, an image, an address in angle brackets, an escape or a character reference that the end of a text may yet
 * become: `[a` may be a link or no more than a bracket, which the character after its end decides.
 */
export function scanBrackets(text: string): Undecided | undefined {
  const open: number[] = [];
  let last: Group | undefined;
  const marks = /\\(?:[ \t]*\n[ \t]*$|$|[\s\S])|`+|!?\[|\]|<|&|!$/g;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const { 0: mark, index } = match;
    const next = skip(text, mark, index);
    if (next === 'undecided') return firstOf(open, text) ?? { start: index };
    if (next !== undefined) marks.lastIndex = next;
    if (mark.endsWith('[')) open.push(index);
    const start = mark === ']' ? open.pop() : undefined;
    if (start === undefined || open.length > 0) continue;
    const group = { start: last?.end === start ? last.start : start, end: index + 1 };
    const rest = text.slice(group.end);
    if (rest === '') return { start: group.start };
    if (rest.startsWith('(') && growingAddress.test(rest)) return growingLink(text, start, index);
    marks.lastIndex += address.exec(rest)?.[0].length ?? 0;
    last = group;
  }
  return firstOf(open, text, last);
}

/** Where to go on behind code, a tag or an address; undefined where there is none; or that its end has not come yet. */
function skip(text: string, mark: string, index: number): number | 'undecided' | undefined {
  const rest = text.slice(index);
  if (mark === '!' || mark === '\\' || /^\\[ \t]*\n/.test(mark)) return /^\\\S/.test(mark) ? undefined : 'undecided';
  if (mark.startsWith('`')) return codeEnd(text, mark, index + mark.length) ?? text.length;
  if (mark === '&') return /^&#?\w{0,31}$/.test(rest) ? 'undecided' : undefined;
  if (mark !== '<') return undefined;
  const whole = /^<(?:\/?[a-z][^<>]*|[^\s<>]+)>/i.exec(rest)?.[0];
  if (whole !== undefined) return index + whole.length;
  return rest.length < maxUndecidedCharacters && /^<(?:[^\s<>]*|br \/?)$/i.test(rest) ? 'undecided' : undefined;
}

function growingLink(text: string, start: number, labelEnd: number): Undecided {
  return text.startsWith('!', start) ? { start } : { start, label: text.slice(start + 1, labelEnd) };
}

/** The outermost bracket that is still open, with the groups right before it: `[a][b`. */
function firstOf(open: readonly number[], text: string, last?: Group): Undecided | undefined {
  const start = open.find((index) => text.length - index <= maxUndecidedCharacters);
  if (start === undefined) return undefined;
  return { start: last?.end === start ? last.start : start };
}
