/**
 * Why a token was not accepted, in the order in which the server looks.
 * The same words travel in problem details, in `X-Chat-Identity-Reason` and in the widget's events.
 */
export const identityReasons = [
  'too_large',
  'malformed',
  'not_configured',
  'unsupported_algorithm',
  'invalid_signature',
  'expired',
  'not_yet_valid',
  'missing_claim',
  'lifetime_too_long',
  'wrong_audience',
  'wrong_issuer',
  'invalid_sub',
  'reserved_domain',
  'claim_too_large',
  'revoked',
] as const;

export type IdentityReason = (typeof identityReasons)[number];

export function isIdentityReason(value: unknown): value is IdentityReason {
  return identityReasons.includes(value as IdentityReason);
}

/** What a request's sender is: as believed in a request's header, as judged in a response's. */
export type IdentitySource = 'anonymous' | 'self-reported' | 'verified';

/** Claims of an accepted token, kept verbatim. `sub` or `email` names the subject, by the agent's policy. */
export type Claims = { readonly [name: string]: unknown };

/** Answer of `POST A/identity`. */
export type IdentityAnswer =
  | {
      readonly verified: true;
      readonly source: 'verified';
      /** Whose token it is: the agent's identity claim, `sub` or the lower-cased `email`. */
      readonly subject: string;
      readonly claims: Claims;
      /** Milliseconds since the epoch, or null for a token without `exp`. */
      readonly expiresAt: number | null;
      /** How many conversations of the session became the subject's by this call. */
      readonly claimedConversations: number;
      /** The server's clock in milliseconds since the epoch, so that a wrong clock in the browser does no harm. */
      readonly now: number;
    }
  | { readonly verified: false; readonly reason: IdentityReason }
  | { readonly verified: false; readonly source: 'anonymous' | 'self-reported' };
