import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type ApiError, toApiError } from './api-error.ts';
import { connection } from './connection.ts';

export type Page<T> = { readonly items: readonly T[]; readonly nextBefore: string | null };

/** Fetches the page before a cursor; undefined: the first. */
export type FetchPage<T> = (before: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

/** What is asked for: all from the beginning, or the page after those that are there. */
type Part = 'all' | 'more';

export type PagedState =
  | { readonly state: 'loading' }
  | { readonly state: 'more' }
  | { readonly state: 'end' }
  | { readonly state: 'failed'; readonly of: Part; readonly error: ApiError };

/** The key of what has an `id`. */
export const idOf = ({ id }: { readonly id: string }): string => id;

/**
 * A list that the server gives page by page (keyset): starts when the element is connected, aborts when it leaves. Give
 * `items` and `loadMore` to `<cw-virtual-list>`. What failed leaves the list as it is, and is asked for again by `retry`
 * alone, or for want of a connection as soon as there is one. Each `key` is there once, as the server gave it last.
 */
export class PagedList<T> implements ReactiveController {
  items: readonly T[] = [];
  current: PagedState = { state: 'loading' };
  readonly key: (item: T) => string;
  readonly #host: ReactiveControllerHost;
  readonly #fetch: FetchPage<T>;
  #before: string | undefined;
  #controller: AbortController | undefined;

  constructor(host: ReactiveControllerHost, key: (item: T) => string, fetchPage: FetchPage<T>) {
    this.#host = host;
    this.key = key;
    this.#fetch = fetchPage;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('online', this.#whenOnline);
    connection.addEventListener('change', this.#whenOnline);
    void this.start();
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.#whenOnline);
    connection.removeEventListener('change', this.#whenOnline);
    this.#controller?.abort();
  }

  /** From the beginning, with nothing shown: after a filter has changed. */
  readonly start = (): Promise<void> => {
    this.items = [];
    return this.reload();
  };

  /** From the beginning, what is there stays on the screen until the new arrives. */
  readonly reload = (): Promise<void> => this.#load('all');

  /** The next page. Does nothing while one is loading, where one has failed, and at the end. */
  readonly loadMore = async (): Promise<void> => {
    if (this.current.state === 'more') await this.#load('more');
  };

  /** What failed, once more. */
  readonly retry = async (): Promise<void> => {
    if (this.current.state === 'failed') await this.#load(this.current.of);
  };

  async #load(part: Part): Promise<void> {
    this.#controller?.abort();
    const controller = (this.#controller = new AbortController());
    this.#show({ state: 'loading' });
    try {
      const page = await this.#fetch(part === 'all' ? undefined : this.#before, controller.signal);
      if (controller.signal.aborted) return;
      const items = part === 'all' ? page.items : [...this.items, ...page.items];
      this.items = [...new Map(items.map((item) => [this.key(item), item])).values()];
      this.#before = page.nextBefore ?? undefined;
      this.#show({ state: page.nextBefore === null ? 'end' : 'more' });
    } catch (error) {
      if (!controller.signal.aborted) this.#show({ state: 'failed', of: part, error: toApiError(error) });
    }
  }

  #show(next: PagedState): void {
    this.current = next;
    this.#host.requestUpdate();
  }

  readonly #whenOnline = (): void => {
    const isOffline = this.current.state === 'failed' && this.current.error.code === 'offline';
    if (isOffline && !connection.isLost) void this.retry();
  };
}
