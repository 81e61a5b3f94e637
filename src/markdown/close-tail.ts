/**
 * Completes the end of a text that is still being written, so that half-typed syntax does not flash by as characters:
 * an open `**` gets its end, a half link shows its label, a line that may yet become a list, a heading or a table waits.
 * A guess for display only; the finished text is always rendered as it is.
 */
export function closeTail(source: string): string {
  const fence = openFence(source);
  if (fence !== undefined) return fence;
  const start = lastBlockStart(source);
  const block = source.slice(start);
  if (isHalfTable(block)) return source.slice(0, start);
  return holdStructure(source.slice(0, start) + closeInline(block));
}

/** How much of the end is looked at; syntax that spans more is shown as it is until it closes. */
const maxLookBack = 2_000;

/** The text with an unfinished fence line left out, where it ends inside a code fence; else undefined. */
function openFence(source: string): string | undefined {
  let open = '';
  let lastLineStart = 0;
  let openedOnLastLine = false;
  for (const match of source.matchAll(/^[ \t>]*(?:(?:[-+*]|\d+[.)]) +)?(`{3,}|~{3,})([^\n]*)$/gm)) {
    const [, marker = '', rest = ''] = match;
    if (open === '') {
      if (marker.startsWith('`') && rest.includes('`')) continue;
      open = marker;
      openedOnLastLine = match.index + match[0].length === source.length;
      lastLineStart = match.index;
    } else if (marker.startsWith(open) && rest.trim() === '') open = '';
  }
  if (open === '') return undefined;
  if (openedOnLastLine) return source.slice(0, lastLineStart);
  return source.replace(open.startsWith('`') ? /\n[ \t>]*`{1,2}$/ : /\n[ \t>]*~{1,2}$/, '');
}

function lastBlockStart(source: string): number {
  const from = Math.max(0, source.length - maxLookBack);
  const end = source.slice(from);
  let start = 0;
  for (const match of end.matchAll(/\n[ \t]*\n|\n(?=[ \t]*(?:[-+*]|\d{1,9}[.)]|#{1,6}|>)[ \t])/g)) {
    start = match.index + match[0].length;
  }
  return from + start;
}

/** A first line with a pipe in front, and no complete delimiter row below it yet. */
function isHalfTable(block: string): boolean {
  const lines = block.split('\n');
  return /^ {0,3}\|/.test(lines[0] ?? '') && lines.length <= 2 && /^[\s|:-]*$/.test(lines[1] ?? '');
}

/** Leaves out a last line that is nothing but the beginning of a structure. */
function holdStructure(source: string): string {
  return source.replace(
    /(^|\n)[ \t>]*(?:[-+*]|\d{1,9}[.)]?|#{1,6}|[-=_*]+|`{1,2}|~{1,2})?[ \t]*(?:\[[ xX]?\]?)?[ \t]*$/,
    '$1',
  );
}

function closeInline(block: string): string {
  if (/^[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+\[[ xX]?\]?[ \t]*$/.test(block)) return block;
  const text = block
    .replace(/\\$/, '')
    .replace(/!(?:\[[^[\]\n]*(?:\](?:\([^()\s]*)?)?)?$/, '')
    .replace(/\[([^[\]\n]*)(?:\](?:\([^()[\]\n]*)?)?$/, '$1')
    .replace(/&#?\w{0,8}$/, '');
  const { end, closers } = openDelimiters(text);
  return closers === '' ? text.slice(0, end) : text.slice(0, end).trimEnd() + closers;
}

type Open = { readonly mark: string; readonly length: number };

/** What is open at the end of a text: how far the text can be shown, and what closes it. */
function openDelimiters(text: string): { end: number; closers: string } {
  const stack: Open[] = [];
  const runs = /\\[\s\S]|`+|\*+|_+|~+/g;
  for (let match = runs.exec(text); match !== null; match = runs.exec(text)) {
    const run = match[0];
    const mark = run.charAt(0);
    const isLast = runs.lastIndex === text.length;
    if (mark === '\\') continue;
    if (mark === '`') {
      const close = codeEnd(text, run, runs.lastIndex);
      if (close === undefined) return isLast ? closed(stack, match.index) : openCode(stack, text, run);
      runs.lastIndex = close;
      continue;
    }
    const left = closeRun(stack, run, text.charAt(match.index - 1));
    if (left === '') continue;
    if (isLast) return closed(stack, text.length - left.length);
    if (opens(text.charAt(match.index - 1), text.charAt(runs.lastIndex), left))
      stack.push({ mark, length: left.length });
  }
  return closed(stack, text.length);
}

function codeEnd(text: string, run: string, from: number): number | undefined {
  for (const match of text.slice(from).matchAll(/`+/g)) {
    if (match[0].length === run.length) return from + match.index + run.length;
  }
  return undefined;
}

function openCode(stack: readonly Open[], text: string, run: string): { end: number; closers: string } {
  const end = text.length - (/`*$/.exec(text)?.[0].length ?? 0);
  return { end, closers: run + closersOf(stack) };
}

/** Takes from the stack what this run closes; answers what is left of the run. */
function closeRun(stack: Open[], run: string, before: string): string {
  let left = run;
  while (left !== '' && before.trim() !== '') {
    const top = stack.at(-1);
    if (top?.mark !== run.charAt(0) || top.length > left.length) break;
    left = left.slice(top.length);
    stack.pop();
  }
  return left;
}

function opens(before: string, after: string, run: string): boolean {
  if (after.trim() === '' || run.length > 3) return false;
  return (run.length > 1 && !run.startsWith('_')) || !/[\p{L}\p{N}]/u.test(before);
}

function closed(stack: readonly Open[], end: number): { end: number; closers: string } {
  return { end, closers: closersOf(stack) };
}

function closersOf(stack: readonly Open[]): string {
  return stack
    .map(({ mark, length }) => mark.repeat(length))
    .reverse()
    .join('');
}
