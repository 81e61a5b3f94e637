import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { AgentInput } from '../../src/index.ts';

/** Makes the signature of `header.payload`. */
export type Signer = (signingInput: string | Uint8Array) => Uint8Array;

export type PublicAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
export type VectorKey = {
  readonly id: string;
  readonly algorithm: 'HS256' | PublicAlgorithm;
  readonly sign: Signer;
  /** Of a shared key. */
  readonly secret?: string;
  /** Of a key pair. */
  readonly publicKey?: KeyObject;
  readonly privateKey?: KeyObject;
};

/** One agent of the server under test, and the part of its policy that cases are computed from. */
export type VectorAgent = {
  readonly id: string;
  readonly keys: readonly VectorKey[];
  readonly toleranceSeconds: number;
  readonly maxLifetimeSeconds: number | null;
  readonly expiry: 'required' | 'recommended';
  readonly audience: readonly string[] | null;
  readonly issuer: readonly string[] | null;
  readonly identityClaim: 'sub' | 'email';
  /** Keys are in the database instead of the configuration. */
  readonly isStored: boolean;
  /** Public keys are in a JWKS of the host instead of the configuration. */
  readonly isRemote: boolean;
};

export function hmac(secret: string | Uint8Array, hash = 'sha256'): Signer {
  return (input) => createHmac(hash, secret).update(input).digest();
}

export function signerOf(algorithm: PublicAlgorithm, key: KeyObject): Signer {
  switch (algorithm) {
    case 'RS256':
      return (input) => sign('sha256', Buffer.from(input), key);
    case 'PS256':
      return (input) =>
        sign('sha256', Buffer.from(input), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    case 'ES256':
      return (input) => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
    case 'EdDSA':
      return (input) => sign(null, Buffer.from(input), key);
  }
}

function newPair(algorithm: PublicAlgorithm) {
  switch (algorithm) {
    case 'RS256':
    case 'PS256':
      return generateKeyPairSync('rsa', { modulusLength: 2_048 });
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
  }
}

export function pair(id: string, algorithm: PublicAlgorithm): VectorKey & { readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = newPair(algorithm);
  return { id, algorithm, publicKey, privateKey, sign: signerOf(algorithm, privateKey) };
}

function shared(id: string, secret: string): VectorKey & { readonly secret: string } {
  return { id, algorithm: 'HS256', secret, sign: hmac(secret) };
}

/** 64 hex digits, used as text. */
const hex = (digit: string) => `${digit}0f1e2d3c4b5a6978`.repeat(4).slice(0, 64);

const first = shared('k1', hex('a'));
const rsa = pair('rsa-1', 'RS256');
const pss = { ...rsa, id: 'pss-1', algorithm: 'PS256', sign: signerOf('PS256', rsa.privateKey) } as const;
const ecdsa = pair('ec-1', 'ES256');
const eddsa = pair('ed-1', 'EdDSA');

/** Whoever tries to pass for the host. */
export const stranger = {
  secret: 'what-somebody-else-has-made-up-for-themselves',
  RS256: pair('x', 'RS256').privateKey,
  ES256: pair('x', 'ES256').privateKey,
  EdDSA: pair('x', 'EdDSA').privateKey,
};

export const retiredSecret = hex('f');

function agent(id: string, settings: Partial<VectorAgent> = {}): VectorAgent {
  return {
    id,
    keys: [first],
    toleranceSeconds: 60,
    maxLifetimeSeconds: 86_400,
    expiry: 'required',
    audience: null,
    issuer: null,
    identityClaim: 'sub',
    isStored: false,
    isRemote: false,
    ...settings,
  };
}

function remote(id: string, keys: readonly VectorKey[], settings: Partial<VectorAgent> = {}): VectorAgent {
  return agent(id, { keys, isRemote: true, ...settings });
}

const parties = { audience: ['shop', 'help'], issuer: ['https://host.example', 'host'] };

export const agents = {
  shop: agent('shop'),
  ring: agent('ring', { keys: [first, shared('k2', hex('b')), shared('K1', hex('c'))] }),
  other: agent('other', { keys: [shared('k1', hex('d'))] }),
  stored: agent('stored', { keys: [shared('k-stored', hex('e'))], isStored: true }),
  strict: agent('strict', parties),
  mail: agent('mail', { identityClaim: 'email' }),
  strictMail: agent('strict-mail', { ...parties, identityClaim: 'email' }),
  exact: agent('exact', { toleranceSeconds: 0 }),
  second: agent('second', { toleranceSeconds: 1 }),
  patient: agent('patient', { toleranceSeconds: 300 }),
  hour: agent('hour', { maxLifetimeSeconds: 3_600 }),
  endless: agent('endless', { maxLifetimeSeconds: null, expiry: 'recommended' }),
  unkeyed: agent('unkeyed', { keys: [], ...parties }),
  rsa: agent('rsa', { keys: [rsa] }),
  pss: agent('pss', { keys: [pss] }),
  ecdsa: agent('ecdsa', { keys: [ecdsa], ...parties }),
  eddsa: agent('eddsa', { keys: [eddsa], toleranceSeconds: 5 }),
  mixed: agent('mixed', { keys: [first, { ...rsa, id: 'k2' }, { ...ecdsa, id: 'k3' }] }),
  hostRsa: remote('host-rsa', [pair('host-key-rsa', 'RS256')]),
  hostPss: remote('host-pss', [{ ...pss, id: 'host-key-pss' }], { maxLifetimeSeconds: 3_600 }),
  hostEcdsa: remote('host-ecdsa', [pair('host-key-ec', 'ES256')], parties),
  hostEddsa: remote('host-eddsa', [pair('host-key-ed', 'EdDSA')], { toleranceSeconds: 5 }),
  hostMixed: remote('host-mixed', [first, pair('host-key-1', 'ES256'), pair('host-key-2', 'EdDSA')]),
} as const;

export const allAgents: readonly VectorAgent[] = Object.values(agents);
export const keyedAgents = allAgents.filter(({ keys }) => keys.length > 0);
/** Agents whose keys all are of one algorithm. */
export const hmacAgents = keyedAgents.filter(({ keys }) => keys.every(({ algorithm }) => algorithm === 'HS256'));
export const publicAgents = keyedAgents.filter(({ keys }) => keys.every(({ algorithm }) => algorithm !== 'HS256'));

export const remoteAgents = allAgents.filter(({ isRemote }) => isRemote);

/** As the operator configures it. `hostUrl`: below it each remote agent has its JWKS. */
export function configOf(
  vector: VectorAgent,
  onInvalidToken: 'block' | 'anonymous' | 'deny',
  hostUrl: string,
): AgentInput {
  const { id, keys, toleranceSeconds, maxLifetimeSeconds, expiry, audience, issuer, identityClaim } = vector;
  const policy = { maxLifetimeSeconds, expiry, audience: list(audience), issuer: list(issuer), identityClaim };
  const configured = keys.filter(({ publicKey }) => !vector.isRemote || publicKey === undefined);
  const ring = configured.map((key) =>
    key.publicKey === undefined
      ? { id: key.id, secret: key.secret ?? '' }
      : { id: key.id, algorithm: key.algorithm as PublicAlgorithm, publicKey: pemOf(key.publicKey) },
  );
  return {
    id,
    name: id,
    policy: {
      ...policy,
      onInvalidToken,
      clockToleranceSeconds: toleranceSeconds,
      ...(vector.isRemote ? { algorithms: algorithmsOf(vector), jwksUrl: `${hostUrl}/${id}` } : {}),
    },
    ...(vector.isStored || (vector.isRemote && ring.length === 0) ? {} : { keys: ring }),
  };
}

const algorithmsOf = ({ keys }: VectorAgent) => [...new Set(keys.map(({ algorithm }) => algorithm))];
const list = (names: readonly string[] | null) => (names === null ? null : [...names]);

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
