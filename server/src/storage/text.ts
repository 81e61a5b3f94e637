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

/** One line of text for lists: cut to so many characters, white space collapsed, unstorable characters left out. */
export function preview(text: string, maxCharacters: number): string {
  // A character is at most two code units; cutting first keeps the work small for a long text.
  const start = text.slice(0, maxCharacters * 4);
  const line = start.replaceAll('\0', '').toWellFormed().replace(/\s+/gu, ' ').trim();
  return [...line].slice(0, maxCharacters).join('');
}
