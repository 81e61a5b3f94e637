import type { SendBody, StreamPart } from '../protocol/index.ts';
import { emptyConversation, messageOf, withMessage, withNewestPage, withoutMessage } from './conversation.ts';
import type { Core } from './core.ts';
import { withApproval, withPart, withReplyEnded } from './growing-reply.ts';
import { nextToSend, type OutboxEntry } from './outbox.ts';
import { backOff, isPassing, withRetries } from './retry.ts';
import { readReply, type ReplyFrame } from './read-stream.ts';
import { isUnauthorized, TransportError } from './transport.ts';
import type { Failure } from './types.ts';

/** A message is tried this often before the visitor is asked; an offline page does not count down. */
const maxSendTries = 5;
const maxResumeTries = 8;

export type DeliveryHooks = {
  /** Answers whether a fresh token is on its way. */
  onUnauthorized(error: TransportError, token: string | undefined): boolean;
  /** A message has reached the server, or has failed for now. */
  onSettled(id: string, failure?: Failure): void;
};

/** The way of messages out and of replies in. */
export class Delivery {
  readonly #core: Core;
  readonly #hooks: DeliveryHooks;

  constructor(core: Core, hooks: DeliveryHooks) {
    this.#core = core;
    this.#hooks = hooks;
  }

  /**
   * Sends what may leave now: nothing while the visitor's identity is in the air, nothing into the conversation on the
   * screen while a reply runs or history loads there. Other conversations are not waited for until somebody opens them.
   */
  flush(): void {
    const { identity, outbox, conversation, access } = this.#core.state;
    if (identity.view.state === 'verifying' || access === 'denied') return;
    const isHeld = conversation.history === 'loading' || conversation.phase !== 'idle';
    const { signal } = this.#core;
    for (const id of new Set(outbox.map(({ conversationId }) => conversationId))) {
      if (signal.aborted || (isHeld && id === conversation.id)) continue;
      const entry = nextToSend(this.#core.state.outbox, id, identity.who);
      if (entry !== undefined) void this.#deliver(entry, signal, this.#core.thread);
    }
  }

  /** Follows the reply that runs in the conversation, if one does. */
  async resume(thread: AbortSignal): Promise<void> {
    const core = this.#core;
    const { id, phase } = core.state.conversation;
    if (phase !== 'idle') return;
    core.converse({ ...core.state.conversation, phase: 'waiting' });
    const stream = await withRetries(core, thread, () =>
      core.transport.resume(core.credentials(), id, undefined, thread),
    ).catch(() => undefined);
    thread.throwIfAborted();
    if (stream === undefined) await this.#reload(thread);
    else await this.#follow(readReply(stream, core.environment), thread);
  }

  /** Asks for another reply in the place of one. */
  async regenerate(messageId: string): Promise<void> {
    const { thread, state } = this.#core;
    const { conversation, identity } = state;
    const question = conversation.stored.findLast(({ role }) => role === 'user');
    if (conversation.phase !== 'idle' || question === undefined || state.outbox.length > 0) return;
    this.#core.converse({ ...withoutMessage(conversation, messageId), phase: 'waiting' });
    try {
      const body = { messages: [question], trigger: 'regenerate-message', messageId } as const;
      await this.#follow(await this.#send(conversation.id, body, thread), thread);
    } catch (error) {
      if (thread.aborted) return;
      if (isUnauthorized(error)) this.#hooks.onUnauthorized(error, identity.token);
      const failure = this.#core.toFailure(error);
      this.#core.update({ conversation: { ...conversation, phase: 'idle' }, failure });
      this.#core.emit('failed', { code: failure.code, retryable: failure.retryable });
    }
    if (!thread.aborted) this.flush();
  }

  /**
   * Answers an action that asks first. The answer is of the one who sees the question: with another visitor, or another
   * conversation, on the screen it is not sent again.
   */
  async answerApproval(approvalId: string, approved: boolean): Promise<void> {
    const core = this.#core;
    const { thread, state } = core;
    const { conversation, identity } = state;
    if (conversation.phase !== 'idle') return;
    core.update({ conversation: { ...conversation, phase: 'waiting' }, failure: undefined });
    const to = `/${conversation.id}/approvals/${encodeURIComponent(approvalId)}`;
    const answer = () => core.transport.send(core.credentials(), { approved }, thread, to);
    try {
      const stream = await withRetries(core, thread, answer, maxSendTries);
      core.converse(withApproval(core.state.conversation, approvalId, approved));
      await this.#follow(readReply(stream, core.environment), thread);
    } catch (error) {
      if (thread.aborted) return;
      if (isUnauthorized(error)) this.#hooks.onUnauthorized(error, identity.token);
      const failure = core.toFailure(error);
      core.update({ conversation: { ...core.state.conversation, phase: 'idle' }, failure });
      core.emit('failed', { code: failure.code, retryable: failure.retryable });
      // It was answered elsewhere, or too late: the server's copy says how.
      if (!failure.retryable) await this.#reload(thread).catch(() => undefined);
    }
    if (!thread.aborted) this.flush();
  }

  /** The request belongs to the epoch, so it goes on when another conversation is opened; its reply is followed in its own only. */
  async #deliver(entry: OutboxEntry, signal: AbortSignal, thread: AbortSignal): Promise<void> {
    const core = this.#core;
    const { token } = core.state.identity;
    const isFollowed = () => !thread.aborted && core.state.conversation.id === entry.conversationId;
    core.update({ failure: undefined });
    core.outbox({ type: 'sending', id: entry.id });
    try {
      const body = { messages: [messageOf(entry)], trigger: 'submit-message' } as const;
      const frames = await this.#send(entry.conversationId, body, signal);
      const isShown = core.state.conversation.id === entry.conversationId;
      if (isShown) core.converse(withMessage(core.state.conversation, messageOf(entry)));
      if (isFollowed()) core.converse({ ...core.state.conversation, phase: 'waiting' });
      core.outbox({ type: 'delivered', id: entry.id });
      this.#hooks.onSettled(entry.id);
      core.emit('message-sent', { id: entry.id });
      if (isFollowed()) await this.#follow(frames, thread);
      // It was opened, or opened again, while the message was on its way.
      else if (isShown) await this.resume(core.thread);
    } catch (error) {
      if (!signal.aborted) await this.#onDeliveryFailed(entry, error, token, isFollowed() ? thread : undefined);
    }
    if (!signal.aborted) this.flush();
  }

  #send(id: string, body: Omit<SendBody, 'id' | 'metadata'>, signal: AbortSignal): Promise<AsyncIterable<ReplyFrame>> {
    const core = this.#core;
    const whole = { id, ...body, metadata: metadataOf(core) };
    const send = async () => readReply(await core.transport.send(core.credentials(), whole, signal), core.environment);
    return withRetries(core, signal, send, maxSendTries);
  }

  async #onDeliveryFailed(entry: OutboxEntry, error: unknown, token: string | undefined, thread?: AbortSignal) {
    const core = this.#core;
    const { signal } = core;
    const isStored = !core.state.outbox.some(({ id }) => id === entry.id);
    if (isStored) return;
    if (thread !== undefined) core.converse({ ...core.state.conversation, phase: 'idle' });
    if (isUnauthorized(error)) {
      const isRenewing = this.#hooks.onUnauthorized(error, token);
      if (isRenewing && !entry.renewed) return core.outbox({ type: 'renew', id: entry.id });
    }
    const code = error instanceof TransportError ? error.code : undefined;
    if (code === 'conversation_busy') return this.#waitForTurn(entry, signal, thread);
    if (code === 'conversation_not_found' && !entry.moved) return this.#moveToNew(entry, thread !== undefined);
    // Where its conversation is gone for good, it is to be seen, and tried again, in the one on the screen.
    const { id } = core.state.conversation;
    if (code === 'conversation_not_found') core.outbox({ type: 'move', from: entry.conversationId, to: id });
    if (code === 'no_permission') core.update({ access: 'denied' });
    this.#fail(entry.id, core.toFailure(error));
  }

  /** Another tab is being answered in this conversation: read that, then send. Where nobody reads it, send in a while. */
  async #waitForTurn({ id }: OutboxEntry, signal: AbortSignal, thread: AbortSignal | undefined): Promise<void> {
    try {
      await backOff(this.#core, thread === undefined ? 3 : 0, thread ?? signal);
      this.#core.outbox({ type: 'retry', id });
      if (thread !== undefined) await this.resume(thread);
    } catch {
      // Another conversation, or another visitor, has the screen.
      if (!signal.aborted) this.#core.outbox({ type: 'retry', id });
    }
  }

  /** Claimed, or deleted, by somebody who may: the message begins a conversation of its own. */
  #moveToNew({ conversationId }: OutboxEntry, isFollowed: boolean): void {
    const fresh = this.#core.environment.uuid();
    this.#core.outbox({ type: 'restart', from: conversationId, to: fresh });
    if (isFollowed) this.#core.converse(emptyConversation(fresh));
  }

  #fail(id: string, failure: Failure): void {
    this.#core.outbox({ type: 'fail', id, failure });
    // Patience concerns all that the visitor may want to send, so it is said, and counted down, for the whole chat.
    if (failure.retryAt !== undefined) this.#core.update({ failure });
    this.#hooks.onSettled(id, failure);
    this.#core.emit('failed', { code: failure.code, retryable: failure.retryable });
  }

  /** Reads a reply to its end, over as many connections as it takes. */
  async #follow(first: AsyncIterable<ReplyFrame>, thread: AbortSignal): Promise<void> {
    let frames: AsyncIterable<ReplyFrame> | undefined = first;
    for (let attempt = 0; frames !== undefined; attempt++) {
      try {
        for await (const { id, part } of frames) {
          thread.throwIfAborted();
          // Without an id a stream begins anew each time, so what it says is no progress.
          if (id !== undefined) attempt = 0;
          this.#take(part, id);
        }
        return this.#endReply();
      } catch (error) {
        thread.throwIfAborted();
        if (!isPassing(error) || attempt >= maxResumeTries) return this.#endReply(this.#core.toFailure(error));
        await backOff(this.#core, attempt, thread);
      }
      frames = await this.#reconnect(thread);
    }
    await this.#reload(thread);
  }

  /** Undefined when nothing runs any more. A connection that fails is given back as a stream that does. */
  async #reconnect(thread: AbortSignal): Promise<AsyncIterable<ReplyFrame> | undefined> {
    const core = this.#core;
    const { id, lastFrameId } = core.state.conversation;
    try {
      const stream = await core.transport.resume(core.credentials(), id, lastFrameId, thread);
      core.update({ connection: 'online' });
      return stream && readReply(stream, core.environment);
    } catch (error) {
      thread.throwIfAborted();
      return failing(error as Error);
    }
  }

  #take(part: StreamPart, frameId: string | undefined): void {
    const core = this.#core;
    const before = core.state.conversation;
    const conversation = withPart(before, part, frameId);
    if (part.type === 'data-sign-in-required') core.update({ signInRequested: true });
    if (part.type !== 'text-delta') return core.converse(conversation);
    const partIndex = before.reply?.open[part.id];
    if (partIndex === undefined || conversation.reply === undefined) return;
    core.grow(conversation, { messageId: conversation.reply.message.id, partIndex, delta: part.delta });
  }

  #endReply(failure?: Failure): void {
    const core = this.#core;
    const id = core.state.conversation.reply?.message.id;
    core.converse(withReplyEnded(core.state.conversation, failure));
    if (id !== undefined) core.emit('message-received', { id });
    if (failure !== undefined) core.emit('failed', { code: failure.code, retryable: failure.retryable });
  }

  /** Nothing runs any more: the server's copy is the truth. */
  async #reload(thread: AbortSignal): Promise<void> {
    const core = this.#core;
    const { id } = core.state.conversation;
    try {
      const page = await withRetries(core, thread, () =>
        core.transport.messages(core.credentials(), id, undefined, thread),
      );
      const idle = { ...core.state.conversation, reply: undefined, lastFrameId: undefined, phase: 'idle' } as const;
      core.converse(withNewestPage(idle, page));
    } catch (error) {
      thread.throwIfAborted();
      this.#endReply(core.toFailure(error));
    }
  }
}

/** A stream that fails at once. */
function failing(error: Error): AsyncIterable<ReplyFrame> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

function metadataOf(core: Core) {
  const { metadata, identity } = core.state;
  if (identity.view.state !== 'self-reported') return metadata;
  const { name, email } = identity.view;
  const context = typeof metadata['context'] === 'object' && metadata['context'] !== null ? metadata['context'] : {};
  return { ...metadata, context: { ...context, ...(name && { name }), ...(email && { email }) } };
}
