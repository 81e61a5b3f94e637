import { limit, type IdentityReason } from '../../../src/protocol/index.ts';
import { readEmailAddress } from './email-address.ts';
import { isJsonObject, type JsonObject } from './strict-json.ts';
import type { Policy } from './types.ts';

export type ClaimsCheck =
  | { readonly ok: true; readonly subject: string; readonly expiresAt: number | null }
  | { readonly ok: false; readonly reason: IdentityReason };

type Refusal = IdentityReason | undefined;

/** The last moment that a `Date` can hold (ECMA-262, 21.4.1.1), and that any store can take as a whole number. */
const maxTimestampMs = 8.64e15;

/** Judges the claims of a token whose signature is good, in the order of the reasons. Pure. */
export function checkClaims(claims: JsonObject, policy: Policy, nowMs: number): ClaimsCheck {
  const refusal =
    checkTimes(claims, policy, nowMs) ??
    checkLifetime(claims, policy, nowMs) ??
    checkAudience(claims, policy) ??
    checkIssuer(claims, policy);
  if (refusal !== undefined) return { ok: false, reason: refusal };
  const subject = readSubject(claims, policy);
  if (!subject.ok) return subject;
  const custom = checkCustom(claims);
  if (custom !== undefined) return { ok: false, reason: custom };
  return { ok: true, subject: subject.subject, expiresAt: expiryOf(claims) };
}

/** `exp` in milliseconds since the epoch, whole and within what a `Date` can hold; null where there is none. */
export function expiryOf(claims: JsonObject): number | null {
  const expiry = claims['exp'];
  return typeof expiry === 'number' ? clampTimestamp(expiry * 1000) : null;
}

export function clampTimestamp(timestampMs: number): number {
  return Math.min(Math.max(Math.floor(timestampMs), -maxTimestampMs), maxTimestampMs);
}

/** True from the moment `exp` + tolerance on. */
export function hasExpired(expiresAt: number | null, policy: Policy, nowMs: number): boolean {
  return expiresAt !== null && nowMs >= expiresAt + policy.clockToleranceSeconds * 1000;
}

function checkTimes(claims: JsonObject, policy: Policy, nowMs: number): Refusal {
  const { exp, nbf, iat } = claims;
  if (![exp, nbf, iat].every((time) => time === undefined || Number.isFinite(time))) return 'malformed';
  if (hasExpired(expiryOf(claims), policy, nowMs)) return 'expired';
  const latest = nowMs / 1000 + policy.clockToleranceSeconds;
  if ([nbf, iat].some((time) => typeof time === 'number' && latest < time)) return 'not_yet_valid';
  return exp === undefined && policy.expiry === 'required' ? 'missing_claim' : undefined;
}

/**
 * With `iat` the signer's own two times are compared. Without it our clock stands in for the signer's, with the tolerance for
 * the difference of the two: else a token of the full lifetime is refused whenever its signer's clock is a second ahead.
 */
function checkLifetime({ exp, iat }: JsonObject, policy: Policy, nowMs: number): Refusal {
  if (policy.maxLifetimeSeconds === null || typeof exp !== 'number') return undefined;
  const latestIssue = nowMs / 1000 + policy.clockToleranceSeconds;
  const issuedAt = typeof iat === 'number' ? iat : latestIssue;
  return exp - issuedAt > policy.maxLifetimeSeconds ? 'lifetime_too_long' : undefined;
}

/** RFC 7519 section 4.1.3: one string or a list of strings; one that names us is enough. */
function checkAudience({ aud }: JsonObject, policy: Policy): Refusal {
  if (policy.audience === null) return undefined;
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const wellFormed = named.every((name) => typeof name === 'string');
  return wellFormed && policy.audience.some((ours) => named.includes(ours)) ? undefined : 'wrong_audience';
}

function checkIssuer({ iss }: JsonObject, policy: Policy): Refusal {
  if (policy.issuer === null) return undefined;
  return typeof iss === 'string' && policy.issuer.includes(iss) ? undefined : 'wrong_issuer';
}

type SubjectRead =
  | { readonly ok: true; readonly subject: string }
  | { readonly ok: false; readonly reason: IdentityReason };

function readSubject(claims: JsonObject, policy: Policy): SubjectRead {
  if (!Object.hasOwn(claims, policy.identityClaim)) return { ok: false, reason: 'missing_claim' };
  const value = claims[policy.identityClaim];
  if (policy.identityClaim === 'sub') {
    return isSubject(value) ? { ok: true, subject: value } : { ok: false, reason: 'invalid_sub' };
  }
  const email = readEmailAddress(value);
  if (email.kind === 'public') return { ok: true, subject: email.address };
  return { ok: false, reason: email.kind === 'reserved' ? 'reserved_domain' : 'invalid_sub' };
}

/** A lone surrogate has no UTF-8 (all of them would become one subject), and NUL no place in a Postgres text. */
function isSubject(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed() || value.includes('\0')) return false;
  return countCharacters(value) <= limit.maxSubjectCharacters;
}

function checkCustom(claims: JsonObject): Refusal {
  if (!Object.hasOwn(claims, 'custom')) return undefined;
  const custom = claims['custom'];
  const fits = isJsonObject(custom) && Object.values(custom).every(isCustomValue);
  return fits ? undefined : 'claim_too_large';
}

function isCustomValue(value: unknown): boolean {
  return typeof value === 'string' && countCharacters(value) <= limit.maxCustomValueCharacters;
}

/** Unicode code points, which is what most signing languages count. */
function countCharacters(text: string): number {
  return Array.from(text).length;
}
