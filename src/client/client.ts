import { textOf } from '../protocol/index.ts';
import { emptyConversation } from './conversation.ts';
import { createCore, type Core, type CoreOptions } from './core.ts';
import { browserEnvironment, type Environment } from './environment.ts';
import { createHistory } from './history.ts';
import { createIdentification } from './identification.ts';
import type { IdentityEffect } from './identity.ts';
import { createMessaging } from './messaging.ts';
import { backOff, isPassing, withRetries } from './retry.ts';
import type { Credentials } from './transport.ts';
import { ChatError, type ChatClient } from './types.ts';

export type ChatClientOptions = Omit<CoreOptions, 'environment'> & {
  /** Default: the browser's. */
  readonly environment?: Environment | undefined;
};

/**
 * The headless client: identity, outbox, transport, live events. Draws nothing.
 *
 * @param options.server origin of the chat server, such as `https://chat.example.com`
 * @param options.agentId the agent to talk to
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  const core = createCore({ ...options, environment: options.environment ?? browserEnvironment() });
  const identification = createIdentification(core, onEffects);
  const messaging = createMessaging(core, {
    onUnauthorized: identification.onUnauthorized,
    onEnded: identification.onEnded,
    onMessage(conversationId, message) {
      history.receive(conversationId, message);
      if (message.role === 'assistant') reading.received(message.id);
    },
  });
  const history = createHistory(core, messaging, identification.onUnauthorized);
  const reading = createReading(core);
  const tabs = core.environment.channel(core.name, (message) => {
    if ((message as { type?: unknown } | null)?.type === 'logout') leave();
  });
  let isLoaded = false;

  function onEffects(effects: readonly IdentityEffect[]): void {
    if (effects.includes('wipe')) {
      messaging.dropWaiters();
      messaging.unlisten();
    }
    if (effects.includes('adopt')) {
      const { view, who } = core.state.identity;
      if (view.state === 'verified') {
        core.outbox({ type: 'keep', who });
        core.outbox({ type: 'identity-renewed' });
        messaging.unlisten();
        messaging.listen();
      }
      if (isLoaded || view.state === 'verified') void history.adopt();
    }
    if (effects.includes('flush')) {
      core.outbox({ type: 'identity-renewed' });
      messaging.listen();
      messaging.flush();
    }
  }

  /** Everything of the present identity leaves this page, at once. */
  function leave(): void {
    identification.forget();
    identification.dispatch({ type: 'logout' });
  }

  function load(): void {
    const isFailed = core.state.conversation.history === 'failed';
    if (!isLoaded || core.state.agent === undefined) void loadAgent(core);
    if (isLoaded && !isFailed) return;
    isLoaded = true;
    core.update({ failure: undefined });
    if (core.session.exists() || core.state.identity.token !== undefined) messaging.listen();
    messaging.prepare();
    if (core.state.identity.view.state !== 'verifying') void history.adopt();
  }

  return {
    get snapshot() {
      return core.snapshot;
    },
    subscribe: core.subscribe,
    onTextDelta: core.onTextDelta,
    identify: identification.identify,
    async logout() {
      const hadSomething = core.state.identity.token !== undefined || core.session.exists();
      const credentials = core.credentials();
      leave();
      core.session.rotate();
      tabs.post({ type: 'logout' });
      if (hadSomething) await confirmLogout(core, credentials);
    },
    async send(text) {
      const { agent } = core.state;
      if (text.trim() === '') throw new ChatError('not_sent', 'An empty message is not sent.');
      if (!core.emit('message-sending', { text })) throw new ChatError('not_sent', 'The page kept this message.');
      fallBack(core, agent?.features['anonymousFallback'] === true, () => identification.dispatch({ type: 'fall-back' }));
      const sent = messaging.send(text);
      messaging.listen();
      await sent;
    },
    retry(messageId) {
      core.outbox({ type: 'retry', id: messageId });
      messaging.flush();
    },
    discard: messaging.discard,
    regenerate: messaging.regenerate,
    stop() {
      void core.transport.stop(core.credentials(), core.state.conversation.id, core.signal).catch(() => undefined);
    },
    loadOlder: history.loadOlder,
    newConversation: () => core.update({ conversation: emptyConversation(core.environment.uuid()), failure: undefined }),
    openConversation: history.open,
    requestSignIn: () => void core.emit('sign-in-requested', {}),
    update({ metadata, userName, userEmail }) {
      if (metadata !== undefined) core.update({ metadata });
      if (userName !== undefined || userEmail !== undefined) {
        identification.dispatch({ type: 'self-report', name: userName || undefined, email: userEmail || undefined });
      }
    },
    load,
    attend: reading.attend,
    close() {
      identification.close();
      messaging.close();
      tabs.close();
      core.close();
    },
  };
}

/** The agent's name, greeting and limits. The chat works without them, so a failure only leaves the defaults. */
async function loadAgent(core: Core): Promise<void> {
  try {
    const agent = await withRetries(core, core.signal, () => core.transport.info(core.signal), 4);
    const { state } = core.state.identity.view;
    const isDenied = agent.access === 'verified-only' && (state === 'anonymous' || state === 'self-reported');
    core.update({ agent, access: isDenied ? 'denied' : core.state.access });
  } catch (error) {
    if (error instanceof ChatError) core.update({ failure: core.toFailure(error) });
  }
}

/** Until the server has answered, whatever it says: only then is the token surely dead. */
async function confirmLogout(core: Core, credentials: Credentials): Promise<void> {
  const { signal } = new AbortController();
  for (let attempt = 0; ; attempt++) {
    try {
      await core.transport.logout(credentials);
      return core.update({ connection: 'online' });
    } catch (error) {
      if (!isPassing(error)) return;
      await backOff(core, attempt, signal);
    }
  }
}

/** Where the agent talks to anybody, a visitor whose sign-in has ended goes on as one: in a conversation of its own. */
function fallBack(core: Core, isAllowed: boolean, go: () => void): void {
  const { view, subject } = core.state.identity;
  const hasEnded = view.state === 'expired' || view.state === 'rejected';
  if (isAllowed && hasEnded && subject !== undefined) go();
}

/** Unread or read: what arrives while nobody looks is counted, what somebody sees is marked. */
function createReading(core: Core) {
  let isOpen = false;
  let marked: string | undefined;
  const isSeen = () => isOpen && core.environment.visible();

  function mark(): void {
    const { conversation, unreadCount } = core.state;
    if (!isSeen()) return;
    if (unreadCount > 0) core.update({ unreadCount: 0 });
    const newest = conversation.stored.findLast(({ role, parts }) => role === 'assistant' && textOf({ parts }) !== '');
    if (newest === undefined || newest.id === marked || conversation.history !== 'ready') return;
    marked = newest.id;
    void core.transport
      .markRead(core.credentials(), conversation.id, newest.id, core.signal)
      .catch(() => undefined);
  }

  core.subscribe(({ reply }) => {
    if (isOpen && reply === 'idle') mark();
  });
  core.environment.onWake(mark);

  return {
    attend(open: boolean): void {
      isOpen = open;
      mark();
    },
    received(id: string): void {
      if (isSeen() || id === marked) return;
      core.update({ unreadCount: core.state.unreadCount + 1 });
    },
  };
}
