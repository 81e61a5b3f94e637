import type { ChatMessage, Claims } from '../../../src/protocol/index.ts';
import type { ConversationStatus } from './live-stores.ts';
import type { Handoff, HandoffState } from './more-stores.ts';
import type { Page } from './store.ts';

// What operators read of conversations and contacts. Times are milliseconds since the epoch.

/** Which conversations, or contacts. What is left out does not matter. */
export type InboxFilter = {
  /** Null: of all agents. */
  readonly agentIds: readonly string[] | null;
  /**
   * Words that each begin a word of one message, or all of them of the visitor's name, e-mail address or subject. Only letters
   * and digits count.
   */
  readonly query?: string | undefined;
  /** Whether its visitor is a verified subject. */
  readonly verified?: boolean | undefined;
  readonly subject?: string | undefined;
  readonly status?: ConversationStatus | undefined;
  readonly handoff?: HandoffState | undefined;
  /** Null: nobody's. */
  readonly assigneeId?: string | null | undefined;
  /** True: with messages of the visitor that no operator has read. */
  readonly unread?: boolean | undefined;
  /** With an answer that was rated so. */
  readonly feedback?: 'up' | 'down' | undefined;
  /** Active at this time or later, and before that time. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
};

export type InboxConversation = {
  readonly id: string;
  readonly agentId: string;
  /** Null where its visitor is not verified. */
  readonly subject: string | null;
  /** From the token where the visitor is verified, else as the page or they said. */
  readonly contactName: string | null;
  readonly contactEmail: string | null;
  /** Origin of the page that it began on. */
  readonly site: string | null;
  readonly title: string;
  readonly lastMessage: string;
  readonly status: ConversationStatus;
  readonly assigneeId: string | null;
  readonly handoff: Handoff;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The visitor's messages that no operator has read, of the first 200 unread ones of all. */
  readonly unreadCount: number;
  /** Of a search: the newest message that has the words. */
  readonly found?: { readonly messageId: string; readonly text: string };
};

export type InboxContact = {
  readonly agentId: string;
  readonly subject: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
};

/** Rows may be fewer than were asked for while `nextBefore` is there: what one call looks at is bounded. */
export type InboxPage<Row> = { readonly rows: readonly Row[]; readonly nextBefore: string | null };

export type ClaimsChange = { readonly at: number; readonly claims: readonly string[] };

export type InboxStore = {
  /**
   * The last active first; of a search those whose newest message with the words is newest. A broken cursor throws
   * `RangeError`. Each once, as long as nobody writes in it meanwhile.
   */
  list(filter: InboxFilter, page: Page): Promise<InboxPage<InboxConversation>>;
  find(conversationId: string): Promise<InboxConversation | undefined>;
  /** Messages as their visitor sees them, the oldest first, from behind `after` (0: from the beginning) on. */
  messagesAfter(
    conversationId: string,
    after: number,
    limit: number,
  ): Promise<{ readonly messages: readonly ChatMessage[]; readonly last: number }>;
  /** Verified visitors, the last seen first; of a search the last changed. */
  contacts(filter: Pick<InboxFilter, 'agentIds' | 'query'>, page: Page): Promise<InboxPage<InboxContact>>;
  /** With the newest claims. */
  contact(agentId: string, subject: string): Promise<(InboxContact & { readonly claims: Claims }) | undefined>;
  /** Which claims of a contact changed when, the newest first, at most 100. */
  claimsHistory(agentId: string, subject: string): Promise<readonly ClaimsChange[]>;
};
