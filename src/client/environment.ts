import type { Upload } from './upload.ts';

/** What the client needs of the world, passed in so that tests decide what the world does. */
export type Environment = {
  readonly fetch: typeof fetch;
  /** Address of the page; tokens go from https pages or loopback only. */
  readonly pageUrl: string;
  /** Shared by the tabs of this origin. */
  readonly shared: KeyValue;
  /** This tab's own. */
  readonly tab: KeyValue;
  /** Milliseconds since the epoch by the browser's clock, which may be wrong by hours. */
  now(): number;
  /** Calls back after a delay; returns the way to cancel. */
  after(delayMs: number, callback: () => void): () => void;
  uuid(): string;
  /** 32 random bytes as 43 characters of base64url. */
  secret(): string;
  online(): boolean;
  visible(): boolean;
  /** Calls back when the page may have slept or been cut off: shown again, focused, back online. */
  onWake(callback: () => void): () => void;
  /** Calls back when the page is left, for good or to be kept for the Back button. Returns the way to cancel. */
  onLeave(callback: () => void): () => void;
  /** Sends a file; see `uploadByXhr`, which is used without one. */
  upload?(upload: Upload): Promise<Response>;
  /** Messages to and from the other tabs of this origin. */
  channel(name: string, listener: (message: unknown) => void): { post(message: unknown): void; close(): void };
};

export type KeyValue = {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
};

/** The browser the script runs in. Storage that is blocked or full turns into memory of this page. */
export function browserEnvironment(): Environment {
  return {
    fetch: (input, init) => fetch(input, init),
    pageUrl: location.href,
    shared: createKeyValue(() => localStorage),
    tab: createKeyValue(() => sessionStorage),
    now: () => Date.now(),
    after,
    uuid: createUuid,
    secret: createSecret,
    online: () => navigator.onLine,
    visible: () => globalThis.document?.visibilityState !== 'hidden',
    onWake: listenTo('online', 'offline', 'pageshow', 'focus', 'visibilitychange', 'resume'),
    onLeave: listenTo('pagehide'),
    channel(name, listener) {
      const channel = new BroadcastChannel(name);
      channel.onmessage = (event) => listener(event.data);
      return { post: (message) => channel.postMessage(message), close: () => channel.close() };
    },
  };
}

/** `setTimeout` fires at once beyond 2^31 - 1 ms. */
const maxTimerMs = 2 ** 31 - 1;

function after(delayMs: number, callback: () => void): () => void {
  let cancel = () => {};
  const restMs = delayMs - maxTimerMs;
  const next = restMs > 0 ? () => (cancel = after(restMs, callback)) : callback;
  const timer = setTimeout(next, Math.min(delayMs, maxTimerMs));
  cancel = () => clearTimeout(timer);
  return () => cancel();
}

const listenTo =
  (...events: string[]) =>
  (callback: () => void) => {
    // While capturing, since `resume` is the document's own, and before a listener of the page's can stop it.
    for (const event of events) addEventListener(event, callback, true);
    return () => {
      for (const event of events) removeEventListener(event, callback, true);
    };
  };

function createKeyValue(storage: () => Storage): KeyValue {
  const memory = new Map<string, string>();
  const attempt = <T>(work: () => T, otherwise: () => T): T => {
    try {
      return work();
    } catch {
      return otherwise();
    }
  };
  return {
    get: (key) =>
      memory.get(key) ??
      attempt(
        () => storage().getItem(key),
        () => null,
      ),
    set: (key, value) =>
      attempt(
        () => {
          storage().setItem(key, value);
          memory.delete(key);
        },
        () => void memory.set(key, value),
      ),
    remove(key) {
      memory.delete(key);
      attempt(
        () => storage().removeItem(key),
        () => undefined,
      );
    },
  };
}

/** `crypto.randomUUID` exists in secure contexts only; anonymous chats may live on plain http. */
function createUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  // RFC 9562, section 5.4: version 4, variant 10.
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-');
}

function createSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace('=', '');
}
