import { createChatClient, type ChatClient, type Environment, type KeyValue } from '../../../../src/client/index.ts';
import type { Call } from './model-server.ts';
import type { Network } from './network.ts';

type Timer = { readonly at: number; readonly tab: number; readonly callback: () => void };

/** One page of a tab: a client, and what the browser keeps for it. */
export type Page = {
  /** Never the same for two pages. */
  readonly id: number;
  readonly tab: number;
  readonly client: ChatClient;
  isFrozen: boolean;
};

export type BrowserHooks = {
  onCall(page: number, call: Call): void;
};

/** A browser with two tabs of one site: its storage, clock, timers and channel in the hands of the schedule. */
export class Browser {
  readonly shared = new Map<string, string>();
  readonly storages = [new Map<string, string>(), new Map<string, string>()] as const;
  readonly clock: { now: number };
  readonly #network: Network;
  readonly #hooks: BrowserHooks;
  readonly #skewMs: number;
  readonly #pages = new Map<number, Page>();
  readonly #opened: Page[] = [];
  readonly #wakers = new Map<() => void, number>();
  readonly #leavers = new Map<() => void, number>();
  readonly #ends = new Set<{ readonly page: number; readonly listener: (message: unknown) => void }>();
  #timers: Timer[] = [];
  #serial = 0;
  #lastPage = 0;

  /** @param skewMs how wrong the clock of this browser is */
  constructor(network: Network, clock: { now: number }, skewMs: number, hooks: BrowserHooks) {
    this.#network = network;
    this.clock = clock;
    this.#skewMs = skewMs;
    this.#hooks = hooks;
  }

  open(tab: 0 | 1): Page {
    const id = ++this.#lastPage;
    const client = createChatClient({
      server: 'http://localhost:8787',
      agentId: 'shop',
      environment: this.#environment(id, this.storages[tab]),
    });
    const page = { id, tab, client, isFrozen: false };
    this.#pages.set(id, page);
    this.#opened.push(page);
    return page;
  }

  /** Another page takes the tab: this one has its last word, and ends. */
  leave(page: Page): void {
    for (const [leaver, id] of [...this.#leavers]) if (id === page.id) leaver();
    this.#network.leave(page.id);
    this.#pages.delete(page.id);
    for (const listeners of [this.#wakers, this.#leavers]) {
      for (const [listener, id] of listeners) if (id === page.id) listeners.delete(listener);
    }
    for (const end of this.#ends) if (end.page === page.id) this.#ends.delete(end);
    this.#timers = this.#timers.filter(({ tab }) => tab !== page.id);
  }

  /** The schedule is over: nothing holds on to what it made. Node keeps each signal that somebody still listens to. */
  end(): void {
    for (const page of [...this.#pages.values()]) this.leave(page);
    this.#lastPage++;
    for (const { client } of this.#opened.splice(0)) client.close();
  }

  freeze(page: Page): void {
    page.isFrozen = true;
    this.#network.freeze(page.id, true);
  }

  /** @param areTimersFirst what was due while it slept may fire before the page is told that it is awake */
  wake(page: Page, areTimersFirst: boolean): void {
    page.isFrozen = false;
    this.#network.freeze(page.id, false);
    if (areTimersFirst) this.fire();
    for (const [waker, id] of [...this.#wakers]) if (id === page.id) waker();
    if (!areTimersFirst) this.fire();
  }

  setOnline(isOnline: boolean): void {
    this.#network.isOnline = isOnline;
    for (const page of this.#pages.values()) if (!page.isFrozen) this.wake(page, false);
  }

  /** Fires what is due, in its order. */
  fire(): void {
    for (;;) {
      const due = this.#timers
        .filter(({ at, tab }) => at <= this.clock.now && !(this.#pages.get(tab)?.isFrozen ?? true))
        .toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) return;
      this.#timers.splice(this.#timers.indexOf(due), 1);
      due.callback();
    }
  }

  #environment(page: number, tab: Map<string, string>): Environment {
    const fetch = this.#network.fetchFor(page, (call) => this.#hooks.onCall(page, call));
    return {
      fetch,
      upload: ({ url, headers, body, signal }) => fetch(url, { method: 'POST', headers: { ...headers }, body, signal }),
      pageUrl: 'https://shop.example/',
      shared: this.#keyValue(page, this.shared),
      tab: this.#keyValue(page, tab),
      now: () => this.clock.now + this.#skewMs,
      after: (delayMs, callback) => {
        const timer = { at: this.clock.now + delayMs, tab: page, callback };
        if (this.#isAlive(page)) this.#timers.push(timer);
        return () => {
          const at = this.#timers.indexOf(timer);
          if (at >= 0) this.#timers.splice(at, 1);
        };
      },
      uuid: () => `00000000-0000-4000-8000-${(++this.#serial).toString(16).padStart(12, '0')}`,
      // Its last character stands for four bits: 32 bytes, and none over.
      secret: () => `${++this.#serial}A`.padStart(43, 's'),
      online: () => this.#network.isOnline,
      visible: () => true,
      onWake: (callback) => {
        const waker = () => callback();
        this.#wakers.set(waker, page);
        return () => void this.#wakers.delete(waker);
      },
      onLeave: (callback) => {
        const leaver = () => callback();
        this.#leavers.set(leaver, page);
        return () => void this.#leavers.delete(leaver);
      },
      channel: (_, listener) => {
        const own = { page, listener };
        this.#ends.add(own);
        return {
          post: (message) => {
            for (const end of this.#ends) {
              if (end !== own) this.#network.send('message', end.page, () => end.listener(structuredClone(message)));
            }
          },
          close: () => void this.#ends.delete(own),
        };
      },
    };
  }

  /** A page that was left may still have something to run to its end; it reaches nothing of the browser's. */
  #keyValue(page: number, map: Map<string, string>): KeyValue {
    return {
      get: (key) => map.get(key) ?? null,
      set: (key, value) => void (this.#isAlive(page) && map.set(key, value)),
      remove: (key) => void (this.#isAlive(page) && map.delete(key)),
    };
  }

  #isAlive(page: number): boolean {
    // The page that is being made is not known yet.
    return this.#pages.has(page) || page === this.#lastPage;
  }
}
