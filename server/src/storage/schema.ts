import type { Generated } from 'kysely';

/**
 * Tables, the same in both databases. Keys are stored escaped (`text.ts`), times are milliseconds since the epoch,
 * flags are 0 or 1, and `body`, `metadata`, `claims`, `detail`, `data` hold JSON as text.
 */
export type Tables = {
  readonly conversations: ConversationTable;
  readonly messages: MessageTable;
  readonly replies: ReplyTable;
  readonly reply_parts: ReplyPartTable;
  readonly sessions: SessionTable;
  readonly revocations: RevocationTable;
  readonly contacts: ContactTable;
  readonly audit: AuditTable;
  readonly events: EventTable;
  readonly approvals: ApprovalTable;
  readonly signing_keys: SigningKeyTable;
  readonly agent_policies: AgentPolicyTable;
};

export type OwnerColumns = {
  agent_id: string;
  owner_kind: 'subject' | 'session';
  /** The subject, or the SHA-256 of the session's secret. */
  owner_id: string;
};

export type ConversationTable = OwnerColumns & {
  id: string;
  title: string;
  created_at: number;
  updated_at: number;
  last_message: string;
  /** Place of the next message. */
  next_position: number;
  /** Place of the newest message that the visitor has read. */
  read_position: number;
};

export type MessageTable = {
  conversation_id: string;
  id: string;
  position: number;
  role: 'user' | 'assistant';
  /** `{parts, metadata}` of the message. */
  body: string;
  /** Of user messages: what makes a repeated message the same. */
  content_hash: string | null;
  /** Of user messages: what the page sent along. */
  metadata: string | null;
  created_at: number;
  /** 1 while its reply runs. */
  pending: number;
  /** 1 once another reply has taken its place. */
  superseded: number;
};

export type ReplyTable = {
  message_id: string;
  conversation_id: string;
  user_message_id: string;
  state: 'running' | 'complete' | 'stopped' | 'failed' | 'interrupted';
  process_id: string;
  heartbeat_at: number;
  superseded_by: string | null;
  stop_requested: number;
  started_at: number;
  ended_at: number | null;
};

export type ReplyPartTable = { message_id: string; n: number; body: string };

export type ApprovalTable = {
  id: string;
  conversation_id: string;
  /** The reply that asked, and the call in it. */
  message_id: string;
  tool_call_id: string;
  action: string;
  input: string;
  created_at: number;
  expires_at: number;
  /** Null until it is answered. */
  approved: number | null;
};

export type SessionTable = {
  agent_id: string;
  session_hash: string;
  first_seen_at: number;
  last_seen_at: number;
  closed_at: number | null;
};

export type RevocationTable = { agent_id: string; key: string; expires_at: number };

export type ContactTable = {
  agent_id: string;
  subject: string;
  claims: string;
  first_seen_at: number;
  last_seen_at: number;
};

export type AuditTable = {
  id: Generated<number>;
  agent_id: string;
  at: number;
  kind: string;
  subject: string | null;
  reason: string | null;
  detail: string | null;
};

export type SigningKeyTable = {
  agent_id: string;
  id: string;
  name: string;
  algorithm: string;
  state: 'active' | 'retired';
  sealed_secret: string | null;
  public_key: string | null;
  preview: string;
  created_at: number;
  retired_at: number | null;
  last_used_day: number | null;
};

export type AgentPolicyTable = {
  agent_id: string;
  /** JSON, or null where keys alone were changed. */
  policy: string | null;
  revision: string;
};

export type EventTable = OwnerColumns & { id: Generated<number>; type: string; data: string; created_at: number };
