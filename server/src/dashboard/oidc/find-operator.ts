import { randomUUID } from 'node:crypto';
import type { OidcSettings } from '../../config/index.ts';
import type { OperatorStore } from '../../storage/index.ts';
import type { SignedIn } from '../accounts/accounts.ts';
import type { OidcPerson } from './issuer.ts';
import type { OidcFailure } from './why-failed.ts';

export type FoundOperator =
  | ({ readonly outcome: 'known' | 'linked' | 'created' } & SignedIn)
  | { readonly outcome: OidcFailure };

type Book = { readonly store: OperatorStore; readonly settings: OidcSettings; readonly now: number };

/**
 * Whose account this is: the one that was linked before, by issuer and subject; at the first time the one with this e-mail
 * address, if the issuer says that it is theirs and nobody else signs in to it so.
 */
export async function findOperator(book: Book, person: OidcPerson): Promise<FoundOperator> {
  const { store, settings } = book;
  const key = `${person.issuer} ${person.subject}`;
  const known = await store.byOidcKey(key);
  if (known?.state === 'active') return { outcome: 'known', operator: known, proof: { oidcKey: key } };
  if (known !== undefined) return disabled;
  const { email } = person;
  if (email === undefined || !person.isEmailVerified || !plainAddress.test(email))
    return { outcome: 'unverified_email' };
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (settings.allowedDomains !== undefined && !settings.allowedDomains.includes(domain)) return { outcome: 'domain' };
  const found = (await store.byEmail(email))?.operator;
  if (found?.state === 'disabled') return disabled;
  if (found !== undefined) return link(store, found.id, key, 'linked');
  return settings.createAs === undefined ? { outcome: 'no_account' } : create(book, { ...person, email }, key);
}

/** Accounts have no others; letters beyond ASCII become some of ASCII once they are folded (U+212A is a "k" then). */
const plainAddress = /^[\x21-\x7e]+$/;

const disabled = { outcome: 'disabled' } as const;

async function link(
  store: OperatorStore,
  id: string,
  key: string,
  outcome: 'linked' | 'created',
): Promise<FoundOperator> {
  const isLinked = (await store.linkOidc(id, key)) === 'linked';
  const operator = isLinked ? await store.find(id) : undefined;
  return operator === undefined ? { outcome: 'linked_elsewhere' } : { outcome, operator, proof: { oidcKey: key } };
}

async function create(
  { store, now }: Book,
  person: OidcPerson & { email: string },
  key: string,
): Promise<FoundOperator> {
  const { email } = person;
  const id = randomUUID();
  const account = { id, email, name: nameOf(person), role: 'viewer', state: 'active', agentIds: null } as const;
  const outcome = await store.add({ ...account, createdAt: now, passwordHash: null });
  return outcome === 'added' ? link(store, id, key, 'created') : { outcome: 'linked_elsewhere' };
}

/** One printable line of at most 80 characters. */
function nameOf({ name, email }: OidcPerson & { email: string }): string {
  const line = (name ?? '')
    .toWellFormed()
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  return [...(line === '' ? email : line)].slice(0, 80).join('').slice(0, 80).toWellFormed();
}
