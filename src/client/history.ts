import { emptyConversation, withMessage, withNewestPage, withOlderPage } from './conversation.ts';
import type { Core } from './core.ts';
import { withRetries } from './retry.ts';
import { TransportError } from './transport.ts';

/** After this many tries the visitor is asked whether to go on. */
const maxLoadTries = 4;

export type History = ReturnType<typeof createHistory>;

/** What the server has stored for the present identity: its conversations, and the messages of the one on the screen. */
export function createHistory(
  core: Core,
  messaging: { flush(): void; resume(thread: AbortSignal): void },
  onUnauthorized: (error: TransportError, token: string | undefined) => boolean,
) {
  /** Loads what belongs to the present identity: the conversation on the screen where it is its own, else its newest. */
  async function adopt(): Promise<void> {
    const { signal } = core;
    const token = core.state.identity.token;
    const { conversation } = core.state;
    if (!core.session.exists() && token === undefined) return markReady();
    core.converse({ ...conversation, history: 'loading' });
    try {
      const { conversations } = await withRetries(
        core,
        signal,
        () => core.transport.conversations(core.credentials(), signal),
        maxLoadTries,
      );
      core.update({ conversations, access: 'allowed', unreadCount: sum(conversations.map((row) => row.unreadCount)) });
      const isOurs = conversations.some(({ id }) => id === conversation.id);
      const newest = conversations[0]?.id;
      if (isOurs) await show(conversation.id, signal);
      else if (newest !== undefined) await takeUp(newest, signal);
      else core.converse(conversation.stored.length > 0 ? renamed(conversation.id) : { ...conversation, history: 'ready' });
    } catch (error) {
      if (signal.aborted) return;
      onLoadFailed(error, token);
    }
    if (!signal.aborted) messaging.flush();
  }

  function markReady(): void {
    const { conversation, agent, identity } = core.state;
    const isDenied = agent?.access === 'verified-only' && identity.view.state !== 'verified';
    core.update({ conversation: { ...conversation, history: 'ready' }, access: isDenied ? 'denied' : 'allowed' });
    messaging.flush();
  }

  /** What was typed before the history had come goes into the conversation that it belongs to. */
  async function takeUp(id: string, signal: AbortSignal): Promise<void> {
    core.outbox({ type: 'move', from: core.state.conversation.id, to: id });
    core.converse(emptyConversation(id, 'loading'));
    await show(id, signal);
  }

  function renamed(from: string) {
    const id = core.environment.uuid();
    core.outbox({ type: 'move', from, to: id });
    return emptyConversation(id);
  }

  async function show(id: string, signal: AbortSignal): Promise<void> {
    const page = await withRetries(
      core,
      signal,
      () => core.transport.messages(core.credentials(), id, undefined, signal),
      maxLoadTries,
    );
    if (core.state.conversation.id !== id) return;
    core.converse(withNewestPage(core.state.conversation, page));
    const last = page.messages.at(-1);
    const mayRun = last !== undefined && (last.role === 'user' || last.metadata?.status === 'streaming');
    if (mayRun) messaging.resume(core.thread);
  }

  function onLoadFailed(error: unknown, token: string | undefined): void {
    const isRefused = error instanceof TransportError && error.status === 401;
    const isDenied = error instanceof TransportError && error.code === 'no_permission';
    if (isRefused) onUnauthorized(error, token);
    const { conversation } = core.state;
    const history = isRefused || isDenied ? 'ready' : 'failed';
    core.update({
      conversation: { ...conversation, history },
      access: isDenied ? 'denied' : core.state.access,
      failure: isRefused || isDenied ? undefined : core.toFailure(error),
    });
  }

  return {
    adopt,
    async loadOlder(): Promise<void> {
      const { signal } = core;
      const { id, nextBefore } = core.state.conversation;
      if (nextBefore === null) return;
      const page = await core.transport.messages(core.credentials(), id, nextBefore, signal);
      if (core.state.conversation.id === id) core.converse(withOlderPage(core.state.conversation, page));
    },
    open(id: string): void {
      core.converse(emptyConversation(id, 'loading'));
      show(id, core.signal).catch((error: unknown) => onLoadFailed(error, core.state.identity.token));
    },
    /** A message that arrived elsewhere: another tab, another device. */
    receive(conversationId: string, message: Parameters<typeof withMessage>[1]): void {
      const { conversation, outbox } = core.state;
      const isSame = ({ id }: { id: string }) => id === message.id;
      const isOwn = message.role === 'user' && conversation.stored.some(isSame);
      const isKnown = isOwn || conversation.reply?.message.id === message.id || outbox.some(isSame);
      if (conversation.id !== conversationId || conversation.history !== 'ready' || isKnown) return;
      core.converse(withMessage(conversation, message));
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
