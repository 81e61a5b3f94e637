import type {
  ChatMessage,
  Claims,
  Feedback,
  MessageStatus,
  SendMetadata,
  StreamPart,
} from '../../../src/protocol/index.ts';
import type { AgentSettingsStore, AgentVisitStore } from './agent-stores.ts';
import type { OperatorStore, RefusalStore } from './dashboard-stores.ts';
import type { InboxStore } from './inbox-stores.ts';
import type { CannedReplyStore, DeskStore, NoteStore, PresenceStore } from './live-stores.ts';
import type { AuditStore } from './audit-stores.ts';
import type { AttachmentStore, HandoffStore } from './more-stores.ts';
import type { PrivacyStore } from './privacy-stores.ts';
import type { StatisticsStore } from './statistics-stores.ts';

/** Who owns a conversation, and who asks for it: a verified subject, or the holder of a session secret (by its SHA-256). */
export type Owner =
  | { readonly kind: 'subject'; readonly agentId: string; readonly subject: string }
  | { readonly kind: 'session'; readonly agentId: string; readonly sessionHash: string };

export type ConversationRow = {
  readonly id: string;
  readonly agentId: string;
  readonly owner: Owner;
  readonly title: string;
  /** Milliseconds since the epoch, as all times of the store. */
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type ConversationListRow = ConversationRow & { readonly lastMessage: string; readonly unreadCount: number };

export type ReplyState = 'running' | Exclude<MessageStatus, 'streaming'>;

export type ReplyRow = {
  /** Id of the assistant message. */
  readonly messageId: string;
  readonly conversationId: string;
  readonly userMessageId: string;
  readonly state: ReplyState;
  /** Id of the server process that writes it. */
  readonly processId: string;
  readonly heartbeatAt: number;
  /** The reply that replaced this one by "regenerate". */
  readonly supersededBy: string | null;
};

/** An action that waits for the visitor's word. Its conversation says whose. */
export type Approval = {
  readonly id: string;
  readonly conversationId: string;
  /** The reply that asked. */
  readonly messageId: string;
  readonly toolCallId: string;
  readonly actionName: string;
  /** JSON: what was shown, and what runs. */
  readonly input: unknown;
  readonly createdAt: number;
  readonly expiresAt: number;
};

export type ApprovalStore = {
  /** Keeps it until `beginTurn` answers it. */
  hold(approval: Approval): Promise<void>;
  /** Forgets those that expired before this, answered or not. */
  sweep(expiredBefore: number): Promise<number>;
};

/** What `beginTurn` found or did. Exactly one of two simultaneous callers with the same message gets `begun`. */
export type BeginTurn =
  | {
      readonly outcome: 'begun';
      readonly reply: ReplyRow;
      readonly history: readonly ChatMessage[];
      /** What the turn has answered. Nobody gets it a second time. */
      readonly approval?: Approval;
    }
  | { readonly outcome: 'exists'; readonly reply: ReplyRow }
  /** The message is stored and a person answers it: its reply has ended at once, and says only that. */
  | { readonly outcome: 'handed_over'; readonly reply: ReplyRow }
  | {
      readonly outcome:
        | 'conversation_not_found'
        | 'message_not_found'
        | 'approval_not_found'
        /** A file of the message is not there, is another owner's, or belongs to another message. Nothing was stored. */
        | 'attachment_not_found'
        /** Nobody answered in time; its message says so from now on. */
        | 'approval_expired'
        | 'message_conflict'
        | 'conversation_busy'
        /** A reply would have begun, and `mayBegin` was false. Nothing was stored. */
        | 'not_begun';
    };

/** What operators are shown of a visitor beside what they write. What is not known now leaves what is known. */
export type VisitorFacts = {
  /** Origin of the page. That of a conversation's first message stays. */
  readonly site?: string | undefined;
  /** From the token where they are verified, else as the page or they said. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
};

export type NewTurn = {
  readonly owner: Owner;
  readonly conversationId: string;
  readonly replyId: string;
  readonly processId: string;
  readonly now: number;
  /** A running reply whose heartbeat is older than this is marked interrupted instead of making the conversation busy. */
  readonly staleBefore: number;
  /** False: only a reply that exists is given, and nothing is begun. Default true. */
  readonly mayBegin?: boolean;
  /** The version of the agent's terms that the visitor has agreed to. A new one is kept, and audited. */
  readonly consentVersion?: string | undefined;
  readonly visitor?: VisitorFacts | undefined;
} & (
  | {
      readonly trigger: 'submit-message';
      readonly message: ChatMessage;
      readonly metadata: SendMetadata;
      /** What makes "the same id and content again" the same: SHA-256 of the parts. */
      readonly contentHash: string;
      /** Ids of the attachments in it; from now on they are this message's. */
      readonly attachments?: readonly string[];
      /** The visitor's last message, which this one takes the place of, with all that came after it. */
      readonly replaces?: string | undefined;
    }
  | { readonly trigger: 'regenerate-message'; readonly messageId: string }
  | { readonly trigger: 'answer-approval'; readonly approvalId: string; readonly approved: boolean }
);

export type Page = { readonly limit: number; readonly before?: string | undefined };

export type ConversationStore = {
  /**
   * One transaction: owner checked, conversation made where new, message stored once, reply claimed once.
   *
   * `history` is the newest 200 messages without superseded and empty ones; its last is the visitor's. A regeneration of a
   * reply that was replaced already answers `exists` with the newest one. A closed session is `conversation_not_found`.
   * An approval is answered once: the same answer again gives the reply that went on, the other one is `message_conflict`.
   * One whose message was replaced is `approval_not_found`.
   *
   * A message that `replaces` another: what it does not find is `message_not_found`; where that is not the visitor's last one,
   * or a person has taken over, it is `message_conflict`.
   *
   * @throws RangeError for an id that is empty or longer than 255 characters.
   */
  beginTurn(turn: NewTurn): Promise<BeginTurn>;
  /** Whose it is now: a session's conversation may have been claimed since. */
  ownerOf(conversationId: string): Promise<Owner | undefined>;
  /** One message, also a superseded one. */
  message(conversationId: string, messageId: string): Promise<ChatMessage | undefined>;
  /** Undefined for another owner's as for one that does not exist. */
  find(owner: Owner, conversationId: string): Promise<ConversationRow | undefined>;
  /** Newest first. `before` is an opaque cursor from `nextBefore`; a broken one throws `RangeError`. */
  list(owner: Owner, page: ListPage): Promise<{ rows: readonly ConversationListRow[]; nextBefore: string | null }>;
  /**
   * Oldest first within the page; superseded replies left out. A reply that still runs stands there without parts, with
   * status `streaming`: they come by its stream. `before` as in `list`.
   */
  messages(
    conversationId: string,
    page: Page,
  ): Promise<{ messages: readonly ChatMessage[]; nextBefore: string | null }>;
  markRead(conversationId: string, messageId: string): Promise<boolean>;
  /** False where the conversation is not the owner's. */
  rename(owner: Owner, conversationId: string, title: string): Promise<boolean>;
  /**
   * Says what the owner thinks of a reply that has ended and stands; null takes it back. `unchanged`: it said so already.
   * The last one wins.
   */
  rate(
    owner: Owner,
    messageId: string,
    feedback: Feedback | null,
  ): Promise<'changed' | 'unchanged' | 'message_not_found'>;
  /**
   * Removes a conversation with all that is in it; false where there is none. Its attachments are to be removed (`expire`).
   */
  remove(conversationId: string): Promise<boolean>;
  /** The same, unless somebody has written in it at this time or later, or is being answered. */
  removeIdle(conversationId: string, before: number): Promise<boolean>;
  /**
   * Makes the session's conversations and attachments the subject's, once; how many conversations. Zero when the session was closed. An open session is
   * forgotten by it, as one that was never seen: whoever uses its secret again begins with nothing.
   */
  claim(from: Owner & { kind: 'session' }, to: Owner & { kind: 'subject' }, now: number): Promise<number>;
};

/** Only conversations are listed whose title and messages hold all of `words` (`searchWords`), of the newest 1,000. */
export type ListPage = Page & { readonly words?: readonly string[] };

export type ReplyStore = {
  find(messageId: string): Promise<ReplyRow | undefined>;
  /** The reply that runs in a conversation, if any. */
  running(conversationId: string): Promise<ReplyRow | undefined>;
  /** Appends parts `firstN`, `firstN + 1`, … and beats the heart. False when the reply no longer runs (then nothing is written). */
  appendParts(messageId: string, firstN: number, parts: readonly StreamPart[], now: number): Promise<boolean>;
  /** Parts with n > `afterN`, in order. n starts at 1. */
  parts(messageId: string, afterN: number): Promise<readonly { n: number; part: StreamPart }[]>;
  heartbeat(messageId: string, now: number): Promise<boolean>;
  /**
   * Ends a running reply: its message as given, state final, its last parts appended, once and in one transaction. False
   * when it had ended already.
   */
  finish(
    messageId: string,
    state: Exclude<ReplyState, 'running'>,
    message: ChatMessage,
    now: number,
    lastParts?: { readonly firstN: number; readonly parts: readonly StreamPart[] },
  ): Promise<boolean>;
  /** Asks the process that writes a reply to stop it; `stopRequested` tells it. */
  requestStop(messageId: string): Promise<void>;
  stopRequested(messageId: string): Promise<boolean>;
  /** Running replies with an older heartbeat become `interrupted`, with the text that was stored so far; their ids. */
  interruptStale(heartbeatBefore: number, now: number): Promise<readonly ReplyRow[]>;
  /** Parts of replies that ended before this are no longer needed. */
  sweepParts(endedBefore: number): Promise<number>;
};

export type SessionStore = {
  /**
   * Notes that a session was used (at most once a minute, so that reading costs no writes; not before its first message). False
   * when it was closed by a logout: it opens nothing any more.
   */
  touch(agentId: string, sessionHash: string, now: number): Promise<boolean>;
  /** Also one that nobody has seen: its first message may be on its way. */
  close(agentId: string, sessionHash: string, now: number): Promise<void>;
  /**
   * Forgets sessions that were closed before this and own no conversation or attachment: anybody can close made-up ones. Whoever uses
   * such a secret again begins with nothing.
   */
  sweep(closedBefore: number): Promise<number>;
};

/** Keys may be of any length. */
export type RevocationStore = {
  /** Idempotent; the later end wins. */
  add(agentId: string, key: string, expiresAt: number): Promise<void>;
  has(agentId: string, key: string): Promise<boolean>;
  sweep(expiredBefore: number): Promise<number>;
};

export type ContactStore = {
  /**
   * The newest accepted token's claims replace the older ones. True when they differed in more than what every token has
   * of its own (`exp`, `iat`, `nbf`, `jti`); false for a new contact. Unchanged ones are written at most once a minute.
   */
  seen(agentId: string, subject: string, claims: Claims, now: number): Promise<boolean>;
  find(
    agentId: string,
    subject: string,
  ): Promise<{ claims: Claims; firstSeenAt: number; lastSeenAt: number } | undefined>;
};

/** A key of an agent's ring, as it is stored: what is secret in it is sealed. */
export type KeyRow = {
  readonly agentId: string;
  /** What a token's `kid` may name. */
  readonly id: string;
  readonly name: string;
  readonly algorithm: string;
  /** A retired key verifies nothing; it is kept so that its tokens can be told from forged ones. */
  readonly state: 'active' | 'retired';
  /** The encrypted secret of an HMAC key, or null. */
  readonly sealedSecret: string | null;
  /** SPKI PEM of a public key, or null. */
  readonly publicKey: string | null;
  /** What may be shown of it. */
  readonly preview: string;
  readonly createdAt: number;
  readonly retiredAt: number | null;
  /** Start of the day (UTC) in which a token of this key was last accepted, in milliseconds since the epoch. */
  readonly lastUsedDay: number | null;
};

/** What an operator has set for an agent. Both change together with what they describe. */
export type AgentSettingsRow = {
  /** Settings of the policy, as JSON; null where none were set. */
  readonly policy: string | null;
  /** New whenever the policy or a key was changed; null before the first change. */
  readonly revision: string | null;
};

/** Signing keys and policies that are kept in the database. Each change makes a new revision. */
export type KeyStore = {
  /** The one thing that every request reads. */
  settings(agentId: string): Promise<AgentSettingsRow>;
  /** All keys of an agent, newest first. */
  list(agentId: string): Promise<readonly KeyRow[]>;
  /** Keys of all agents whose secrets are sealed. */
  sealed(): Promise<readonly KeyRow[]>;
  /**
   * Adds an active key. Where that makes more than `maxActive`: with `replace` the others are retired first, else nothing is
   * added and it answers `too_many`. `exists`: the agent has a key of this id, active or not.
   */
  add(
    key: Omit<KeyRow, 'state' | 'retiredAt' | 'lastUsedDay'>,
    limits: { readonly maxActive: number; readonly replace: boolean },
  ): Promise<'added' | 'too_many' | 'exists'>;
  /** These three answer false where there is no such key (`retire`: no active one). */
  rename(agentId: string, id: string, name: string): Promise<boolean>;
  retire(agentId: string, id: string, now: number): Promise<boolean>;
  remove(agentId: string, id: string): Promise<boolean>;
  /** Notes the day of a key's last use. No new revision. */
  used(agentId: string, id: string, day: number): Promise<void>;
  /** Replaces the policy that is set, if it is still `before`; false where somebody was faster. */
  setPolicy(agentId: string, before: string | null, policy: string | null): Promise<boolean>;
};

/** One visitor's live event, numbered for replay. */
export type EventRow = {
  readonly id: number;
  readonly type: string;
  readonly data: { readonly [key: string]: unknown };
  readonly createdAt: number;
};

export type EventStore = {
  append(owner: Owner, type: string, data: EventRow['data'], now: number): Promise<number>;
  /** Events with a greater id, oldest first, at most 500. */
  after(owner: Owner, id: number): Promise<readonly EventRow[]>;
  /** Id of the newest event of this owner, 0 where there is none. */
  lastId(owner: Owner): Promise<number>;
  sweep(createdBefore: number): Promise<number>;
};

/**
 * Tells every server process on the same database that something changed. Carries ids, never content. Stores never publish:
 * who changes something does, after the change is committed. An empty payload means that notifications may have been missed
 * (the connection was lost, or the payload was too long to be sent): look for yourself.
 * Channels: `reply:<messageId>` (parts were added, the reply ended, or a stop was asked for), `owner:<ownerKey>` (a live event was
 * stored), `desk` (something that operators may see has changed: which conversation of which agent, as JSON), `removed:<ownerKey>` (payload: a conversation that was removed), `typing:<conversationId>` (payload: `1` while the visitor types, else `0`), `revoked:<agentId>` (payload: revocation key or `session:<hash>`; empty also when the agent's keys or policy changed).
 */
export type Notifier = {
  publish(channel: string, payload?: string): Promise<void>;
  subscribe(channel: string, listener: (payload: string) => void): () => void;
};

export type Store = {
  readonly dialect: 'sqlite' | 'postgres';
  readonly conversations: ConversationStore;
  readonly replies: ReplyStore;
  readonly sessions: SessionStore;
  readonly revocations: RevocationStore;
  readonly contacts: ContactStore;
  readonly approvals: ApprovalStore;
  readonly attachments: AttachmentStore;
  readonly handoffs: HandoffStore;
  readonly audit: AuditStore;
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly operators: OperatorStore;
  readonly agentSettings: AgentSettingsStore;
  readonly agentVisits: AgentVisitStore;
  readonly desk: DeskStore;
  readonly inbox: InboxStore;
  readonly notes: NoteStore;
  readonly cannedReplies: CannedReplyStore;
  readonly presence: PresenceStore;
  readonly privacy: PrivacyStore;
  readonly refusals: RefusalStore;
  readonly statistics: StatisticsStore;
  readonly notifier: Notifier;
  /** Throws when the database cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

/** `opaque` text under which an owner is stored and notified: `<agentId>/subject/<subject>` or `<agentId>/session/<hash>`. */
export function ownerKey(owner: Owner): string {
  return owner.kind === 'subject'
    ? `${owner.agentId}/subject/${owner.subject}`
    : `${owner.agentId}/session/${owner.sessionHash}`;
}

/** Where data lives: a folder for SQLite, or the URL of a Postgres database. */
export type StoreLocation = { readonly dataDirectory: string } | { readonly databaseUrl: string };

/** What `openStore` throws when another server process has the data directory. */
export class DataDirectoryInUseError extends Error {
  readonly code = 'data_directory_in_use';
  constructor(directory: string) {
    super(
      `The data directory ${directory} is in use by another chat server. ` +
        'Stop that one, choose another directory (--data, or CHAT_DATA_DIR), or set DATABASE_URL to share one Postgres database.',
    );
  }
}
