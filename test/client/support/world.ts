import { randomBytes, randomUUID } from 'node:crypto';
import {
  createChatClient,
  type ChatClient,
  type ChatClientOptions,
  type ChatSnapshot,
  type ClientEvents,
  type Environment,
  type KeyValue,
} from '../../../src/client/index.ts';

type Answer = (request: Request, pass: () => Promise<Response>) => Promise<Response>;

export type HeardEvent = { readonly name: keyof ClientEvents; readonly detail: unknown };

/** The world of one browser: its storage, clock, network and tabs, all in the hands of the test. */
export type World = {
  readonly shared: Map<string, string>;
  /** Every request that left, with what it carried. */
  readonly requests: Request[];
  /** Stands between the client and the server: the next request that fits goes to `answer` instead. */
  readonly intercept: (fits: (request: Request) => boolean, answer: Answer, times?: number) => void;
  /** Moves the clock, and fires the timers that are due. */
  readonly advance: (ms: number) => void;
  /** `hears`: whether messages between tabs arrive; a frozen tab hears none. */
  readonly network: { online: boolean; visible: boolean; hears: boolean };
  readonly wake: () => void;
  /** All pages are left, for good or to be kept for Back. */
  readonly leave: () => void;
  /** Resolves when no page waits for an answer, nor has had one a moment ago. */
  readonly quiet: () => Promise<void>;
  /** A tab with a client in it. */
  readonly open: (options?: {
    readonly tab?: Map<string, string>;
    readonly pageUrl?: string;
    /** Where the storage that tabs share is blocked, each page has its own. */
    readonly shared?: Map<string, string>;
    /** A backend of the page's own instead of our server. */
    readonly backend?: Extract<ChatClientOptions, { endpoint: string }>;
    /** What the page answers to an event; false keeps a message from being sent. */
    readonly answerEvent?: (name: string) => boolean;
  }) => Tab;
  readonly clock: { now: number };
};

export type Tab = {
  readonly client: ChatClient;
  readonly tab: Map<string, string>;
  readonly events: HeardEvent[];
  readonly snapshots: ChatSnapshot[];
  /** Resolves with the first snapshot, the present one included, that fits. */
  readonly until: (fits: (snapshot: ChatSnapshot) => boolean) => Promise<ChatSnapshot>;
  /** All visible text of the messages, the present moment's. */
  readonly texts: () => string[];
};

/** Waits of up to this long pass by themselves, a thousand times faster; longer ones wait for `advance`. */
const impatienceMs = 16_000;

export function createWorld(serve: (request: Request) => Promise<Response>, clock = { now: Date.now() }): World {
  const shared = new Map<string, string>();
  const requests: Request[] = [];
  const faults: { fits: (request: Request) => boolean; answer: Answer; times: number }[] = [];
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  const wakers = new Set<() => void>();
  const leavers = new Set<() => void>();
  const channels = new Set<{ readonly name: string; readonly listener: (message: unknown) => void }>();
  const network = { online: true, visible: true, hears: true };
  const clients: ChatClient[] = [];

  let pending = 0;

  function fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    pending += 1;
    return answer(input, init).finally(() => (pending -= 1));
  }

  async function answer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    requests.push(request.clone());
    if (!network.online) throw new TypeError('Failed to fetch');
    const fault = faults.find(({ fits, times }) => times > 0 && fits(request));
    if (fault !== undefined) fault.times -= 1;
    const answered = fault === undefined ? serve(request) : fault.answer(request, () => serve(request));
    return abortable(await Promise.race([answered, aborted(request.signal)]), request.signal);
  }

  const environment = (tab: Map<string, string>, pageUrl: string, common: Map<string, string>): Environment => ({
    fetch,
    async upload({ url, headers, body, signal, onProgress }) {
      onProgress(0.5);
      const response = await fetch(url, { method: 'POST', headers: { ...headers }, body, signal });
      onProgress(1);
      return response;
    },
    pageUrl,
    shared: keyValue(common),
    tab: keyValue(tab),
    now: () => clock.now,
    after(delayMs, callback) {
      if (delayMs <= impatienceMs) {
        const timer = setTimeout(callback, delayMs / 1000);
        return () => clearTimeout(timer);
      }
      const timer = { at: clock.now + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    uuid: randomUUID,
    secret: () => randomBytes(32).toString('base64url'),
    online: () => network.online,
    visible: () => network.visible,
    onWake(callback) {
      wakers.add(callback);
      return () => void wakers.delete(callback);
    },
    onLeave(callback) {
      leavers.add(callback);
      return () => void leavers.delete(callback);
    },
    channel(name, listener) {
      const end = { name, listener };
      channels.add(end);
      return {
        post(message) {
          for (const other of channels) {
            if (network.hears && other !== end && other.name === name)
              queueMicrotask(() => other.listener(structuredClone(message)));
          }
        },
        close: () => void channels.delete(end),
      };
    },
  });

  return {
    shared,
    requests,
    network,
    clock,
    intercept: (fits, answer, times = 1) => void faults.push({ fits, answer, times }),
    advance(ms) {
      clock.now += ms;
      for (const timer of [...timers]) {
        if (timer.at > clock.now) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
    wake() {
      for (const waker of [...wakers]) waker();
    },
    async quiet() {
      for (let turns = 0; turns < 50; turns = pending > 0 ? 0 : turns + 1) await new Promise(setImmediate);
    },
    leave() {
      for (const leaver of [...leavers]) leaver();
    },
    open({
      tab = new Map(),
      shared: common = shared,
      pageUrl = 'https://shop.example/',
      answerEvent = () => true,
      backend,
    } = {}) {
      const events: HeardEvent[] = [];
      const client = createChatClient({
        ...(backend ?? { server: 'http://localhost:8787', agentId: 'shop' }),
        environment: environment(tab, pageUrl, common),
        onEvent(name, detail) {
          events.push({ name, detail });
          return answerEvent(name);
        },
      });
      clients.push(client);
      return { client, tab, events, ...watch(client) };
    },
  };
}

function watch(client: ChatClient) {
  const snapshots: ChatSnapshot[] = [];
  client.subscribe((snapshot) => snapshots.push(snapshot));
  return {
    snapshots,
    until: (fits: (snapshot: ChatSnapshot) => boolean) =>
      new Promise<ChatSnapshot>((resolve) => {
        if (fits(client.snapshot)) return resolve(client.snapshot);
        const stop = client.subscribe((snapshot) => {
          if (!fits(snapshot)) return;
          stop();
          resolve(snapshot);
        });
      }),
    texts: () => textsOf(client.snapshot),
  };
}

function textsOf(snapshot: ChatSnapshot): string[] {
  return snapshot.messages.map(({ parts }) =>
    parts.map((part) => (part.type === 'text' && 'text' in part ? part.text : '')).join(''),
  );
}

function keyValue(map: Map<string, string>): KeyValue {
  return {
    get: (key) => map.get(key) ?? null,
    set: (key, value) => void map.set(key, value),
    remove: (key) => void map.delete(key),
  };
}

/** A page that no longer waits for an answer hears of that at once, whether or not the server has the request. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** A body that ends with an error when the request is aborted, as a browser's does. */
function abortable(response: Response, signal: AbortSignal): Response {
  if (response.body === null) return response;
  return new Response(response.body.pipeThrough(new TransformStream(), { signal }), response);
}

/** The answer, cut off after so many bytes, as a lost connection does. */
export async function cutAfter(response: Response, bytes: number): Promise<Response> {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  let left = bytes;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await reader.read();
      if (done) return controller.close();
      const chunk = value.subarray(0, left);
      left -= chunk.length;
      if (chunk.length > 0) controller.enqueue(chunk);
      if (left > 0) return;
      void reader.cancel();
      controller.error(new TypeError('network error'));
    },
  });
  return new Response(body, response);
}

export const isSend = (request: Request): boolean => request.method === 'POST' && request.url.endsWith('/chat');
export const isIdentity = (request: Request): boolean => request.url.endsWith('/identity');

export function problemResponse(status: number, code: string, extra: object = {}, headers: HeadersInit = {}): Response {
  return Response.json(
    { type: 'about:blank', title: code, status, code, ...extra },
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  );
}
