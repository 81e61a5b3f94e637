import { regexes } from 'zod';

/**
 * Names under which no public mailbox can exist: RFC 2606 and 6761 (test, example, invalid, localhost, example.com/.net/.org),
 * RFC 6762 section 3 (local) and appendix G (intranet, private, corp, home, lan), RFC 7686 (onion), RFC 8375 (home.arpa; all
 * of arpa is infrastructure, RFC 3172), RFC 9476 (alt), ICANN's resolution 2024.07.29.06 (internal).
 */
const reservedDomains = [
  'test',
  'example',
  'invalid',
  'localhost',
  'example.com',
  'example.net',
  'example.org',
  'local',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'onion',
  'arpa',
  'alt',
  'internal',
];

/** RFC 5321 section 4.5.3.1, and section 4.1.2 less two characters for the angle brackets of a path. */
const maxLocalPartCharacters = 64;
const maxAddressCharacters = 254;

export type EmailAddress =
  | { readonly kind: 'public' | 'reserved'; readonly address: string }
  | { readonly kind: 'invalid' };

/**
 * Reads an e-mail address, lower-cased whole. Never throws.
 *
 * Only ASCII is accepted (an international domain in its `xn--` form), because lower-casing other letters makes one
 * person of two: the Kelvin sign becomes `k`. So are no quoted local parts, address literals or dotless domains.
 */
export function readEmailAddress(value: unknown): EmailAddress {
  if (typeof value !== 'string' || value.length > maxAddressCharacters) return { kind: 'invalid' };
  if (!regexes.html5Email.test(value)) return { kind: 'invalid' };
  const address = value.toLowerCase();
  const [localPart, domain] = address.split('@') as [string, string];
  if (localPart.length > maxLocalPartCharacters || /^\.|\.\.|\.$/.test(localPart)) return { kind: 'invalid' };
  if (isReserved(domain)) return { kind: 'reserved', address };
  return isPublicName(domain) ? { kind: 'public', address } : { kind: 'invalid' };
}

function isReserved(domain: string): boolean {
  return reservedDomains.some((reserved) => domain === reserved || domain.endsWith(`.${reserved}`));
}

/** A domain with a dot whose last label is not a number (RFC 3696 section 2). */
function isPublicName(domain: string): boolean {
  return /\.[^.]*[^.\d][^.]*$/.test(domain);
}
