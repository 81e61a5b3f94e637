import type { KeyObject } from 'node:crypto';
import type { Claims, IdentityReason } from '../../../src/protocol/index.ts';
import type { KeysUnavailableError } from './keys-unavailable.ts';

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

export type PublicAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
export type Algorithm = 'HS256' | PublicAlgorithm;

/** HMAC secrets are used as the bytes of their text, also when the text is hex. */
export type HmacKey = { readonly id: string; readonly algorithm: 'HS256'; readonly secret: Uint8Array };

/** The public half of a key pair whose private half only the host has. EdDSA is Ed25519. */
export type PublicKey = { readonly id: string; readonly algorithm: PublicAlgorithm; readonly publicKey: KeyObject };

/** A key that verifies tokens of one agent, by one algorithm. */
export type SigningKey = HmacKey | PublicKey;

/** Keys that live at the host and are fetched from there (a JWKS). */
export type RemoteKeys = {
  /**
   * The keys of this algorithm that may have signed a token: those named by its `kid`, or all where it has none. Never keys
   * of another algorithm.
   *
   * @throws KeysUnavailableError where no keys can be had, so that nothing can be said of the token
   */
  candidates(algorithm: PublicAlgorithm, kid: unknown): Promise<readonly PublicKey[]>;
  /** All keys of the set, once for each algorithm that a key can be for. @throws KeysUnavailableError as `candidates` */
  list(): Promise<readonly RemoteKeyLine[]>;
  /** Whether a key (by the id that `candidates` gave it) is still among them, as far as is known. */
  has(keyId: string): boolean;
};

/** A key of a host's JWKS, as it may be shown. `kid` is the host's text. */
export type RemoteKeyLine = {
  readonly id: string;
  readonly kid: string | undefined;
  readonly algorithm: PublicAlgorithm;
};

/** The part of an agent that verification needs. */
export type IdentityProfile = {
  readonly agentId: string;
  readonly policy: Policy;
  readonly keys: readonly SigningKey[];
  /** Where the policy names a `jwksUrl`. */
  readonly remoteKeys?: RemoteKeys | undefined;
  /** Why the keys cannot be had, such as another master key. Then no token can be judged: `503`, and never a wrong reason. */
  readonly keysProblem?: KeysUnavailableError | undefined;
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

/** A sender who may talk to the agent; `refused` is answered before. */
export type Admitted = Exclude<Judgement, { state: 'refused' }>;

/**
 * Why somebody who was let in would not be let in as the same today: the reason for which their token is refused now;
 * `other_subject` where it names another person by now; `no_permission` where it is not about a token.
 */
export type Lapse = IdentityReason | 'other_subject' | 'no_permission';

/** What has become of somebody who was let in. */
export type Standing =
  /** `expiresAt`: when their token ends, the policy's tolerance included, in milliseconds since the epoch; null for never. */
  { readonly state: 'good'; readonly expiresAt: number | null } | { readonly state: 'lapsed'; readonly why: Lapse };
