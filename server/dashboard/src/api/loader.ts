import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type ApiError, toApiError } from './api-error.ts';
import { connection } from './connection.ts';

export type LoadState<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: ApiError };

/**
 * Loads one thing for an element: starts when the element is connected, aborts when it leaves, and of several calls the
 * latest wins. What failed for want of a connection is tried again as soon as there is one.
 */
export class Loader<T> implements ReactiveController {
  current: LoadState<T> = { state: 'loading' };
  readonly #host: ReactiveControllerHost;
  readonly #load: (signal: AbortSignal) => Promise<T>;
  #controller: AbortController | undefined;

  constructor(host: ReactiveControllerHost, load: (signal: AbortSignal) => Promise<T>) {
    this.#host = host;
    this.#load = load;
    host.addController(this);
  }

  /** What was loaded, if anything. */
  get value(): T | undefined {
    return this.current.state === 'ready' ? this.current.value : undefined;
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

  /** Loads from the beginning: shows that it is loading. */
  readonly start = (): Promise<void> => {
    this.#show({ state: 'loading' });
    return this.reload();
  };

  /** Loads again and leaves what is there on the screen until the new arrives. */
  readonly reload = async (): Promise<void> => {
    this.#controller?.abort();
    const controller = (this.#controller = new AbortController());
    const next = await this.#attempt(controller.signal);
    if (!controller.signal.aborted) this.#show(next);
  };

  /** Shows what a change has made of it, as the server answered. */
  replace(value: T): void {
    this.#controller?.abort();
    this.#show({ state: 'ready', value });
  }

  async #attempt(signal: AbortSignal): Promise<LoadState<T>> {
    try {
      return { state: 'ready', value: await this.#load(signal) };
    } catch (error) {
      return { state: 'failed', error: toApiError(error) };
    }
  }

  #show(next: LoadState<T>): void {
    this.current = next;
    this.#host.requestUpdate();
  }

  readonly #whenOnline = (): void => {
    const isOffline = this.current.state === 'failed' && this.current.error.code === 'offline';
    if (isOffline && !connection.isLost) void this.start();
  };
}
