// What the API answers about an agent's security. Times are ISO 8601 texts in UTC.

export type Standing =
  | 'accepted'
  | 'retired'
  | 'beyond-max-active-keys'
  | 'algorithm-not-allowed'
  | 'configuration-wins'
  | 'others-win';

export type ListedKey = {
  readonly id: string;
  readonly name: string;
  readonly algorithm: string;
  readonly source: 'stored' | 'configuration' | 'environment' | 'jwks';
  readonly standing: Standing;
  readonly preview: string | null;
  readonly createdAt: string | null;
  readonly retiredAt: string | null;
  readonly lastUsedDay: string | null;
  readonly isRevealable: boolean;
};

export type KeyList = {
  readonly keys: readonly ListedKey[];
  readonly problem: string | null;
  readonly mayStore: boolean;
  readonly policy: {
    readonly maxActiveKeys: number;
    readonly algorithms: readonly string[];
    readonly revealableKeys: boolean;
    readonly jwksUrl: string | null;
  };
};

export type AddedKey = {
  readonly key: { readonly id: string; readonly name: string };
  /** Of a key that was made here. */
  readonly secret?: string;
  /** Ids of the keys whose place it has taken. */
  readonly replaced: readonly string[];
};

export type EndedKey = { readonly stillAcceptedBy: readonly string[]; readonly countsAgain: readonly string[] };

export type SettingName =
  | 'access'
  | 'onInvalidToken'
  | 'identityClaim'
  | 'expiry'
  | 'maxLifetimeSeconds'
  | 'clockToleranceSeconds'
  | 'algorithms'
  | 'jwksUrl'
  | 'audience'
  | 'issuer'
  | 'maxActiveKeys'
  | 'revealableKeys'
  | 'claimsToAgent'
  | 'claimAnonymousConversations';

export type Setting = {
  readonly name: SettingName;
  readonly value: unknown;
  readonly origin: 'default' | 'stored' | 'configuration';
  /** What it does, in a sentence. */
  readonly effect: string;
};

export type PolicyAnswer = {
  readonly preset: string | null;
  readonly settings: readonly Setting[];
  readonly presets: readonly { readonly name: string; readonly effect: string }[];
  readonly revision: string | null;
};

export type PolicyChange = Omit<PolicyAnswer, 'presets'> & {
  readonly changed: readonly { readonly name: SettingName; readonly before: string; readonly after: string }[];
  readonly consequences: readonly { readonly kind: 'danger' | 'warning' | 'note'; readonly text: string }[];
};

export type Origins = {
  readonly allowedOrigins: readonly string[];
  readonly source: 'configuration' | 'stored';
  /** Null for an agent that the configuration file does not have. */
  readonly inFile: readonly string[] | null;
  readonly ownOrigin: string;
  readonly revision: string | null;
};

export type TokenReport = {
  readonly accepted: boolean;
  readonly reason: string | null;
  readonly header: object | null;
  readonly claims: object | null;
  readonly subject: string | null;
  readonly keyId: string | null;
  readonly jwksKid: string | null;
  readonly expiresAt: string | null;
  readonly secondsLeft: number | null;
  readonly hints: readonly string[];
};

export type Refusals = {
  readonly from: string;
  readonly to: string;
  readonly bucketSeconds: number;
  readonly total: number;
  readonly reasons: readonly {
    readonly reason: string;
    readonly count: number;
    /** The oldest first. */
    readonly counts: readonly number[];
  }[];
};
