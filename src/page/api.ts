import type { IdentityState, TokenSource } from '../client/index.ts';
import {
  ChatWidgetElement,
  checkSource,
  quiet,
  type ChatEventDetails,
  type WidgetOptions,
  type WidgetState,
} from '../shell/index.ts';
import { version } from './version.ts';

type EventName = keyof ChatEventDetails;

/** What `chat.on` calls. */
export type ChatListener<Name extends EventName> = (
  detail: ChatEventDetails[Name],
  event: CustomEvent<ChatEventDetails[Name]>,
) => void;

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
  on<Name extends EventName>(name: Name, listener: ChatListener<Name>, options?: AddEventListenerOptions): () => void;
  once<Name extends EventName>(name: Name, listener: ChatListener<Name>): () => void;
  off<Name extends EventName>(name: Name, listener: ChatListener<Name>): void;
  ready(): Promise<ChatWidgetElement>;
  destroy(): Promise<void>;
  readonly state: WidgetState | undefined;
  readonly version: string;
};

const forwarded = 'logout close toggle show hide send newConversation update ready destroy'.split(' ') as Forwarded[];

/** `init` without an agent of ours, once a page has asked for it. */
let initLater: InitLater | undefined;
let loading: Promise<InitLater> | undefined;

type Forwarded =
  | 'logout'
  | 'close'
  | 'toggle'
  | 'show'
  | 'hide'
  | 'send'
  | 'newConversation'
  | 'update'
  | 'ready'
  | 'destroy';

type InitLater = typeof import('./drop-in.ts').initLater;

type Loose = { [name: string]: unknown };

/** A call as a stub keeps it: the method's name and its arguments. */
type Call = Iterable<unknown> & ArrayLike<unknown>;

/**
 * Registers the element and puts the API on the page, taking over the calls that a stub has kept.
 *
 * @param name of the global
 * @param first calls that come before those of the page
 */
export function install(name = 'chat', first: readonly Call[] = []): ChatApi {
  const page = globalThis as unknown as Loose;
  const present = page[name];
  const isFunction = typeof present === 'function';
  const { version: installed, q = [] } = (isFunction ? present : {}) as { version?: string; q?: ArrayLike<Call> };
  const isInstalled = installed === version;
  const api = isInstalled ? (present as ChatApi) : createApi();
  // Not by definition: what a page declares as `var chat` or `function chat()` can be assigned and not redefined.
  const isThere = Reflect.set(page, name, api);
  // An element with that id is no API of anybody's, another object may be.
  const isLost = present && !isFunction && !(present instanceof Element);
  if (isLost || !isThere) console.warn(`chat-widget: window.${name} was taken`);
  define('chat-widget', ChatWidgetElement);
  for (const call of [...first, ...Array.from(q)]) replay(api, call);
  return api;
}

/** Unless the name is taken. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

/** One bad call of the page's must not lose the calls behind it. */
export function replay(api: (...call: never[]) => unknown, call: Call): void {
  try {
    api(...(call as never[]));
  } catch (error) {
    console.error(error);
  }
}

function createApi(): ChatApi {
  const call = createCaller();
  const hearers = new WeakMap<Listener, EventListener>();
  const hearerOf = (listener: Listener): EventListener => {
    const hear = hearers.get(listener) ?? ((event) => listener((event as CustomEvent).detail, event as CustomEvent));
    hearers.set(listener, hear);
    return hear;
  };
  const api: ChatApi & Loose = Object.assign(
    (method: string, ...args: readonly unknown[]) => {
      const known = Object.hasOwn(api, method) && api[method];
      if (typeof known === 'function') return known(...args) as unknown;
      throw new TypeError(`chat has no method "${method}"`);
    },
    {
      version,
      async init(options: WidgetOptions & Loose) {
        let widget = findWidget();
        if (!(options.agentId || options.endpoint) && (!widget || options['botId'] || options['productId'])) {
          // Those who wait go on in their order. Once it is there nobody waits: an `identify` in the next line is meant for
          // the agent of this one.
          return (initLater ?? (await (loading ??= loadTable())))(options, api);
        }
        widget ??= document.createElement('chat-widget');
        widget.update(options);
        // A script in the head may run before there is a body.
        if (!widget.isConnected) (document.body ?? document.documentElement).append(widget);
        return widget;
      },
      identify(source: TokenSource) {
        checkSource(source);
        return call((widget) => widget.identify(source));
      },
      open: () => call((widget) => void (widget.open = true)),
      on(name: EventName, listener: Listener, options?: AddEventListenerOptions) {
        document.addEventListener(`chat-${name}`, hearerOf(listener), options);
        return () => api.off(name, listener);
      },
      once: (name: EventName, listener: Listener) => api.on(name, listener, { once: true }),
      off: (name: EventName, listener: Listener) => document.removeEventListener(`chat-${name}`, hearerOf(listener)),
    },
  ) as unknown as ChatApi & Loose;
  for (const name of forwarded) {
    (api as Loose)[name] = (...args: unknown[]) =>
      call((widget) => (widget[name] as (...args: unknown[]) => unknown)(...args));
  }
  return Object.defineProperty(api, 'state', { get: () => findWidget()?.state });
}

const loadTable = () =>
  import('./drop-in.ts')
    .then((module) => (initLater = module.initLater))
    // The next who asks tries again.
    .finally(() => (loading = undefined));

export const findWidget = () => document.querySelector<ChatWidgetElement>('chat-widget,applied-chat-widget');

/** Calls go to the page's widget: at once where there is one, else in their order as soon as there is. */
function createCaller() {
  const waiting: ((widget: ChatWidgetElement) => void)[] = [];
  const flush = (widget: ChatWidgetElement | null): void => {
    if (widget) for (const work of waiting.splice(0)) work(widget);
  };
  document.addEventListener('chat-ready', (event) => flush(event.composedPath()[0] as ChatWidgetElement));
  return <T>(work: (widget: ChatWidgetElement) => T | Promise<T>): Promise<T> => {
    const result = new Promise<T>((resolve) =>
      waiting.push((widget) => resolve(new Promise((settle) => settle(work(widget))))),
    );
    flush(findWidget());
    return quiet(result);
  };
}
