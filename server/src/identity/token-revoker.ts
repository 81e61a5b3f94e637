import type { Store } from '../storage/index.ts';
import { readBearerToken } from './bearer-token.ts';
import type { CompactToken } from './compact-token.ts';
import { isShared, revocationKeyOf } from './revocation-key.ts';
import { checkClaims, clampTimestamp, expiryOf, hasExpired } from './token-claims.ts';
import type { IdentityProfile, Policy } from './types.ts';
import { readSignedToken } from './verify-token.ts';

/** How long a token without `exp` stays revoked: longer than any signing key should live. */
const endlessTokenMs = 10 * 365 * 24 * 60 * 60 * 1000;

type RevokerStore = Pick<Store, 'revocations' | 'sessions' | 'audit' | 'notifier'>;

/** How long a token that was signed by now, and has the same `jti` as another, may be good for. */
function longestLifeMs({ maxLifetimeSeconds, clockToleranceSeconds }: Policy): number {
  return maxLifetimeSeconds === null ? endlessTokenMs : (maxLifetimeSeconds + clockToleranceSeconds) * 1000;
}

/**
 * Makes the logout of the identity service.
 *
 * The signature is judged first, so that nobody can fill the table of revocations or revoke the `jti` of somebody else. The other
 * claims are not: a token that is not valid yet, or not for this agent's present policy, may be so tomorrow; and one that has
 * expired ends those that carry its `jti` and have not.
 */
export function createTokenRevoker(store: RevokerStore, clock: () => number) {
  async function revokeToken(profile: IdentityProfile, token: CompactToken, keyId: string): Promise<void> {
    const { agentId, policy } = profile;
    const now = clock();
    const expiresAt = expiryOf(token.payload);
    const sharesId = isShared(token);
    if (!sharesId && hasExpired(expiresAt, policy, now)) return;
    const key = revocationKeyOf(token);
    const revokedBefore = await store.revocations.has(agentId, key);
    const own = expiresAt === null ? now + endlessTokenMs : expiresAt + policy.clockToleranceSeconds * 1000;
    const others = sharesId ? now + longestLifeMs(policy) : own;
    await store.revocations.add(agentId, key, clampTimestamp(Math.max(own, others)));
    // Told again on a repeated call: the process of the first one may have died in between.
    await store.notifier.publish(`revoked:${agentId}`, key);
    if (revokedBefore) return;
    const claims = checkClaims(token.payload, policy, now);
    const subject = claims.ok ? { subject: claims.subject } : {};
    await store.audit.append({ agentId, at: now, kind: 'token-revoked', ...subject, detail: { keyId } });
  }

  return async function revoke(
    profile: IdentityProfile,
    authorization: string | undefined,
    sessionHash: string | undefined,
  ): Promise<void> {
    if (sessionHash !== undefined) {
      await store.sessions.close(profile.agentId, sessionHash, clock());
      await store.notifier.publish(`revoked:${profile.agentId}`, `session:${sessionHash}`);
    }
    const text = readBearerToken(authorization);
    const signed = text === undefined ? undefined : await readSignedToken(text, profile);
    if (signed?.ok === true) await revokeToken(profile, signed.token, signed.keyId);
  };
}
