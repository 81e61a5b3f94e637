/** Where the code span that `run` opens ends; undefined where it does not. */
export function codeEnd(text: string, run: string, from: number): number | undefined {
  for (const match of text.slice(from).matchAll(/`+/g)) {
    if (match[0].length === run.length) return from + match.index + run.length;
  }
  return undefined;
}
