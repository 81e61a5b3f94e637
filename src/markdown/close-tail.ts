import { closeInline } from './close-inline.ts';
import { scanFences } from './scan-fences.ts';

/**
 * Completes the end of a text that is still being written, so that half-typed syntax does not flash by as characters:
 * an open `**` gets its end, half a link shows its label, a line that may yet become a list, a heading or a table waits.
 * A guess for display only; the finished text is always rendered as it is.
 */
export function closeTail(source: string): string {
  const fences = scanFences(source);
  if (fences.state === 'open') return source.slice(0, fences.visibleEnd);
  const paragraph = Math.max(fences.end, startAfterBlankLine(source));
  const visible = holdEscape(source.slice(0, holdDefinition(source, holdTable(source, paragraph))));
  const start = Math.max(fences.end, startOfBlock(visible));
  if (isIndentedCode(visible, start)) return visible;
  return holdStructure(visible.slice(0, start) + closeInline(visible.slice(start)));
}

/** How much of the end is looked at; syntax that spans more is shown as it is until it closes. */
const maxLookBack = 2_000;
const maxTableHeadCharacters = 500;

function startAfterBlankLine(source: string): number {
  for (let at = source.lastIndexOf('\n'); at > 0;) {
    const before = source.lastIndexOf('\n', at - 1);
    if (source.slice(before + 1, at).trim() === '') return at + 1;
    at = before;
  }
  return 0;
}

/** Where the last paragraph, item, row or heading begins. */
function startOfBlock(source: string): number {
  const from = Math.max(0, source.length - maxLookBack);
  const end = source.slice(from);
  let start = 0;
  const starts =
    /\n[ \t]*\n|\n(?=[ \t]*(?:[-+*]|\d{1,9}[.)]|#{1,6}|>)[ \t])|\n(?=[ \t>]*\|)|^[ \t]{0,3}#{1,6}[ \t].*\n/gm;
  for (const match of end.matchAll(starts)) start = match.index + match[0].length;
  const block = end.slice(start);
  // Emphasis does not go on from one cell of a table into the next.
  return from + start + (/^[ \t>]*\|/.test(block) ? Math.max(0, block.search(/(?<!\\)\|(?:\\.|[^|\\])*$/)) : 0);
}

/** Below a blank line, and no part of a list. */
function isIndentedCode(source: string, start: number): boolean {
  if (!/^(?: {4}| {0,3}\t)/.test(source.slice(start))) return false;
  const above = source.slice(0, start).trimEnd().split('\n');
  const owner = above.findLast((line) => /^ {0,3}\S/.test(line)) ?? '';
  return !/^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/.test(owner);
}

/** Where to end so that no row with a pipe is a line of text before the row below it has said whether this is a table. */
function holdTable(source: string, from: number): number {
  const lines = source.slice(from).split('\n');
  const rows = lines.map((line) => line.replace(/^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*/, ''));
  if (rows.slice(1, -1).some((row, index) => isDelimiterRow(row) && pipeIn(rows[index] ?? '') !== undefined))
    return source.length;
  const [above, last] = [rows.at(-2), rows.at(-1) ?? ''];
  const isHeadAbove = above !== undefined && pipeIn(above) !== undefined && /^[ \t|:-]*$/.test(last);
  const head = isHeadAbove ? above : last;
  const pipe = pipeIn(head);
  if (pipe === undefined || head.length > maxTableHeadCharacters) return source.length;
  const headEnd = source.length - (isHeadAbove ? (lines.at(-1) ?? '').length + 1 : 0);
  return headEnd - head.length + head.slice(0, pipe).trimEnd().length;
}

const isDelimiterRow = (row: string): boolean => /^[ \t|:]*-[ \t|:-]*$/.test(row);

/** Where the first pipe is that separates cells. */
function pipeIn(row: string): number | undefined {
  for (const match of row.matchAll(/\\.|`[^`]*(?:`|$)|\|/g)) if (match[0] === '|') return match.index;
  return undefined;
}

/** Where to end so that no link definition shows while it grows. */
function holdDefinition(source: string, end: number): number {
  const lineStart = source.lastIndexOf('\n', end - 1) + 1;
  const growing =
    /^[ \t>]{0,6}\[(?:[^[\]\\]|\\.){1,200}\]:[ \t]*(?:<[^<>]*>?|[^\s<]\S*)?(?:[ \t]+(?:"[^"]*"?|'[^']*'?|\([^)]*\)?)?)?[ \t]*$/;
  return growing.test(source.slice(lineStart, end)) ? lineStart : end;
}

/** In a row of a table a backslash before a pipe is none of the code around it either. */
function holdEscape(source: string): string {
  return source.endsWith('\\') && /(?:^|\n)[ \t>]*\|[^\n]*$/.test(source) ? source.slice(0, -1) : source;
}

/** Leaves out a last line that is nothing but the beginning of a structure. */
function holdStructure(source: string): string {
  return source.replace(
    /(^|\n)[ \t>]*(?:[-+*]|\d{1,9}[.)]?|#{1,6}|[-=_*]+|`{1,2}|~{1,2})?[ \t]*(?:\[[ xX]?\]?)?[ \t]*$/,
    '$1',
  );
}
