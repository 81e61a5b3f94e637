import type { MarkedToken, Token, Tokens } from 'marked';
import { decodeEntities } from './entities.ts';
import { safeHref } from './safe-href.ts';

/** What assistive technology is told about the parts that have no text of their own. */
export type MarkdownLabels = {
  readonly table: string;
  readonly code: string;
  readonly done: string;
  readonly notDone: string;
  readonly image: string;
};

type Child = Node | string;

/** One block's node; undefined for what shows nothing (blank lines, link definitions). */
function buildBlock(token: Token, labels: MarkdownLabels): Node | undefined {
  const known = token as MarkedToken;
  switch (known.type) {
    case 'space':
    case 'def':
      return undefined;
    case 'heading':
      return buildHeading(known, labels);
    case 'code':
      return buildCode(known, labels);
    case 'hr':
      return element('hr');
    case 'blockquote':
      return element('blockquote', buildBlocks(known.tokens, labels));
    case 'list':
      return buildList(known, labels);
    case 'table':
      return buildTable(known, labels);
    case 'paragraph':
      return element('p', buildInlines(known.tokens, labels));
    default:
      return buildInline(token, labels);
  }
}

export function buildBlocks(tokens: readonly Token[], labels: MarkdownLabels): Node[] {
  return tokens.flatMap((token) => buildBlock(token, labels) ?? []);
}

/** All headings are one level to assistive technology: a reply is no document, and may start at any depth. */
function buildHeading(token: Tokens.Heading, labels: MarkdownLabels): HTMLElement {
  const heading = element('h3', buildInlines(token.tokens, labels));
  heading.dataset['depth'] = String(token.depth);
  return heading;
}

function buildCode(token: Tokens.Code, labels: MarkdownLabels): HTMLElement {
  const code = element('code', [token.text.replace(/\n$/, '')]);
  const language = /^[\w+#.-]{1,20}/.exec(token.lang ?? '')?.[0];
  const block = element('pre', [code]);
  if (language !== undefined) block.dataset['language'] = language;
  block.dir = 'ltr';
  return scrollable(block, labels.code);
}

function buildList(token: Tokens.List, labels: MarkdownLabels): HTMLElement {
  const list = element(
    token.ordered ? 'ol' : 'ul',
    token.items.map((item) => buildItem(item, labels)),
  );
  if (list instanceof HTMLOListElement && token.start !== '' && token.start !== 1) list.start = token.start;
  return list;
}

function buildItem(item: Tokens.ListItem, labels: MarkdownLabels): HTMLElement {
  const node = element('li', buildBlocks(item.tokens, labels));
  if (item.task) node.className = 'task';
  return node;
}

function buildTable(token: Tokens.Table, labels: MarkdownLabels): HTMLElement {
  const row = (cells: readonly Tokens.TableCell[]) =>
    element(
      'tr',
      cells.map((cell) => buildCell(cell, labels)),
    );
  const table = element('table', [element('thead', [row(token.header)]), element('tbody', token.rows.map(row))]);
  const region = element('div', [table]);
  region.className = 'table';
  return scrollable(region, labels.table);
}

function buildCell(cell: Tokens.TableCell, labels: MarkdownLabels): HTMLElement {
  const node = element(cell.header ? 'th' : 'td', buildInlines(cell.tokens, labels));
  if (cell.align !== null) node.dataset['align'] = cell.align;
  return node;
}

function buildInlines(tokens: readonly Token[], labels: MarkdownLabels): Node[] {
  return tokens.map((token) => buildInline(token, labels));
}

function buildInline(token: Token, labels: MarkdownLabels): Node {
  const known = token as MarkedToken;
  switch (known.type) {
    case 'strong':
    case 'em':
    case 'del':
      return element(known.type, buildInlines(known.tokens, labels));
    case 'codespan':
      return element('code', [known.text]);
    case 'br':
      return element('br');
    case 'link':
      return buildLink(known, labels);
    case 'image':
      return anchor(known.href, [decodeEntities(known.text) || labels.image]);
    case 'checkbox':
      return buildCheckbox(known, labels);
    case 'escape':
      return textNode(known.text);
    case 'text':
      return known.tokens === undefined ? textNode(decodeEntities(known.text)) : fragment(known.tokens, labels);
    default:
      return textNode(token.raw);
  }
}

function buildLink(token: Tokens.Link, labels: MarkdownLabels): Node {
  return anchor(token.href, token.autolink === true ? [token.text] : buildInlines(token.tokens, labels));
}

/** A link, or its text alone where the address is none that we would open. */
function anchor(href: string, children: readonly Child[]): Node {
  const safe = safeHref(decodeEntities(href));
  const link = element(safe === undefined ? 'span' : 'a', children);
  if (safe === undefined || !(link instanceof HTMLAnchorElement)) return link;
  link.href = safe;
  link.rel = 'noopener noreferrer nofollow';
  if (safe.startsWith('http')) link.target = '_blank';
  return link;
}

function buildCheckbox(token: Tokens.Checkbox, labels: MarkdownLabels): HTMLElement {
  const box = element('input');
  box.type = 'checkbox';
  box.disabled = true;
  box.toggleAttribute('checked', token.checked);
  box.ariaLabel = token.checked ? labels.done : labels.notDone;
  return box;
}

function fragment(tokens: readonly Token[], labels: MarkdownLabels): DocumentFragment {
  const node = document.createDocumentFragment();
  node.append(...buildInlines(tokens, labels));
  return node;
}

/** Wide content scrolls by itself, so it must be reachable by keyboard. */
function scrollable(node: HTMLElement, label: string): HTMLElement {
  node.tabIndex = 0;
  node.setAttribute('role', 'group');
  node.ariaLabel = label;
  return node;
}

function textNode(text: string): Text {
  return document.createTextNode(text);
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Name] {
  const node = document.createElement(name);
  node.append(...children);
  return node;
}
