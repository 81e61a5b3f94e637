import type { IdentityReason } from '../../../src/protocol/index.ts';
import { readCompactToken, type CompactToken } from './compact-token.ts';
import { KeysUnavailableError } from './keys-unavailable.ts';
import { revocationKeyOf } from './revocation-key.ts';
import type { JsonObject } from './strict-json.ts';
import { expiryOf } from './token-claims.ts';
import { isActionCall } from './token-kind.ts';
import { claimHints, formHints } from './token-hints.ts';
import { signatureHints, type KeysAround } from './signature-hints.ts';
import type { IdentityProfile, RemoteKeyLine } from './types.ts';
import { verifyToken } from './verify-token.ts';

/** What became of a token, and why. Holds neither the token nor a secret; header and claims are hostile texts. */
export type TokenReport = {
  readonly accepted: boolean;
  readonly reason: IdentityReason | null;
  /** As far as they can be read; nothing in them is proven unless `accepted`. */
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  readonly subject: string | null;
  /** Id of the key that signed it. */
  readonly keyId: string | null;
  /** Where that key is one of the host's JWKS and has a name there: its `kid`. */
  readonly jwksKid?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
  /** Until `exp`; negative where it has passed. */
  readonly secondsLeft: number | null;
  /** What to do about it, one sentence each. */
  readonly hints: readonly string[];
};

/**
 * Says about one token what the server would say, and what its author probably did.
 *
 * @param token the compact JWS without its scheme; hostile
 * @param around keys beside the active ones, to recognise what a token was signed with; and the revocations
 * @param nowMs milliseconds since the epoch
 * @throws KeysUnavailableError where the agent's keys cannot be had
 */
export async function debugToken(
  token: string,
  profile: IdentityProfile,
  around: KeysAround & { readonly isRevoked: (revocationKey: string) => Promise<boolean> },
  nowMs: number,
): Promise<TokenReport> {
  const read = readCompactToken(token);
  if (!read.ok) return { ...nothing, reason: read.reason, hints: formHints(token) };
  const verification = await verifyToken(token, profile, nowMs);
  const shown = describe(read.token, nowMs);
  const remote = await remoteKeysOf(profile);
  if (!verification.ok) {
    const { reason } = verification;
    const hints = [
      ...(isActionCall(read.token) ? [actionCallHint] : []),
      ...(await signatureHints(reason, read.token, profile, { ...around, remoteKeys: remote })),
      ...claimHints(reason, read.token.payload, profile.policy, nowMs),
    ];
    return { ...shown, reason, hints };
  }
  const { subject, keyId } = verification.token;
  const jwksKid = remote.find(({ id }) => id === keyId)?.kid;
  const proven = { ...shown, subject, keyId, ...(jwksKid !== undefined && { jwksKid }) };
  if (await around.isRevoked(revocationKeyOf(read.token)))
    return { ...proven, reason: 'revoked', hints: [revokedHint] };
  return { ...proven, accepted: true, hints: claimHints(null, read.token.payload, profile.policy, nowMs) };
}

/** A JWKS that cannot be had says nothing; a token that needs it was not judged before. */
async function remoteKeysOf({ remoteKeys }: IdentityProfile): Promise<readonly RemoteKeyLine[]> {
  try {
    return (await remoteKeys?.list()) ?? [];
  } catch (error) {
    if (error instanceof KeysUnavailableError) return [];
    throw error;
  }
}

const revokedHint =
  'its owner has logged out, or the owner of another token with the same jti: sign a new one, with a new jti';

const actionCallHint =
  'its typ says that it is the token of an action\'s call to the host: sign visitors\' tokens yourself, with typ "JWT" or none';

const nothing = {
  accepted: false,
  reason: null,
  header: null,
  claims: null,
  subject: null,
  keyId: null,
  expiresAt: null,
  secondsLeft: null,
} as const;

function describe({ header, payload }: CompactToken, nowMs: number): Omit<TokenReport, 'hints'> {
  const expiresAt = expiryOf(payload);
  const secondsLeft = expiresAt === null ? null : Math.floor((expiresAt - nowMs) / 1000);
  return { ...nothing, header, claims: payload, expiresAt, secondsLeft };
}
