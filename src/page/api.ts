import { ChatWidgetElement, type WidgetState, type WidgetUpdate } from '../shell/index.ts';
import type { IdentityState, TokenSource } from '../client/index.ts';
import { version } from './version.ts';

/** What `init()` takes; each option is an attribute of `<chat-widget>`. */
export type InitOptions = {
  readonly agentId: string;
  readonly server?: string;
  /** The JWT, or a function that gets one. */
  readonly userToken?: TokenSource;
  readonly userName?: string;
  readonly userEmail?: string;
  readonly metadata?: { readonly [key: string]: unknown };
  readonly mode?: string;
  readonly position?: string;
  readonly theme?: string;
  readonly open?: boolean;
};

type Listener = (detail: unknown, event: CustomEvent) => void;

/** `window.chat`: `chat.identify(token)` and `chat('identify', token)` are the same. */
export type ChatApi = {
  (method: string, ...args: readonly unknown[]): unknown;
  init(options: InitOptions): Promise<ChatWidgetElement>;
  identify(source: TokenSource): Promise<IdentityState>;
  logout(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
  toggle(): Promise<void>;
  show(): Promise<void>;
  hide(): Promise<void>;
  send(text: string): Promise<void>;
  newConversation(): Promise<void>;
  update(options: WidgetUpdate): Promise<void>;
  /** `name` without its `chat-`. Returns the way out. */
  on(name: string, listener: Listener): () => void;
  once(name: string, listener: Listener): () => void;
  off(name: string, listener: Listener): void;
  ready(): Promise<ChatWidgetElement>;
  destroy(): Promise<void>;
  readonly state: WidgetState | undefined;
  readonly version: string;
};

const optionAttributes = {
  agentId: 'agent-id',
  server: 'server',
  userName: 'data-user-name',
  userEmail: 'data-user-email',
  mode: 'mode',
  position: 'position',
  theme: 'theme',
} as const;

/** Registers the element and puts the API on the page, taking over the calls that a stub has kept. */
export function install(name = 'chat'): ChatApi {
  const page = globalThis as unknown as { [name: string]: unknown };
  const present = page[name];
  const { version: installed, q: calls = [] } = (present ?? {}) as { version?: unknown; q?: ArrayLike<unknown>[] };
  if (typeof present === 'function' && installed === version) return present as ChatApi;
  const api = createApi();
  if (typeof present === 'object' && present !== null && !(present instanceof Element)) {
    console.warn(`chat-widget: window.${name} was taken and is replaced; data-global="…" gives the widget another name.`);
  }
  Object.defineProperty(page, name, { value: api, configurable: true, writable: true });
  if (customElements.get('chat-widget') === undefined) customElements.define('chat-widget', ChatWidgetElement);
  if (typeof present === 'function') for (const call of calls) replay(api, call);
  return api;
}

/** One bad call of the page's must not lose the calls behind it. */
function replay(api: ChatApi, call: ArrayLike<unknown>): void {
  try {
    const [method, ...args] = Array.from(call);
    api(method as string, ...args);
  } catch (error) {
    console.error(error);
  }
}

function createApi(): ChatApi {
  const listeners = new Map<Listener, EventListener>();
  const arrival = Promise.withResolvers<ChatWidgetElement>();
  ChatWidgetElement.onConnect = arrival.resolve;
  const find = () => document.querySelector<ChatWidgetElement>('chat-widget');
  /** At once where the page has a widget, otherwise when it gets one. */
  const call = <T>(work: (widget: ChatWidgetElement) => T | Promise<T>): Promise<T> => {
    const widget = find();
    if (widget === null) return arrival.promise.then(work);
    const result = work(widget);
    return result instanceof Promise ? result : Promise.resolve(result);
  };

  const methods = {
    async init(options: InitOptions) {
      if (typeof options?.agentId !== 'string') throw new TypeError("init(options): pass the agent's id as `agentId`.");
      const widget = find() ?? new ChatWidgetElement();
      for (const [option, attribute] of Object.entries(optionAttributes)) {
        const value = options[option as keyof typeof optionAttributes];
        if (value !== undefined) widget.setAttribute(attribute, value);
      }
      if (options.metadata !== undefined) widget.update({ metadata: options.metadata });
      if (options.userToken) void widget.identify(options.userToken);
      if (options.open) widget.open = true;
      if (!widget.isConnected) document.body.append(widget);
      return widget;
    },
    identify: (source: TokenSource) => call((widget) => widget.identify(source)),
    logout: () => call((widget) => widget.logout()),
    open: () => call((widget) => void (widget.open = true)),
    close: () => call((widget) => widget.close()),
    toggle: () => call((widget) => widget.toggle()),
    show: () => call((widget) => widget.show()),
    hide: () => call((widget) => widget.hide()),
    send: (text: string) => call((widget) => widget.send(text)),
    newConversation: () => call((widget) => widget.newConversation()),
    update: (options: WidgetUpdate) => call((widget) => widget.update(options)),
    on(name: string, listener: Listener) {
      const heard = (event: Event) => listener((event as CustomEvent).detail, event as CustomEvent);
      listeners.set(listener, heard);
      document.addEventListener(`chat-${name}`, heard);
      return () => document.removeEventListener(`chat-${name}`, heard);
    },
    once(name: string, listener: Listener) {
      const off = methods.on(name, (detail, event) => {
        off();
        listener(detail, event);
      });
      return off;
    },
    off(name: string, listener: Listener) {
      const heard = listeners.get(listener);
      if (heard !== undefined) document.removeEventListener(`chat-${name}`, heard);
    },
    ready: () => call((widget) => widget),
    destroy: () => call((widget) => widget.destroy()),
    get state() {
      return find()?.state;
    },
    version,
  };

  const api = (method: string, ...args: readonly unknown[]): unknown => {
    const known = (methods as { [name: string]: unknown })[method];
    if (typeof known === 'function' && Object.hasOwn(methods, method)) return (known as (...args: unknown[]) => unknown)(...args);
    throw new TypeError(`chat(method, …): there is no method "${method}"; try "identify", "logout", "open".`);
  };
  return Object.defineProperties(api, Object.getOwnPropertyDescriptors(methods)) as ChatApi;
}
