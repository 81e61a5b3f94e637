import type { SendBody, StreamPart } from '../protocol/index.ts';
import {
  emptyConversation,
  messageOf,
  withMessage,
  withNewestPage,
  withoutMessage,
} from './conversation.ts';
import type { Core } from './core.ts';
import { withPart, withReplyEnded } from './growing-reply.ts';
import { nextToSend, type OutboxEntry } from './outbox.ts';
import { backOff, isPassing, withRetries } from './retry.ts';
import { readReply, type ReplyFrame } from './read-stream.ts';
import { TransportError } from './transport.ts';
import type { Failure } from './types.ts';

/** A message is tried this often before the visitor is asked; an offline page does not count down. */
const maxSendTries = 5;
const maxResumeTries = 8;

export type Delivery = ReturnType<typeof createDelivery>;

export type DeliveryHooks = {
  /** Answers whether a fresh token is on its way. */
  onUnauthorized(error: TransportError, token: string | undefined): boolean;
  /** A message has reached the server, or has failed for now. */
  onSettled(id: string, failure?: Failure): void;
};

/** The way of messages out and of replies in. */
export function createDelivery(core: Core, { onUnauthorized, onSettled }: DeliveryHooks) {

  /** Sends what may leave now. Does nothing while a reply runs, history loads, or the visitor's identity is in the air. */
  function flush(): void {
    const { identity, outbox, conversation, access } = core.state;
    const isHeld = identity.view.state === 'verifying' || conversation.history === 'loading' || access === 'denied';
    if (isHeld || conversation.phase !== 'idle') return;
    const entry = nextToSend(outbox, conversation.id, identity.who);
    if (entry !== undefined) void deliver(entry, core.signal, core.thread);
  }

  /** The request belongs to the epoch, so it goes on when another conversation is opened; its reply is followed in its own only. */
  async function deliver(entry: OutboxEntry, signal: AbortSignal, thread: AbortSignal): Promise<void> {
    core.update({ conversation: { ...core.state.conversation, phase: 'waiting' }, failure: undefined });
    core.outbox({ type: 'sending', id: entry.id });
    const token = core.state.identity.token;
    try {
      const body = { ...bodyOf(entry.conversationId), messages: [messageOf(entry)], trigger: 'submit-message' } as const;
      const frames = await withRetries(core, signal, () => send(body, signal), maxSendTries);
      if (!thread.aborted) core.converse(withMessage(core.state.conversation, messageOf(entry)));
      core.outbox({ type: 'delivered', id: entry.id });
      onSettled(entry.id);
      core.emit('message-sent', { id: entry.id });
      thread.throwIfAborted();
      await follow(frames, thread);
    } catch (error) {
      if (!signal.aborted) await onDeliveryFailed(entry, error, token, thread);
    }
    if (!signal.aborted) flush();
  }

  const bodyOf = (id: string): Pick<SendBody, 'id' | 'metadata'> => ({ id, metadata: metadataOf(core) });
  const send = async (body: SendBody, signal: AbortSignal) =>
    readReply(await core.transport.send(core.credentials(), body, signal));

  async function onDeliveryFailed(entry: OutboxEntry, error: unknown, token: string | undefined, thread: AbortSignal) {
    const isStored = !core.state.outbox.some(({ id }) => id === entry.id);
    if (isStored) return;
    if (!thread.aborted) core.converse({ ...core.state.conversation, phase: 'idle' });
    const code = error instanceof TransportError ? error.code : undefined;
    if (error instanceof TransportError && error.status === 401) {
      const isRenewing = onUnauthorized(error, token);
      if (isRenewing && !entry.renewed) return core.outbox({ type: 'renew', id: entry.id });
    }
    // Another tab is being answered in this conversation: wait for that, then send.
    if (code === 'conversation_busy' && !thread.aborted) {
      core.outbox({ type: 'retry', id: entry.id });
      return resume(thread);
    }
    if (code === 'conversation_not_found' && !thread.aborted && core.state.conversation.stored.length > 0) {
      return moveToNew(entry);
    }
    if (code === 'no_permission') core.update({ access: 'denied' });
    fail(entry.id, core.toFailure(error));
  }

  /** Claimed, or deleted, by somebody who may: the message begins a conversation of its own. */
  function moveToNew(entry: OutboxEntry): void {
    const fresh = core.environment.uuid();
    core.outbox({ type: 'move', from: entry.conversationId, to: fresh });
    core.converse(emptyConversation(fresh));
  }

  function fail(id: string, failure: Failure): void {
    core.outbox({ type: 'fail', id, failure });
    onSettled(id, failure);
    core.emit('failed', { code: failure.code, retryable: failure.retryable });
  }

  /** Reads a reply to its end, over as many connections as it takes. */
  async function follow(first: AsyncIterable<ReplyFrame>, signal: AbortSignal): Promise<void> {
    let frames: AsyncIterable<ReplyFrame> | undefined = first;
    for (let attempt = 0; frames !== undefined; attempt++) {
      try {
        for await (const { id, part } of frames) {
          signal.throwIfAborted();
          attempt = 0;
          take(part, id);
        }
        return endReply();
      } catch (error) {
        signal.throwIfAborted();
        if (!isPassing(error) || attempt >= maxResumeTries) return endReply(core.toFailure(error));
        await backOff(core, attempt, signal);
      }
      frames = await reconnect(signal);
    }
    await reload(signal);
  }

  /** An empty stream stands for a connection that failed again: it is counted like a cut one. */
  async function reconnect(signal: AbortSignal): Promise<AsyncIterable<ReplyFrame> | undefined> {
    const { conversation } = core.state;
    try {
      const stream = await core.transport.resume(core.credentials(), conversation.id, conversation.lastFrameId, signal);
      core.update({ connection: 'online' });
      return stream && readReply(stream);
    } catch (error) {
      signal.throwIfAborted();
      return failing(error);
    }
  }

  function take(part: StreamPart, frameId: string | undefined): void {
    const before = core.state.conversation;
    const conversation = withPart(before, part, frameId);
    if (part.type.startsWith('data-sign-in-required')) core.update({ signInRequested: true });
    const partIndex = part.type === 'text-delta' ? before.reply?.open[part.id] : undefined;
    if (part.type !== 'text-delta') return core.converse(conversation);
    if (partIndex === undefined || conversation.reply === undefined) return;
    core.grow(conversation, { messageId: conversation.reply.message.id, partIndex, delta: part.delta });
  }

  function endReply(failure?: Failure): void {
    const id = core.state.conversation.reply?.message.id;
    core.converse(withReplyEnded(core.state.conversation, failure));
    if (id !== undefined) core.emit('message-received', { id });
    if (failure !== undefined) core.emit('failed', { code: failure.code, retryable: failure.retryable });
  }

  /** Nothing runs any more: the server's copy is the truth. */
  async function reload(signal: AbortSignal): Promise<void> {
    const { id } = core.state.conversation;
    try {
      const page = await withRetries(core, signal, () =>
        core.transport.messages(core.credentials(), id, undefined, signal),
      );
      const idle = { ...core.state.conversation, reply: undefined, lastFrameId: undefined, phase: 'idle' } as const;
      core.converse(withNewestPage(idle, page));
    } catch (error) {
      signal.throwIfAborted();
      endReply(core.toFailure(error));
    }
  }

  /** Follows the reply that runs in the conversation, if one does. */
  async function resume(signal: AbortSignal): Promise<void> {
    const { id } = core.state.conversation;
    core.converse({ ...core.state.conversation, phase: 'waiting' });
    const stream = await withRetries(core, signal, () =>
      core.transport.resume(core.credentials(), id, undefined, signal),
    ).catch(() => undefined);
    signal.throwIfAborted();
    if (stream === undefined) await reload(signal);
    else await follow(readReply(stream), signal);
  }

  async function regenerate(messageId: string): Promise<void> {
    const signal = core.thread;
    const { conversation } = core.state;
    const question = conversation.stored.findLast(({ role }) => role === 'user');
    if (conversation.phase !== 'idle' || question === undefined) return;
    const token = core.state.identity.token;
    core.converse({ ...withoutMessage(conversation, messageId), phase: 'waiting' });
    try {
      const body = { ...bodyOf(conversation.id), messages: [question], trigger: 'regenerate-message', messageId } as const;
      await follow(await withRetries(core, signal, () => send(body, signal), maxSendTries), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof TransportError && error.status === 401) onUnauthorized(error, token);
      const failure = core.toFailure(error);
      core.update({ conversation: { ...conversation, phase: 'idle' }, failure });
      core.emit('failed', { code: failure.code, retryable: failure.retryable });
    }
    if (!signal.aborted) flush();
  }

  return { flush, resume, regenerate };
}

async function* failing(error: unknown): AsyncIterable<ReplyFrame> {
  throw error;
}

function metadataOf(core: Core) {
  const { metadata, identity } = core.state;
  if (identity.view.state !== 'self-reported') return metadata;
  const { name, email } = identity.view;
  const context = typeof metadata['context'] === 'object' && metadata['context'] !== null ? metadata['context'] : {};
  return { ...metadata, context: { ...context, ...(name && { name }), ...(email && { email }) } };
}
