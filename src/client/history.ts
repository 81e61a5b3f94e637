import type { ChatMessage } from '../protocol/index.ts';
import { emptyConversation } from './conversation.ts';
import { readConversations, readMessages } from './calls.ts';
import type { Core } from './core.ts';
import type { Notes } from './notes.ts';
import { isPassing, withRetries } from './retry.ts';
import { withMessage, withNewestPage, withOlderPage } from './stored-messages.ts';
import { isUnauthorized, TransportError } from './transport.ts';

/** After this many tries the visitor is asked whether to go on. */
const maxLoadTries = 4;

export type HistoryHooks = {
  /** What waits in the outbox may leave. */
  flush(): void;
  /** A reply may run in the conversation on the screen. */
  resume(thread: AbortSignal): void;
  onUnauthorized(error: TransportError, token: string | undefined): boolean;
};

/** What the server has stored for the present identity: its conversations, and the messages of the one on the screen. */
export class History {
  readonly #core: Core;
  readonly #hooks: HistoryHooks;
  /** Something arrived whose place is not known: the server's order is asked for once nothing runs. */
  #isStale = false;
  #reading = 0;
  /** The conversation that the server has shown last. */
  #found: string | undefined;
  /** Whether the present identity's messages were asked for. */
  #hasRead = false;
  /** The token of a known visitor that a reading was refused with, and its epoch: their next token reads again. */
  #refused: { readonly token: string | undefined; readonly epoch: AbortSignal } | undefined;

  constructor(core: Core, hooks: HistoryHooks) {
    this.#core = core;
    this.#hooks = hooks;
    core.subscribe(() => this.#refresh());
  }

  /**
   * Loads what belongs to the present identity: the conversation on the screen where it is its own, else its
   * newest.
   *
   * @param before the conversation that the screen had when that was decided
   * @param isAgain whether it makes up for a reading that was refused; a provider is not asked over and over for that
   */
  async adopt(before: string, isAgain = false): Promise<void> {
    const core = this.#core;
    const { signal } = core;
    const { token } = core.state.identity;
    this.#hasRead = false;
    this.#refused = undefined;
    try {
      const list = () => readConversations(core, signal);
      const { conversations } = await withRetries(core, signal, list, maxLoadTries);
      core.update({ conversations, access: 'allowed', unreadCount: sum(conversations.map((row) => row.unreadCount)) });
      // Whoever has begun, or opened, another conversation meanwhile has decided what the screen shows.
      if (core.state.conversation.id === before) await this.#settle(conversations.map(({ id }) => id));
    } catch (error) {
      if (!signal.aborted) this.#onLoadFailed(error, token, !isAgain);
    }
    if (!signal.aborted) this.#hooks.flush();
  }

  async loadOlder(): Promise<void> {
    const core = this.#core;
    const { id, nextBefore } = core.state.conversation;
    if (nextBefore === null) return;
    const page = await readMessages(core, id, core.signal, nextBefore);
    if (core.state.conversation.id === id) core.converse(withOlderPage(core.state.conversation, page));
  }

  /** Another conversation has taken the screen. */
  open(id: string): void {
    const { conversation, identity } = this.#core.state;
    const { token } = identity;
    if (conversation.id !== id) return;
    this.#show(id).then(this.#hooks.flush, (error: unknown) => this.#onLoadFailed(error, token));
  }

  /** Live events begin: what was stored after the last reading, and before them, is read now. */
  catchUp(): void {
    // A history that is still to be read brings it; one that began here is not read by itself.
    if (!this.#hasRead && this.#core.state.conversation.history === 'loading') return;
    this.#isStale = true;
    this.#refresh();
  }

  /** A message that arrived elsewhere: another tab, another device. */
  receive(conversationId: string, message: ChatMessage): void {
    const { conversation, outbox } = this.#core.state;
    const isSame = ({ id }: { id: string }) => id === message.id;
    const isOwn = message.role === 'user' && conversation.stored.some(isSame);
    const isKnown = isOwn || conversation.reply?.message.id === message.id || outbox.some(isSame);
    if (conversation.id !== conversationId || isKnown) return;
    const { editedFrom } = message.metadata ?? {};
    // Of several edits only the last may be told of.
    const isPlaced = editedFrom === undefined || conversation.stored.some(({ id }) => id === editedFrom);
    const isNewest = isPlaced && (conversation.stored.some(isSame) || !isBefore(message, conversation.stored.at(-1)));
    // A message that has left, and may have arrived without an answer, has its place on the server.
    const isInPlace = isNewest && outbox.length === 0 && this.#isQuiet();
    if (isInPlace) this.#core.converse(withMessage(conversation, message));
    // What is being read at this moment may be older.
    this.#isStale ||= !isInPlace || this.#reading > 0;
    this.#refresh();
  }

  /** Somebody who may has removed a conversation: nothing of it stays here but what the visitor has not sent yet. */
  drop(conversationId: string): void {
    const core = this.#core;
    const { conversation, conversations, outbox } = core.state;
    const fresh = core.environment.uuid();
    for (const entry of outbox) {
      if (entry.conversationId === conversationId && entry.hasLeft) core.outbox({ type: 'discard', id: entry.id });
    }
    core.outbox({ type: 'move', from: conversationId, to: fresh });
    core.update({ conversations: conversations.filter(({ id }) => id !== conversationId) });
    if (conversation.id === conversationId) core.update({ conversation: emptyConversation(fresh), failure: undefined });
  }

  #isQuiet(): boolean {
    const { conversation, outbox } = this.#core.state;
    const { id, phase, history } = conversation;
    // What has failed, or waits for the visitor, may stand there for ever.
    const isSending = outbox.some((entry) => entry.conversationId === id && entry.state === 'sending');
    return phase === 'idle' && history === 'ready' && !isSending;
  }

  #refresh(): void {
    const core = this.#core;
    const { conversation, identity } = core.state;
    const { token, view } = identity;
    const { id, stored } = conversation;
    if (this.#refused?.epoch === core.signal && this.#refused.token !== token && view.state === 'verified') {
      this.#refused = undefined;
      core.converse({ ...conversation, history: 'loading' });
      return void this.adopt(id, true);
    }
    if (!this.#isStale || this.#reading > 0 || !this.#isQuiet()) return;
    this.#isStale = false;
    // The server knows nothing yet of a conversation that has just begun here.
    if (stored.length === 0) return;
    this.#show(id).catch((error: unknown) => {
      // Deleted, or claimed in another tab. What the server has never shown it may not have: whatever stands here stays.
      const isGone = error instanceof TransportError && error.code === 'conversation_not_found' && id === this.#found;
      if (isGone) return void this.adopt(id);
      this.#isStale ||= isPassing(error);
      this.#noteRefusal(error, token);
    });
  }

  /** Of somebody whose content is on the screen. The first proof of anybody reads all by itself. */
  #noteRefusal(error: unknown, token: string | undefined): void {
    const core = this.#core;
    const isKnown = core.state.identity.subject !== undefined;
    if (isKnown && isJudgement(error)) this.#refused = { token, epoch: core.signal };
    // The next one may have come meanwhile.
    this.#refresh();
  }

  /** Which of the identity's conversations the screen shows: the one it has, the newest, or a new one. */
  async #settle(ids: readonly string[]): Promise<void> {
    const { conversation, outbox } = this.#core.state;
    const [newest] = ids;
    // The server may have what was sent into this one, and would take it for another message elsewhere.
    const hasBegun = outbox.some((entry) => entry.conversationId === conversation.id && entry.hasLeft);
    if (ids.includes(conversation.id)) await this.#show(conversation.id);
    else if (hasBegun) this.#core.converse({ ...conversation, history: 'ready' });
    else if (newest !== undefined) {
      this.#move(newest, 'loading');
      await this.#show(newest);
    } else if (conversation.stored.length > 0) this.#move(this.#core.environment.uuid(), 'ready');
    else this.#core.converse({ ...conversation, history: 'ready' });
  }

  /** What was typed before the history had come goes into the conversation that it belongs to. */
  #move(to: string, history: 'loading' | 'ready'): void {
    const core = this.#core;
    core.outbox({ type: 'move', from: core.state.conversation.id, to });
    core.note(withBegun(core.state.notes, to));
    core.converse(emptyConversation(to, history));
  }

  async #show(id: string): Promise<void> {
    const core = this.#core;
    const { signal, state } = core;
    this.#hasRead = true;
    const read = () => readMessages(core, id, signal);
    this.#reading += 1;
    const page = await withRetries(core, signal, read, maxLoadTries).finally(() => (this.#reading -= 1));
    const { conversation } = core.state;
    this.#found = id;
    if (conversation.id !== id) return;
    // What was sent, or has arrived, meanwhile may not be on the page; what is being sent may, and its reply.
    const isReady = conversation.history === 'ready';
    const isOutdated = conversation.stored !== state.conversation.stored || (isReady && !this.#isQuiet());
    this.#isStale ||= isOutdated;
    if (isReady && isOutdated) return this.#refresh();
    core.converse(withNewestPage(conversation, page));
    const last = page.messages.at(-1);
    const mayRun = last !== undefined && (last.role === 'user' || last.metadata?.status === 'streaming');
    if (mayRun) this.#hooks.resume(core.thread);
  }

  #onLoadFailed(error: unknown, token: string | undefined, mayRenew = true): void {
    const core = this.#core;
    const isVerified = core.state.identity.view.state === 'verified';
    // A token that is known to be refused is not renewed for this: its provider would be asked over and over.
    if (mayRenew && isUnauthorized(error) && isVerified) this.#hooks.onUnauthorized(error, token);
    const isDenied = isDenial(error);
    const isJudged = isJudgement(error);
    core.update({
      conversation: { ...core.state.conversation, history: isJudged ? 'ready' : 'failed' },
      access: isDenied ? 'denied' : core.state.access,
      failure: isJudged ? undefined : core.toFailure(error),
    });
    this.#noteRefusal(error, token);
  }
}

function isDenial(error: unknown): boolean {
  return error instanceof TransportError && error.code === 'no_permission';
}

function isJudgement(error: unknown): boolean {
  return isUnauthorized(error) || isDenial(error);
}

/** By the server's clock where both have it; what has no time is taken to be in its place. */
function isBefore(message: ChatMessage, other: ChatMessage | undefined): boolean {
  const [time, otherTime] = [message.metadata?.createdAt, other?.metadata?.createdAt];
  return time !== undefined && otherTime !== undefined && time < otherTime;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What was typed before the conversation had an id of the server's. A draft that is there already stays. */
function withBegun(notes: Notes, conversationId: string): Notes {
  const isTaken = notes.drafts.some((draft) => draft.conversationId === conversationId);
  if (isTaken) return notes;
  return {
    ...notes,
    drafts: notes.drafts.map((draft) => (draft.conversationId === '' ? { ...draft, conversationId } : draft)),
  };
}
