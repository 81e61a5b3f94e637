import type { Generated } from 'kysely';
import type { DashboardTables } from './dashboard-schema.ts';

/**
 * Tables, the same in both databases. Keys are stored escaped (`text.ts`), times are milliseconds since the epoch,
 * flags are 0 or 1, and `body`, `metadata`, `claims`, `detail`, `data` hold JSON as text.
 */
export type Tables = DashboardTables & {
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
  readonly attachments: AttachmentTable;
  readonly signing_keys: SigningKeyTable;
  readonly agent_policies: AgentPolicyTable;
  readonly search_entries: SearchEntryTable;
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
  /** The title as it is searched (`searchText`). */
  search_title: string;
  created_at: number;
  updated_at: number;
  last_message: string;
  /** Place of the next message. */
  next_position: number;
  /** Place of the newest message that the visitor has read. */
  read_position: number;
  handoff_state: 'none' | 'requested' | 'active' | 'ended';
  /** The person who has taken over, as visitors read it. */
  handoff_name: string | null;
  /** Which operator that is. Never told to a visitor. */
  handoff_operator_id: string | null;
  /** The version of the agent's terms that the visitor has last agreed to here. */
  consent_version: string | null;
  /** Operators' own: whether they are done with it. */
  status: 'open' | 'closed';
  /** The operator who takes care of it. */
  assignee_id: string | null;
  /** Place of the newest message that an operator has read. */
  operator_read_position: number;
  /** Origin of the page that it began on. */
  site: string | null;
  /** Who its visitor is, as lists show it: from the token where they are verified, else as the page or they said. */
  contact_name: string | null;
  contact_email: string | null;
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
  /** Of replies: `{rating, comment?}`. */
  feedback: string | null;
  /** Its words as they are searched (`searchText`); null where nothing was written with them yet. */
  search_text: string | null;
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

export type AttachmentTable = OwnerColumns & {
  id: string;
  /** `arriving`: its upload runs, and `bytes` is what it may grow to. `removing`: its content is about to be deleted. */
  state: 'arriving' | 'stored' | 'removing';
  filename: string;
  media_type: string;
  bytes: number;
  created_at: number;
  /** The message that it was sent with. */
  conversation_id: string | null;
  message_id: string | null;
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
  /** Who did it, where an operator did; the name as it was then. */
  operator_id: string | null;
  operator_name: string | null;
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

/** What operators can find: a message, who a conversation's visitor is (no `message_id`), or a contact (`subject`). */
export type SearchEntryTable = {
  n: Generated<number>;
  agent_id: string;
  conversation_id: string | null;
  message_id: string | null;
  subject: string | null;
  /** Written only: the database puts them into its index and keeps none here. */
  words: string | null;
};

export type EventTable = OwnerColumns & { id: Generated<number>; type: string; data: string; created_at: number };
