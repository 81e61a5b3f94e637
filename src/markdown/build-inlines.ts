import type { MarkedToken, Token, Tokens } from 'marked';
import { element, textNode } from './element.ts';
import { decodeEntities, decodeReferences } from './entities.ts';
import { buildImage } from './image.ts';
import type { MarkdownContext } from './labels.ts';
import { buildLink } from './link.ts';

export function buildInlines(tokens: readonly Token[], context: MarkdownContext): Node[] {
  return tokens.map((token) => buildInline(token, context));
}

export function buildInline(token: Token, context: MarkdownContext): Node {
  const known = token as MarkedToken;
  switch (known.type) {
    case 'strong':
    case 'em':
    case 'del':
      return element(known.type, buildInlines(known.tokens, context));
    case 'codespan':
      return element('code', [known.text]);
    case 'br':
      return element('br');
    case 'link':
      return buildLink(decodeReferences(known.href), linkText(known, context), context.base);
    case 'image':
      return buildImage(decodeReferences(known.href), plainText(known.tokens, context), context);
    case 'checkbox':
      return buildCheckbox(known, context);
    case 'escape':
      return textNode(known.text);
    case 'text':
      return known.tokens === undefined ? textNode(decodeEntities(known.text)) : fragment(known.tokens, context);
    case 'html':
      // Models break lines so within the cells of a table; any other tag is text.
      return /^<br ?\/?>$/i.test(known.raw) ? element('br') : textNode(known.raw);
    default:
      return textNode(token.raw);
  }
}

function linkText(token: Tokens.Link, context: MarkdownContext): Node[] {
  return token.autolink === true ? [textNode(token.text)] : buildInlines(token.tokens.map(asLinkText), context);
}

/** A button may not stand in a link: an image there is its alternative text. */
function asLinkText(token: Token): Token {
  const known = token as MarkedToken;
  if (known.type === 'image')
    return { type: 'text', raw: known.raw, text: known.text, tokens: known.tokens.map(asLinkText) };
  if ('tokens' in known && known.tokens !== undefined) return { ...token, tokens: known.tokens.map(asLinkText) };
  return token;
}

function plainText(tokens: readonly Token[], context: MarkdownContext): string {
  return element('span', buildInlines(tokens.map(asLinkText), context)).textContent;
}

function buildCheckbox(token: Tokens.Checkbox, context: MarkdownContext): HTMLElement {
  const box = element('input');
  box.type = 'checkbox';
  box.disabled = true;
  box.toggleAttribute('checked', token.checked);
  box.ariaLabel = token.checked ? context.done : context.notDone;
  return box;
}

function fragment(tokens: readonly Token[], context: MarkdownContext): DocumentFragment {
  const node = document.createDocumentFragment();
  node.append(...buildInlines(tokens, context));
  return node;
}
