const maxNameCharacters = 60;

/** Text that a Markdown renderer shows as it is: every ASCII punctuation sign escaped (CommonMark 2.4), on one line. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/**
 * A visitor's name for use in a sentence, or undefined where it is empty, too long, or looks like an address: a name
 * comes from the host's user, who may have typed anything into it.
 */
export function safeName(name: string | undefined): string | undefined {
  const plain = (name ?? '').replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  if (plain === '' || plain.length > maxNameCharacters) return undefined;
  if (/[/@\\]|www\.|\p{L}\.\p{L}{2}/iu.test(plain)) return undefined;
  return escapeMarkdown(plain);
}
