import type { IdentityState, TokenSource } from '../client/index.ts';
import { ChatWidgetElement, type WidgetOptions, type WidgetState } from '../shell/index.ts';
import { version } from './version.ts';

type Listener = (detail: unknown, event: CustomEvent) => void;

/**
 * `window.chat`: `chat.identify(token)` and `chat('identify', token)` are the same. Each method acts on the page's
 * `<chat-widget>`, at once where there is one, otherwise as soon as there is.
 */
export type ChatApi = {
  (method: string, ...args: readonly unknown[]): unknown;
  /** Sets the options of the page's widget, and adds one where there is none. */
  init(options: WidgetOptions): Promise<ChatWidgetElement>;
  identify(source: TokenSource): Promise<IdentityState>;
  logout(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
  toggle(): Promise<void>;
  show(): Promise<void>;
  hide(): Promise<void>;
  send(text: string): Promise<void>;
  newConversation(): Promise<void>;
  update(options: WidgetOptions): Promise<void>;
  /** `name` without its `chat-`. Returns the way out. */
  on(name: string, listener: Listener): () => void;
  once(name: string, listener: Listener): () => void;
  off(name: string, listener: Listener): void;
  ready(): Promise<ChatWidgetElement>;
  destroy(): Promise<void>;
  readonly state: WidgetState | undefined;
  readonly version: string;
};

const forwarded = [
  'identify',
  'logout',
  'close',
  'toggle',
  'show',
  'hide',
  'send',
  'newConversation',
  'update',
  'ready',
  'destroy',
] as const;

type Loose = { [name: string]: unknown };

const findWidget = () => document.querySelector<ChatWidgetElement>('chat-widget');

/** Registers the element and puts the API on the page, taking over the calls that a stub has kept. */
export function install(name = 'chat'): ChatApi {
  const page = globalThis as unknown as Loose;
  const present = page[name];
  const isFunction = typeof present === 'function';
  const { version: installed, q: calls = [] } = (isFunction ? present : {}) as { version?: string; q?: ArrayLike<unknown>[] };
  if (installed === version) return present as ChatApi;
  const api = createApi();
  // An element with that id is no API of anybody's; another object may be.
  if (present && !isFunction && !(present instanceof Element)) console.warn(`chat-widget: window.${name} is replaced`);
  Object.defineProperty(page, name, { value: api, configurable: true, writable: true });
  if (!customElements.get('chat-widget')) customElements.define('chat-widget', ChatWidgetElement);
  for (const call of calls) replay(api, Array.from(call));
  return api;
}

/** One bad call of the page's must not lose the calls behind it. */
function replay(api: ChatApi, [method, ...args]: unknown[]): void {
  try {
    api(method as string, ...args);
  } catch (error) {
    console.error(error);
  }
}

function createApi(): ChatApi {
  const heard = new Map<Listener, EventListener>();
  const arrival = new Promise<ChatWidgetElement>((resolve) => (ChatWidgetElement.onConnect = resolve));
  const call = (work: (widget: ChatWidgetElement) => unknown) => {
    const widget = findWidget();
    return widget ? Promise.resolve(work(widget)) : arrival.then(work);
  };
  const api: ChatApi & Loose = Object.assign(
    (method: string, ...args: readonly unknown[]) => {
      const known = Object.hasOwn(api, method) && api[method];
      if (typeof known === 'function') return known(...args) as unknown;
      throw new TypeError(`chat(method, …): there is no method "${method}"`);
    },
    {
      version,
      async init(options: WidgetOptions) {
        const widget = findWidget() ?? new ChatWidgetElement();
        widget.update(options);
        if (!widget.isConnected) document.body.append(widget);
        return widget;
      },
      open: () => call((widget) => void (widget.open = true)),
      on(name: string, listener: Listener) {
        const hear = (event: Event) => listener((event as CustomEvent).detail, event as CustomEvent);
        heard.set(listener, hear);
        document.addEventListener(`chat-${name}`, hear);
        return () => document.removeEventListener(`chat-${name}`, hear);
      },
      once(name: string, listener: Listener) {
        const off = api.on(name, (detail, event) => {
          off();
          listener(detail, event);
        });
        return off;
      },
      off(name: string, listener: Listener) {
        document.removeEventListener(`chat-${name}`, heard.get(listener) as EventListener);
      },
    },
  ) as unknown as ChatApi & Loose;
  for (const name of forwarded) {
    (api as Loose)[name] = (...args: unknown[]) =>
      call((widget) => (widget[name] as (...args: unknown[]) => unknown)(...args));
  }
  return Object.defineProperty(api, 'state', { get: () => findWidget()?.state });
}
