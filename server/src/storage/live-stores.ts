import type { HandoffState } from './more-stores.ts';

// What the stores promise that operators answer with. Times are milliseconds since the epoch.

export type ConversationStatus = 'open' | 'closed';

/** A conversation as those see it who take care of it. */
export type DeskConversation = {
  readonly id: string;
  readonly agentId: string;
  readonly status: ConversationStatus;
  readonly assigneeId: string | null;
  readonly handoff: {
    readonly state: HandoffState;
    /** Who answers, where it is active: as visitors read them, and who that is. */
    readonly name: string | null;
    readonly operatorId: string | null;
  };
  /** The visitor's messages that no operator has read. */
  readonly unreadCount: number;
};

export type DeskStore = {
  find(conversationId: string): Promise<DeskConversation | undefined>;
  /** A message of the visitor opens a closed one again, see `beginTurn`. */
  setStatus(conversationId: string, status: ConversationStatus): Promise<'changed' | 'unchanged' | 'not_found'>;
  /** The last one wins; who it was before. Undefined where there is no such conversation. */
  assign(conversationId: string, operatorId: string | null): Promise<{ readonly before: string | null } | undefined>;
  /** All operators have read what is there up to this message. It never goes back. `unchanged`: it was read already. */
  markRead(conversationId: string, messageId: string): Promise<'changed' | 'unchanged' | 'not_found'>;
};

/** What operators write for each other. No visitor, agent or model ever gets it. */
export type Note = {
  readonly id: string;
  readonly conversationId: string;
  readonly operatorId: string;
  /** As it was when they wrote it. */
  readonly operatorName: string;
  readonly text: string;
  readonly createdAt: number;
};

export type NoteStore = {
  /** `exists`: there is one with this id, which stays as it is. */
  add(note: Note): Promise<'added' | 'exists' | 'not_found'>;
  find(conversationId: string, id: string): Promise<Note | undefined>;
  /** The newest, at most 500, the oldest of them first. */
  list(conversationId: string): Promise<readonly Note[]>;
  remove(conversationId: string, id: string): Promise<boolean>;
};

/** A reply that was written before, to be put into the box where replies are written. */
export type CannedReply = {
  readonly id: string;
  /** Null: for all agents. */
  readonly agentId: string | null;
  /** Found by `/shortcut`. */
  readonly shortcut: string;
  readonly text: string;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type CannedReplyStore = {
  /** By shortcut, at most 1,000. */
  list(): Promise<readonly CannedReply[]>;
  find(id: string): Promise<CannedReply | undefined>;
  /** `exists`: the agent has one with this shortcut. */
  add(reply: CannedReply): Promise<'added' | 'exists'>;
  change(
    id: string,
    to: Pick<CannedReply, 'shortcut' | 'text' | 'updatedAt'>,
  ): Promise<'changed' | 'exists' | 'not_found'>;
  remove(id: string): Promise<boolean>;
};

/** Somebody who looks at a conversation. */
export type Presence = { readonly operatorId: string; readonly name: string; readonly typing: boolean };

export type PresenceStore = {
  /** True where that is news for the others: somebody has come, or begins or stops typing. */
  here(conversationId: string, who: Presence, now: number): Promise<boolean>;
  /** False where they were not there. */
  leave(conversationId: string, operatorId: string): Promise<boolean>;
  /** Those who were here since, by name. */
  list(conversationId: string, seenSince: number): Promise<readonly Presence[]>;
  sweep(seenBefore: number): Promise<number>;
};
