import type { ChatClient, FailureCode } from '../../../client/index.ts';
import type { ConversationSummary } from '../../../protocol/index.ts';
import { en } from '../../../strings/index.ts';
import { failureCodeOf } from '../failure-code.ts';

/** Somebody who goes on typing asks once. */
const pauseMs = 250;

export type Found =
  | { readonly at: 'all' }
  | { readonly at: 'searching'; readonly before: readonly ConversationSummary[] | undefined }
  | { readonly at: 'found'; readonly rows: readonly ConversationSummary[] }
  | { readonly at: 'failed'; readonly code: FailureCode };

/** What there is behind the last row. `before` is the server's place of it. */
export type More =
  | { readonly at: 'end' }
  | { readonly at: 'rest' | 'loading'; readonly before: string }
  | { readonly at: 'failed'; readonly before: string; readonly code: FailureCode };

export type SearchHost = { client(): ChatClient | undefined; changed(): void };

/** A search as it is typed: the latest words count, whichever answer comes last. */
export class Search {
  readonly #host: SearchHost;
  #query = '';
  #found: Found = { at: 'all' };
  #more: More = { at: 'end' };
  /** The last row that `before` is a place behind: the list may be read anew by others. */
  #lastId: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(host: SearchHost) {
    this.#host = host;
  }

  get query(): string {
    return this.#query;
  }

  get found(): Found {
    return this.#found;
  }

  get more(): More {
    return this.#more;
  }

  type(query: string): void {
    this.#query = query;
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#more = { at: 'end' };
    if (query.trim() === '') {
      this.#set({ at: 'all' });
      return void this.ask();
    }
    const before = this.#found.at === 'found' ? this.#found.rows : undefined;
    this.#set({ at: 'searching', before: this.#found.at === 'searching' ? this.#found.before : before });
    this.#timer = setTimeout(() => void this.ask(), pauseMs);
  }

  /** Asks anew; without words for all that there are, which the snapshot takes in. */
  async ask(): Promise<void> {
    const client = this.#host.client();
    if (client === undefined) return;
    const turn = (this.#turn += 1);
    const isSearch = this.#query.trim() !== '';
    try {
      const { conversations: rows, nextBefore } = await client.searchConversations(this.#query.trim());
      if (turn !== this.#turn) return;
      this.#behind(rows, nextBefore);
      this.#set(isSearch ? { at: 'found', rows } : { at: 'all' });
    } catch (error) {
      const code = failureCodeOf(error, en);
      if (turn === this.#turn && code !== undefined) this.#set({ at: 'failed', code });
    }
  }

  /** Reads what is behind the last row. @returns the first of what came; undefined where nothing did */
  async askMore(): Promise<ConversationSummary | undefined> {
    const client = this.#host.client();
    const [more, found] = [this.#more, this.#found];
    if (client === undefined || more.at === 'end' || more.at === 'loading') return undefined;
    const known = found.at === 'found' ? found.rows : client.snapshot.conversations;
    if (known.at(-1)?.id !== this.#lastId) {
      await this.ask();
      return undefined;
    }
    const { before } = more;
    const turn = (this.#turn += 1);
    this.#setMore({ at: 'loading', before });
    try {
      const { conversations, nextBefore } = await client.searchConversations(this.#query.trim(), before);
      if (turn !== this.#turn) return undefined;
      const others = conversations.filter(({ id }) => !known.some((row) => row.id === id));
      this.#behind([...known, ...others], nextBefore);
      // Retitled meanwhile, perhaps.
      if (this.#found.at === 'found') this.#found = { at: 'found', rows: [...this.#found.rows, ...others] };
      this.#host.changed();
      return others[0];
    } catch (error) {
      const code = failureCodeOf(error, en);
      if (turn === this.#turn) this.#setMore(code === undefined ? more : { at: 'failed', before, code });
      return undefined;
    }
  }

  /** What a conversation is called now, wherever it stands. */
  retitle(id: string, title: string): void {
    if (this.#found.at !== 'found') return;
    this.#set({ at: 'found', rows: this.#found.rows.map((row) => (row.id === id ? { ...row, title } : row)) });
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#query = '';
    this.#found = { at: 'all' };
    this.#more = { at: 'end' };
  }

  #behind(rows: readonly ConversationSummary[], nextBefore: string | null): void {
    this.#lastId = rows.at(-1)?.id;
    this.#more = nextBefore === null ? { at: 'end' } : { at: 'rest', before: nextBefore };
  }

  #setMore(more: More): void {
    this.#more = more;
    this.#host.changed();
  }

  #set(found: Found): void {
    this.#found = found;
    this.#host.changed();
  }
}
