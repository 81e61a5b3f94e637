import type { Attachment } from '../../../src/protocol/index.ts';
import type { ChatClient, ChatSnapshot, Failure, TextDelta, ViewMessage } from '../../../src/client/index.ts';

export const emptySnapshot: ChatSnapshot = {
  agent: {
    id: 'ada',
    name: 'Ada',
    greeting: 'Hello, I am Ada. What can I find for you?',
    suggestions: ['Where is my order?', 'How do I return something?'],
    appearance: {},
    access: 'open',
    limits: { maxMessageCharacters: 1_000 },
    features: {},
  },
  identity: { state: 'anonymous' },
  epoch: 1,
  conversationId: 'c1',
  messages: [],
  history: 'ready',
  conversations: [],
  hasOlder: false,
  reply: 'idle',
  connection: 'online',
  access: 'allowed',
  failure: undefined,
  unreadCount: 0,
  signInRequested: false,
  gate: 'none',
  handoff: undefined,
  typing: undefined,
};

export type FakeClient = ChatClient & {
  /** Emits a snapshot with these changes. */
  emit(change: Partial<ChatSnapshot>): void;
  /** Appends text to the last message, as a stream does: no snapshot. */
  delta(delta: TextDelta): void;
  /** What was asked of the client, in order: `['send', 'text']`. */
  readonly calls: unknown[][];
  /** What `send` settles with next. */
  sendResult: Promise<void>;
  loadOlderResult: Promise<void>;
  /** What the other calls settle with, by name, where that is not an empty answer: `results.attach = …`. */
  results: Partial<Results>;
  /** Drafts by conversation. */
  readonly drafts: Map<string, string>;
};

type Asked =
  | 'editLast'
  | 'feedback'
  | 'renameConversation'
  | 'searchConversations'
  | 'allMessages'
  | 'attach'
  | 'detach'
  | 'readAttachment';

/** Given the arguments of the call. */
type Results = Pick<ChatClient, Asked>;

/** An attachment as the server would have named it. */
export const attachmentOf = (filename: string, { size, type }: Blob): Attachment => ({
  id: `a-${filename}`,
  filename,
  mediaType: type,
  bytes: size,
  url: `http://localhost:8787/v1/agents/ada/attachments/a-${encodeURIComponent(filename)}`,
});

/** A client whose every snapshot is scripted by the test. */
export function createFakeClient(start: Partial<ChatSnapshot> = {}): FakeClient {
  let snapshot: ChatSnapshot = { ...emptySnapshot, ...start };
  const listeners = new Set<(snapshot: ChatSnapshot) => void>();
  const deltaListeners = new Set<(delta: TextDelta) => void>();
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...values: unknown[]) =>
      void calls.push([name, ...values]);
  const asked =
    <Name extends Asked>(name: Name, otherwise: Results[Name]) =>
    (...values: Parameters<Results[Name]>) => {
      calls.push([name, ...values]);
      const answer = (client.results[name] ?? otherwise) as (...given: typeof values) => ReturnType<Results[Name]>;
      return answer(...values);
    };
  const client: FakeClient = {
    get snapshot() {
      return snapshot;
    },
    calls,
    sendResult: Promise.resolve(),
    loadOlderResult: Promise.resolve(),
    emit(change) {
      snapshot = { ...snapshot, ...change };
      for (const listener of listeners) listener(snapshot);
    },
    delta(delta) {
      for (const listener of deltaListeners) listener(delta);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTextDelta(listener) {
      deltaListeners.add(listener);
      return () => deltaListeners.delete(listener);
    },
    identify: () => Promise.resolve(snapshot.identity),
    logout: () => Promise.resolve(),
    results: {},
    drafts: new Map(),
    send(...values) {
      calls.push(['send', ...values]);
      return client.sendResult;
    },
    editLast: asked('editLast', () => Promise.resolve()),
    feedback: asked('feedback', () => Promise.resolve()),
    renameConversation: asked('renameConversation', () => Promise.resolve()),
    searchConversations: asked('searchConversations', () => Promise.resolve({ conversations: [], nextBefore: null })),
    allMessages: asked('allMessages', () => Promise.resolve(snapshot.messages)),
    attach: asked('attach', (file, filename, onProgress) => {
      onProgress?.(1);
      return Promise.resolve(attachmentOf(filename, file));
    }),
    detach: asked('detach', () => Promise.resolve()),
    readAttachment: asked('readAttachment', () => Promise.resolve(new Blob(['file']))),
    draft: (conversationId) => client.drafts.get(conversationId) ?? '',
    keepDraft(conversationId, text) {
      calls.push(['keepDraft', conversationId, text]);
      client.drafts.set(conversationId, text);
    },
    acceptConsent: note('acceptConsent'),
    submitForm: note('submitForm'),
    typing: note('typing'),
    retry: note('retry'),
    discard(messageId) {
      calls.push(['discard', messageId]);
      const found = snapshot.messages.find(({ id }) => id === messageId);
      client.emit({ messages: snapshot.messages.filter((message) => message !== found) });
      return found?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? '';
    },
    regenerate: note('regenerate'),
    answerApproval: note('answerApproval'),
    stop: note('stop'),
    loadOlder() {
      calls.push(['loadOlder']);
      return client.loadOlderResult;
    },
    newConversation: note('newConversation'),
    openConversation: note('openConversation'),
    requestSignIn: note('requestSignIn'),
    update: note('update'),
    load: note('load'),
    attend: note('attend'),
    close: note('close'),
  };
  return client;
}

export function userMessage(id: string, text: string, change: Partial<ViewMessage> = {}): ViewMessage {
  return { id, role: 'user', parts: [{ type: 'text', text }], delivery: 'sent', status: 'complete', ...change };
}

export function reply(id: string, text: string, change: Partial<ViewMessage> = {}): ViewMessage {
  const state = change.status === 'streaming' ? 'streaming' : 'done';
  return {
    id,
    role: 'assistant',
    parts: [{ type: 'text', text, state }],
    delivery: 'sent',
    status: 'complete',
    ...change,
  };
}

export function failed(code: Failure['code'], retryable = true): Pick<ViewMessage, 'delivery' | 'failure'> {
  return { delivery: 'failed', failure: { code, retryable } };
}
