import { foundWords } from './found-words.ts';
import { preview } from './text.ts';

const excerptCharacters = 200;
const before = 60;

/** One line of a text around the first place that has one of these words (`queryWords`). */
export function excerpt(text: string, words: readonly string[]): string {
  const at = placeOf(text, words);
  const start = at <= before ? 0 : text.indexOf(' ', at - before) + 1;
  const line = preview(text.slice(start > at ? at : start), excerptCharacters);
  return start === 0 ? line : `…${line}`;
}

function placeOf(text: string, words: readonly string[]): number {
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const folded = foundWords(word);
    if (words.some((wanted) => folded.some((each) => each.startsWith(wanted)))) return index;
  }
  return 0;
}
