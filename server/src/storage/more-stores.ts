import type { ChatMessage } from '../../../src/protocol/index.ts';
import type { DashboardAuditKind } from './dashboard-stores.ts';
import type { Owner } from './store.ts';

export type HandoffState = 'none' | 'requested' | 'active' | 'ended';

/** Whether a person answers in a conversation. `name`: theirs, where it is active. */
export type Handoff = { readonly state: HandoffState; readonly name?: string };

export type HandoffStore = {
  /** Undefined where there is no such conversation. */
  find(conversationId: string): Promise<Handoff | undefined>;
  /** Changes the state from one of `from`, and stores the message that says so. `wrong_state`: it is none of them. */
  change(change: {
    readonly conversationId: string;
    readonly from: readonly HandoffState[];
    readonly to: Handoff;
    /** Who takes over, where that is an operator of the dashboard. */
    readonly operatorId?: string | undefined;
    /** Only while this operator has taken over. */
    readonly heldBy?: string | undefined;
    /** Of what was so until then. */
    readonly message: (before: Handoff) => ChatMessage;
    readonly now: number;
  }): Promise<'changed' | 'wrong_state' | 'conversation_not_found'>;
  /** Stores what the person says, once and under their name; only while they have taken over: any, or this operator. */
  say(
    conversationId: string,
    message: ChatMessage,
    now: number,
    operatorId?: string,
  ): Promise<'stored' | 'exists' | 'not_active' | 'conversation_not_found'>;
};

/** What is known of a file that a visitor has sent, or is about to. Its content is elsewhere, under its id. */
export type AttachmentRow = {
  readonly id: string;
  readonly owner: Owner;
  /** One line, as it may be shown. */
  readonly filename: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly createdAt: number;
  /** The conversation of the message that it was sent with; null before. */
  readonly conversationId: string | null;
};

export type AttachmentStore = {
  /** Makes room for one that is about to arrive, of at most `bytes`. False where its owner has too much that is unsent. */
  reserve(
    attachment: { readonly id: string; readonly owner: Owner; readonly bytes: number; readonly now: number },
    quota: { readonly maxCount: number; readonly maxBytes: number },
  ): Promise<boolean>;
  /** It has arrived in full. False where its place was taken away meanwhile. */
  complete(id: string, is: Pick<AttachmentRow, 'filename' | 'mediaType' | 'bytes'>): Promise<boolean>;
  /** Those of these that have arrived and are the owner's, in no order. */
  find(owner: Owner, ids: readonly string[]): Promise<readonly AttachmentRow[]>;
  /** One that was sent in this conversation, whosever that is by now. */
  sentIn(conversationId: string, id: string): Promise<AttachmentRow | undefined>;
  /** Takes back an unsent one: it is to be removed. False where the owner has no such one. */
  discard(owner: Owner, id: string): Promise<boolean>;
  /** Gives up one that has not arrived. */
  abandon(id: string): Promise<void>;
  /** Ids of what is to be removed: unsent since before `unsentBefore`, arriving since before `arrivingBefore`, and given up. At most 500. */
  expire(unsentBefore: number, arrivingBefore: number): Promise<readonly string[]>;
  /** Its content is gone. */
  forget(id: string): Promise<void>;
};

/**
 * Append-only. Never holds a token or a secret. A `token-refused`, `feedback-given` or `attachment-refused` stands for all of
 * one reason within a minute: `at` is the time of the first, `detail.count` how many they were.
 */
export type AuditEntry = {
  readonly agentId: string;
  readonly at: number;
  readonly kind:
    | 'token-refused'
    | 'token-revoked'
    | 'claims-changed'
    | 'conversations-claimed'
    | 'action-run'
    | 'consent-accepted'
    | 'feedback-given'
    | 'attachment-refused'
    | 'key-created'
    | 'key-imported'
    | 'key-renamed'
    | 'key-retired'
    | 'key-removed'
    | 'key-revealed'
    | 'policy-changed'
    | DashboardAuditKind;
  readonly subject?: string;
  readonly reason?: string;
  readonly detail?: { readonly [key: string]: unknown };
  /** Who did it, where an operator did. */
  readonly operator?: { readonly id: string; readonly name: string };
};
