/**
 * One spelling for what CommonMark's expected HTML and our own elements say the same: `<h3 data-depth="2">` is its `<h2>`, a
 * code block stands without its bar, a table without its region, and titles, which we do not show, are left out. Addresses
 * are as the platform reads them. Spaces that no browser shows are one space or none.
 */
export function canonical(container: ParentNode): string {
  return [...container.childNodes]
    .map((node) => spell(node, false))
    .join('')
    .trim();
}

const blocks = 'p,h1,h2,h3,h4,h5,h6,pre,hr,blockquote,ul,ol,li,table,thead,tbody,tr,th,td,div';

function spell(node: Node, isPreformatted: boolean): string {
  if (node instanceof Text) return spellText(node, isPreformatted);
  if (!(node instanceof HTMLElement)) return '';
  if (node.matches('.code-bar')) return '';
  const isPre = isPreformatted || node.matches('pre');
  const inner = [...node.childNodes].map((child) => spell(child, isPre)).join('');
  if (node.matches('.code, .table')) return inner;
  if (node.matches('.image'))
    return spellImage(node.querySelector('.image-alt')?.textContent ?? '', node.dataset['source']);
  if (node instanceof HTMLImageElement) return spellImage(node.alt || 'Image', node.src);
  const name = node.dataset['depth'] === undefined ? node.localName : `h${node.dataset['depth']}`;
  return name === 'tbody' && inner === ''
    ? ''
    : `<${name}${attributes(node)}>${isPre ? inner : tidy(node, inner)}</${name}>`;
}

const tidy = (node: Element, inner: string): string =>
  node.matches(blocks) ? inner.replaceAll(/^[ \n]+|[ \n]+$/g, '') : inner;

function spellText({ data, parentElement, previousSibling, nextSibling }: Text, isPreformatted: boolean): string {
  const text = data.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  if (isPreformatted) return parentElement?.closest('.code') == null ? text.replace(/\n$/, '') : text;
  const start = isBlock(previousSibling) ? text.trimStart() : text;
  const spaced = (isBlock(nextSibling) ? start.trimEnd() : start).replaceAll(/[ \t\n]+/g, ' ');
  return previousSibling?.nodeName === 'BR' || previousSibling?.nodeName === 'INPUT' ? spaced.trimStart() : spaced;
}

const isBlock = (node: Node | null): boolean => node instanceof Element && node.matches(blocks);

function spellImage(alt: string, source = ''): string {
  return `<img ${alt} ${source}>`;
}

/** cmark writes brackets in addresses as percent signs and digits, which the platform's own parser does not. */
const addressOf = ({ href }: HTMLAnchorElement): string => href.replaceAll('%5B', '[').replaceAll('%5D', ']');

function attributes(node: HTMLElement): string {
  if (node instanceof HTMLAnchorElement) return ` ${addressOf(node)}`;
  if (node instanceof HTMLOListElement) return node.start === 1 ? '' : ` ${node.start}`;
  if (node instanceof HTMLInputElement) return node.checked ? ' checked' : '';
  const language = /language-(\S+)/.exec(node.className)?.[1] ?? node.parentElement?.dataset['language'] ?? '';
  if (node.matches('pre > code')) return language === '' ? '' : ` ${language}`;
  const align = node.getAttribute('align') ?? node.dataset['align'];
  return align === undefined ? '' : ` ${align}`;
}
