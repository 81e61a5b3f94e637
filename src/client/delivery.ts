import type { SendBody, StreamPart } from '../protocol/index.ts';
import { readMessages, resumeChat, sendChat, stopChat } from './calls.ts';
import { emptyConversation, messageOf } from './conversation.ts';
import type { Core } from './core.ts';
import { withApproval, withPart, withReplyEnded } from './growing-reply.ts';
import { metadataOf } from './metadata.ts';
import { nextToSend, type OutboxEntry } from './outbox.ts';
import { backOff, isPassing, withRetries } from './retry.ts';
import { readReply, type ReplyFrame } from './read-stream.ts';
import { withMessage, withNewestPage, withoutMessage } from './stored-messages.ts';
import { isUnauthorized, TransportError } from './transport.ts';
import { ChatError, type Failure } from './types.ts';

/** A message is tried this often before the visitor is asked; an offline page does not count down. */
const maxSendTries = 5;
const maxResumeTries = 8;

export type GateCode = 'consent_required' | 'form_required';

export type DeliveryHooks = {
  /** Answers whether a fresh token is on its way. */
  onUnauthorized(error: TransportError, token: string | undefined): boolean;
  /** The agent asks for something first. Whether the visitor can answer now, so that the message waits. */
  onGate(code: GateCode): Promise<boolean>;
  send(text: string, more: Pick<OutboxEntry, 'replaces'>): Promise<void>;
  /** A message has reached the server, or has failed for now. */
  onSettled(id: string, failure?: Failure): void;
  /** An answer is complete, as far as it will be. */
  onReply(id: string): void;
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
    if (identity.view.state === 'verifying' || access === 'denied' || this.#core.snapshot.gate !== 'none') return;
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
    const stream = await withRetries(core, thread, () => resumeChat(core, id, undefined, thread)).catch(
      () => undefined,
    );
    thread.throwIfAborted();
    if (stream === undefined) await this.#reload(thread);
    else await this.#follow(readReply(stream, core.environment), thread);
  }

  stop(conversationId: string): void {
    stopChat(this.#core, conversationId, this.#core.signal).catch(() => undefined);
  }

  /** Sends a text in the place of the visitor's last message: see `ChatClient.editLast`. */
  async edit(messageId: string, text: string): Promise<void> {
    const { conversation, outbox } = this.#core.state;
    if (conversation.phase !== 'idle') throw new ChatError('conversation_busy', 'A reply runs.', { retryable: true });
    const isWaiting = outbox.some((entry) => entry.conversationId === conversation.id && entry.state !== 'failed');
    const last = conversation.stored.findLast(({ role }) => role === 'user');
    if (isWaiting || last?.id !== messageId) throw new ChatError('message_conflict', 'It is not the last message.');
    await this.#hooks.send(text, { replaces: messageId });
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
    const answer = () => sendChat(core, { approved, metadata: metadataOf(core) }, thread, { to });
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
      // Refused for want of an answer to the agent's own question: that is put, and this one stays open.
      const { code } = failure;
      if (code === 'consent_required' || code === 'form_required') await this.#hooks.onGate(code).catch(() => false);
      // It was answered elsewhere, or too late: the server's copy says how.
      else if (!failure.retryable) await this.#reload(thread).catch(() => undefined);
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
      const { replaces: messageId } = entry;
      const body = {
        messages: [messageOf(entry)],
        trigger: 'submit-message',
        ...(messageId && { messageId }),
      } as const;
      const frames = await this.#send(entry.conversationId, body, signal, entry.who);
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

  #send(
    id: string,
    body: Omit<SendBody, 'id' | 'metadata'>,
    signal: AbortSignal,
    who?: string,
  ): Promise<AsyncIterable<ReplyFrame>> {
    const core = this.#core;
    const whole = { id, ...body, metadata: metadataOf(core) };
    const send = async () => readReply(await sendChat(core, whole, signal, { who }), core.environment);
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
    if (code === 'consent_required' || code === 'form_required') return this.#waitForAnswer(entry, error, code, signal);
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

  /** The message is kept until the visitor has agreed, or has filled in the form. */
  async #waitForAnswer({ id }: OutboxEntry, error: unknown, code: GateCode, signal: AbortSignal): Promise<void> {
    const isHeld = await this.#hooks.onGate(code).catch(() => false);
    if (signal.aborted) return;
    if (isHeld) this.#core.outbox({ type: 'retry', id });
    else this.#fail(id, this.#core.toFailure(error));
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
      const stream = await resumeChat(core, id, lastFrameId, thread);
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
    if (id !== undefined) {
      this.#hooks.onReply(id);
      core.emit('message-received', { id });
    }
    if (failure !== undefined) core.emit('failed', { code: failure.code, retryable: failure.retryable });
  }

  /** Nothing runs any more: the server's copy is the truth. */
  async #reload(thread: AbortSignal): Promise<void> {
    const core = this.#core;
    const { id } = core.state.conversation;
    try {
      const page = await withRetries(core, thread, () => readMessages(core, id, thread));
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
