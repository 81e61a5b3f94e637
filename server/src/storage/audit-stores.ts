import type { AuditEntry } from './more-stores.ts';
import type { Page } from './store.ts';

/** Which entries of the audit log. What is left out does not matter. */
export type AuditFilter = {
  /** Null: of all agents, and of none. `some`: of any agent, not what belongs to none. */
  readonly agentIds: readonly string[] | 'some' | null;
  readonly kinds?: readonly AuditEntry['kind'][] | undefined;
  readonly operatorId?: string | undefined;
  readonly subject?: string | undefined;
  /** At this time or later, and before that time, in milliseconds since the epoch. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
};

export type AuditRow = AuditEntry & { readonly id: number };

export type AuditPage = { readonly rows: readonly AuditRow[]; readonly nextBefore: string | null };

/** Append-only: the database refuses to change or delete an entry, except to erase a person from it. */
export type AuditStore = {
  append(entry: AuditEntry): Promise<void>;
  /** Unless one of the same agent, kind and reason is there from this time or later. False where it is. */
  appendOnce(entry: AuditEntry & { readonly reason: string }, since: number): Promise<boolean>;
  /** The last written first; a `token-refused` is written up to a minute after the time in it. */
  list(agentId: string, limit: number): Promise<readonly AuditEntry[]>;
  /** The latest first, by the time in them. A broken cursor throws `RangeError`. */
  page(filter: AuditFilter, page: Page): Promise<AuditPage>;
};

const kinds: { readonly [Kind in AuditEntry['kind']]: true } = {
  'token-refused': true,
  'token-revoked': true,
  'claims-changed': true,
  'conversations-claimed': true,
  'action-run': true,
  'consent-accepted': true,
  'feedback-given': true,
  'attachment-refused': true,
  'key-created': true,
  'key-imported': true,
  'key-renamed': true,
  'key-retired': true,
  'key-removed': true,
  'key-revealed': true,
  'key-used': true,
  'policy-changed': true,
  'operator-signed-in': true,
  'operator-sign-in-failed': true,
  'operator-signed-out': true,
  'operator-created': true,
  'operator-changed': true,
  'operator-removed': true,
  'operator-password-changed': true,
  'operator-session-revoked': true,
  'operator-link-created': true,
  'operator-linked': true,
  'agent-created': true,
  'agent-changed': true,
  'agent-removed': true,
  'conversation-taken-over': true,
  'conversation-handed-back': true,
  'conversation-assigned': true,
  'conversation-closed': true,
  'conversation-reopened': true,
  'conversation-removed': true,
  'conversations-exported': true,
  'contact-exported': true,
  'contact-removed': true,
  'note-added': true,
  'note-removed': true,
  'canned-reply-created': true,
  'canned-reply-changed': true,
  'canned-reply-removed': true,
  'audit-exported': true,
  'retention-run': true,
};

/** All kinds of entries. */
export const auditKinds = Object.keys(kinds) as readonly AuditEntry['kind'][];
