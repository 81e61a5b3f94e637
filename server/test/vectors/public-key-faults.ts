import { constants, createHash, privateEncrypt, type KeyObject } from 'node:crypto';
import {
  hmac,
  keyedAgents,
  publicAgents,
  remoteAgents,
  signerOf,
  stranger,
  type PublicAlgorithm,
  type Signer,
  type VectorAgent,
} from './agents.ts';
import { remove, set, type Draft, type Fault } from './draft.ts';
import { decoys } from './jwks-host.ts';

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

const agentsOf = (algorithm: PublicAlgorithm, among = publicAgents) =>
  among.filter(({ keys }) => keys.every((key) => key.algorithm === algorithm));

const signedBy = (algorithm: PublicAlgorithm): KeyObject => stranger[algorithm === 'PS256' ? 'RS256' : algorithm];

function signature(name: string, apply: Fault['apply'], at: readonly VectorAgent[]): Fault {
  const touches = ['signature', 'kid', 'header', 'text'] as const;
  return { name, stage: 'signature', reason: 'invalid_signature', touches, agents: at, times: 3, apply };
}

function algorithm(name: string, apply: Fault['apply'], at: readonly VectorAgent[]): Fault {
  const touches = ['alg', 'header', 'signature', 'kid'] as const;
  return { name, stage: 'algorithm', reason: 'unsupported_algorithm', touches, agents: at, times: 3, apply };
}

/** RFC 7515 section 4.1: where a token may say with what it wants to be verified. */
const ownKeys: readonly (readonly [string, (key: KeyObject) => { readonly [name: string]: unknown }])[] = [
  ['jwk', (key) => ({ jwk: publicJwk(key) })],
  ['jwk and its kid', (key) => ({ jwk: { ...publicJwk(key), kid: 'mine' }, kid: 'mine' })],
  ['jku', () => ({ jku: 'https://evil.example/keys.json' })],
  ['jku and its kid', () => ({ jku: 'https://evil.example/keys.json', kid: 'mine' })],
  ['x5u', () => ({ x5u: 'https://evil.example/certificate.pem' })],
  ['x5c', (key) => ({ x5c: [Buffer.from(JSON.stringify(publicJwk(key))).toString('base64')] })],
  ['jwks', (key) => ({ jwks: { keys: [publicJwk(key)] } })],
];

function publicJwk(key: KeyObject): object {
  const { kty, crv, x, y, n, e } = key.export({ format: 'jwk' });
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) as object;
}

const curveOrder = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const scalar = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

/** Halves of an ECDSA signature that a careless verifier takes for good (CVE-2022-21449 and its relatives). */
const halves: readonly (readonly [string, (r: Buffer, s: Buffer) => readonly Buffer[]])[] = [
  ['r and s of zero', () => [scalar(0n), scalar(0n)]],
  ['r of zero', (_, s) => [scalar(0n), s]],
  ['s of zero', (r) => [r, scalar(0n)]],
  ['r and s of one', () => [scalar(1n), scalar(1n)]],
  ['r and s of the order', () => [scalar(curveOrder), scalar(curveOrder)]],
  ['r of the order', (_, s) => [scalar(curveOrder), s]],
  ['s of the order', (r) => [r, scalar(curveOrder)]],
  ['s of one less than the order', (r) => [r, scalar(curveOrder - 1n)]],
  ['r and s in each other’s place', (r, s) => [s, r]],
  ['r alone', (r) => [r]],
  ['each half with a zero before it', (r, s) => [Buffer.alloc(1), r, Buffer.alloc(1), s]],
];

function changeHalves(change: (typeof halves)[number][1]): Fault['apply'] {
  return (draft) => {
    const { sign } = draft;
    draft.sign = (input) => {
      const bytes = Buffer.from(sign(input));
      return Buffer.concat(change(bytes.subarray(0, 32), bytes.subarray(32)));
    };
  };
}

const modulusOf = ({ key }: Draft) =>
  BigInt(`0x${Buffer.from(jwkMember(key?.publicKey, 'n'), 'base64url').toString('hex')}`);
const jwkMember = (key: KeyObject | undefined, name: 'n') => key?.export({ format: 'jwk' })[name] ?? '';
const wide = (value: bigint) => Buffer.from(value.toString(16).padStart(512, '0'), 'hex');

/** Of RSA: numbers beside the range, or that any exponent leaves as they are. */
const rsaNumbers: readonly (readonly [string, (draft: Draft, good: bigint) => bigint])[] = [
  ['one', () => 1n],
  ['the modulus', (draft) => modulusOf(draft)],
  ['one less than the modulus', (draft) => modulusOf(draft) - 1n],
  ['the modulus less a good one', (draft, good) => modulusOf(draft) - good],
];

function rsaNumber(make: (typeof rsaNumbers)[number][1]): Fault['apply'] {
  return (draft) => {
    const { sign } = draft;
    draft.sign = (input) => wide(make(draft, BigInt(`0x${Buffer.from(sign(input)).toString('hex')}`)));
  };
}

/** PKCS #1 padding around the hash alone, without the name of the hash. */
function bareHash({ key }: Draft): Signer {
  const { privateKey } = key ?? {};
  if (privateKey === undefined) throw new Error('This draft has no key pair.');
  return (input) =>
    privateEncrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
      createHash('sha256').update(input).digest(),
    );
}

/** R as the neutral point and S of zero: good for every text under a key of small order. */
const neutral = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]);

/** What only a set of the host's can be tricked with: keys in it that are not for this. */
const fromTheSet = decoys.flatMap((decoy) => {
  const at = agentsOf(decoy.algorithm, remoteAgents);
  const named = decoy.kid;
  return [
    signature(
      `${decoy.name} of the set, by its kid`,
      (draft) => {
        set(draft.header, 'kid', named);
        draft.sign = decoy.sign;
      },
      at,
    ),
    signature(
      `${decoy.name} of the set, without kid`,
      (draft) => {
        remove(draft.header, 'kid');
        draft.sign = decoy.sign;
      },
      at,
    ),
    signature(`the kid of ${decoy.name} of the set`, (draft) => set(draft.header, 'kid', named), at),
  ];
});

const onlyPublicRemote = publicAgents.filter(({ isRemote }) => isRemote);
const byKid = (draft: Draft, random: Parameters<Fault['apply']>[1]) => {
  if (random.chance(0.5)) set(draft.header, 'kid', draft.key?.id ?? '');
  else remove(draft.header, 'kid');
};

export const publicKeyFaults: readonly Fault[] = [
  ...algorithms.flatMap((alg) =>
    ownKeys.map(([name, header]) =>
      signature(
        `one’s own ${alg} key in ${name}`,
        (draft) => {
          remove(draft.header, 'kid');
          for (const [member, value] of Object.entries(header(signedBy(alg)))) set(draft.header, member, value);
          draft.sign = signerOf(alg, signedBy(alg));
        },
        agentsOf(alg),
      ),
    ),
  ),
  ...algorithms.map((alg) =>
    signature(
      `another ${alg} key by the right kid`,
      (draft) => {
        set(draft.header, 'kid', draft.key?.id ?? '');
        draft.sign = signerOf(alg, signedBy(alg));
      },
      agentsOf(alg),
    ),
  ),
  ...algorithms.flatMap((alg) =>
    agentsOf(alg).flatMap((from) =>
      signature(
        `the ${alg} key of agent ${from.id}`,
        (draft) => {
          remove(draft.header, 'kid');
          draft.sign = from.keys[0]?.sign ?? draft.sign;
        },
        agentsOf(alg).filter(({ keys }) => keys[0]?.privateKey !== from.keys[0]?.privateKey),
      ),
    ),
  ),
  ...halves.map(([name, change]) => signature(`ECDSA: ${name}`, changeHalves(change), agentsOf('ES256'))),
  ...(['RS256', 'PS256'] as const).flatMap((alg) =>
    rsaNumbers.map(([name, make]) => signature(`${alg}: ${name}`, rsaNumber(make), agentsOf(alg))),
  ),
  signature('PKCS #1 around the hash alone', (draft) => (draft.sign = bareHash(draft)), agentsOf('RS256')),
  signature('the neutral point of Ed25519', (draft) => (draft.sign = () => neutral), agentsOf('EdDSA')),
  ...fromTheSet,
  algorithm(
    'HS256 by a shared key of the set',
    (draft, random) => {
      set(draft.header, 'alg', 'HS256');
      byKid(draft, random);
      draft.sign = hmac(stranger.secret);
    },
    onlyPublicRemote,
  ),
  signature(
    'a shared key of the set under the name of the public one',
    (draft, random) => {
      byKid(draft, random);
      draft.sign = hmac(stranger.secret);
    },
    onlyPublicRemote,
  ),
  signature(
    'HS256 by a shared key of the set, beside one of the configuration',
    (draft, random) => {
      set(draft.header, 'alg', 'HS256');
      byKid(draft, random);
      draft.sign = hmac(stranger.secret);
    },
    keyedAgents.filter(({ id }) => id === 'host-mixed'),
  ),
].filter(({ agents }) => agents.length > 0);
