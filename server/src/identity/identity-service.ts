import { isDeepStrictEqual } from 'node:util';
import type { Claims, IdentityReason } from '../../../src/protocol/index.ts';
import type { Store } from '../storage/index.ts';
import { readBearerToken } from './bearer-token.ts';
import { createRefusalTally, type CountedRefusal } from './refusal-tally.ts';
import { createTokenRevoker } from './token-revoker.ts';
import type { Admitted, IdentityProfile, Judgement, Policy, Standing, VerifiedToken } from './types.ts';
import { verifyToken } from './verify-token.ts';

/** The parts of the store that identity needs. */
export type IdentityStore = Pick<Store, 'revocations' | 'sessions' | 'contacts' | 'audit' | 'notifier'>;

/** What a request says about its sender. Hostile. */
type Credentials = {
  /** The `Authorization` header, undefined where there was none. */
  readonly authorization: string | undefined;
  /**
   * The `X-Chat-Identity-Source` header: what the widget believes. It opens nothing; with `verified` a refused token is refused
   * under every policy.
   */
  readonly claimedSource: string | undefined;
};

/** What a token is, whatever the policy makes of it. */
export type Inspection =
  | { readonly state: 'verified'; readonly token: VerifiedToken }
  | { readonly state: 'rejected'; readonly reason: IdentityReason }
  | { readonly state: 'none' };

export type IdentityService = {
  /** What a request's sender may do, by the agent's policy. Call it for every request; no result may be kept. */
  judge(profile: IdentityProfile, credentials: Credentials): Promise<Judgement>;
  /** For `POST A/identity`: the same checks and records as `judge`, answered without the policy. */
  inspect(profile: IdentityProfile, authorization: string | undefined): Promise<Inspection>;
  /** The same for a token that came by itself, without a scheme before it. */
  inspectToken(profile: IdentityProfile, token: string): Promise<Inspection>;
  /**
   * For logout, idempotent: revokes the token for as long as any that its revocation covers may be used, closes the session, and tells all processes
   * (`revoked:<agentId>`, with the revocation key and with `session:<hash>`). A token that no active key has signed changes nothing.
   */
  revoke(profile: IdentityProfile, authorization: string | undefined, sessionHash: string | undefined): Promise<void>;
  /**
   * For what goes on after its request was judged: verifies the same token once more, by the policy and the keys that hold now.
   * Records nothing.
   *
   * @param admitted what the sender was judged to be
   * @param atMs the moment to judge the token's times by; default now
   * @throws KeysUnavailableError where the keys cannot be had: then nothing can be said
   */
  review(
    profile: IdentityProfile,
    authorization: string | undefined,
    admitted: Admitted,
    atMs?: number,
  ): Promise<Standing>;
  /** The refusals that this process has counted and not recorded yet, for an agent. */
  countedRefusals(agentId: string): readonly CountedRefusal[];
  /** Records the refusals that have been counted since the last minute. Before the store is closed. */
  close(): Promise<void>;
};

/**
 * Judges who sends a request. Rejects only where the store does.
 *
 * Nothing is cached: a token is verified in about a tenth of a millisecond, and what is not kept cannot outlive an expiry, a
 * key or a revocation.
 *
 * @param dependencies.clock milliseconds since the epoch; default `Date.now`
 */
export function createIdentityService(dependencies: {
  readonly store: IdentityStore;
  readonly clock?: () => number;
  /** Told of the key of each token that is accepted. */
  readonly onKeyUsed?: ((agentId: string, keyId: string) => Promise<void>) | undefined;
}): IdentityService {
  const { store, clock = Date.now, onKeyUsed } = dependencies;
  const refusals = createRefusalTally(store.audit, clock);

  async function look(profile: IdentityProfile, text: string, atMs: number): Promise<Inspection> {
    const verification = await verifyToken(text, profile, atMs);
    if (!verification.ok) return { state: 'rejected', reason: verification.reason };
    const { token } = verification;
    const isRevoked = await store.revocations.has(profile.agentId, token.revocationKey);
    return isRevoked ? { state: 'rejected', reason: 'revoked' } : { state: 'verified', token };
  }

  async function inspect(profile: IdentityProfile, authorization: string | undefined): Promise<Inspection> {
    const text = readBearerToken(authorization);
    return text === undefined ? { state: 'none' } : inspectToken(profile, text);
  }

  async function inspectToken(profile: IdentityProfile, text: string): Promise<Inspection> {
    const inspection = await look(profile, text, clock());
    if (inspection.state === 'rejected') refusals.note(profile.agentId, inspection.reason);
    if (inspection.state !== 'verified') return inspection;
    await recordContact(profile.agentId, inspection.token);
    await onKeyUsed?.(profile.agentId, inspection.token.keyId);
    return inspection;
  }

  async function recordContact(agentId: string, { subject, claims }: VerifiedToken): Promise<void> {
    const known = await store.contacts.find(agentId, subject);
    const differed = await store.contacts.seen(agentId, subject, claims, clock());
    const changed = differed && known !== undefined ? changedClaims(known.claims, claims) : [];
    if (changed.length === 0) return;
    await store.audit.append({ agentId, at: clock(), kind: 'claims-changed', subject, detail: { claims: changed } });
  }

  return {
    inspect,
    inspectToken,
    countedRefusals: (agentId) => refusals.counted(agentId),
    close: () => refusals.close(),
    revoke: createTokenRevoker(store, clock),
    review: async (profile, authorization, admitted, atMs = clock()) => {
      const text = readBearerToken(authorization);
      const inspection: Inspection = text === undefined ? { state: 'none' } : await look(profile, text, atMs);
      return standingOf(admitted, applyPolicy(profile.policy, inspection, undefined), profile.policy);
    },
    judge: async (profile, { authorization, claimedSource }) =>
      applyPolicy(profile.policy, await inspect(profile, authorization), claimedSource),
  };
}

function applyPolicy(policy: Policy, inspection: Inspection, claimedSource: string | undefined): Judgement {
  if (inspection.state === 'verified') return { state: 'verified', source: 'verified', token: inspection.token };
  const reason = inspection.state === 'rejected' ? { reason: inspection.reason } : {};
  if (isRefusedAlways(inspection, policy)) {
    return { state: 'refused', code: policy.onInvalidToken === 'block' ? 'invalid_token' : 'no_permission', ...reason };
  }
  if (policy.access === 'verified-only') return { state: 'refused', code: 'no_permission', ...reason };
  // What was said as somebody is not carried out as nobody: it would belong to whoever has the session next.
  if (inspection.state === 'rejected' && claimedSource === 'verified') {
    return { state: 'refused', code: 'invalid_token', ...reason };
  }
  return { state: 'anonymous', source: claimedSource === 'self-reported' ? 'self-reported' : 'anonymous', ...reason };
}

/** What a new judgement means for what an earlier one has let in. */
function standingOf(before: Admitted, now: Judgement, policy: Policy): Standing {
  if (now.state === 'refused') return { state: 'lapsed', why: now.reason ?? 'no_permission' };
  // Who came as nobody stays nobody until they ask again, whatever their token has become.
  if (before.state === 'anonymous') return { state: 'good', expiresAt: null };
  if (now.state === 'anonymous') return { state: 'lapsed', why: now.reason ?? 'no_permission' };
  if (now.token.subject !== before.token.subject) return { state: 'lapsed', why: 'other_subject' };
  const { expiresAt } = now.token;
  return { state: 'good', expiresAt: expiresAt === null ? null : expiresAt + policy.clockToleranceSeconds * 1000 };
}

/** A reserved e-mail domain makes its sender anonymous under every policy: the token is good, the address cannot be anyone's. */
function isRefusedAlways(inspection: Inspection, policy: Policy): boolean {
  if (inspection.state !== 'rejected' || inspection.reason === 'reserved_domain') return false;
  return policy.onInvalidToken !== 'anonymous';
}

/** Each refresh brings new times and a new id; they say nothing about the person. */
const perTokenClaims: ReadonlySet<string> = new Set(['iat', 'exp', 'nbf', 'jti']);

function changedClaims(before: Claims, after: Claims): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter(
    (name) => !perTokenClaims.has(name) && !isDeepStrictEqual(own(before, name), own(after, name)),
  );
}

function own(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}
