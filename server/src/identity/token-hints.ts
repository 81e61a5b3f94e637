import { limit, type IdentityReason } from '../../../src/protocol/index.ts';
import { isJsonObject, type JsonObject } from './strict-json.ts';
import type { Policy } from './types.ts';

/** Why a text is no token at all. The text itself is not repeated: it may be a secret. */
export function formHints(text: string): readonly string[] {
  const first = formChecks.find(([applies]) => applies(text));
  return [first?.[1] ?? 'header or payload is no JSON object in base64url, or names something twice'];
}

const formChecks: readonly (readonly [(text: string) => boolean, string])[] = [
  [
    (text) => Buffer.byteLength(text) > limit.maxTokenBytes,
    `it has more than ${limit.maxTokenBytes} bytes: put less into it`,
  ],
  [(text) => text.trim() === '', 'it is empty'],
  [(text) => /^bearer\s/i.test(text), 'it begins with "Bearer": pass the token alone'],
  [(text) => text !== text.trim(), 'there is white space around it: trim it'],
  [(text) => /^["']|["']$/.test(text), 'it stands in quotation marks: take them away'],
  [(text) => text.startsWith('{'), 'it is JSON: pass the token in it, not the whole answer'],
  [
    (text) => /^[0-9a-f]{64}$/i.test(text),
    'it looks like a secret, not like a token: sign one with it, and keep it to your server',
  ],
  [(text) => text.split('.').length === 5, 'it is encrypted (JWE): sign it instead (JWS)'],
  [
    (text) => text.split('.').length !== 3,
    'it has not three parts with dots between them: it was cut, or it is no JWT',
  ],
  [(text) => text.includes('='), 'base64url has no padding: take the "=" away'],
  [(text) => /[+/]/.test(text), 'it is written in base64: use base64url ("-" and "_" for "+" and "/")'],
  [(text) => text.endsWith('.'), 'it has no signature'],
];

/** What is wrong with the claims, and what will be. `reason` is what the server says; null where it accepts. */
export function claimHints(
  reason: IdentityReason | null,
  claims: JsonObject,
  policy: Policy,
  nowMs: number,
): readonly string[] {
  const now = Math.floor(nowMs / 1000);
  return [
    ...timeHints(claims, now),
    ...lifeHints(reason, claims, policy, now),
    ...nameHints(reason, claims, policy),
    ...subjectHints(reason, claims, policy),
    ...customHints(claims),
  ];
}

/** Year 5138 in seconds, 1973 in milliseconds: nobody means the former. */
const surelyMilliseconds = 100_000_000_000;

function timeHints(claims: JsonObject, now: number): readonly string[] {
  return ['exp', 'nbf', 'iat'].flatMap((name) => {
    const value = claims[name];
    if (value === undefined) return [];
    if (typeof value !== 'number')
      return [`${name} is no number: it counts seconds since 1970, such as ${now + 3_600}`];
    const isMilliseconds = Math.abs(value) >= surelyMilliseconds;
    return isMilliseconds ? [`${name} is in milliseconds: it counts seconds, Math.floor(Date.now() / 1000)`] : [];
  });
}

function lifeHints(reason: IdentityReason | null, claims: JsonObject, policy: Policy, now: number): readonly string[] {
  const { exp, iat, nbf } = claims;
  const hasEnd = typeof exp === 'number' && Math.abs(exp) < surelyMilliseconds;
  switch (reason) {
    case null:
      if (exp === undefined) return ['it has no exp, so it is good for ever: sign exp, an hour ahead'];
      return hasEnd ? [...pastHint(now - exp, policy), ...shortLifeHint(exp, iat)] : [];
    case 'missing_claim':
      return exp === undefined && policy.expiry === 'required' ? ['it has no exp, which this policy requires'] : [];
    case 'expired':
      return hasEnd ? [`it expired ${lengthOf(now - exp)} ago: get a fresh one`, ...shortLifeHint(exp, iat)] : [];
    case 'lifetime_too_long': {
      const from = typeof iat === 'number' ? iat : now;
      const most = lengthOf(policy.maxLifetimeSeconds ?? 0);
      return hasEnd ? [`it lasts ${lengthOf(exp - from)}; this policy allows ${most}`] : [];
    }
    case 'not_yet_valid': {
      const ahead = [nbf, iat].flatMap((time) =>
        typeof time === 'number' && time < surelyMilliseconds ? [time - now] : [],
      );
      return ahead.length === 0
        ? []
        : [`it begins in ${lengthOf(Math.max(...ahead))}: check the clock of the machine that signs`];
    }
    default:
      return [];
  }
}

function pastHint(secondsAgo: number, { clockToleranceSeconds: tolerance }: Policy): readonly string[] {
  if (secondsAgo < 0) return [];
  const when = secondsAgo < 1 ? 'just now' : `${lengthOf(secondsAgo)} ago`;
  return [
    `it expired ${when}, and is accepted because clocks may differ by ${tolerance} s (clockToleranceSeconds): get a fresh one`,
  ];
}

/** Nobody signs for less on purpose; jsonwebtoken takes the text "3600" for milliseconds. */
const leastLifetimeSeconds = 60;

function shortLifeHint(exp: number, iat: unknown): readonly string[] {
  if (typeof iat !== 'number' || Math.abs(iat) >= surelyMilliseconds || exp - iat >= leastLifetimeSeconds) return [];
  if (exp <= iat) return ['exp is not after iat: it ends before it has begun'];
  return [
    `it lasts ${lengthOf(exp - iat)} in all: was the lifetime given in another unit? (expiresIn: "3600" is milliseconds in jsonwebtoken: give the number 3600, or "1h")`,
  ];
}

function nameHints(reason: IdentityReason | null, { aud, iss }: JsonObject, policy: Policy): readonly string[] {
  if (reason === 'wrong_audience') return [`aud is ${quote(aud)}; this policy expects ${quote(policy.audience)}`];
  if (reason === 'wrong_issuer') return [`iss is ${quote(iss)}; this policy expects ${quote(policy.issuer)}`];
  return [];
}

function subjectHints(reason: IdentityReason | null, claims: JsonObject, policy: Policy): readonly string[] {
  const name = policy.identityClaim;
  const value = claims[name];
  if (name === 'sub' && typeof value === 'number') return ['sub is a number: sign String(user.id)'];
  if (reason === null && isNobody(value)) return [nobodyHint(name, value)];
  switch (reason) {
    case 'missing_claim':
      return value === undefined ? [`it has no ${name}, which says who it is`] : [];
    case 'invalid_sub':
      if (name === 'email') return ['email is no address that this policy can use (name@example.com)'];
      return [`sub must be a text of 1 to ${limit.maxSubjectCharacters} characters`];
    case 'reserved_domain':
      return ['email is on a domain that no public mailbox can have: the visitor is treated as anonymous'];
    default:
      return [];
  }
}

/** What languages make of a value that is not there, or of one that is no text. */
const nobodies: ReadonlySet<unknown> = new Set(['undefined', 'null', 'NaN', '[object Object]', 'None', 'nil', 'false']);

function isNobody(value: unknown): value is string {
  return nobodies.has(value);
}

function nobodyHint(name: string, value: string): string {
  const why = value === '[object Object]' ? 'an object was made a text' : 'the id was not there';
  return `${name} is the text ${JSON.stringify(value)}: ${why} when it was signed, and all who come so are one person here`;
}

/** A name is the signer's to choose, and this goes to a terminal. */
function shown(name: string): string {
  return /^[\w-]{1,40}$/.test(name) ? name : JSON.stringify(name.slice(0, 40));
}

function customHints({ custom }: JsonObject): readonly string[] {
  if (custom === undefined) return [];
  if (!isJsonObject(custom)) return ['custom must be an object of texts'];
  return Object.entries(custom).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [`custom.${shown(name)} is no text: sign String(value)`];
    const isLong = Array.from(value).length > limit.maxCustomValueCharacters;
    return isLong ? [`custom.${shown(name)} has more than ${limit.maxCustomValueCharacters} characters`] : [];
  });
}

function quote(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 200);
}

/** Such as "3 days", "2 hours", "5 minutes", "40 seconds". */
function lengthOf(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, name] = units.find(([unit]) => seconds >= unit) ?? [1, 'second'];
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
