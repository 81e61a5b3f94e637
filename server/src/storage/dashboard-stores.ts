// What the stores of the operators' side promise. Times are milliseconds since the epoch.

export type OperatorRole = 'admin' | 'operator' | 'viewer';
export type OperatorState = 'invited' | 'active' | 'disabled';

/** Somebody who signs in to the dashboard. */
export type Operator = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: OperatorRole;
  readonly state: OperatorState;
  /** The agents that this one may see; null for all. */
  readonly agentIds: readonly string[] | null;
  /** Whether somebody signs in to this account by OpenID Connect. */
  readonly isLinked: boolean;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
};

export type OperatorCredentials = { readonly operator: Operator; readonly passwordHash: string | null };

export type OperatorChange = Partial<
  Pick<Operator, 'name' | 'role' | 'state' | 'agentIds'> & {
    readonly passwordHash: string | null;
    readonly oidcKey: string | null;
  }
>;

export type OperatorSession = {
  /** Names it in lists. Opens nothing. */
  readonly id: string;
  readonly operatorId: string;
  readonly device: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
};

/** What somebody has shown to be let in. */
export type SignInProof = { readonly passwordHash: string } | { readonly oidcKey: string };

export type OperatorLink = {
  readonly kind: 'setup' | 'invitation' | 'reset';
  /** Null for the first administrator. */
  readonly operatorId: string | null;
  readonly expiresAt: number;
};

export type OperatorStore = {
  /** Whether anybody could say who may do what: an active administrator of all agents. */
  hasAdministrator(): Promise<boolean>;
  find(id: string): Promise<Operator | undefined>;
  /** By name, at most 1,000. */
  list(): Promise<readonly Operator[]>;
  /** Upper and lower case are the same. */
  byEmail(email: string): Promise<OperatorCredentials | undefined>;
  byOidcKey(key: string): Promise<Operator | undefined>;
  credentials(id: string): Promise<OperatorCredentials | undefined>;
  /** `exists`: the e-mail is another's. */
  add(
    operator: Omit<Operator, 'lastSeenAt' | 'isLinked'> & { readonly passwordHash: string | null },
  ): Promise<'added' | 'exists'>;
  /**
   * `last_administrator`: nobody would be left who can change anything; nothing was changed. Who is disabled, or whose password
   * or single sign-on changes, is signed out everywhere, except for the session `keep` (by the hash of its token).
   */
  change(id: string, change: OperatorChange, keep?: string): Promise<'changed' | 'not_found' | 'last_administrator'>;
  /**
   * Sets the password of somebody who is as `from` says, and is active then. `not_found` where they are not, or not any more.
   * They are signed out as by `change`.
   */
  accept(
    id: string,
    from: { readonly state: 'invited' | 'active'; readonly passwordHash: string | null },
    change: { readonly passwordHash: string; readonly name?: string },
    keep?: string,
  ): Promise<'accepted' | 'not_found'>;
  /**
   * Lets whoever has this key (`<issuer> <subject>`) sign in to an account, which is active then if it was invited. `taken`: the
   * account has another one, or the key another account.
   */
  linkOidc(id: string, key: string): Promise<'linked' | 'taken' | 'not_found'>;
  /** With sessions and links. */
  remove(id: string): Promise<'removed' | 'not_found' | 'last_administrator'>;

  /** False where the operator is not active, or has not what was proved, any more: then there is no session. */
  openSession(session: OperatorSession & { readonly tokenHash: string }, proof: SignInProof): Promise<boolean>;
  /**
   * The session of a token that holds at `now`, of an operator who is active. Notes its use at most once a minute.
   * Undefined for everything else.
   */
  useSession(
    tokenHash: string,
    now: number,
  ): Promise<{ readonly session: OperatorSession; readonly operator: Operator } | undefined>;
  closeSession(tokenHash: string): Promise<boolean>;
  /** Of one operator, the newest first. */
  sessions(operatorId: string, now: number): Promise<readonly OperatorSession[]>;
  /** False where this operator has no such session. */
  revokeSession(operatorId: string, id: string): Promise<boolean>;
  sweepSessions(expiredBefore: number): Promise<number>;

  /** Earlier links of the same kind for the same person end. */
  addLink(link: OperatorLink & { readonly tokenHash: string; readonly createdAt: number }): Promise<void>;
  /** What a link is for, where it still holds. */
  findLink(tokenHash: string, now: number): Promise<OperatorLink | undefined>;
  /** Uses a link up. Exactly one of two simultaneous callers gets it. */
  takeLink(tokenHash: string, now: number): Promise<OperatorLink | undefined>;
};

/** What operators do. Who did it, and what was changed, stand beside. Never a secret, token, password or message. */
export type DashboardAuditKind =
  | 'operator-signed-in'
  | 'operator-sign-in-failed'
  | 'operator-signed-out'
  | 'operator-created'
  | 'operator-changed'
  | 'operator-removed'
  | 'operator-password-changed'
  | 'operator-session-revoked'
  | 'operator-link-created'
  | 'operator-linked'
  | 'conversations-exported'
  | 'agent-created'
  | 'agent-changed'
  | 'agent-removed'
  | 'conversation-taken-over'
  | 'conversation-handed-back'
  | 'conversation-assigned'
  | 'conversation-closed'
  | 'conversation-reopened'
  | 'note-added'
  | 'note-removed'
  | 'canned-reply-created'
  | 'canned-reply-changed'
  | 'canned-reply-removed'
  | 'conversation-removed'
  | 'contact-exported'
  | 'contact-removed'
  | 'audit-exported'
  | 'retention-run'
  | 'key-used';

/** Tokens that were refused, as the audit log has counted them. */
export type RefusalStore = {
  /**
   * How many for each reason, in pieces of `bucketMs` from `from` on (numbered from 0) and before `to`. Whole milliseconds.
   * What a process has counted in its last minute is not recorded yet.
   */
  count(question: {
    readonly agentId: string;
    readonly from: number;
    readonly to: number;
    readonly bucketMs: number;
  }): Promise<readonly { readonly reason: string; readonly bucket: number; readonly count: number }[]>;
};
