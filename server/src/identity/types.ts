import type { Claims, IdentityReason } from '../../../src/protocol/index.ts';

/** What an agent's operator has decided about identity. Every setting has a default (see `defaultPolicy`). */
export type Policy = {
  readonly access: 'open' | 'verified-only';
  readonly onInvalidToken: 'block' | 'anonymous' | 'deny';
  readonly identityClaim: 'sub' | 'email';
  readonly expiry: 'required' | 'recommended';
  /** Seconds, or null for no cap. */
  readonly maxLifetimeSeconds: number | null;
  /** 0 to 300. */
  readonly clockToleranceSeconds: number;
  readonly algorithms: readonly Algorithm[];
  readonly jwksUrl: string | null;
  readonly audience: readonly string[] | null;
  readonly issuer: readonly string[] | null;
  /** 1 to 3. */
  readonly maxActiveKeys: number;
  readonly revealableKeys: boolean;
  readonly claimsToAgent: 'none' | 'basic' | 'all';
  readonly claimAnonymousConversations: boolean;
};

type Algorithm = 'HS256' | 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

/** An active key of one agent. HMAC secrets are used as the bytes of their text, also when the text is hex. */
export type SigningKey = { readonly id: string; readonly algorithm: 'HS256'; readonly secret: Uint8Array };

/** The part of an agent that verification needs. */
export type IdentityProfile = {
  readonly agentId: string;
  readonly policy: Policy;
  readonly keys: readonly SigningKey[];
};

export type VerifiedToken = {
  readonly subject: string;
  readonly claims: Claims;
  /** Milliseconds since the epoch; null where the token has no `exp`. */
  readonly expiresAt: number | null;
  readonly keyId: string;
  /** What a revocation of this token is stored under: `jti:<jti>` where it has one, else `sha256:<hex of header.payload>`. */
  readonly revocationKey: string;
};

export type Verification =
  | { readonly ok: true; readonly token: VerifiedToken }
  | { readonly ok: false; readonly reason: IdentityReason };

/** What a request's sender may do. `refused` never reaches an agent. */
export type Judgement =
  | { readonly state: 'anonymous'; readonly source: 'anonymous' | 'self-reported'; readonly reason?: IdentityReason }
  | { readonly state: 'verified'; readonly source: 'verified'; readonly token: VerifiedToken }
  | {
      readonly state: 'refused';
      readonly code: 'invalid_token' | 'no_permission';
      readonly reason?: IdentityReason;
    };
