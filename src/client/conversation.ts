import type { ChatMessage, Reply } from '../protocol/index.ts';
import type { NewEntry, Outbox, OutboxEntry } from './outbox.ts';
import type { ChatSnapshot, Failure, Handoff, ViewMessage } from './types.ts';

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
  readonly typing: ChatSnapshot['typing'];
  /** The server knows nothing of it until something is sent. */
  readonly isNew: boolean;
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
    typing: undefined,
    isNew: history === 'ready',
  };
}

/** The messages before the one with this id; all where it is not among them. */
export function upTo(messages: readonly ChatMessage[], id: string | undefined): readonly ChatMessage[] {
  const at = messages.findIndex((message) => message.id === id);
  return at < 0 ? messages : messages.slice(0, at);
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
  const replaced = waiting.find(({ state }) => state !== 'failed')?.replaces;
  return withoutRepetition([
    ...upTo(stored, replaced).map((message) => viewStored(message, failures[message.id])),
    ...(reply === undefined || reply.message.parts.length === 0
      ? []
      : [{ ...reply.message, delivery: 'sent', status: reply.status } as const]),
    ...waiting.map(viewEntry),
  ]);
}

/** Each message to a person is answered with who that is. Once that was said, it is said. */
function withoutRepetition(messages: readonly ViewMessage[]): readonly ViewMessage[] {
  let said = '';
  return messages.filter(({ parts: [part, ...more] }) => {
    if (part?.type !== 'data-handoff' || more.length > 0) return true;
    const before = said;
    said = JSON.stringify(part);
    return said !== before;
  });
}

function viewStored(message: ChatMessage, failure: Failure | undefined): ViewMessage {
  const view = { ...message, delivery: 'sent', status: message.metadata?.status ?? 'complete' } as const;
  return failure === undefined ? view : { ...view, failure };
}

export function messageOf({ id, text, attachments = [], createdAt, replaces }: NewEntry): ChatMessage {
  return {
    id,
    role: 'user',
    parts: [
      ...(text === '' ? [] : [{ type: 'text', text } as const]),
      ...attachments.map(({ mediaType, filename, url }) => ({ type: 'file', mediaType, filename, url }) as const),
    ],
    metadata: { createdAt, ...(replaces && { editedFrom: replaces }) },
  };
}

/** The last word of a hand-off in the conversation. */
export function handoffOf({ stored, reply }: Conversation): Handoff | undefined {
  for (const { parts, metadata } of [reply?.message, ...stored.toReversed()].filter(
    (message) => message !== undefined,
  )) {
    const part = parts.findLast(({ type }) => type === 'data-handoff');
    if (part !== undefined && 'data' in part) return decodeHandoff(part.data);
    // A person has written, and how it came to that is on an older page.
    if (metadata?.author?.kind === 'operator') return decodeHandoff({ state: 'active', name: metadata.author.name });
  }
  return undefined;
}

function decodeHandoff(data: unknown): Handoff | undefined {
  const { state, name } = (data ?? {}) as { readonly [field: string]: unknown };
  if (state !== 'requested' && state !== 'active' && state !== 'ended') return undefined;
  return typeof name === 'string' ? { state, name } : { state };
}

function viewEntry(entry: OutboxEntry): ViewMessage {
  const view = { ...messageOf(entry), status: 'complete' } as const;
  return entry.failure === undefined
    ? { ...view, delivery: 'pending' }
    : { ...view, delivery: 'failed', failure: entry.failure };
}
