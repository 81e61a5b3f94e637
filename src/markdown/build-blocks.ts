import type { MarkedToken, Token, Tokens } from 'marked';
import { buildInline, buildInlines } from './build-inlines.ts';
import { buildCode } from './code-block.ts';
import { element, scrollable } from './element.ts';
import type { MarkdownContext } from './labels.ts';

/** One block's node; undefined for what shows nothing (blank lines, link definitions). */
function buildBlock(token: Token, context: MarkdownContext): Node | undefined {
  const known = token as MarkedToken;
  switch (known.type) {
    case 'space':
    case 'def':
      return undefined;
    case 'heading':
      return buildHeading(known, context);
    case 'code':
      return buildCode(known, context);
    case 'hr':
      return element('hr');
    case 'blockquote':
      return element('blockquote', buildBlocks(known.tokens, context));
    case 'list':
      return buildList(known, context);
    case 'table':
      return buildTable(known, context);
    case 'paragraph':
      return element('p', buildInlines(known.tokens, context));
    default:
      return buildInline(token, context);
  }
}

export function buildBlocks(tokens: readonly Token[], context: MarkdownContext): Node[] {
  return tokens.flatMap((token) => buildBlock(token, context) ?? []);
}

/** All headings are one level to assistive technology: a reply is no document, and may start at any depth. */
function buildHeading(token: Tokens.Heading, context: MarkdownContext): HTMLElement {
  const heading = element('h3', buildInlines(token.tokens, context));
  heading.dataset['depth'] = String(token.depth);
  return heading;
}

function buildList(token: Tokens.List, context: MarkdownContext): HTMLElement {
  const list = element(
    token.ordered ? 'ol' : 'ul',
    token.items.map((item) => buildItem(item, context)),
  );
  if (list instanceof HTMLOListElement && token.start !== '' && token.start !== 1) list.start = token.start;
  return list;
}

function buildItem(item: Tokens.ListItem, context: MarkdownContext): HTMLElement {
  const node = element('li', buildBlocks(item.tokens, context));
  if (item.task) node.className = 'task';
  return node;
}

function buildTable(token: Tokens.Table, context: MarkdownContext): HTMLElement {
  const row = (cells: readonly Tokens.TableCell[]) =>
    element(
      'tr',
      cells.map((cell) => buildCell(cell, context)),
    );
  const isHeadless = token.header.every(({ tokens }) => tokens.length === 0);
  const head = isHeadless ? [] : [element('thead', [row(token.header)])];
  const table = element('table', [...head, element('tbody', token.rows.map(row))]);
  const region = element('div', [table]);
  region.className = 'table';
  return scrollable(region, context.table);
}

function buildCell(cell: Tokens.TableCell, context: MarkdownContext): HTMLElement {
  const node = element(cell.header ? 'th' : 'td', buildInlines(cell.tokens, context));
  if (cell.align !== null) node.dataset['align'] = cell.align;
  return node;
}
