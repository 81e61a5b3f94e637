import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ChatMessage } from '../../../../src/protocol/index.ts';
import { api, type ApiError, type DashboardEvent, path, subscribe, toApiError } from '../api/index.ts';
import { coalesce } from './coalesce.ts';
import { PresenceBeat } from './presence-beat.ts';
import type { ConversationFacts, Live, MessagePage, Note, Present } from './types.ts';

export type ConversationState =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: ApiError }
  | {
      readonly state: 'ready';
      readonly facts: ConversationFacts;
      readonly live: Live;
      readonly messages: readonly ChatMessage[];
      /** Null where the first message is among them. */
      readonly nextBefore: string | null;
      readonly notes: readonly Note[];
    };

type Ready = Extract<ConversationState, { state: 'ready' }>;

const pageSize = 50;
/** Somebody who types says so again before that. */
const typingLastsMs = 8_000;

/** One conversation as it goes on: loaded once, and what events say has changed asked for again. */
export class LiveConversation implements ReactiveController {
  current: ConversationState = { state: 'loading' };
  visitorTyping = false;
  present: readonly Present[] = [];
  readonly #host: ReactiveControllerHost;
  readonly #id: () => string;
  readonly #mayAnswer: () => boolean;
  readonly #beat: PresenceBeat;
  #unsubscribe: (() => void) | undefined;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, id: () => string, mayAnswer: () => boolean) {
    this.#host = host;
    this.#id = id;
    this.#mayAnswer = mayAnswer;
    this.#beat = new PresenceBeat(id, (present) => {
      this.present = present;
      host.requestUpdate();
    });
    host.addController(this);
  }

  hostConnected(): void {
    this.#unsubscribe = subscribe(this.#hear, { whileHidden: true });
    document.addEventListener('visibilitychange', this.#whenSeen);
    this.#beat.start();
    void this.start();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    document.removeEventListener('visibilitychange', this.#whenSeen);
    clearTimeout(this.#typingEnds);
    this.#beat.stop();
  }

  readonly start = async (): Promise<void> => {
    this.#show({ state: 'loading' });
    await this.reload();
  };

  readonly reload = coalesce(async () => {
    const id = this.#id();
    try {
      const [{ conversation: facts }, { live }, page, { notes }] = await Promise.all([
        api.get<{ conversation: ConversationFacts }>(path`conversations/${id}`),
        api.get<{ live: Live }>(path`conversations/${id}/live`),
        this.#page(),
        api.get<{ notes: readonly Note[] }>(path`conversations/${id}/notes`),
      ]);
      this.present = live.present;
      const earlier = this.current.state === 'ready' ? this.current : undefined;
      this.#show({ state: 'ready', facts, live, ...mergePage(earlier, page), notes });
      await this.#markRead();
    } catch (error) {
      this.#show({ state: 'failed', error: toApiError(error) });
    }
  });

  readonly loadEarlier = async (): Promise<void> => {
    const { current } = this;
    if (current.state !== 'ready' || current.nextBefore === null) return;
    const page = await this.#page(current.nextBefore);
    const known = new Set(current.messages.map(({ id }) => id));
    this.#change({
      messages: [...page.messages.filter(({ id }) => !known.has(id)), ...current.messages],
      nextBefore: page.nextBefore,
    });
  };

  /** Does something here, of which the server answers where it stands now. */
  async act(action: 'take-over' | 'hand-back' | 'close' | 'reopen' | 'assign', body: object = {}): Promise<void> {
    try {
      const { live } = await api.post<{ live: Live }>(this.#path(action), body);
      this.#change({ live });
    } finally {
      // Also where somebody was faster: the page then shows who.
      await Promise.all([this.#refreshLive(), this.#refreshMessages()]);
    }
  }

  /** Fails with an ApiError; the same `id` again says it once. */
  async reply(id: string, text: string): Promise<void> {
    await api.post(this.#path('reply'), { id, text });
    this.#beat.typing(false);
    await this.#refreshMessages();
  }

  async addNote(id: string, text: string): Promise<void> {
    await api.post(this.#path('notes'), { id, text });
    this.#beat.typing(false);
    await this.#refreshNotes();
  }

  async removeNote(id: string): Promise<void> {
    await api.delete(path`conversations/${this.#id()}/notes/${id}`);
    await this.#refreshNotes();
  }

  /** What the operator writes goes to the visitor: they are told that somebody does. */
  async typing(isTyping: boolean, toVisitor: boolean): Promise<void> {
    if (toVisitor) await api.post(this.#path('typing'), { typing: isTyping }).catch(() => undefined);
    this.#beat.typing(isTyping);
  }

  readonly #hear = (event: DashboardEvent): void => {
    if (event.type === 'resumed') return void this.reload();
    if (event.conversationId !== this.#id()) return;
    if (event.type === 'typing') return this.#showTyping(event['typing'] === true);
    if (event.type === 'presence') return void this.#beat.beat();
    if (event.type === 'conversation') void this.#refresh(String(event['kind']));
  };

  async #refresh(kind: string): Promise<void> {
    if (kind === 'note') return this.#refreshNotes();
    if (kind === 'removed' || kind === 'title') return this.reload();
    if (kind === 'message' || kind === 'handoff') {
      if (kind === 'message') this.#showTyping(false);
      await this.#refreshMessages();
    }
    await this.#refreshLive();
  }

  readonly #refreshLive = coalesce(() =>
    this.#quietly(async () => {
      const { live } = await api.get<{ live: Live }>(this.#path('live'));
      this.present = live.present;
      this.#change({ live });
    }),
  );

  readonly #refreshNotes = coalesce(() =>
    this.#quietly(async () => this.#change(await api.get<{ notes: readonly Note[] }>(this.#path('notes')))),
  );

  readonly #refreshMessages = coalesce(() =>
    this.#quietly(async () => {
      const page = await this.#page();
      if (this.current.state === 'ready') this.#change(mergePage(this.current, page));
      await this.#markRead();
    }),
  );

  /** What could not be asked for once is asked for with the next event, or when the connection is back. */
  async #quietly(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      const problem = toApiError(error);
      if (problem.code === 'not_found') this.#show({ state: 'failed', error: problem });
    }
  }

  #page(before?: string): Promise<MessagePage> {
    return api.get<MessagePage>(this.#path('messages'), { query: { limit: pageSize, before } });
  }

  readonly #whenSeen = (): void => {
    if (document.visibilityState === 'visible') void this.#quietly(() => this.#markRead());
  };

  /** Read is what is shown to somebody who answers. */
  async #markRead(): Promise<void> {
    const { current } = this;
    if (current.state !== 'ready' || document.visibilityState !== 'visible' || !this.#mayAnswer()) return;
    const last = current.messages.findLast(({ role }) => role === 'user');
    if (last === undefined || last.id === this.#read) return;
    this.#read = last.id;
    await api.post(this.#path('read'), { messageId: last.id });
  }
  #read: string | undefined;

  #showTyping(isTyping: boolean): void {
    clearTimeout(this.#typingEnds);
    if (isTyping) this.#typingEnds = setTimeout(() => this.#showTyping(false), typingLastsMs);
    this.visitorTyping = isTyping;
    this.#host.requestUpdate();
  }

  #path(what: string): string {
    return `${path`conversations/${this.#id()}`}/${what}`;
  }

  #change(change: Partial<Omit<Ready, 'state'>>): void {
    if (this.current.state === 'ready') this.#show({ ...this.current, ...change });
  }

  #show(next: ConversationState): void {
    this.current = next;
    this.#host.requestUpdate();
  }
}

/** The newest page in the place of what it replaces; what was loaded from before it stays. */
function mergePage(
  earlier: Pick<Ready, 'messages' | 'nextBefore'> | undefined,
  page: MessagePage,
): Pick<Ready, 'messages' | 'nextBefore'> {
  const [first] = page.messages;
  const at = earlier?.messages.findIndex(({ id }) => id === first?.id) ?? -1;
  if (earlier === undefined || at < 1 || page.nextBefore === null) return page;
  return { messages: [...earlier.messages.slice(0, at), ...page.messages], nextBefore: earlier.nextBefore };
}
