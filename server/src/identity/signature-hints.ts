import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IdentityReason } from '../../../src/protocol/index.ts';
import { decodeBase64Url, type CompactToken } from './compact-token.ts';
import { isSignedBy } from './token-signature.ts';
import type { Algorithm, HmacKey, IdentityProfile, RemoteKeyLine, SigningKey } from './types.ts';

/** Keys that a token may have been signed with by mistake. */
export type KnownKeys = {
  /** Active ones that do not count, because the policy allows fewer. */
  readonly beyondKeys: readonly SigningKey[];
  readonly retiredKeys: readonly SigningKey[];
  /** The key of the environment, where the agent's own win over it. */
  readonly environmentKeys: readonly SigningKey[];
  readonly otherAgents: readonly { readonly agentId: string; readonly keys: readonly SigningKey[] }[];
  /** Those of the host's JWKS. */
  readonly remoteKeys: readonly RemoteKeyLine[];
};

/** Those that are known without asking the host. */
export type KeysAround = Omit<KnownKeys, 'remoteKeys'>;

/** Why a signature does not fit, in the words of somebody who has seen it before. */
export async function signatureHints(
  reason: IdentityReason,
  token: CompactToken,
  profile: IdentityProfile,
  known: KnownKeys,
): Promise<readonly string[]> {
  if (reason === 'unsupported_algorithm') return [algorithmHint(token, profile, known)];
  if (reason !== 'invalid_signature' && reason !== 'not_configured') return [];
  const found = await mistakenKey(token, profile, known);
  if (reason === 'not_configured') {
    const advice = noKeyHint(profile);
    return found === undefined ? [advice] : [found, advice];
  }
  return [found ?? kidHint(token, profile, known) ?? missingKeyHint(token, profile, known) ?? unknownKeyHint];
}

const unknownKeyHint = 'signed with a secret that is not known here, or changed afterwards';
const unknownPublicHint = 'signed with a key whose public half is not known here, or changed afterwards';

function noKeyHint({ policy }: IdentityProfile): string {
  return `this agent has no active key that its policy allows: ${howToGet(policy.algorithms[0] ?? 'HS256')}`;
}

function howToGet(algorithm: Algorithm): string {
  if (algorithm === 'HS256') return 'keys create makes one';
  return `import the public key (keys import --public-key <file> --algorithm ${algorithm})`;
}

/** The keys that count: of the ring, and of the JWKS. */
function usableKeys({ keys, policy }: IdentityProfile, { remoteKeys }: KnownKeys) {
  const isAllowed = ({ algorithm }: { readonly algorithm: Algorithm }): boolean =>
    policy.algorithms.includes(algorithm);
  return { ring: keys.filter(isAllowed), remote: remoteKeys.filter(isAllowed) };
}

function algorithmHint({ header }: CompactToken, profile: IdentityProfile, known: KnownKeys): string {
  const { alg } = header;
  const { algorithms } = profile.policy;
  const { ring, remote } = usableKeys(profile, known);
  const having = new Set<Algorithm>([...ring, ...remote].map(({ algorithm }) => algorithm));
  const advice = `sign with ${(having.size > 0 ? algorithms.filter((each) => having.has(each)) : algorithms).join(' or ')}`;
  if (typeof alg !== 'string') return `the header names no alg: ${advice}`;
  if (alg.toLowerCase() === 'none') return `alg none: the token is not signed, and is never accepted; ${advice}`;
  if ('crit' in header || 'b64' in header) return 'the header asks for extensions (crit, b64): sign without them';
  const quoted = JSON.stringify(alg.slice(0, 40));
  const allowed = algorithms.find((each) => each === alg);
  if (allowed === undefined) return `alg is ${quoted}, which this policy does not allow: ${advice}`;
  return `alg is ${quoted}, which this policy allows, and this agent has no such key: ${howToGet(allowed)}`;
}

/** For a `kid` that none of the keys has which could verify this token. */
function kidHint({ header }: CompactToken, profile: IdentityProfile, known: KnownKeys): string | undefined {
  if (!('kid' in header)) return undefined;
  const { ring, remote } = usableKeys(profile, known);
  const kid = header['kid'];
  if (ring.some(({ id }) => id === kid) || remote.some((key) => key.kid === kid)) return undefined;
  if (known.beyondKeys.some(({ id }) => id === kid))
    return `kid names a key that does not count: ${beyondWhy(profile)}`;
  const names = [
    ...ring.map(({ id }) => JSON.stringify(id)),
    ...new Set(remote.flatMap((key) => (key.kid === undefined ? [] : [`${shortText(key.kid)} from JWKS`]))),
  ];
  return `kid names no active key (there are: ${names.join(', ') || 'none'}); leave it out and each is tried`;
}

/** Nobody's key for this algorithm: no secret or signature is to blame. */
function missingKeyHint({ header }: CompactToken, profile: IdentityProfile, known: KnownKeys): string | undefined {
  const { ring, remote } = usableKeys(profile, known);
  if (header['alg'] === 'HS256') return undefined;
  if ([...ring, ...remote].some(({ algorithm }) => algorithm === header['alg'])) return unknownPublicHint;
  const names = new Set(
    remote.map(({ kid, algorithm }) => `${kid === undefined ? '' : `${shortText(kid)} `}${algorithm}`),
  );
  return `neither the agent nor its JWKS has a key for ${shortText(String(header['alg']))} (there are: ${[...names].join(', ') || 'none'})`;
}

function beyondWhy({ policy, keys }: IdentityProfile): string {
  const newest = keys.map(({ id }) => `"${id}"`).join(', ');
  return (
    `it is active, but beyond maxActiveKeys (${policy.maxActiveKeys}), so that only the newest count (${newest}): ` +
    'sign with one of those, or raise maxActiveKeys'
  );
}

/** A `kid` is the host's to choose, and this goes to a terminal. */
function shortText(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

async function mistakenKey(
  token: CompactToken,
  profile: IdentityProfile,
  known: KnownKeys,
): Promise<string | undefined> {
  const direct = await signerAmong(profile.keys, token);
  if (direct !== undefined) return directHint(direct, profile);
  const beyond = await signerAmong(known.beyondKeys, token);
  if (beyond !== undefined) return `signed with key "${beyond.id}": ${beyondWhy(profile)}`;
  const retired = await signerAmong(known.retiredKeys, token);
  if (retired !== undefined) return `signed with a retired key ("${retired.id}")`;
  if ((await signerAmong(known.environmentKeys, token)) !== undefined) {
    return 'signed with the secret of WIDGET_JWT_HMAC_SECRET: the agent has keys of its own, which win over it';
  }
  for (const { agentId, keys } of known.otherAgents) {
    if ((await signerAmong(keys, token)) !== undefined) return `this is the token of another agent ("${agentId}")`;
  }
  return respelling(token, hmacKeys([...profile.keys, ...known.beyondKeys, ...known.retiredKeys]));
}

function directHint({ id, algorithm }: SigningKey, { policy }: IdentityProfile): string {
  if (policy.algorithms.includes(algorithm)) return `signed with key "${id}", but kid says otherwise`;
  return `signed with key "${id}", which is for ${algorithm}: the policy does not allow that`;
}

async function signerAmong(keys: readonly SigningKey[], token: CompactToken): Promise<SigningKey | undefined> {
  for (const key of keys) {
    const isSigner = key.algorithm === 'HS256' ? isSignedWith(token, key.secret) : await isSignedBy(token, key);
    if (isSigner) return key;
  }
  return undefined;
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
