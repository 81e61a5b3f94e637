import { codeEnd } from './code-end.ts';
import { scanBrackets } from './scan-brackets.ts';

/** How often the end of a text is taken back; text of nothing but half links is shown as it is. */
const maxCuts = 8;

/** A paragraph's text that is still being written, without what is undecided at its end, and with ends for what is open. */
export function closeInline(block: string): string {
  let text = block;
  for (let cut = 0; cut < maxCuts; cut += 1) {
    const shorter = withoutUndecided(text);
    if (shorter === text) break;
    text = shorter;
  }
  const { end, closers, isCode } = openDelimiters(text);
  const shown = text.slice(0, end);
  if (closers === '') return shown;
  // A backtick at the end of code must not become part of what closes it.
  if (isCode) return `${shown}${/`[ \n]*$/.test(shown) ? ' ' : ''}${closers}`;
  return shown.trimEnd() + closers;
}

function withoutUndecided(text: string): string {
  const found = scanBrackets(text);
  if (found === undefined) return text;
  return found.label === undefined ? text.slice(0, found.start) : text.slice(0, found.start) + found.label;
}

type Open = { readonly mark: string; readonly length: number };
type Ending = { readonly end: number; readonly closers: string; readonly isCode: boolean };

/** What is open at the end of a text: how far the text can be shown, and what closes it. */
function openDelimiters(text: string): Ending {
  const stack: Open[] = [];
  const runs = /\\[\s\S]|<\/?[a-z][^<>]*>|`+|\*+|_+|~+/gi;
  for (let match = runs.exec(text); match !== null; match = runs.exec(text)) {
    const run = match[0];
    const mark = run.charAt(0);
    const isLast = runs.lastIndex === text.length;
    if (mark === '\\' || mark === '<') continue;
    if (mark === '`') {
      const close = codeEnd(text, run, runs.lastIndex);
      if (close === undefined) return isLast ? ending(stack, match.index) : openCode(stack, text, run);
      runs.lastIndex = close;
      continue;
    }
    const left = closeRun(stack, run, text.charAt(match.index - 1));
    if (left === '') continue;
    if (isLast) return ending(stack, text.length - left.length);
    if (opens(text.charAt(match.index - 1), text.charAt(runs.lastIndex), left))
      stack.push({ mark, length: left.length });
  }
  return ending(stack, text.length);
}

function openCode(stack: readonly Open[], text: string, run: string): Ending {
  const end = text.length - (/`*$/.exec(text)?.[0].length ?? 0);
  return { end, closers: run + closersOf(stack), isCode: true };
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
  if (run.startsWith('_')) return !/[\p{L}\p{N}]/u.test(before);
  // "2*3" and "a*b" are more often meant as they stand; scripts without spaces have emphasis within their lines.
  return run.length > 1 || !/[a-z\d]/i.test(before);
}

function ending(stack: readonly Open[], end: number): Ending {
  return { end, closers: closersOf(stack), isCode: false };
}

function closersOf(stack: readonly Open[]): string {
  return stack
    .map(({ mark, length }) => mark.repeat(length))
    .reverse()
    .join('');
}
