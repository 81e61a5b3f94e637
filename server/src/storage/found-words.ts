import { searchText } from './text.ts';

/** Scripts that are written without spaces: each of their characters is a word of its own. */
const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const wordPattern = new RegExp(String.raw`[${unspaced}]|(?:(?![${unspaced}])[\p{L}\p{N}\p{Mc}])+`, 'gu');

const maxWordCharacters = 64;
const maxQueryWords = 8;

/**
 * The words by which operators find a text, each once: letters and digits, without regard to case and accents. Of a long
 * text those of its first 8,000 characters, and of each its first 64.
 */
export function foundWords(text: string): readonly string[] {
  const folded = searchText(text)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFKC')
    .toLowerCase();
  const words = folded.match(wordPattern) ?? [];
  return [...new Set(words.map((word) => word.slice(0, maxWordCharacters).replace(/\p{Surrogate}$/u, '')))];
}

/** The words of a query, at most 8, the longest; what another one begins with is found with it. None: nothing can be found. */
export function queryWords(query: string): readonly string[] {
  const words: string[] = [];
  for (const word of foundWords(query).toSorted((left, right) => right.length - left.length)) {
    if (words.length === maxQueryWords) break;
    if (!words.some((longer) => longer.startsWith(word))) words.push(word);
  }
  return words;
}

/** What the index says of a text: whether each of these begins one of its words. */
export function holdsWords(text: string, words: readonly string[]): boolean {
  const there = foundWords(text);
  return words.every((word) => there.some((each) => each.startsWith(word)));
}
