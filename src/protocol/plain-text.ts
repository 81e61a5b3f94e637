/**
 * The words of a Markdown text, for a line that is no place for an answer's looks. It may have been cut anywhere. Nothing here
 * makes text safe to be shown as HTML.
 *
 * @param markdown at most a few thousand characters
 */
export function plainText(markdown: string): string {
  return (
    markdown
      .replaceAll(/^ {0,3}(?:`{3,}|~{3,}).*$/gm, '')
      .replaceAll(/^ {0,3}(?:#{1,6} (.+)|(\*\*|__)((?:(?!\2).)+)\2)[ \t]*\n(?=\s*\S)/gm, (_, heading, __, bold) =>
        beforeText(String(heading ?? bold)),
      )
      .replaceAll(/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1')
      .replaceAll(/^ {0,3}(?:#{1,6} |> ?|[-*+] )/gm, '')
      // A backslash says that the sign behind it is meant as it stands.
      .replaceAll(/\\([!-/:-@[-`{-~])|\*\*|__|~~|`+/g, '$1')
  );
}

/** What a heading is set apart by, a line is too narrow for. */
function beforeText(heading: string): string {
  const words = heading.replace(/ +#* *$/, '');
  return /[\p{L}\p{N})]$/u.test(words) ? `${words}:\n` : `${words}\n`;
}
