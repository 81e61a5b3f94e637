import { emptyConversation } from './conversation.ts';
import { accessOf, Core, type CoreOptions, type EndpointOptions, type ServerOptions } from './core.ts';
import { browserEnvironment, type Environment } from './environment.ts';
import type { Extras } from './extras.ts';
import { Identification } from './identification.ts';
import type { IdentityEffect } from './identity.ts';
import { Messaging } from './messaging.ts';
import { draftOf, notesFor, withDraft } from './notes.ts';
import { backOff, isPassing, withRetries } from './retry.ts';
import type { Credentials } from './transport.ts';
import {
  ChatError,
  type ChatClient,
  type FormValues,
  type IdentityState,
  type SendOptions,
  type TokenSource,
} from './types.ts';

export type ChatClientOptions = (ServerOptions | EndpointOptions) & {
  readonly metadata?: CoreOptions['metadata'];
  readonly onEvent?: CoreOptions['onEvent'];
  /** Default: the browser's. */
  readonly environment?: Environment | undefined;
};

/**
 * The headless client: identity, outbox, transport, live events. Draws nothing.
 *
 * @param options.server origin of the chat server, such as `https://chat.example.com`
 * @param options.agentId the agent to talk to
 * @param options.endpoint instead of both: a backend of the page's own (docs/other-backends.md)
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return new Client(new Core({ ...options, environment: options.environment ?? browserEnvironment() }));
}

class Client implements ChatClient {
  readonly #core: Core;
  readonly #identification: Identification;
  readonly #messaging: Messaging;
  #isLoaded = false;
  #isLoadingAgent = false;
  /** The identity whose history was loaded, or is about to be. */
  #adoptedEpoch: number | undefined;

  constructor(core: Core) {
    this.#core = core;
    this.#identification = new Identification(
      core,
      (effects) => this.#onEffects(effects),
      () => void this.logout(),
    );
    const identification = this.#identification;
    this.#messaging = new Messaging(core, {
      onUnauthorized: (error, token) => identification.onUnauthorized(error, token),
      onEnded: (state, token) => identification.onEnded(state, token),
    });
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
    core.environment.shared.remove(core.consentKey);
    core.logouts.tell();
    this.#leave();
    if (hadSomething) await confirmLogout(core, credentials);
  }

  async send(text: string, { attachments = [] }: SendOptions = {}): Promise<void> {
    this.#askPage(text, attachments.length > 0);
    // A file is its owner's, and what it was attached to as well.
    if (attachments.length === 0 || this.#core.state.identity.subject === undefined) this.#fallBack();
    this.#setDraft(this.#core.state.conversation.id, '');
    const sent = this.#messaging.send(text, attachments.length > 0 ? { attachments } : {});
    this.#messaging.listen();
    await sent;
  }

  async editLast(messageId: string, text: string): Promise<void> {
    this.#askPage(text);
    // Of somebody's conversation nothing is edited as nobody.
    if (this.#core.state.identity.subject === undefined) this.#fallBack();
    await this.#messaging.ask(({ delivery }) => delivery.edit(messageId, text));
  }

  retry(messageId: string): void {
    this.#core.outbox({ type: 'retry', id: messageId });
    this.#messaging.flush();
  }

  discard(messageId: string): string {
    return this.#messaging.discard(messageId);
  }

  regenerate(messageId: string): void {
    this.#messaging.use(({ delivery }) => void delivery.regenerate(messageId));
  }

  answerApproval(approvalId: string, approved: boolean): void {
    this.#messaging.use(({ delivery }) => void delivery.answerApproval(approvalId, approved));
  }

  stop(): void {
    const core = this.#core;
    const { id } = core.state.conversation;
    this.#messaging.use(({ delivery }) => delivery.stop(id));
  }

  loadOlder(): Promise<void> {
    return this.#messaging.ask(({ history }) => history.loadOlder());
  }

  newConversation(): void {
    this.#core.update({ conversation: emptyConversation(this.#core.environment.uuid()), failure: undefined });
  }

  openConversation(id: string): void {
    this.#core.converse(emptyConversation(id, 'loading'));
    this.#messaging.use(({ history }) => history.open(id));
  }

  readonly feedback: ChatClient['feedback'] = (...args) => this.#extra((extras) => extras.feedback(...args));
  readonly renameConversation: ChatClient['renameConversation'] = (...args) =>
    this.#extra((extras) => extras.renameConversation(...args));
  readonly searchConversations: ChatClient['searchConversations'] = (...args) =>
    this.#extra((extras) => extras.searchConversations(...args));
  readonly allMessages: ChatClient['allMessages'] = (...args) => this.#extra((extras) => extras.allMessages(...args));
  readonly attach: ChatClient['attach'] = (...args) => this.#extra((extras) => extras.attach(...args));
  readonly detach: ChatClient['detach'] = (...args) => this.#extra((extras) => extras.detach(...args));
  readonly readAttachment: ChatClient['readAttachment'] = (...args) =>
    this.#extra((extras) => extras.readAttachment(...args));

  typing(isTyping: boolean): void {
    if (this.snapshot.handoff?.state !== 'active') return;
    this.#extra(async (extras) => extras.typing(isTyping)).catch(() => undefined);
  }

  draft(conversationId: string): string {
    const core = this.#core;
    core.logouts.check();
    return draftOf(core.state.notes, this.#draftKey(conversationId), core.state.identity.who);
  }

  keepDraft(conversationId: string, text: string): void {
    this.#core.logouts.check();
    const { conversation, conversations } = this.#core.state;
    // What comes late is of a visitor who is gone, and so is their conversation.
    const isHere = conversation.id === conversationId || conversations.some(({ id }) => id === conversationId);
    if (isHere) this.#setDraft(conversationId, text);
  }

  acceptConsent(): void {
    this.#core.logouts.check();
    this.#messaging.use(({ gatekeeper }) => gatekeeper.acceptConsent());
  }

  submitForm(values: FormValues): void {
    this.#messaging.use(({ gatekeeper }) => gatekeeper.submitForm(values));
  }

  requestSignIn(): void {
    this.#core.emit('sign-in-requested', {});
  }

  update({ metadata, userName, userEmail }: Parameters<ChatClient['update']>[0]): void {
    if (metadata !== undefined) this.#core.update({ metadata });
    if (userName === undefined && userEmail === undefined) return;
    const { form } = this.#core.state.notes;
    const [name, email] = [form?.name || userName || undefined, form?.email || userEmail || undefined];
    this.#identification.dispatch({ type: 'self-report', name, email });
  }

  load(): void {
    const core = this.#core;
    core.logouts.check();
    const { conversation, identity } = core.state;
    void this.#loadAgent();
    if (this.#isLoaded && conversation.history !== 'failed') return;
    this.#isLoaded = true;
    core.update({ failure: undefined });
    const isKnown = core.session.exists() || identity.token !== undefined;
    if (isKnown && identity.view.state !== 'verifying') this.#messaging.listen();
    this.#messaging.use(() => undefined);
    const isAdopted = this.#adoptedEpoch === identity.epoch && conversation.history !== 'failed';
    if (identity.view.state !== 'verifying' && !isAdopted) this.#adopt();
  }

  attend(isOpen: boolean): void {
    this.#messaging.use(({ reading }) => reading.attend(isOpen));
  }

  close(): void {
    this.#identification.close();
    this.#messaging.close();
    this.#core.close();
  }

  #onEffects(effects: readonly IdentityEffect[]): void {
    // Whether the chat goes on without who was refused, the agent says; it may have been out of reach so far.
    if (this.#hasEnded || this.#isLoaded) void this.#loadAgent();
    const { view, who } = this.#core.state.identity;
    const isVerified = view.state === 'verified' || view.state === 'forwarded';
    if (effects.includes('wipe')) {
      this.#messaging.dropWaiters();
      this.#messaging.unlisten();
    }
    if (effects.includes('adopt') && isVerified) {
      this.#core.outbox({ type: 'keep', who });
      this.#core.note(notesFor(this.#core.state.notes, who));
      this.#messaging.unlisten();
    }
    if (isVerified && (effects.includes('adopt') || effects.includes('flush'))) {
      this.#core.outbox({ type: 'identity-renewed' });
      this.#messaging.listen();
    }
    if (effects.includes('flush')) this.#messaging.flush();
    if (!effects.includes('adopt')) return;
    // No token came in the end, or who asked just now has learned of a logout: the session's events are followed.
    const isNobody = this.#core.state.identity.token === undefined;
    if (this.#isLoaded && isNobody && this.#core.session.exists()) this.#messaging.listen();
    if (this.#isLoaded || isVerified) this.#adopt();
  }

  /** Loads what the server has for this identity. A fresh visitor has nothing, and waits for nothing. */
  #adopt(): void {
    const core = this.#core;
    const { agent, conversation, identity } = core.state;
    const { epoch, token } = identity;
    this.#adoptedEpoch = epoch;
    const isKnown = core.session.exists() || token !== undefined;
    core.update({
      conversation: { ...conversation, history: isKnown ? 'loading' : 'ready' },
      ...(!isKnown && { access: accessOf(identity, agent) }),
    });
    if (!isKnown) return this.#messaging.flush();
    this.#messaging.use(({ history }) => {
      if (core.state.identity.epoch === epoch) void history.adopt(conversation.id);
    });
  }

  #setDraft(conversationId: string, text: string): void {
    const { notes, identity } = this.#core.state;
    this.#core.note(withDraft(notes, this.#draftKey(conversationId), text, identity.who));
  }

  /** A conversation that has not begun has another id after a reload. */
  #draftKey(id: string): string {
    const { conversation, outbox } = this.#core.state;
    const isSilent = conversation.stored.length === 0 && !outbox.some((entry) => entry.conversationId === id);
    return conversation.isNew && isSilent && conversation.id === id ? '' : id;
  }

  async #extra<T>(work: (extras: Extras) => Promise<T>): Promise<T> {
    const { signal, state } = this.#core;
    const extras = await this.#messaging.extras();
    // What was begun while a token was judged is its owner's, or is not done.
    const isRefused = state.identity.view.state === 'verifying' && /^[are]/.test(this.snapshot.identity.state);
    if (signal.aborted || isRefused) throw new ChatError('superseded', 'The visitor changed before this was done.');
    return work(extras);
  }

  /** @throws ChatError where there is nothing to send, or a listener of the page's has kept the message back */
  #askPage(text: string, mayBeEmpty = false): void {
    if (!mayBeEmpty && text.trim() === '') throw new ChatError('not_sent', 'An empty message is not sent.');
    if (!this.#core.emit('message-sending', { text })) throw new ChatError('not_sent', 'The page kept this message.');
  }

  /** The agent's name, greeting and limits. The chat works without them, so a failure only leaves the defaults. */
  async #loadAgent(): Promise<void> {
    const core = this.#core;
    if (this.#isLoadingAgent || core.state.agent !== undefined) return;
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

  /** The sign-in has ended, or never was one. Nothing goes out as theirs until the page says again who it is. */
  get #hasEnded(): boolean {
    const { view, who, subject } = this.#core.state.identity;
    return (view.state === 'expired' || view.state === 'rejected') && (who ?? subject) !== undefined;
  }

  /** Where the agent talks to anybody, a visitor whose sign-in has ended goes on as one: in a conversation of its own. */
  #fallBack(): void {
    const isAllowed = this.#core.state.agent?.features['anonymousFallback'] === true;
    if (isAllowed && this.#hasEnded) this.#identification.dispatch({ type: 'fall-back' });
  }
}

/**
 * Until the server has answered, whatever it says: only then is the token surely dead. A page that is left is hidden by
 * that, and so tries once more at once; the next one cannot, since no token is kept for it.
 */
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
