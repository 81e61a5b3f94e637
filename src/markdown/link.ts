import { element, partElement } from './element.ts';
import { isDisguised } from './disguise.ts';
import { safeHref } from './safe-href.ts';

const maxAddressCharacters = 120;

/** A link; where the address is none that we would open, its text with the address behind it. */
export function buildLink(href: string, children: readonly Node[], base?: string): HTMLElement {
  const safe = safeHref(href, base);
  if (safe === undefined) return plainLink(href, children);
  const link = element('a', children);
  link.href = safe;
  link.rel = 'noopener noreferrer nofollow';
  if (safe.startsWith('http')) link.target = '_blank';
  const target = new URL(safe);
  if (isDisguised(link.textContent, target)) link.append(' ', address(target.host || target.pathname));
  return link;
}

function plainLink(href: string, children: readonly Node[]): HTMLElement {
  const text = element('span', children);
  if (href !== '' && text.textContent !== href) text.append(' ', address(href));
  return text;
}

/** Read from left to right whatever stands around it, and without characters that are not seen. */
function address(text: string): HTMLElement {
  const seen = text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
    character === ' ' ? ' ' : `%${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  );
  const short = seen.length > maxAddressCharacters ? `${seen.slice(0, maxAddressCharacters)}…` : seen;
  const node = partElement('bdi', 'address', [`(${short})`]);
  node.dir = 'ltr';
  return node;
}
