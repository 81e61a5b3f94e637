import type { CannedReply } from './types.ts';

const maxShown = 8;

/** What is being looked for: the word behind a `/` that stands at the beginning or behind a space, up to the caret. */
export function searchedShortcut(
  text: string,
  caret: number,
): { readonly from: number; readonly word: string } | undefined {
  const found = /(?:^|\s)\/([\p{L}\p{N}_-]{0,40})$/u.exec(text.slice(0, caret));
  const word = found?.[1];
  return word === undefined ? undefined : { from: caret - word.length - 1, word: word.toLowerCase() };
}

/** The word of a text that is nothing but a `/` and at most a word. */
export const onlyShortcut = (text: string): string | undefined => /^\s*\/([\p{L}\p{N}_-]{0,40})\s*$/u.exec(text)?.[1];

/** Those whose shortcut begins with the word first, then those that have it anywhere. */
export function matching(replies: readonly CannedReply[], word: string): readonly CannedReply[] {
  const begins = replies.filter(({ shortcut }) => shortcut.startsWith(word));
  const holds = replies.filter(
    (reply) => !begins.includes(reply) && `${reply.shortcut} ${reply.text}`.toLowerCase().includes(word),
  );
  return [...begins, ...holds].slice(0, maxShown);
}

export type Placeholders = { readonly name: string; readonly operator: string; readonly agent: string };

/** `{name}`, `{operator}` and `{agent}` as they are here; nobody's name leaves no gap before a comma. */
export function filledIn(text: string, placeholders: Placeholders): string {
  return text.replaceAll(/( ?)\{(name|operator|agent)\}/g, (_all, space: string, key: keyof Placeholders) => {
    const value = placeholders[key].trim();
    return value === '' ? '' : space + value;
  });
}
