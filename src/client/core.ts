import type { AgentInfo, ConversationSummary, IdentityReason, SendMetadata } from '../protocol/index.ts';
import { emptyConversation, handoffOf, viewMessages, type Conversation } from './conversation.ts';
import type { Environment } from './environment.ts';
import { gateOf } from './gate.ts';
import { anonymous, nextIdentity, type Identity, type IdentityEffect, type IdentityEvent } from './identity.ts';
import { decodeNotes, noNotes, type Notes } from './notes.ts';
import { decodeOutbox, nextOutbox, type Outbox, type OutboxEvent } from './outbox.ts';
import { Logouts } from './logouts.ts';
import { toJson } from './to-json.ts';
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
  readonly notes: Notes;
};

/** `messages`: with `endpoint`, where no server keeps them. */
type Kept = 'outbox' | 'notes' | 'messages';

export type Emit = <Name extends keyof ClientEvents>(name: Name, detail: ClientEvents[Name]) => boolean;

/** An agent on our server. */
export type ServerOptions = {
  /** Origin of the chat server, such as `https://chat.example.com`. */
  readonly server: string;
  readonly agentId: string;
};

/** A backend of the page's own instead: docs/other-backends.md. */
export type EndpointOptions = {
  /** Address of its chat, absolute or from the page's. Counts where there is an agent as well. */
  readonly endpoint: string;
  /** What it speaks: `ai-sdk` (the AI SDK's UI message stream), `openai` (chat completions) or `ag-ui`. Default `ai-sdk`. */
  readonly endpointType?: string | undefined;
  /** The model that an `openai` endpoint is asked for. Default: none, for the endpoint to choose. */
  readonly endpointModel?: string | undefined;
  /** The agent's name, and its first words: what our server would say. */
  readonly agentName?: string | undefined;
  readonly greeting?: string | undefined;
};

export type CoreOptions = Partial<ServerOptions & EndpointOptions> & {
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
  /** Told when an endpoint has taken a message. */
  onTokenAccepted = () => {};
  /** Whether the server has ever answered. */
  isReached = false;
  /** Whether a person can take over, to whom the visitor writes then: on our server alone. */
  readonly hasPeople: boolean;

  readonly #onEvent: Emit | undefined;
  readonly #listeners = new Set<(snapshot: ChatSnapshot) => void>();
  readonly #deltaListeners = new Set<(delta: TextDelta) => void>();
  readonly #lifetime = new AbortController();
  #epoch = new AbortController();
  #thread = new AbortController();
  #state: State;
  #snapshot: ChatSnapshot | undefined;

  readonly #unwake: () => void;

  constructor(options: CoreOptions) {
    const { agentId = '', endpoint, environment, metadata, onEvent, server = '' } = options;
    this.server = endpoint ? new URL(endpoint, environment.pageUrl).href : server;
    this.name = `chat-widget ${this.server} ${agentId}`;
    this.hasPeople = !endpoint;
    this.environment = environment;
    this.session = createSession(environment, `${this.name} session`);
    // Before all others that a waking page calls: what is not to be seen any more must not go out either.
    this.logouts = new Logouts(environment, this.name);
    const base = `${this.server}/v1/agents/${encodeURIComponent(agentId)}`;
    const fetch: Environment['fetch'] = endpoint
      ? // Such a backend has a stand-in for our server before it, which keeps the visitor's messages in this tab.
        async (url, init) =>
          (await import('./endpoint/index.ts')).standIn(this, options, (url as string).slice(base.length), init)
      : environment.fetch;
    const noted: Environment['fetch'] = async (url, init) => {
      const response = await fetch(url, init);
      if (response.status < 500) this.#noteAnswer();
      return response;
    };
    this.transport = new Transport(base, { ...environment, fetch: noted }, (token, reason) =>
      this.onTokenRefused(token, reason),
    );
    this.#onEvent = onEvent;
    const outbox = decodeOutbox(this.restore('outbox'));
    const notes = decodeNotes(this.restore('notes'));
    this.#state = {
      ...blank(environment.uuid()),
      access: 'allowed',
      identity:
        notes.form === undefined ? anonymous : nextIdentity(anonymous, { type: 'self-report', ...notes.form }).identity,
      outbox,
      notes,
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
    return (this.#snapshot ??= toSnapshot(this));
  }

  get consentKey(): string {
    return `${this.name} consent`;
  }

  /** The version of the agent's terms that was agreed to in this browser since the last logout. */
  get acceptedConsent(): string | null {
    const [at, version = null] = (this.environment.shared.get(this.consentKey) ?? '').split(' ');
    return at === `${this.logouts.seen}` ? version : null;
  }

  /** Undefined where it has to be asked for again. */
  set acceptedConsent(version: string | undefined) {
    const { shared } = this.environment;
    if (version === undefined) shared.remove(this.consentKey);
    else shared.set(this.consentKey, `${this.logouts.seen} ${version}`);
    this.update({});
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
    const { conversation, notes, outbox, unreadCount } = this.#state;
    if (conversation.id !== before.conversation.id) this.#beginThread();
    if (outbox !== before.outbox) this.persist('outbox', outbox.length > 0 && outbox);
    if (notes !== before.notes) this.#persistNotes();
    for (const listener of this.#listeners) listener(this.snapshot);
    if (unreadCount !== before.unreadCount) this.emit('unread-changed', { count: unreadCount });
  }

  outbox(event: OutboxEvent): void {
    this.update({ outbox: nextOutbox(this.#state.outbox, event) });
  }

  converse(conversation: Conversation): void {
    this.update({ conversation });
  }

  /** Nobody draws these: no new snapshot. */
  note(notes: Notes): void {
    this.#state = { ...this.#state, notes };
    this.#persistNotes();
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
    // A sign-in that was ended elsewhere is a logout: whoever comes next is asked anew.
    if (event.type === 'refused' && effects.includes('wipe')) this.environment.shared.remove(this.consentKey);
    const wiped = effects.includes('wipe') && { ...blank(this.environment.uuid()), access };
    this.update({ identity, ...(wiped || (isNewEpoch && interrupted(this.#state))) });
    if (wiped) this.persist('messages', false);
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

  /**
   * Who a request goes out as. A visitor whom another tab has logged out does not: the signal of the request is aborted then.
   *
   * @param who whose it is; default: whose content the screen shows. With anybody the server refuses it where it cannot be theirs
   *   any more, rather than take it as nobody's.
   */
  credentials(who = this.#state.identity.subject): Credentials {
    this.logouts.check();
    const { token, view } = this.#state.identity;
    const unproven = view.state === 'self-reported' ? view.state : 'anonymous';
    const source = who === undefined ? unproven : 'verified';
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

  /** A refusal is an answer, too. */
  #noteAnswer(): void {
    const { connection, failure } = this.#state;
    const wasReached = this.isReached;
    this.isReached = true;
    if (connection === 'reconnecting') this.update({ connection: 'online' });
    if (!wasReached && failure?.code === 'network') this.update({ failure: undefined });
  }

  #beginThread(): void {
    this.#thread.abort();
    this.#thread = new AbortController();
  }

  #persistNotes(): void {
    const { notes } = this.#state;
    this.persist('notes', (notes.drafts.length > 0 || notes.form !== undefined) && notes);
  }

  /** In this tab, until the next logout. */
  persist(what: Kept, value: object | false): void {
    const key = `${this.name} ${what}`;
    if (value === false) this.environment.tab.remove(key);
    else this.environment.tab.set(key, `${this.logouts.seen} ${toJson(value)}`);
  }

  /** What an earlier page of this tab left, unless somebody has logged out since: then it goes. */
  restore(what: Kept): unknown {
    const { tab } = this.environment;
    const key = `${this.name} ${what}`;
    const stored = tab.get(key) ?? '';
    const at = stored.indexOf(' ');
    if (stored.slice(0, at) !== `${this.logouts.seen}`) {
      tab.remove(key);
      return undefined;
    }
    try {
      return JSON.parse(stored.slice(at + 1)) as unknown;
    } catch {
      return undefined;
    }
  }
}

/** Whether somebody new may talk to the agent, as far as is known here: who is being verified gets the benefit of the doubt. */
export function accessOf({ view }: Identity, agent: AgentInfo | undefined): State['access'] {
  const isWelcome = view.state === 'verified' || view.state === 'verifying';
  return agent?.access === 'verified-only' && !isWelcome ? 'denied' : 'allowed';
}

/** Nothing of anybody: what a switch and a logout leave. */
function blank(conversationId: string) {
  return {
    outbox: [],
    notes: noNotes,
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

function toSnapshot({ state, acceptedConsent, hasPeople }: Core): ChatSnapshot {
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
    gate: gateOf(state, acceptedConsent),
    handoff: hasPeople ? handoffOf(conversation) : undefined,
    typing: conversation.typing,
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
