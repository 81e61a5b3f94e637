import { plainText, textOf, type ChatMessage, type ConversationSummary } from '../../protocol/index.ts';
import { isMessage, withReplyEnded } from '../exchange.ts';
import type { Core } from '../core.ts';
import type { Conversation } from '../conversation.ts';

/** The visitor's conversations in this tab, newest first. */
type Kept = {
  /** Whose they are (`Identity.who`). */
  readonly who: string | undefined;
  readonly conversations: readonly KeptConversation[];
};

type KeptConversation = {
  readonly id: string;
  /** ISO 8601, UTC, by the browser's clock. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** What the visitor has called it. */
  readonly title?: string;
  readonly messages: readonly ChatMessage[];
};

/** Older conversations than these are dropped, so that the browser's storage cannot fill up. */
const maxConversations = 10;
const nothing: Kept = { who: undefined, conversations: [] };

/**
 * What our server would store, where there is none: the messages, in the memory of the page and in the storage of the tab,
 * until the visitor logs out, or another one comes.
 */
export class KeptMessages {
  readonly #core: Core;
  #kept: Kept;
  #seen: { readonly epoch: number; readonly conversation: Conversation };

  constructor(core: Core) {
    this.#core = core;
    this.#kept = decodeKept(core.restore('messages'));
    this.#seen = this.#present;
    core.subscribe(() => this.#follow());
    core.onTextDelta(() => (this.#seen = this.#present));
    const stop = core.environment.onLeave(() => this.#leave());
    core.lifetime.addEventListener('abort', stop);
  }

  /**
   * The present visitor's. What somebody else has left goes, once it is known who is there.
   *
   * @param query only those whose title or messages hold all of these words
   */
  list(query: string): readonly ConversationSummary[] {
    const { token } = this.#core.state.identity;
    if (!this.#isOwn && token !== undefined) this.#set([]);
    return this.#own.filter((conversation) => holds(conversation, query)).map(summaryOf);
  }

  /** False for one that is not there. */
  rename(id: string, title: string): boolean {
    const isThere = this.#own.some((conversation) => conversation.id === id);
    if (isThere)
      this.#set(this.#own.map((conversation) => (conversation.id === id ? { ...conversation, title } : conversation)));
    return isThere;
  }

  messagesOf(id: string): readonly ChatMessage[] {
    return this.#own.find((conversation) => conversation.id === id)?.messages ?? [];
  }

  /** No reply runs in the conversation any more: what there is of one was cut off. */
  interrupt(id: string): void {
    const { conversation } = this.#seen;
    if (conversation.id === id) this.#keep(conversation);
    const messages = this.messagesOf(id);
    if (messages.some(isRunning)) this.#put(id, messages.map(ended));
  }

  get #present() {
    const { identity, conversation } = this.#core.state;
    return { epoch: identity.epoch, conversation };
  }

  get #isOwn(): boolean {
    const { who } = this.#kept;
    return who === undefined || who === this.#core.state.identity.who;
  }

  get #own(): readonly KeptConversation[] {
    return this.#isOwn ? this.#kept.conversations : [];
  }

  #follow(): void {
    const before = this.#seen;
    const { epoch, conversation } = (this.#seen = this.#present);
    const isOther = conversation.id !== before.conversation.id;
    // Both at once: the old visitor's is gone.
    if (isOther && epoch !== before.epoch) this.#kept = nothing;
    // Its reply is followed no longer.
    else if (isOther || epoch !== before.epoch) this.#keep(before.conversation);
    else if (conversation.stored !== before.conversation.stored) this.#keep(conversation);
  }

  /** The next page asks whether the reply can be read on. */
  #leave(): void {
    const { conversation } = this.#seen;
    this.#keep(conversation);
    const running = conversation.reply?.message.id;
    if (running === undefined) return;
    const messages = this.messagesOf(conversation.id);
    this.#put(
      conversation.id,
      messages.map((message) => (message.id === running ? withStatus(message, 'streaming') : message)),
    );
  }

  #keep(conversation: Conversation): void {
    if (conversation.history !== 'ready') return;
    const isSeen = conversation.reply !== undefined && conversation.reply.message.parts.length > 0;
    const { stored } = isSeen ? withReplyEnded(conversation, { code: 'stream', retryable: true }) : conversation;
    // One that is not loaded yet looks empty, too.
    if (stored.length > 0) this.#put(conversation.id, stored);
  }

  #put(id: string, messages: readonly ChatMessage[]): void {
    const now = new Date(this.#core.environment.now()).toISOString();
    const others = this.#own.filter((conversation) => conversation.id !== id);
    const earlier = this.#own.find((conversation) => conversation.id === id);
    const conversation = { createdAt: now, ...earlier, id, updatedAt: now, messages };
    this.#set([conversation, ...others].slice(0, maxConversations));
  }

  #set(conversations: readonly KeptConversation[]): void {
    this.#kept = { who: this.#core.state.identity.who, conversations };
    this.#core.persist('messages', conversations.length > 0 && this.#kept);
  }
}

function summaryOf({ messages, title, ...conversation }: KeptConversation): ConversationSummary {
  const last = messages.at(-1) ?? { role: 'user', parts: [] };
  const words = textOf(last).slice(0, 800);
  return {
    ...conversation,
    title: title ?? textOf(messages[0] ?? { parts: [] }).slice(0, 120),
    lastMessage: (last.role === 'assistant' ? plainText(words) : words).slice(0, 200),
    unreadCount: 0,
  };
}

function holds(conversation: KeptConversation, query: string): boolean {
  const text = [summaryOf(conversation).title, ...conversation.messages.map(textOf)].join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const isRunning = ({ metadata }: ChatMessage): boolean => metadata?.status === 'streaming';

const withStatus = (message: ChatMessage, status: 'streaming' | 'interrupted'): ChatMessage => ({
  ...message,
  metadata: { ...message.metadata, status },
});

const ended = (message: ChatMessage): ChatMessage =>
  isRunning(message) ? withStatus(message, 'interrupted') : message;

/** What does not fit is dropped. */
function decodeKept(value: unknown): Kept {
  const { who, conversations } = (value ?? {}) as { readonly [field: string]: unknown };
  if (!Array.isArray(conversations) || (who !== undefined && typeof who !== 'string')) return nothing;
  return { who, conversations: conversations.filter(isConversation) };
}

function isConversation(value: unknown): value is KeptConversation {
  const { id, createdAt, updatedAt, messages } = (value ?? {}) as { readonly [field: string]: unknown };
  const texts = [id, createdAt, updatedAt];
  return texts.every((text) => typeof text === 'string') && Array.isArray(messages) && messages.every(isMessage);
}
