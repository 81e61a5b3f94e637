import type { ChatMessage } from '../protocol/index.ts';
import { emptyConversation, withMessage, withNewestPage, withOlderPage } from './conversation.ts';
import type { Core } from './core.ts';
import { withRetries } from './retry.ts';
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
  /** Whether the present identity's messages were asked for. */
  #hasRead = false;

  constructor(core: Core, hooks: HistoryHooks) {
    this.#core = core;
    this.#hooks = hooks;
    core.subscribe(() => this.#refresh());
  }

  /** Loads what belongs to the present identity: the conversation on the screen where it is its own, else its newest. */
  async adopt(): Promise<void> {
    const core = this.#core;
    const { signal } = core;
    const { token } = core.state.identity;
    if (!core.session.exists() && token === undefined) return this.#markReady();
    this.#hasRead = false;
    const { id: before } = core.state.conversation;
    core.converse({ ...core.state.conversation, history: 'loading' });
    try {
      const list = () => core.transport.conversations(core.credentials(), signal);
      const { conversations } = await withRetries(core, signal, list, maxLoadTries);
      core.update({ conversations, access: 'allowed', unreadCount: sum(conversations.map((row) => row.unreadCount)) });
      // Whoever has begun, or opened, another conversation meanwhile has decided what the screen shows.
      if (core.state.conversation.id === before) await this.#settle(conversations.map(({ id }) => id));
    } catch (error) {
      if (!signal.aborted) this.#onLoadFailed(error, token);
    }
    if (!signal.aborted) this.#hooks.flush();
  }

  async loadOlder(): Promise<void> {
    const core = this.#core;
    const { id, nextBefore } = core.state.conversation;
    if (nextBefore === null) return;
    const page = await core.transport.messages(core.credentials(), id, nextBefore, core.signal);
    if (core.state.conversation.id === id) core.converse(withOlderPage(core.state.conversation, page));
  }

  /** Another conversation takes the screen. */
  open(id: string): void {
    const { token } = this.#core.state.identity;
    this.#core.converse(emptyConversation(id, 'loading'));
    this.#show(id).then(this.#hooks.flush, (error: unknown) => this.#onLoadFailed(error, token));
  }

  /** Live events begin: what was stored after the last reading, and before them, is read now. */
  catchUp(): void {
    if (!this.#hasRead) return;
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
    const isNewest = conversation.stored.some(isSame) || !isBefore(message, conversation.stored.at(-1));
    const isInPlace = isNewest && this.#isQuiet();
    if (isInPlace) this.#core.converse(withMessage(conversation, message));
    // What is being read at this moment may be older.
    this.#isStale ||= !isInPlace || this.#reading > 0;
    this.#refresh();
  }

  #isQuiet(): boolean {
    const { conversation, outbox } = this.#core.state;
    return conversation.phase === 'idle' && conversation.history === 'ready' && outbox.length === 0;
  }

  #refresh(): void {
    if (!this.#isStale || this.#reading > 0 || !this.#isQuiet()) return;
    this.#isStale = false;
    // What could not be read now is there at the next load.
    this.#show(this.#core.state.conversation.id).catch(() => undefined);
  }

  #markReady(): void {
    const { conversation, agent, identity } = this.#core.state;
    const isDenied = agent?.access === 'verified-only' && identity.view.state !== 'verified';
    this.#core.update({
      conversation: { ...conversation, history: 'ready' },
      access: isDenied ? 'denied' : 'allowed',
    });
    this.#hooks.flush();
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
    this.#core.outbox({ type: 'move', from: this.#core.state.conversation.id, to });
    this.#core.converse(emptyConversation(to, history));
  }

  async #show(id: string): Promise<void> {
    const core = this.#core;
    const { signal } = core;
    this.#hasRead = true;
    const read = () => core.transport.messages(core.credentials(), id, undefined, signal);
    this.#reading += 1;
    const page = await withRetries(core, signal, read, maxLoadTries).finally(() => (this.#reading -= 1));
    if (core.state.conversation.id !== id) return;
    core.converse(withNewestPage(core.state.conversation, page));
    const last = page.messages.at(-1);
    const mayRun = last !== undefined && (last.role === 'user' || last.metadata?.status === 'streaming');
    if (mayRun) this.#hooks.resume(core.thread);
  }

  #onLoadFailed(error: unknown, token: string | undefined): void {
    const core = this.#core;
    const isRefused = isUnauthorized(error);
    const isDenied = error instanceof TransportError && error.code === 'no_permission';
    // A token that is known to be refused is not renewed for this: its provider would be asked over and over.
    if (isRefused && core.state.identity.view.state === 'verified') this.#hooks.onUnauthorized(error, token);
    const isJudged = isRefused || isDenied;
    core.update({
      conversation: { ...core.state.conversation, history: isJudged ? 'ready' : 'failed' },
      access: isDenied ? 'denied' : core.state.access,
      failure: isJudged ? undefined : core.toFailure(error),
    });
  }
}

/** By the server's clock where both have it; what has no time is taken to be in its place. */
function isBefore(message: ChatMessage, other: ChatMessage | undefined): boolean {
  const [time, otherTime] = [message.metadata?.createdAt, other?.metadata?.createdAt];
  return time !== undefined && otherTime !== undefined && time < otherTime;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
