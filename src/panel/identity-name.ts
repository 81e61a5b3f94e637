import type { IdentityState } from '../client/index.ts';

const maxCharacters = 80;

/** How a visitor is called on the screen: a name or an e-mail address, cut; undefined where neither is known. */
export function identityName(identity: IdentityState): string | undefined {
  const { name, email } =
    identity.state === 'verified'
      ? identity.claims
      : identity.state === 'self-reported'
        ? identity
        : { name: undefined, email: undefined };
  for (const candidate of [name, email]) {
    if (typeof candidate === 'string' && candidate.trim() !== '')
      return [...candidate.trim()].slice(0, maxCharacters).join('');
  }
  return undefined;
}
