import type { AgentInfo, ConversationSummary, SendMetadata } from '../protocol/index.ts';
import { emptyConversation, viewMessages, type Conversation } from './conversation.ts';
import type { Environment } from './environment.ts';
import { anonymous, nextIdentity, type Identity, type IdentityEffect, type IdentityEvent } from './identity.ts';
import { decodeOutbox, nextOutbox, type Outbox, type OutboxEvent } from './outbox.ts';
import { createSession, type Session } from './session.ts';
import { createTransport, type Credentials, type Transport, TransportError } from './transport.ts';
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
export type Core = ReturnType<typeof createCore>;

export function createCore({ server, agentId, environment, metadata, onEvent }: CoreOptions) {
  const name = `chat-widget ${server} ${agentId}`;
  const session: Session = createSession(environment, `${name} session`);
  const outboxKey = `${name} outbox`;
  const restored = decodeOutbox(environment.tab.get(outboxKey));
  const listeners = new Set<(snapshot: ChatSnapshot) => void>();
  const deltaListeners = new Set<(delta: TextDelta) => void>();
  const lifetime = new AbortController();
  let scope = new AbortController();
  let thread = new AbortController();
  let state: State = {
    identity: anonymous,
    outbox: restored,
    conversation: emptyConversation(restored[0]?.conversationId ?? environment.uuid()),
    agent: undefined,
    conversations: [],
    connection: 'online',
    access: 'allowed',
    failure: undefined,
    unreadCount: 0,
    signInRequested: false,
    metadata: metadata ?? {},
  };
  let snapshot: ChatSnapshot | undefined = toSnapshot(state);
  const emit: Emit = (event, detail) => onEvent?.(event, detail) ?? true;

  function update(change: Partial<State>): void {
    const before = state;
    state = { ...state, ...change };
    if (state.conversation.id !== before.conversation.id) {
      thread.abort();
      thread = new AbortController();
    }
    const drawn = toSnapshot(state);
    snapshot = drawn;
    if (state.outbox !== before.outbox) persistOutbox();
    for (const listener of listeners) listener(drawn);
    if (state.unreadCount !== before.unreadCount) emit('unread-changed', { count: state.unreadCount });
  }

  function persistOutbox(): void {
    if (state.outbox.length === 0) environment.tab.remove(outboxKey);
    else environment.tab.set(outboxKey, JSON.stringify(state.outbox));
  }

  /** Takes an identity event. The screen is as the new identity may see it before this returns. */
  function identify(event: IdentityEvent): readonly IdentityEffect[] {
    const before = state.identity;
    const { identity, effects } = nextIdentity(before, event);
    const isNewEpoch = identity.epoch !== before.epoch;
    if (isNewEpoch) {
      scope.abort();
      thread.abort();
      scope = new AbortController();
      thread = new AbortController();
    }
    update({ identity, ...(effects.includes('wipe') ? blank(environment) : isNewEpoch ? interrupted(state) : {}) });
    if (!isSameView(before, identity)) {
      const { view } = identity;
      emit('identity-changed', { state: view.state, ...(view.state === 'rejected' ? { reason: view.reason } : {}) });
    }
    return effects;
  }

  function onRefused(token: string, reason: Parameters<Parameters<typeof createTransport>[2]>[1]): void {
    if (token === state.identity.token) identify({ type: 'refused', call: state.identity.call, reason });
  }

  const base = `${server}/v1/agents/${encodeURIComponent(agentId)}`;
  const transport: Transport = createTransport(base, environment.fetch, onRefused);

  return {
    name,
    server,
    environment,
    session,
    transport,
    emit,
    update,
    identify,
    get state() {
      return state;
    },
    get snapshot() {
      return (snapshot ??= toSnapshot(state));
    },
    /** Aborted when the client is closed. */
    lifetime: lifetime.signal,
    /** Aborted with the epoch: what was begun in it ends without a trace. */
    get signal() {
      return scope.signal;
    },
    /** Aborted with the epoch and whenever another conversation takes the screen. */
    get thread() {
      return thread.signal;
    },
    outbox: (event: OutboxEvent) => update({ outbox: nextOutbox(state.outbox, event) }),
    converse: (conversation: Conversation) => update({ conversation }),
    /** Grows the reply by text alone: no new snapshot, only the delta goes out. */
    grow(conversation: Conversation, delta: TextDelta) {
      state = { ...state, conversation };
      snapshot = undefined;
      for (const listener of deltaListeners) listener(delta);
    },
    credentials(): Credentials {
      const { token, view } = state.identity;
      const believed = view.state === 'verified' ? 'verified' : view.state === 'self-reported' ? view.state : 'anonymous';
      return { token, session: session.secret(), source: believed };
    },
    toFailure(error: unknown): Failure {
      return toFailure(error, environment.now());
    },
    subscribe(listener: (snapshot: ChatSnapshot) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onTextDelta(listener: (delta: TextDelta) => void) {
      deltaListeners.add(listener);
      return () => void deltaListeners.delete(listener);
    },
    close() {
      lifetime.abort();
      scope.abort();
      thread.abort();
      listeners.clear();
      deltaListeners.clear();
    },
  };
}

/** Nothing of anybody: what a switch and a logout leave. */
function blank(environment: Environment): Partial<State> {
  return {
    outbox: [],
    conversation: emptyConversation(environment.uuid()),
    conversations: [],
    access: 'allowed',
    failure: undefined,
    unreadCount: 0,
    signInRequested: false,
  };
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

export function toFailure(error: unknown, now: number): Failure {
  if (!(error instanceof TransportError)) return { code: 'internal', retryable: true };
  return {
    code: error.code as Failure['code'],
    retryable: error.retryable,
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    ...(error.retryAfterMs === undefined ? {} : { retryAt: now + error.retryAfterMs }),
  };
}
