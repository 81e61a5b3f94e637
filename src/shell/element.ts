import type { IdentityState, TokenSource } from '../client/index.ts';
import { checkSource } from './check-source.ts';
import { createLauncher } from './launcher.ts';
import { loadController, loadPanel } from './parts.ts';
import type { Controller, WidgetOptions, WidgetState } from './types.ts';

const anonymous = Object.freeze({ state: 'anonymous' });
/** What became of a chat whose files did not arrive. */
const failure = { code: 'network', retryable: true };
const tokenAttributes = ['contact-context-token', 'data-user-token'];

type Provider = () => Promise<string>;

/** In Node there are no elements; the class can be imported there and is not used. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * `<chat-widget>`: attributes in, events out, and a launcher. All else is fetched when it is needed: the client when
 * somebody is to be identified, the panel when somebody means to chat.
 *
 * @fires chat-ready
 * @fires chat-opened
 * @fires chat-closed
 * @fires chat-identity-changed {state, reason?}
 * @fires chat-token-expiring {expiresAt}
 * @fires chat-sign-in-requested
 * @fires chat-message-sending {text}, cancellable
 * @fires chat-message-sent {id}
 * @fires chat-message-received {id}
 * @fires chat-unread-changed {count}
 * @fires chat-failed {code, retryable}
 * @slot launcher - in the place of the launcher's icon
 * @slot header - beside the agent's name
 * @slot welcome - above the greeting
 * @slot footer - below the composer
 */
export class ChatWidgetElement extends Base {
  static readonly observedAttributes = [
    ...tokenAttributes,
    'token-url',
    'agent-id',
    'server',
    'data-user-name',
    'data-user-email',
    'metadata',
    'open',
    'mode',
    'position',
    'theme',
  ];

  /** Origin of the chat server where the element names none: where the script came from. */
  static defaultServer = '';

  readonly #launcher = createLauncher(this.attachShadow({ mode: 'open' }));
  #suggestions: readonly string[] | undefined;
  #controller: Controller | undefined;
  #waking: Promise<Controller> | undefined;
  #arrive = () => {};
  /** Settles when the element is on the page, which is what everything that is fetched waits for. */
  #arrival = this.#nextArrival();
  #source: TokenSource | undefined;
  /** What the controller made of the source that was there before it. */
  #identified: Promise<IdentityState> | undefined;
  #takesFocus = false;
  #isReady = false;

  constructor() {
    super();
    this.#launcher.onclick = () => this.toggle();
    // Hover and focus are intent enough to have everything there before the click.
    this.#launcher.onpointerenter = this.#launcher.onfocus = () => void this.#prepare().catch(() => {});
  }

  /** Whether the panel is shown. Reflected. */
  get open(): boolean {
    return this.hasAttribute('open');
  }
  set open(open: boolean) {
    this.#takesFocus = open !== this.open;
    this.toggleAttribute('open', open);
  }

  /** Starters that are shown instead of the agent's own. */
  get suggestions(): readonly string[] | undefined {
    return this.#suggestions;
  }
  set suggestions(suggestions: readonly string[] | undefined) {
    this.#suggestions = suggestions;
    this.#controller?.configure();
  }

  /** Gets a token: asked at once, before that one expires, and when the server refuses it. Undefined signs out. */
  get tokenProvider(): Provider | undefined {
    return typeof this.#source === 'function' ? this.#source : undefined;
  }
  set tokenProvider(provider: Provider | undefined) {
    if (provider) void this.identify(provider);
    else if (this.tokenProvider) void this.logout();
  }

  get state(): WidgetState {
    return this.#controller?.state ?? Object.freeze({ identity: anonymous, open: this.open, unreadCount: 0 });
  }

  connectedCallback(): void {
    this.#arrive();
    if (!this.#isReady) this.#begin();
    void this.#show();
    if (this.#source !== undefined && this.#waking === undefined) void this.identify(this.#source);
  }

  /** Moved within the page it goes on; taken out it ends. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#arrival = this.#nextArrival();
      this.#end();
    });
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return;
    if (/token/.test(name)) {
      const token = tokenAttributes.map((attribute) => this.getAttribute(attribute)).find(Boolean);
      if (token) void this.identify(token);
      else if (this.hasAttribute('token-url'))
        this.tokenProvider = () => this.#with((controller) => controller.fetchToken());
      else if (this.#source !== undefined) void this.logout();
    } else if (this.#waking !== undefined && /agent|server/.test(name)) {
      // Another agent is another chat.
      this.#end();
      if (this.isConnected) this.connectedCallback();
    } else if (/open|mode/.test(name)) void this.#show();
    this.#controller?.configure();
  }

  /**
   * Says who the visitor is. The latest call wins.
   *
   * @param source the JWT that your backend signed, or a function that gets one (and is asked again before it expires)
   * @returns settles when the server has judged; rejects with `{code, reason, message, retryable}`
   * @throws TypeError for anything else
   */
  identify(source: TokenSource): Promise<IdentityState> {
    checkSource(source);
    this.#source = source;
    if (this.#controller !== undefined) return quiet(this.#controller.identify(source));
    // The controller takes the latest source as it comes to life, so of all these calls one goes out.
    return quiet(
      whenIdle()
        .then(() => this.#wake())
        .then(({ state }) => this.#identified ?? state.identity),
    );
  }

  /** Ends the sign-in here, in the other tabs of this site, and on the server. Settles when the server has confirmed. */
  logout(): Promise<void> {
    this.#source = this.#identified = undefined;
    return this.#with((controller) => controller.logout());
  }

  close(): void {
    this.open = false;
  }

  toggle(): void {
    this.open = !this.open;
  }

  show(): void {
    this.hidden = false;
  }

  hide(): void {
    this.hidden = true;
  }

  /** Sends a text as the visitor's message. Settles when the server has stored it. */
  send(text: string): Promise<void> {
    return this.#with((controller) => controller.send(text));
  }

  newConversation(): Promise<void> {
    return this.#with((controller) => controller.newConversation());
  }

  /** Sets attributes by the names of options: `update({userName: 'Ada'})`. An empty text or null takes one away. */
  update(options: WidgetOptions): void {
    for (const [name, value] of Object.entries(options) as [string, unknown][]) {
      const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^user/, 'data-user');
      if (name === 'open') this.open = value !== false;
      else if (value === undefined) continue;
      else if (name === 'tokenProvider') this.tokenProvider = value as Provider;
      else if (!value) this.removeAttribute(attribute);
      else if (tokenAttributes.includes(attribute)) void this.identify(value as TokenSource);
      else this.setAttribute(attribute, typeof value === 'string' ? value : JSON.stringify(value));
    }
  }

  ready(): Promise<this> {
    return Promise.resolve(this);
  }

  destroy(): void {
    this.remove();
  }

  #begin(): void {
    this.#isReady = true;
    for (const name of ['open', 'suggestions', 'tokenProvider'] as const) {
      // Set before the element was defined, it would hide the property of the same name.
      if (Object.hasOwn(this, name)) takeOver(this, name);
    }
    queueMicrotask(() => this.#fire('ready'));
  }

  #prepare(): Promise<unknown> {
    return Promise.all([this.#wake(), loadPanel()]);
  }

  /** Brings what is shown into line with the attributes. */
  async #show(): Promise<void> {
    const takesFocus = this.#takesFocus;
    this.#takesFocus = false;
    if (!this.isConnected) return;
    const isShown = this.open || /^(inline|page)$/.test(this.getAttribute('mode') ?? '');
    if (isShown) {
      this.#launcher.ariaBusy = 'true';
      const isLoaded = await this.#prepare().catch(() => false);
      this.#launcher.ariaBusy = null;
      if (isLoaded === false) {
        this.#fire('failed', failure);
        return this.removeAttribute('open');
      }
    }
    this.#controller?.show(takesFocus);
  }

  /** The controller, fetched once; a failed fetch is tried again by the next who asks. */
  #wake(): Promise<Controller> {
    if (this.#waking !== undefined) return this.#waking;
    const waking: Promise<Controller> = this.#arrival
      .then(loadController)
      .then(({ createController, createChatClient }) => {
        // Meanwhile it was taken off the page, or given to another agent.
        if (waking !== this.#waking) return this.#wake();
        const controller = createController(this, createChatClient, this.#fire.bind(this));
        this.#controller = controller;
        if (this.#source !== undefined) this.#identified = quiet(controller.identify(this.#source));
        return controller;
      })
      .catch((error: Error) => {
        this.#waking = undefined;
        throw Object.assign(error, failure);
      });
    return (this.#waking = waking);
  }

  /** At once where the controller is there, so that a logout has wiped the screen before it returns. */
  #with<T>(work: (controller: Controller) => T | Promise<T>): Promise<T> {
    const controller = this.#controller;
    return quiet(controller === undefined ? this.#wake().then(work) : Promise.resolve(work(controller)));
  }

  #nextArrival(): Promise<void> {
    return new Promise((resolve) => (this.#arrive = resolve));
  }

  #end(): void {
    this.#controller?.end();
    this.#controller = this.#waking = this.#identified = undefined;
  }

  #fire(name: string, detail: object = {}): boolean {
    const cancelable = name === 'message-sending';
    return this.dispatchEvent(new CustomEvent(`chat-${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }
}

/** The host page's own work goes first. */
function whenIdle(): Promise<unknown> {
  return new Promise((resolve) => (globalThis.requestIdleCallback ?? queueMicrotask)(() => resolve(0)));
}

/** A page that does not wait for the promise gets no "unhandled rejection"; it has the events. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Sets an own property anew, so that it goes through the accessor of the class. */
function takeOver<Name extends 'open' | 'suggestions' | 'tokenProvider'>(widget: ChatWidgetElement, name: Name): void {
  const value = widget[name];
  Reflect.deleteProperty(widget, name);
  widget[name] = value;
}
