/**
 * Markdown with its tables as words: commas between the cells of a row, middle dots between rows. It may have been cut anywhere.
 * What stands in the cells is left as it is.
 */
export function tablesAsWords(markdown: string): string {
  if (!markdown.includes('|')) return markdown;
  const lines = markdown.split('\n');
  const words: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!beginsTable(line, lines[at + 1])) {
      words.push(line);
      continue;
    }
    const rows = [cellsOf(line)];
    // On from the row below the heads, which only says how columns are aligned.
    for (at++; lines[at + 1]?.includes('|') === true; at++) rows.push(cellsOf(lines[at + 1] ?? ''));
    words.push(rows.map(joinCells).filter(Boolean).join(' · '));
  }
  return words.join('\n');
}

function beginsTable(line: string, below: string | undefined): boolean {
  if (below?.includes('|') !== true || !below.includes('-')) return false;
  const delimiters = cellsOf(below);
  return delimiters.every((cell) => /^:?-+:?$/.test(cell)) && cellsOf(line).length === delimiters.length;
}

/** Also within a quotation. A pipe with a backslash is one of the cell's own. */
function cellsOf(line: string): readonly string[] {
  const cells = line
    .replace(/^[\s>]+/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
  const from = cells[0] === '' ? 1 : 0;
  const to = cells.length > 1 && cells.at(-1) === '' ? -1 : cells.length;
  return cells.slice(from, to);
}

function joinCells(cells: readonly string[]): string {
  return cells.filter(Boolean).join(', ');
}
