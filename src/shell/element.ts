import type { IdentityState, TokenProvider, TokenSource } from '../client/index.ts';
import { checkSource } from './check-source.ts';
import { createLauncher } from './launcher.ts';
import { loadController, loadPanel } from './parts.ts';
import type { Controller, StringOverrides, WidgetOptions, WidgetState } from './types.ts';

/** What became of a chat whose files did not arrive. */
const failure = { code: 'network', retryable: true };

/** In Node there are no elements; the class can be imported there and is not used. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * `<chat-widget>`: attributes in, events out, and a launcher. All else is fetched when it is needed: the client when
 * somebody is to be identified, the panel when somebody means to chat. Its attributes and events: `markup.ts`.
 *
 * @slot launcher - in the place of the launcher's icon
 * @slot header - beside the agent's name
 * @slot welcome - above the greeting
 * @slot footer - below the composer
 * @csspart launcher - the button that opens the chat
 * @csspart badge - how many messages nobody has seen yet, on the launcher
 */
export class ChatWidgetElement extends Base {
  static readonly observedAttributes = [
    'contact-context-token',
    'data-user-token',
    'token-url',
    'agent-id',
    'server',
    'endpoint',
    'open',
    'mode',
  ];

  /**
   * An address at the chat server, whose origin counts where the element names none: the script's own. Tokens go to that origin and
   * no other; a page whose markup names another one sets this, or calls `chat.init({ server })`.
   */
  declare static defaultServer: string;

  readonly #launcher = createLauncher(this.attachShadow({ mode: 'open' }));
  #suggestions: readonly string[] | undefined;
  #strings: StringOverrides | undefined;
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
    this.#launcher.onpointerenter = this.#launcher.onfocus = () => quiet(this.#prepare());
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

  /** Texts that take the place of the language's own. A change within the object is not seen: give another one. */
  get strings(): StringOverrides | undefined {
    return this.#strings;
  }
  set strings(strings: StringOverrides | undefined) {
    this.#strings = strings;
    this.#controller?.configure();
  }

  /** Gets a token: asked at once, before that one expires, and when the server refuses it. Undefined signs out. */
  get tokenProvider(): TokenProvider | undefined {
    return typeof this.#source === 'function' ? this.#source : undefined;
  }
  set tokenProvider(provider: TokenProvider | undefined) {
    if (provider) void this.identify(provider);
    else if (this.tokenProvider) void this.logout();
  }

  /** Frozen: who the visitor is taken for, whether the panel is shown, how much is unread. */
  get state(): WidgetState {
    return (
      this.#controller?.state ??
      Object.freeze({ identity: Object.freeze({ state: 'anonymous' }), open: this.open, unreadCount: 0 })
    );
  }

  connectedCallback(): void {
    this.#arrive();
    if (!this.#isReady) this.#begin();
    void this.#show();
    if (this.#source && !this.#waking) void this.identify(this.#source);
    void quiet(this.#prefetch(this.getAttribute('loading')));
  }

  /** Moved within the page it goes on, also where promises stand between out and in (Turbo); taken out it ends. */
  disconnectedCallback(): void {
    setTimeout(() => {
      if (this.isConnected) return;
      this.#arrival = this.#nextArrival();
      this.#end();
    });
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return;
    if (/token/.test(name)) {
      const token = this.getAttribute('contact-context-token') || this.getAttribute('data-user-token');
      if (token) void this.identify(token);
      else if (this.hasAttribute('token-url'))
        this.tokenProvider = () => this.#with((controller) => controller.fetchToken());
      else if (this.#source) void this.logout();
    } else if (this.#waking && /agent|serv|endp/.test(name)) {
      // Another agent is another chat.
      this.#end();
      if (this.isConnected) this.connectedCallback();
    } else void this.#show();
    this.#controller?.configure();
  }

  /**
   * Says who the visitor is. The latest call wins.
   *
   * @param source the JWT that your backend signed, or a function that gets one (and is asked again before it expires); null where
   *   nobody is signed in
   * @returns settles when the server has judged; rejects with `{code, reason, message, retryable}`
   * @throws TypeError for anything else
   */
  identify(source: TokenSource): Promise<IdentityState> {
    checkSource(source);
    this.#source = source;
    if (this.#controller) return quiet(this.#controller.identify(source));
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

  /** Hides the panel. */
  close(): void {
    this.open = false;
  }

  /** Shows the panel, or hides it. */
  toggle(): void {
    this.open = !this.open;
  }

  /** Shows the whole widget again. */
  show(): void {
    this.hidden = false;
  }

  /** Hides the whole widget, launcher included. */
  hide(): void {
    this.hidden = true;
  }

  /** Sends a text as the visitor's message. Settles when the server has stored it. */
  send(text: string): Promise<void> {
    return this.#with((controller) => controller.send(text));
  }

  /** Leaves the conversation for an empty one. */
  newConversation(): Promise<void> {
    return this.#with((controller) => controller.newConversation());
  }

  /** Sets attributes by the names of options: `update({userName: 'Ada'})`. An empty text or null takes one away. */
  update(options: WidgetOptions): void {
    // What a script names is the page's own choice, for tokens too (docs/decisions/0011-tokens-and-markup.md).
    ChatWidgetElement.defaultServer = options.endpoint || options.server || ChatWidgetElement.defaultServer;
    for (const [name, value] of Object.entries(options) as [string, unknown][]) {
      const attribute = name.replace(/[A-Z]/g, '-$&').toLowerCase().replace(/^user/, 'data-user');
      if (value === undefined) continue;
      if (name === 'open') this.open = value !== false;
      else if (name === 'tokenProvider') this.tokenProvider = value as TokenProvider;
      else if (name === 'strings') this.strings = value as StringOverrides;
      else if (!value) this.removeAttribute(attribute);
      else if (name === 'userToken') void this.identify(value as TokenSource);
      else this.setAttribute(attribute, typeof value === 'string' ? value : JSON.stringify(value));
    }
  }

  /** Settles at once, with the element: for pages that wait by `chat.ready()`. */
  async ready(): Promise<this> {
    return this;
  }

  /** Takes the element off the page. */
  destroy(): void {
    this.remove();
  }

  #begin(): void {
    this.#isReady = true;
    for (const name of ['open', 'suggestions', 'strings', 'tokenProvider'] as const) {
      // Set before the element was defined, it would hide the property of the same name.
      if (Object.hasOwn(this, name)) {
        const own = this as Record<string, unknown>;
        const value = own[name];
        delete own[name];
        own[name] = value;
      }
    }
    queueMicrotask(() => this.#fire('ready'));
  }

  /** What is fetched before anybody means to chat. The client leaves word where there may be a conversation that is open. */
  async #prefetch(loading: string | null): Promise<void> {
    if (loading !== 'eager') await whenIdle();
    if (loading === 'idle' || loading === 'eager') await this.#prepare();
    else if (localStorage['chat-widget']) await this.#wake();
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
        return this.close();
      }
    }
    this.#controller?.show(takesFocus);
  }

  /** The controller, fetched once; a failed fetch is tried again by the next who asks. */
  #wake(): Promise<Controller> {
    const waking: Promise<Controller> = (this.#waking ??= this.#arrival
      .then(loadController)
      .then(([{ createController }, { createChatClient }]) => {
        // Meanwhile it was taken off the page, or given to another agent.
        if (waking !== this.#waking) return this.#wake();
        const controller = createController(this, createChatClient, this.#fire.bind(this));
        this.#controller = controller;
        if (this.#source) this.#identified = quiet(controller.identify(this.#source));
        return controller;
      })
      .catch((error: Error) => {
        this.#waking = undefined;
        throw Object.assign(error, failure);
      }));
    return waking;
  }

  /** At once where the controller is there, so that a logout has wiped the screen before it returns. */
  #with<T>(work: (controller: Controller) => T | Promise<T>): Promise<T> {
    const controller = this.#controller;
    return quiet(controller ? Promise.resolve(work(controller)) : this.#wake().then(work));
  }

  #nextArrival(): Promise<void> {
    return new Promise((resolve) => (this.#arrive = resolve));
  }

  #end(): void {
    this.#controller?.end();
    this.#controller = this.#waking = this.#identified = undefined;
  }

  #fire(name: string, detail: object = {}, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(`chat-${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }
}

/** The host page's own work goes first. */
function whenIdle(): Promise<unknown> {
  return new Promise((globalThis.requestIdleCallback ?? setTimeout) as (done: (value: unknown) => void) => void);
}

/** A page that does not wait for the promise gets no "unhandled rejection"; it has the events. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
