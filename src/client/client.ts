import { emptyConversation } from './conversation.ts';
import { Core, type CoreOptions } from './core.ts';
import { browserEnvironment, type Environment } from './environment.ts';
import { History } from './history.ts';
import { Identification } from './identification.ts';
import type { IdentityEffect } from './identity.ts';
import { Messaging } from './messaging.ts';
import { Reading } from './reading.ts';
import { backOff, isPassing, withRetries } from './retry.ts';
import type { Credentials } from './transport.ts';
import { ChatError, type ChatClient, type IdentityState, type TokenSource } from './types.ts';

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
  return new Client(new Core({ ...options, environment: options.environment ?? browserEnvironment() }));
}

class Client implements ChatClient {
  readonly #core: Core;
  readonly #identification: Identification;
  readonly #messaging: Messaging;
  readonly #history: History;
  readonly #reading: Reading;
  #isLoaded = false;
  #isLoadingAgent = false;
  /** The identity whose history was loaded, or is about to be. */
  #adoptedEpoch: number | undefined;

  constructor(core: Core) {
    this.#core = core;
    this.#identification = new Identification(core, (effects) => this.#onEffects(effects));
    const identification = this.#identification;
    this.#messaging = new Messaging(core, {
      onUnauthorized: (error, token) => identification.onUnauthorized(error, token),
      onEnded: (state, token) => identification.onEnded(state, token),
      onOpen: () => this.#history.catchUp(),
      onMessage: (conversationId, message) => {
        this.#history.receive(conversationId, message);
        if (message.role === 'assistant') this.#reading.received(message.id);
      },
    });
    this.#history = new History(core, {
      flush: () => this.#messaging.flush(),
      resume: (thread) => this.#messaging.resume(thread),
      onUnauthorized: (error, token) => identification.onUnauthorized(error, token),
    });
    this.#reading = new Reading(core);
    core.logouts.onLogout = () => this.#followLogout();
  }

  get snapshot() {
    return this.#core.snapshot;
  }

  subscribe(listener: Parameters<ChatClient['subscribe']>[0]): () => void {
    return this.#core.subscribe(listener);
  }

  onTextDelta(listener: Parameters<ChatClient['onTextDelta']>[0]): () => void {
    return this.#core.onTextDelta(listener);
  }

  identify(source: TokenSource): Promise<IdentityState> {
    return this.#identification.identify(source);
  }

  async logout(): Promise<void> {
    const core = this.#core;
    core.logouts.check();
    const hadSomething = core.state.identity.token !== undefined || core.session.exists();
    const credentials = core.credentials();
    // First, since the page may answer the event of the logout with the next visitor's token.
    core.session.rotate();
    core.logouts.tell();
    this.#leave();
    if (hadSomething) await confirmLogout(core, credentials);
  }

  async send(text: string): Promise<void> {
    if (text.trim() === '') throw new ChatError('not_sent', 'An empty message is not sent.');
    if (!this.#core.emit('message-sending', { text })) throw new ChatError('not_sent', 'The page kept this message.');
    this.#fallBack();
    const sent = this.#messaging.send(text);
    this.#messaging.listen();
    await sent;
  }

  retry(messageId: string): void {
    this.#core.outbox({ type: 'retry', id: messageId });
    this.#messaging.flush();
  }

  discard(messageId: string): string {
    return this.#messaging.discard(messageId);
  }

  regenerate(messageId: string): void {
    this.#messaging.regenerate(messageId);
  }

  answerApproval(approvalId: string, approved: boolean): void {
    this.#messaging.answerApproval(approvalId, approved);
  }

  stop(): void {
    const core = this.#core;
    void core.transport.stop(core.credentials(), core.state.conversation.id, core.signal).catch(() => undefined);
  }

  loadOlder(): Promise<void> {
    return this.#history.loadOlder();
  }

  newConversation(): void {
    this.#core.update({ conversation: emptyConversation(this.#core.environment.uuid()), failure: undefined });
  }

  openConversation(id: string): void {
    this.#history.open(id);
  }

  requestSignIn(): void {
    this.#core.emit('sign-in-requested', {});
  }

  update({ metadata, userName, userEmail }: Parameters<ChatClient['update']>[0]): void {
    if (metadata !== undefined) this.#core.update({ metadata });
    if (userName === undefined && userEmail === undefined) return;
    this.#identification.dispatch({ type: 'self-report', name: userName || undefined, email: userEmail || undefined });
  }

  load(): void {
    const core = this.#core;
    core.logouts.check();
    const { agent, conversation, identity } = core.state;
    if (agent === undefined && !this.#isLoadingAgent) void this.#loadAgent();
    if (this.#isLoaded && conversation.history !== 'failed') return;
    this.#isLoaded = true;
    core.update({ failure: undefined });
    const isKnown = core.session.exists() || identity.token !== undefined;
    if (isKnown && identity.view.state !== 'verifying') this.#messaging.listen();
    this.#messaging.prepare();
    const isAdopted = this.#adoptedEpoch === identity.epoch && conversation.history !== 'failed';
    if (identity.view.state !== 'verifying' && !isAdopted) this.#adopt();
  }

  attend(isOpen: boolean): void {
    this.#reading.attend(isOpen);
  }

  close(): void {
    this.#identification.close();
    this.#messaging.close();
    this.#reading.close();
    this.#core.close();
  }

  #onEffects(effects: readonly IdentityEffect[]): void {
    const { view, who, token } = this.#core.state.identity;
    const isVerified = view.state === 'verified';
    if (effects.includes('wipe')) {
      this.#messaging.dropWaiters();
      this.#messaging.unlisten();
    }
    if (effects.includes('adopt') && isVerified) {
      this.#core.outbox({ type: 'keep', who });
      this.#messaging.unlisten();
    }
    if (isVerified && (effects.includes('adopt') || effects.includes('flush'))) {
      this.#core.outbox({ type: 'identity-renewed' });
      this.#messaging.listen();
    }
    if (effects.includes('flush')) this.#messaging.flush();
    if (!effects.includes('adopt')) return;
    // No token came in the end: the session's events are followed.
    if (this.#isLoaded && token === undefined && this.#core.session.exists()) this.#messaging.listen();
    if (this.#isLoaded || isVerified) this.#adopt();
  }

  #adopt(): void {
    this.#adoptedEpoch = this.#core.state.identity.epoch;
    void this.#history.adopt();
  }

  /** The agent's name, greeting and limits. The chat works without them, so a failure only leaves the defaults. */
  async #loadAgent(): Promise<void> {
    const core = this.#core;
    this.#isLoadingAgent = true;
    try {
      const agent = await withRetries(core, core.lifetime, () => core.transport.info(core.lifetime), 4);
      const { state } = core.state.identity.view;
      const isDenied = agent.access === 'verified-only' && (state === 'anonymous' || state === 'self-reported');
      core.update({ agent, access: isDenied ? 'denied' : core.state.access });
    } catch (error) {
      if (!core.lifetime.aborted) core.fail(core.toFailure(error));
    }
    this.#isLoadingAgent = false;
  }

  /** Everything of the present identity leaves this page, at once. */
  #leave(): void {
    this.#identification.forget();
    this.#identification.dispatch({ type: 'logout' });
  }

  /** Another tab has logged out. The token of this one may be another of the same visitor: it has to end as well. */
  #followLogout(): void {
    const { environment, state } = this.#core;
    const { token } = state.identity;
    this.#leave();
    if (token === undefined) return;
    // Under a session of nobody: the one in the storage is the next visitor's by now.
    void confirmLogout(this.#core, { token, session: environment.secret(), source: 'anonymous' });
  }

  /** Where the agent talks to anybody, a visitor whose sign-in has ended goes on as one: in a conversation of its own. */
  #fallBack(): void {
    const { agent, identity } = this.#core.state;
    const hasEnded = identity.view.state === 'expired' || identity.view.state === 'rejected';
    if (agent?.features['anonymousFallback'] === true && hasEnded && identity.subject !== undefined) {
      this.#identification.dispatch({ type: 'fall-back' });
    }
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
