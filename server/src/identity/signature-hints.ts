import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IdentityReason } from '../../../src/protocol/index.ts';
import { decodeBase64Url, type CompactToken } from './compact-token.ts';
import type { HmacKey, IdentityProfile, SigningKey } from './types.ts';

/** Keys that a token may have been signed with by mistake. */
export type KnownKeys = {
  readonly retiredKeys: readonly SigningKey[];
  /** The key of the environment, where the agent's own win over it. */
  readonly environmentKeys: readonly SigningKey[];
  readonly otherAgents: readonly { readonly agentId: string; readonly keys: readonly SigningKey[] }[];
};

/** Why a signature does not fit, in the words of somebody who has seen it before. */
export function signatureHints(
  reason: IdentityReason,
  token: CompactToken,
  profile: IdentityProfile,
  known: KnownKeys,
): readonly string[] {
  if (reason === 'unsupported_algorithm') return [algorithmHint(token, profile)];
  if (reason !== 'invalid_signature' && reason !== 'not_configured') return [];
  const found = mistakenKey(token, profile, known);
  if (reason === 'not_configured') return found === undefined ? [noKeyHint] : [found, noKeyHint];
  const kid = kidHint(token, profile);
  return found === undefined ? [kid ?? unknownKeyHint] : [found];
}

const noKeyHint = 'this agent has no active key that its policy allows: keys create makes one';
const unknownKeyHint = 'signed with a secret that is not known here, or changed afterwards';

function algorithmHint({ header }: CompactToken, { policy }: IdentityProfile): string {
  const { alg } = header;
  const allowed = policy.algorithms.join(' or ');
  if (typeof alg !== 'string') return `the header names no alg: sign with ${allowed}`;
  if (alg.toLowerCase() === 'none')
    return `alg none: the token is not signed, and is never accepted; sign with ${allowed}`;
  if ('crit' in header || 'b64' in header) return 'the header asks for extensions (crit, b64): sign without them';
  return `alg is ${JSON.stringify(alg.slice(0, 40))}, and this agent has no key for it: sign with ${allowed}`;
}

function kidHint({ header }: CompactToken, { keys }: IdentityProfile): string | undefined {
  if (!('kid' in header) || keys.some(({ id }) => id === header['kid'])) return undefined;
  const ids = keys.map(({ id }) => `"${id}"`).join(', ') || 'none';
  return `kid names no active key (there are: ${ids}); leave it out and each is tried`;
}

function mistakenKey(token: CompactToken, profile: IdentityProfile, known: KnownKeys): string | undefined {
  const active = hmacKeys(profile.keys);
  const direct = active.find((key) => isSignedWith(token, key.secret));
  if (direct !== undefined) return `signed with key "${direct.id}", but kid says otherwise`;
  const retired = hmacKeys(known.retiredKeys).find((key) => isSignedWith(token, key.secret));
  if (retired !== undefined) return `signed with a retired key ("${retired.id}")`;
  if (hmacKeys(known.environmentKeys).some((key) => isSignedWith(token, key.secret))) {
    return 'signed with the secret of WIDGET_JWT_HMAC_SECRET: the agent has keys of its own, which win over it';
  }
  const other = known.otherAgents.find(({ keys }) => hmacKeys(keys).some((key) => isSignedWith(token, key.secret)));
  if (other !== undefined) return `this is the token of another agent ("${other.agentId}")`;
  return respelling(token, [...active, ...hmacKeys(known.retiredKeys)]);
}

/** What people do to a secret on its way into their code. */
const respellings: readonly {
  readonly hint: string;
  readonly spell: (secret: string) => string | Buffer | undefined;
}[] = [
  {
    hint: 'signed with the hex-decoded secret: use its text as it is',
    spell: (secret) => (/^(?:[0-9a-f]{2})+$/i.test(secret) ? Buffer.from(secret, 'hex') : undefined),
  },
  {
    hint: 'signed with the base64-decoded secret: use its text as it is',
    spell: (secret) => (/^[\w+/-]+=*$/.test(secret) ? Buffer.from(secret, 'base64') : undefined),
  },
  {
    hint: 'signed with the base64-encoded secret: use its text as it is',
    spell: (secret) => Buffer.from(secret).toString('base64'),
  },
  { hint: 'signed with the secret and a line break at its end: trim it', spell: (secret) => `${secret}\n` },
  { hint: 'signed with the secret and a line break at its end: trim it', spell: (secret) => `${secret}\r\n` },
  { hint: 'signed with the secret in quotation marks: take them away', spell: (secret) => `"${secret}"` },
  { hint: 'signed with the secret in quotation marks: take them away', spell: (secret) => `'${secret}'` },
  { hint: 'signed with the secret in upper case: use its text as it is', spell: (secret) => secret.toUpperCase() },
];

function respelling(token: CompactToken, keys: readonly HmacKey[]): string | undefined {
  for (const key of keys) {
    const secret = Buffer.from(key.secret).toString('utf8');
    const match = respellings.find(({ spell }) => {
      const spelled = spell(secret);
      return spelled !== undefined && isSignedWith(token, spelled);
    });
    if (match !== undefined) return `${match.hint} (key "${key.id}")`;
  }
  return undefined;
}

function hmacKeys(keys: readonly SigningKey[]): readonly HmacKey[] {
  return keys.filter((key) => key.algorithm === 'HS256');
}

function isSignedWith({ text, signingInput }: CompactToken, secret: string | Uint8Array): boolean {
  const signature = decodeBase64Url(text.slice(signingInput.length + 1));
  const expected = createHmac('sha256', secret).update(signingInput).digest();
  return signature?.byteLength === expected.byteLength && timingSafeEqual(signature, expected);
}
