import type { HourlyStatisticsTable, StatisticsProgressTable } from './statistics-schema.ts';

/** Tables of the operators' side. Conventions: `schema.ts`. */
export type DashboardTables = {
  readonly operators: OperatorTable;
  readonly operator_sessions: OperatorSessionTable;
  readonly operator_links: OperatorLinkTable;
  readonly conversation_notes: ConversationNoteTable;
  readonly canned_replies: CannedReplyTable;
  readonly operator_presence: OperatorPresenceTable;
  readonly agents: AgentTable;
  readonly agent_visits: AgentVisitTable;
  readonly hourly_statistics: HourlyStatisticsTable;
  readonly statistics_progress: StatisticsProgressTable;
  readonly leases: LeaseTable;
};

export type OperatorTable = {
  id: string;
  email: string;
  /** The e-mail as it is compared: lower case. */
  email_key: string;
  name: string;
  role: 'admin' | 'operator' | 'viewer';
  /** `invited`: has not set a password yet. `disabled`: cannot sign in. */
  state: 'invited' | 'active' | 'disabled';
  /** argon2id as a PHC string; null where there is none. */
  password_hash: string | null;
  /** JSON list of the agents that this one may see; null for all. */
  agent_ids: string | null;
  /** `<issuer> <sub>` of the single sign-on account; null where there is none. */
  oidc_key: string | null;
  created_at: number;
  last_seen_at: number | null;
};

export type OperatorSessionTable = {
  /** SHA-256 of what the cookie holds. */
  token_hash: string;
  /** What the session is called in lists. Opens nothing. */
  id: string;
  operator_id: string;
  /** Browser and system, in a few words. */
  device: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
};

/** One-time links. */
export type OperatorLinkTable = {
  /** SHA-256 of what the link holds. */
  token_hash: string;
  kind: 'setup' | 'invitation' | 'reset';
  /** Whom it is for; null for the first administrator. */
  operator_id: string | null;
  created_at: number;
  expires_at: number;
};

/** What operators write for each other. Never shown to a visitor. */
export type ConversationNoteTable = {
  id: string;
  conversation_id: string;
  operator_id: string;
  operator_name: string;
  body: string;
  created_at: number;
};

export type CannedReplyTable = {
  id: string;
  /** Null for all agents. */
  agent_id: string | null;
  shortcut: string;
  body: string;
  created_at: number;
  updated_at: number;
};

/** Who looks at a conversation. A row that has not been renewed for some seconds counts for nothing. */
export type OperatorPresenceTable = {
  conversation_id: string;
  operator_id: string;
  operator_name: string;
  typing: number;
  seen_at: number;
};

/** What operators have set for an agent, beside or instead of the configuration file. */
export type AgentTable = {
  id: string;
  /** JSON. */
  settings: string;
  revision: string;
  created_at: number;
  updated_at: number;
};

/** The last request of each kind that reached an agent from a site, for the check of an installation. */
export type AgentVisitTable = {
  agent_id: string;
  /** Empty where the request named none. */
  origin: string;
  /** `verified`, `anonymous`, `self-reported`, or `refused`. */
  identity: string;
  /** Why a token was refused; empty where none was. */
  reason: string;
  first_at: number;
  last_at: number;
};

/** Tasks that one server process has at a time, until then. */
export type LeaseTable = { name: string; holder: string; expires_at: number };
