import type { IdentityReason } from '../../../src/protocol/index.ts';
import { agents, type Signer, type VectorAgent, type VectorKey } from './agents.ts';
import type { Random } from './random.ts';

/** What the server's clock says. A whole second, so that edges can be named in seconds. */
export const nowSeconds = 1_800_000_000;

/** A member of a JSON object, both halves as JSON texts: what no serialiser writes can be said too. */
type Member = readonly [name: string, value: string];

/** A token in the making. Good as it comes from `goodDraft`; faults change it. */
export type Draft = {
  readonly agent: VectorAgent;
  readonly key: VectorKey | undefined;
  /** The server's clock when it judges this token, in milliseconds. */
  atMs: number;
  header: Member[];
  payload: Member[];
  /** Changes of the JSON texts, before they are encoded. */
  headerJson: (json: string) => string | Uint8Array;
  payloadJson: (json: string) => string | Uint8Array;
  /** Changes of the encoded parts, before they are signed. */
  headerPart: (part: string) => string;
  payloadPart: (part: string) => string;
  sign: Signer;
  /** Changes of the signed token, in this order. */
  readonly edits: ((token: string) => string)[];
  /** A good token with this `jti` is logged out before, or the token itself. */
  revokes: 'jti' | 'itself' | undefined;
  /** In the `Authorization` header, or, where no header can hold it, in the body of `verify-jwt`. */
  via: 'header' | 'body';
};

/** The order of the checks as `docs/identity.md` has it; numbers that are none come after the signature. */
export const stages = [
  'size',
  'form',
  'keys',
  'algorithm',
  'signature',
  'times',
  'expiry',
  'start',
  'no expiry',
  'lifetime',
  'audience',
  'issuer',
  'subject',
  'custom',
  'revocation',
] as const;

/** What a fault lays hands on: two faults that share a part are not made together. */
export type Part =
  | 'text'
  | 'header'
  | 'payload'
  | 'alg'
  | 'kid'
  | 'signature'
  | 'exp'
  | 'nbf'
  | 'iat'
  | 'aud'
  | 'iss'
  | 'subject'
  | 'custom'
  | 'jti'
  | 'line breaks';

export type Fault = {
  readonly name: string;
  readonly stage: (typeof stages)[number];
  readonly reason: IdentityReason;
  readonly touches: readonly Part[];
  /** Agents at which it is one. */
  readonly agents: readonly VectorAgent[];
  /** How often it is made, each time on another token. */
  readonly times: number;
  readonly apply: (draft: Draft, random: Random) => void;
};

export type Stage = Pick<Fault, 'stage' | 'reason'>;

/** Makes faults of one stage. */
export function fault(at: Stage, touches: readonly Part[], on: readonly VectorAgent[], times = 3) {
  return (name: string, apply: Fault['apply']): Fault => ({ ...at, touches, agents: on, times, name, apply });
}

export function setRaw(members: Member[], name: string, json: string): void {
  const text = JSON.stringify(name);
  const at = members.findIndex(([other]) => other === text);
  members.splice(at === -1 ? members.length : at, at === -1 ? 0 : 1, [text, json]);
}

export function set(members: Member[], name: string, value: unknown): void {
  if (value === undefined) throw new TypeError(`There is no value for ${name}.`);
  setRaw(members, name, JSON.stringify(value));
}

export function remove(members: Member[], name: string): void {
  const at = members.findIndex(([other]) => other === JSON.stringify(name));
  if (at !== -1) members.splice(at, 1);
}

export function has(members: readonly Member[], name: string): boolean {
  return members.some(([other]) => other === JSON.stringify(name));
}

export function valueOf(members: readonly Member[], name: string): unknown {
  const member = members.find(([other]) => other === JSON.stringify(name));
  return member === undefined ? undefined : JSON.parse(member[1]);
}

const same = <T>(value: T): T => value;

let tokensMade = 0;

/** A token that this agent accepts, and no two are the same. */
export function goodDraft(agent: VectorAgent, random: Random): Draft {
  const key = agent.keys.length === 0 ? undefined : random.pick(agent.keys);
  tokensMade += 1;
  const draft: Draft = {
    agent,
    key,
    atMs: nowSeconds * 1_000,
    header: [],
    payload: [],
    headerJson: same,
    payloadJson: same,
    headerPart: same,
    payloadPart: same,
    sign: (key ?? agents.shop.keys[0] ?? unreachable()).sign,
    edits: [],
    revokes: undefined,
    via: 'header',
  };
  for (const [name, value] of random.shuffle(goodHeader(key, random))) set(draft.header, name, value);
  for (const [name, value] of random.shuffle(goodClaims(agent, random))) set(draft.payload, name, value);
  return draft;
}

function unreachable(): never {
  throw new Error('The shop has a key.');
}

function goodHeader(key: VectorKey | undefined, random: Random): [string, unknown][] {
  const members: [string, unknown][] = [['alg', key?.algorithm ?? 'HS256']];
  if (random.chance(0.7)) members.push(['typ', random.pick(['JWT', 'jwt', 'at+jwt', 'JOSE'])]);
  if (key !== undefined && random.chance(0.5)) members.push(['kid', key.id]);
  if (random.chance(0.1)) members.push(['cty', 'JWT']);
  return members;
}

function goodClaims(agent: VectorAgent, random: Random): [string, unknown][] {
  const { maxLifetimeSeconds, toleranceSeconds, identityClaim, audience, issuer } = agent;
  const iat = nowSeconds + random.between(-600, toleranceSeconds);
  const exp = nowSeconds + random.between(1, Math.min(maxLifetimeSeconds ?? 86_400, 3_600) - 600);
  const claims: [string, unknown][] = [['exp', exp]];
  if (random.chance(0.6)) claims.push(['iat', iat]);
  if (random.chance(0.3)) claims.push(['nbf', nowSeconds + random.between(-600, toleranceSeconds)]);
  if (random.chance(0.5)) claims.push(['jti', `id-${tokensMade}`]);
  if (identityClaim === 'sub' || random.chance(0.5)) claims.push(['sub', `user-${random.word(6)}-${tokensMade}`]);
  if (identityClaim === 'email' || random.chance(0.4)) {
    claims.push(['email', `${random.word(5)}.${tokensMade}@mail.widgets.io`]);
  }
  if (audience !== null || random.chance(0.2)) claims.push(['aud', random.pick(audience ?? ['whoever', 'it is'])]);
  if (issuer !== null || random.chance(0.2)) claims.push(['iss', random.pick(issuer ?? ['https://whoever.example'])]);
  if (random.chance(0.5)) claims.push(['name', random.pick(['Ada', 'Grace H.', 'Zoë', '李四', '💬'])]);
  if (random.chance(0.4)) claims.push(['custom', { plan: random.word(4), note: '' }]);
  if (random.chance(0.3)) claims.push([`x-${random.word(3)}`, { list: [1, null, { deep: random.word(3) }] }]);
  return claims;
}

const toJson = (members: readonly Member[]) => `{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`;

export function encode(data: string | Uint8Array): string {
  return Buffer.from(data).toString('base64url');
}

/** The token of a draft. */
export function write(draft: Draft): string {
  const head = draft.headerPart(encode(draft.headerJson(toJson(draft.header))));
  const body = draft.payloadPart(encode(draft.payloadJson(toJson(draft.payload))));
  const signed = `${head}.${body}.${encode(draft.sign(`${head}.${body}`))}`;
  return draft.edits.reduce((token, edit) => edit(token), signed);
}

/** Changes one of the three parts of a signed token. */
export function editPart(part: 0 | 1 | 2, change: (text: string) => string): (token: string) => string {
  return (token) =>
    token
      .split('.')
      .map((text, at) => (at === part ? change(text) : text))
      .join('.');
}
