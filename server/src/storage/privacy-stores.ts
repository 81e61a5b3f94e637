import type { ChatMessage, SendMetadata } from '../../../src/protocol/index.ts';
import type { ConversationStatus } from './live-stores.ts';
import type { AttachmentRow, AuditEntry } from './more-stores.ts';

// What the stores promise about people who want to read, or to be rid of, what is theirs. Times are milliseconds since the epoch.

/** A verified visitor of one agent. */
export type Person = { readonly agentId: string; readonly subject: string };

export type PersonalConversation = {
  readonly id: string;
  readonly title: string;
  readonly site: string | null;
  /** The version of the agent's terms that they have agreed to in it. */
  readonly consentVersion: string | null;
  readonly status: ConversationStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type PersonalMessage = {
  readonly message: ChatMessage;
  /** What the page sent along with it. */
  readonly sentAlong: SendMetadata | null;
  readonly createdAt: number;
  readonly position: number;
  /** Whether another reply has taken its place. */
  readonly superseded: boolean;
};

export type PersonalAttachment = Omit<AttachmentRow, 'owner'> & { readonly messageId: string | null };

/** Conversations that nobody has written in since `before`, and that nobody is being answered in. */
export type Idle = { readonly agentId: string; readonly before: number; readonly limit: number };

export type PrivacyStore = {
  /** Whether anything is kept under their subject. */
  knows(person: Person): Promise<boolean>;
  /** In the order of their ids, those behind `after`. */
  conversationsOf(
    person: Person,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly PersonalConversation[]>;
  /** All of them, oldest first, behind a position: the first has 1. */
  messagesOf(
    conversationId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly PersonalMessage[]>;
  /** In the order of their ids, those behind `after`; what has not arrived in full is left out. */
  attachmentsOf(
    person: Person,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly PersonalAttachment[]>;
  /** How many attachments were sent in these conversations. */
  countAttachments(conversationIds: readonly string[]): Promise<number>;
  /**
   * Everything of theirs but conversations, in one transaction with `entries`, which say that it was done: the contact, live
   * events, files that were not sent, and their subject in the audit log, where what an entry said of them goes with it.
   * `has_conversations`: nothing was done, those have to go first.
   */
  forget(person: Person, entries: readonly AuditEntry[]): Promise<'forgotten' | 'has_conversations'>;
  /** Ids of conversations to be removed (`ConversationStore.removeIdle`), the longest idle first. */
  idleConversations(idle: Idle): Promise<readonly string[]>;
  /** Subjects of contacts without conversations that were last seen before, the longest ago first. */
  idleContacts(idle: Idle): Promise<readonly string[]>;
  /**
   * Takes a task for `holder` alone until it ends: true where it is free, is theirs already, or was not renewed in time.
   */
  takeLease(name: string, holder: string, now: number, expiresAt: number): Promise<boolean>;
  releaseLease(name: string, holder: string): Promise<void>;
  /**
   * Gets what was deleted out of the files as well, as far as the database leaves it to us: SQLite's index of words, and its
   * write-ahead log. Takes its time in small steps. Nothing on Postgres, whose vacuum does that.
   */
  scrub(): Promise<void>;
};
