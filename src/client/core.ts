import type { AgentInfo, ConversationSummary, IdentityReason, SendMetadata } from '../protocol/index.ts';
import { emptyConversation, viewMessages, type Conversation } from './conversation.ts';
import type { Environment } from './environment.ts';
import { anonymous, nextIdentity, type Identity, type IdentityEffect, type IdentityEvent } from './identity.ts';
import { decodeOutbox, nextOutbox, type Outbox, type OutboxEvent } from './outbox.ts';
import { Logouts } from './logouts.ts';
import { createSession, type Session } from './session.ts';
import { Transport, TransportError, type Credentials } from './transport.ts';
import type { ChatSnapshot, ClientEvents, Failure, TextDelta } from './types.ts';

export type State = {
  readonly identity: Identity;
  readonly outbox: Outbox;
  readonly conversation: Conversation;
  readonly agent: AgentInfo | undefined;
  readonly conversations: readonly ConversationSummary[];
  readonly connection: ChatSnapshot['connection'];
  readonly access: ChatSnapshot['access'];
  readonly failure: Failure | undefined;
  readonly unreadCount: number;
  readonly signInRequested: boolean;
  readonly metadata: SendMetadata;
};

export type Emit = <Name extends keyof ClientEvents>(name: Name, detail: ClientEvents[Name]) => boolean;

export type CoreOptions = {
  readonly server: string;
  readonly agentId: string;
  readonly environment: Environment;
  readonly metadata?: SendMetadata | undefined;
  /** Told of every event; false keeps a message from being sent. */
  readonly onEvent?: Emit | undefined;
};

/** State, and the one way to change it: what all parts of the client share. */
export class Core {
  readonly name: string;
  readonly server: string;
  readonly environment: Environment;
  readonly session: Session;
  readonly transport: Transport;
  readonly logouts: Logouts;
  /** Told when the server went on without the token of a request (policy `anonymous`). */
  onTokenRefused: (token: string, reason: IdentityReason) => void = () => {};

  readonly #onEvent: Emit | undefined;
  readonly #listeners = new Set<(snapshot: ChatSnapshot) => void>();
  readonly #deltaListeners = new Set<(delta: TextDelta) => void>();
  readonly #lifetime = new AbortController();
  #epoch = new AbortController();
  #thread = new AbortController();
  #state: State;
  #snapshot: ChatSnapshot | undefined;

  readonly #unwake: () => void;

  constructor({ server, agentId, environment, metadata, onEvent }: CoreOptions) {
    this.name = `chat-widget ${server} ${agentId}`;
    this.server = server;
    this.environment = environment;
    this.session = createSession(environment, `${this.name} session`);
    // Before all others that a waking page calls: what is not to be seen any more must not go out either.
    this.logouts = new Logouts(environment, this.name);
    this.transport = new Transport(`${server}/v1/agents/${encodeURIComponent(agentId)}`, environment, (token, reason) =>
      this.onTokenRefused(token, reason),
    );
    this.#onEvent = onEvent;
    const outbox = this.#restoreOutbox();
    this.#state = {
      ...blank(environment.uuid()),
      access: 'allowed',
      identity: anonymous,
      outbox,
      conversation: emptyConversation(outbox[0]?.conversationId ?? environment.uuid()),
      agent: undefined,
      connection: 'online',
      metadata: metadata ?? {},
    };
    this.#unwake = environment.onWake(() => this.#noteConnection());
  }

  get state(): State {
    return this.#state;
  }

  get snapshot(): ChatSnapshot {
    return (this.#snapshot ??= toSnapshot(this.#state));
  }

  /** Aborted when the client is closed. */
  get lifetime(): AbortSignal {
    return this.#lifetime.signal;
  }

  /** Aborted with the epoch: what was begun in it ends without a trace. */
  get signal(): AbortSignal {
    return this.#epoch.signal;
  }

  /** Aborted with the epoch and whenever another conversation takes the screen. */
  get thread(): AbortSignal {
    return this.#thread.signal;
  }

  readonly emit: Emit = (name, detail) => this.#onEvent?.(name, detail) ?? true;

  subscribe(listener: (snapshot: ChatSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onTextDelta(listener: (delta: TextDelta) => void): () => void {
    this.#deltaListeners.add(listener);
    return () => void this.#deltaListeners.delete(listener);
  }

  update(change: Partial<State>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    this.#snapshot = undefined;
    const { conversation, outbox, unreadCount } = this.#state;
    if (conversation.id !== before.conversation.id) this.#beginThread();
    if (outbox !== before.outbox) this.#persistOutbox(outbox);
    for (const listener of this.#listeners) listener(this.snapshot);
    if (unreadCount !== before.unreadCount) this.emit('unread-changed', { count: unreadCount });
  }

  outbox(event: OutboxEvent): void {
    this.update({ outbox: nextOutbox(this.#state.outbox, event) });
  }

  converse(conversation: Conversation): void {
    this.update({ conversation });
  }

  /** Grows the reply by text alone: no new snapshot, only the delta goes out. */
  grow(conversation: Conversation, delta: TextDelta): void {
    this.#state = { ...this.#state, conversation };
    this.#snapshot = undefined;
    for (const listener of this.#deltaListeners) listener(delta);
  }

  /** Takes an identity event. The screen is as the new identity may see it before this returns. */
  identify(event: IdentityEvent): readonly IdentityEffect[] {
    const before = this.#state.identity;
    const { identity, effects } = nextIdentity(before, event);
    // Pages get to see it, and must not be able to change it.
    Object.freeze(identity.view);
    const isNewEpoch = identity.epoch !== before.epoch;
    if (isNewEpoch) {
      this.#epoch.abort();
      this.#epoch = new AbortController();
      this.#beginThread();
    }
    const access = accessOf(identity, this.#state.agent);
    const wiped = effects.includes('wipe') && { ...blank(this.environment.uuid()), access };
    this.update({ identity, ...(wiped || (isNewEpoch && interrupted(this.#state))) });
    const { view } = identity;
    if (!isSameView(before, identity)) {
      this.emit('identity-changed', { state: view.state, ...('reason' in view ? { reason: view.reason } : {}) });
    }
    return effects;
  }

  /** Something that concerns the whole chat went wrong: the visitor and the page are told. */
  fail(failure: Failure): void {
    this.update({ failure });
    this.emit('failed', { code: failure.code, retryable: failure.retryable });
  }

  /** Who a request goes out as. A visitor whom another tab has logged out does not: the signal of the request is aborted then. */
  credentials(): Credentials {
    this.logouts.check();
    const { token, view } = this.#state.identity;
    const source = view.state === 'verified' || view.state === 'self-reported' ? view.state : 'anonymous';
    return { token, session: this.session.secret(), source };
  }

  toFailure(error: unknown): Failure {
    return toFailure(error, this.environment.now());
  }

  close(): void {
    this.#unwake();
    this.logouts.close();
    for (const controller of [this.#lifetime, this.#epoch, this.#thread]) controller.abort();
    this.#listeners.clear();
    this.#deltaListeners.clear();
  }

  /** A visitor who does nothing learns of a lost connection too; whoever is busy with one says how it goes. */
  #noteConnection(): void {
    const isOnline = this.environment.online();
    const { connection } = this.#state;
    if (!isOnline) this.update({ connection: 'offline' });
    else if (connection === 'offline') this.update({ connection: 'online' });
  }

  #beginThread(): void {
    this.#thread.abort();
    this.#thread = new AbortController();
  }

  get #outboxKey(): string {
    return `${this.name} outbox`;
  }

  #persistOutbox(outbox: Outbox): void {
    if (outbox.length === 0) this.environment.tab.remove(this.#outboxKey);
    else this.environment.tab.set(this.#outboxKey, `${this.logouts.seen} ${JSON.stringify(outbox)}`);
  }

  /** What an earlier page of this tab left, unless somebody has logged out since: then it goes. */
  #restoreOutbox(): Outbox {
    const { tab } = this.environment;
    const stored = tab.get(this.#outboxKey) ?? '';
    const at = stored.indexOf(' ');
    if (stored.slice(0, at) === `${this.logouts.seen}`) return decodeOutbox(stored.slice(at + 1));
    tab.remove(this.#outboxKey);
    return [];
  }
}

/** Whether somebody new may talk to the agent, as far as is known here: who is being verified gets the benefit of the doubt. */
function accessOf({ view }: Identity, agent: AgentInfo | undefined): State['access'] {
  const isWelcome = view.state === 'verified' || view.state === 'verifying';
  return agent?.access === 'verified-only' && !isWelcome ? 'denied' : 'allowed';
}

/** Nothing of anybody: what a switch and a logout leave. */
function blank(conversationId: string) {
  return {
    outbox: [],
    conversation: emptyConversation(conversationId),
    conversations: [],
    failure: undefined,
    unreadCount: 0,
    signInRequested: false,
  } as const;
}

/** The visitor stays and signs in: what ran under the old epoch is not followed any more. */
function interrupted(state: State): Partial<State> {
  const { conversation } = state;
  return {
    outbox: nextOutbox(state.outbox, { type: 'interrupted' }),
    conversation: { ...conversation, reply: undefined, lastFrameId: undefined, phase: 'idle' },
    failure: undefined,
  };
}

function toSnapshot(state: State): ChatSnapshot {
  const { identity, conversation } = state;
  return Object.freeze({
    agent: state.agent,
    identity: identity.view,
    epoch: identity.epoch,
    conversationId: conversation.id,
    messages: viewMessages(conversation, state.outbox, identity.who),
    history: conversation.history,
    hasOlder: conversation.nextBefore !== null,
    conversations: state.conversations,
    reply: conversation.phase,
    connection: state.connection,
    access: state.access,
    failure: state.failure,
    unreadCount: state.unreadCount,
    signInRequested: state.signInRequested,
  });
}

function isSameView({ view: a }: Identity, { view: b }: Identity): boolean {
  return (
    a.state === b.state &&
    (a.state !== 'rejected' || b.state !== 'rejected' || a.reason === b.reason) &&
    (a.state !== 'verified' || b.state !== 'verified' || a.subject === b.subject)
  );
}

function toFailure(error: unknown, now: number): Failure {
  if (!(error instanceof TransportError)) return { code: 'internal', retryable: true };
  return {
    code: error.code as Failure['code'],
    retryable: error.retryable,
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    ...(error.retryAfterMs === undefined ? {} : { retryAt: now + error.retryAfterMs }),
  };
}
