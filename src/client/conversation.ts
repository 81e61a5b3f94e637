import type { ChatMessage, MessagePage, Reply } from '../protocol/index.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import type { ChatSnapshot, Failure, ViewMessage } from './types.ts';

/** The conversation on the screen. */
export type Conversation = {
  readonly id: string;
  /** What the server has stored, oldest first. */
  readonly stored: readonly ChatMessage[];
  /** The reply that grows, and the id of its newest frame. */
  readonly reply: Reply | undefined;
  readonly lastFrameId: string | undefined;
  readonly phase: ChatSnapshot['reply'];
  readonly history: ChatSnapshot['history'];
  readonly nextBefore: string | null;
  /** Failures of replies, by message. */
  readonly failures: { readonly [messageId: string]: Failure };
};

export function emptyConversation(id: string, history: Conversation['history'] = 'ready'): Conversation {
  return {
    id,
    stored: [],
    reply: undefined,
    lastFrameId: undefined,
    phase: 'idle',
    history,
    nextBefore: null,
    failures: {},
  };
}

/** The newest page of history, as the server has it now; older pages that are on the screen stay. */
export function withNewestPage(conversation: Conversation, page: MessagePage): Conversation {
  const { stored } = conversation;
  const joint = stored.findIndex(({ id }) => id === page.messages[0]?.id);
  const fresh = { ...conversation, history: 'ready' } as const;
  if (joint < 1) return { ...fresh, stored: page.messages, nextBefore: page.nextBefore };
  return { ...fresh, stored: [...stored.slice(0, joint), ...page.messages] };
}

export function withOlderPage(conversation: Conversation, page: MessagePage): Conversation {
  const known = new Set(conversation.stored.map(({ id }) => id));
  const older = page.messages.filter(({ id }) => !known.has(id));
  return { ...conversation, stored: [...older, ...conversation.stored], nextBefore: page.nextBefore };
}

/** A stored message added, or put in the place of the one with its id. */
export function withMessage(conversation: Conversation, message: ChatMessage): Conversation {
  const at = conversation.stored.findIndex(({ id }) => id === message.id);
  const stored = at < 0 ? [...conversation.stored, message] : conversation.stored.with(at, message);
  return { ...conversation, stored };
}

export function withoutMessage(conversation: Conversation, messageId: string): Conversation {
  return { ...conversation, stored: conversation.stored.filter(({ id }) => id !== messageId) };
}

/** What the panel draws: stored messages, the growing reply, and what has not left yet. */
export function viewMessages(
  conversation: Conversation,
  outbox: Outbox,
  who: string | undefined,
): readonly ViewMessage[] {
  const { stored, reply, failures } = conversation;
  const known = new Set(stored.map(({ id }) => id));
  const waiting = outbox.filter(
    (entry) =>
      entry.conversationId === conversation.id &&
      !known.has(entry.id) &&
      (entry.who === undefined || entry.who === who),
  );
  return [
    ...stored.map((message) => viewStored(message, failures[message.id])),
    ...(reply === undefined || reply.message.parts.length === 0
      ? []
      : [{ ...reply.message, delivery: 'sent', status: reply.status } as const]),
    ...waiting.map(viewEntry),
  ];
}

function viewStored(message: ChatMessage, failure: Failure | undefined): ViewMessage {
  const view = { ...message, delivery: 'sent', status: message.metadata?.status ?? 'complete' } as const;
  return failure === undefined ? view : { ...view, failure };
}

export function messageOf(entry: Pick<OutboxEntry, 'id' | 'text' | 'createdAt'>): ChatMessage {
  return {
    id: entry.id,
    role: 'user',
    parts: [{ type: 'text', text: entry.text }],
    metadata: { createdAt: entry.createdAt },
  };
}

function viewEntry(entry: OutboxEntry): ViewMessage {
  const view = { ...messageOf(entry), status: 'complete' } as const;
  return entry.failure === undefined
    ? { ...view, delivery: 'pending' }
    : { ...view, delivery: 'failed', failure: entry.failure };
}
