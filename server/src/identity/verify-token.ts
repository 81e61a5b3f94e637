import { readCompactToken, type CompactToken } from './compact-token.ts';
import { revocationKeyOf } from './revocation-key.ts';
import { checkClaims } from './token-claims.ts';
import { isActionCall } from './token-kind.ts';
import { checkSignature } from './token-signature.ts';
import type { IdentityProfile, Verification } from './types.ts';

/**
 * Verifies one token against one agent's keys and policy: all checks but revocation, the first that fails gives the reason.
 *
 * Reads nothing but its arguments and never throws for what a token says. The order is that of `identityReasons`:
 * size, form and kind, keys, algorithm, signature, times, lifetime, audience, issuer, identity claim, `custom`.
 *
 * @param token the compact JWS without its scheme; hostile
 * @param nowMs milliseconds since the epoch
 * @see RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best current practices)
 */
export async function verifyToken(token: string, profile: IdentityProfile, nowMs: number): Promise<Verification> {
  const signed = await readSignedToken(token, profile);
  if (!signed.ok) return signed;
  const { payload } = signed.token;
  const checked = checkClaims(payload, profile.policy, nowMs);
  if (!checked.ok) return checked;
  return {
    ok: true,
    token: Object.freeze({
      subject: checked.subject,
      claims: payload,
      expiresAt: checked.expiresAt,
      keyId: signed.keyId,
      revocationKey: revocationKeyOf(signed.token),
    }),
  };
}

export type SignedToken =
  | { readonly ok: true; readonly token: CompactToken; readonly keyId: string }
  | Extract<Verification, { ok: false }>;

/** A token that one of the agent's keys has signed, whatever its claims say. */
export async function readSignedToken(token: string, profile: IdentityProfile): Promise<SignedToken> {
  const read = readCompactToken(token);
  if (!read.ok) return read;
  if (isActionCall(read.token)) return { ok: false, reason: 'malformed' };
  const signature = await checkSignature(read.token, profile);
  return signature.ok ? { ok: true, token: read.token, keyId: signature.keyId } : signature;
}
