import type { Passage } from './document.ts';
import { plainText } from './plain-text.ts';

/** A longer section is divided between two blocks; a single block is never cut. */
export const maxPassageCharacters = 2_400;

type Line = { readonly text: string; readonly inFence: boolean };
type Section = { readonly headings: readonly string[]; readonly lines: Line[] };

/**
 * Divides Markdown by its headings (ATX and setext, CommonMark 4.2 and 4.3). What looks like a heading inside a code
 * fence is code. HTML comments are left out: they are the author's notes, and a place to hide instructions.
 *
 * @param title a first heading that says the same is not repeated in the heading path
 */
export function splitPassages(markdown: string, title = ''): readonly Passage[] {
  return sectionsOf(markLines(markdown), title).flatMap(({ headings, lines }) =>
    divide(lines).map((text) => ({ headings, text })),
  );
}

/** The first level-1 heading, for a document whose front matter has no title. */
export function firstHeading(markdown: string): string | undefined {
  return sectionsOf(markLines(markdown), '').find((section) => section.headings.length > 0)?.headings[0];
}

function sectionsOf(lines: readonly Line[], title: string): readonly Section[] {
  const path: (string | undefined)[] = [];
  let section: Section = { headings: [], lines: [] };
  const sections = [section];
  for (const [at, line] of lines.entries()) {
    const heading = headingOf(line, section.lines.at(-1), lines[at - 1]);
    if (heading === undefined) {
      section.lines.push(line);
      continue;
    }
    if (heading.setext) section.lines.pop();
    path.length = heading.level - 1;
    path[heading.level - 1] = heading.level === 1 && heading.text === title ? undefined : heading.text;
    section = { headings: path.filter((text): text is string => text !== undefined && text !== ''), lines: [] };
    sections.push(section);
  }
  return sections;
}

type Heading = { readonly level: number; readonly text: string; readonly setext: boolean };

function headingOf(line: Line, above: Line | undefined, previous: Line | undefined): Heading | undefined {
  if (line.inFence) return undefined;
  const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line.text);
  if (atx !== null) {
    const text = (atx[2] ?? '').replace(/(^|[ \t])#+[ \t]*$/, '');
    return { level: atx[1]?.length ?? 1, text: plainText(text), setext: false };
  }
  const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line.text);
  if (underline === null || above === undefined || above !== previous || !isParagraph(above)) return undefined;
  return { level: underline[1]?.startsWith('=') === true ? 1 : 2, text: plainText(above.text), setext: true };
}

/** A list, quotation or table row above a line of dashes does not make a heading of it. */
function isParagraph(line: Line): boolean {
  return (
    !line.inFence && line.text.trim() !== '' && !/^\s*([-*+>|]|\d+[.)]\s)/.test(line.text) && !/^ {4}/.test(line.text)
  );
}

/** Tells code from text line by line (fences: CommonMark 4.5) and drops comments outside of code. */
function markLines(markdown: string): readonly Line[] {
  const lines: Line[] = [];
  let fence: string | undefined;
  let inComment = false;
  for (const raw of markdown.split(/\r\n|\r|\n/)) {
    if (fence !== undefined) {
      lines.push({ text: raw, inFence: true });
      if (closes(raw, fence)) fence = undefined;
      continue;
    }
    const { text, open } = withoutComments(raw, inComment);
    const dropped = (inComment || open) && text.trim() === '';
    inComment = open;
    if (dropped) continue;
    fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(text)?.[1];
    lines.push({ text, inFence: fence !== undefined });
  }
  return lines;
}

function closes(line: string, fence: string): boolean {
  const marker = /^ {0,3}(`+|~+)[ \t]*$/.exec(line)?.[1];
  return marker !== undefined && marker[0] === fence[0] && marker.length >= fence.length;
}

function withoutComments(line: string, inComment: boolean): { text: string; open: boolean } {
  let text = '';
  let open = inComment;
  let at = 0;
  while (at < line.length) {
    const next = line.indexOf(open ? '-->' : '<!--', at);
    if (!open) text += line.slice(at, next < 0 ? undefined : next);
    if (next < 0) break;
    at = next + (open ? 3 : 4);
    open = !open;
  }
  return { text, open };
}

/** Joins whole blocks up to the limit. */
function divide(lines: readonly Line[]): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const block of blocksOf(lines)) {
    if (piece !== '' && piece.length + block.length > maxPassageCharacters) {
      pieces.push(piece);
      piece = '';
    }
    piece = piece === '' ? block : `${piece}\n\n${block}`;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

/** Blocks are parted by empty lines outside of code. */
function blocksOf(lines: readonly Line[]): readonly string[] {
  const blocks: string[] = [];
  let block: string[] = [];
  for (const line of [...lines, { text: '', inFence: false }]) {
    if (line.inFence || line.text.trim() !== '') {
      block.push(line.text.trimEnd());
    } else if (block.length > 0) {
      blocks.push(block.join('\n'));
      block = [];
    }
  }
  return blocks;
}
