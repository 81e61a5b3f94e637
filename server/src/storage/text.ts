/**
 * What databases cannot hold as text: Postgres refuses U+0000, and a lone surrogate has no UTF-8 form.
 * JSON columns are safe (`JSON.stringify` escapes both); plain columns go through one of these.
 */

/** A reversible form of a key (id, subject, agent) without U+0000 and lone surrogates. Different keys stay different. */
export function escapeKey(key: string): string {
  return JSON.stringify(key).slice(1, -1);
}

export function unescapeKey(stored: string): string {
  return JSON.parse(`"${stored}"`) as string;
}

/** Bounds of what is searched, and of what is searched for, once characters have become several (U+FDFA becomes 18). */
export const maxSearchedCharacters = 8_000;
const maxWords = 8;
const maxWordCharacters = 64;

/** Text as it is searched: upper and lower case, wide and narrow letters, and any white space are the same. */
export function searchText(text: string): string {
  const normalised = cut(text, maxSearchedCharacters)
    .replaceAll('\0', '')
    .toWellFormed()
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/gu, ' ');
  return cut(normalised.trim(), maxSearchedCharacters).trimEnd();
}

/**
 * The words of a query, each once, the longest first; one that stands within another is found with it. Of more than 8 the
 * longest count, and each by its first 64 characters (UTF-16).
 */
export function searchWords(query: string): readonly string[] {
  const cutWords = searchText(query)
    .split(' ')
    .map((word) => cut(word, maxWordCharacters));
  const words: string[] = [];
  for (const word of [...new Set(cutWords)].toSorted((a, b) => b.length - a.length)) {
    if (words.length === maxWords) break;
    if (word !== '' && !words.some((other) => other.includes(word))) words.push(word);
  }
  return words;
}

/** Never within a character. */
function cut(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/\p{Surrogate}$/u, '');
}

/** One line of text for lists: cut to so many characters, white space collapsed, unstorable characters left out. */
export function preview(text: string, maxCharacters: number): string {
  // A character is at most two code units; cutting first keeps the work small for a long text.
  const start = text.slice(0, maxCharacters * 4);
  const line = start.replaceAll('\0', '').toWellFormed().replace(/\s+/gu, ' ').trim();
  return [...line].slice(0, maxCharacters).join('');
}
