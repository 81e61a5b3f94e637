import type { ChatClient, ChatSnapshot, IdentityState, TokenSource } from '../client/index.ts';
import type { ChatPanelElement } from '../panel/index.ts';
import { createLauncher, type Launcher } from './launcher.ts';
import { loadClient, loadPanel } from './parts.ts';

/** What `chat.state` shows: frozen, without messages and without a token. */
export type WidgetState = {
  readonly identity: IdentityState;
  readonly open: boolean;
  readonly unreadCount: number;
};

/** What `update()` takes; what is left out stays as it is. */
export type WidgetUpdate = {
  readonly metadata?: { readonly [key: string]: unknown };
  readonly theme?: string;
  readonly userName?: string;
  readonly userEmail?: string;
};

const tokenAttributes = ['contact-context-token', 'data-user-token'];
const anonymous: IdentityState = Object.freeze({ state: 'anonymous' });

/** In Node there are no elements; the class can be imported there and is not used. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * `<chat-widget>`: attributes in, events out, a launcher. Fetches the client when somebody is to be identified and the panel
 * when somebody means to chat.
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

  /** Told of each widget that comes to life on the page. */
  static onConnect: (widget: ChatWidgetElement) => void = () => {};

  /** Starters that are shown instead of the agent's own. */
  suggestions: readonly string[] | undefined;

  #client: ChatClient | undefined;
  #starting: Promise<ChatClient> | undefined;
  #source: TokenSource | undefined;
  /** What the client made of the latest source that was there before it. */
  #identified: Promise<IdentityState> | undefined;
  #arrival = Promise.withResolvers<void>();
  #panel: ChatPanelElement | undefined;
  #launcher: Launcher | undefined;
  #progress: 'none' | 'busy' | 'failed' = 'none';
  #takesFocus = false;

  get open(): boolean {
    return this.hasAttribute('open');
  }
  set open(open: boolean) {
    this.#takesFocus = true;
    this.toggleAttribute('open', Boolean(open));
  }

  get state(): WidgetState {
    const { identity = anonymous, unreadCount = 0 } = this.#client?.snapshot ?? ({} as Partial<ChatSnapshot>);
    return Object.freeze({ identity, open: this.open, unreadCount });
  }

  connectedCallback(): void {
    const isFirst = this.#launcher === undefined;
    this.#launcher ??= createLauncher(
      this.shadowRoot ?? this.attachShadow({ mode: 'open' }),
      () => (this.open = !this.open),
      () => void Promise.all([this.#start(), loadPanel()]).catch(() => undefined),
    );
    this.#arrival.resolve();
    this.#begin();
    queueMicrotask(() => {
      if (!isFirst) return;
      ChatWidgetElement.onConnect(this);
      this.#fire('ready');
    });
  }

  /** Moved within the page it goes on; taken out it ends. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#arrival = Promise.withResolvers();
      this.#end();
    });
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return;
    if (tokenAttributes.includes(name)) this.#takeTokenAttribute();
    else if (name === 'open') this.#onOpenChanged();
    else if (name === 'agent-id' || name === 'server') this.#restart();
    else this.#configure();
    this.#draw();
  }

  /**
   * Says who the visitor is. The latest call wins.
   *
   * @param source the JWT that your backend signed, or a function that gets one (and is asked again before it expires)
   * @returns settles when the server has judged; rejects with `{code, reason, message, retryable}`
   * @throws TypeError for anything else
   */
  identify(source: TokenSource): Promise<IdentityState> {
    if (typeof source !== 'function' && (typeof source !== 'string' || source === '')) {
      throw new TypeError('identify(token): pass the JWT that your backend signed, or a function that returns one.');
    }
    this.#source = source;
    if (this.#client !== undefined) return quiet(this.#client.identify(source));
    // The client takes the latest source as it comes to life, so of all these calls one goes out.
    return quiet(
      whenIdle()
        .then(() => this.#start())
        .then((client) => this.#identified ?? client.snapshot.identity),
    );
  }

  /** Ends the sign-in here, in the other tabs of this site, and on the server. Settles when the server has confirmed. */
  logout(): Promise<void> {
    this.#source = this.#identified = undefined;
    return quiet(this.#with((client) => client.logout()));
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
    return quiet(this.#with((client) => client.send(text)));
  }

  newConversation(): Promise<void> {
    return this.#with((client) => client.newConversation());
  }

  update({ metadata, theme, userName, userEmail }: WidgetUpdate): void {
    if (metadata !== undefined) this.setAttribute('metadata', JSON.stringify(metadata));
    if (theme !== undefined) this.setAttribute('theme', theme);
    if (userName !== undefined) this.setAttribute('data-user-name', userName);
    if (userEmail !== undefined) this.setAttribute('data-user-email', userEmail);
  }

  ready(): Promise<this> {
    return Promise.resolve(this);
  }

  destroy(): void {
    this.remove();
  }

  #begin(): void {
    this.#draw();
    if (this.#source !== undefined && this.#client === undefined) void this.identify(this.#source);
    if (this.open || this.#isEmbedded()) void this.#show();
  }

  #end(): void {
    this.#client?.close();
    this.#panel?.remove();
    this.#client = this.#starting = this.#panel = this.#identified = undefined;
  }

  /** Another agent is another chat. */
  #restart(): void {
    if (this.#starting === undefined) return;
    this.#end();
    if (this.isConnected) this.#begin();
  }

  #takeTokenAttribute(): void {
    const [first, second] = tokenAttributes.map((name) => this.getAttribute(name));
    if (first && second && first !== second) {
      console.warn('<chat-widget>: contact-context-token and data-user-token differ; the first is used.');
    }
    const token = first || second;
    if (token) void this.identify(token);
    else if (this.#source !== undefined) void this.logout();
  }

  #onOpenChanged(): void {
    if (!this.isConnected) return;
    if (this.open) void this.#show();
    else if (this.#panel !== undefined && !this.#isEmbedded()) {
      this.#panel.hidden = true;
      this.#client?.attend(false);
      if (this.#takesFocus) this.#launcher?.button.focus();
    }
    this.#takesFocus = false;
    this.#fire(this.open ? 'opened' : 'closed');
  }

  async #show(): Promise<void> {
    const takesFocus = this.#takesFocus;
    this.#setProgress('busy');
    try {
      const [client] = await Promise.all([this.#start(), loadPanel()]);
      this.#setProgress('none');
      if (client !== this.#client || !(this.open || this.#isEmbedded())) return;
      this.#panel ??= this.#addPanel(client);
      this.#panel.hidden = false;
      client.load();
      client.attend(true);
      if (takesFocus) this.#panel.focusComposer();
    } catch {
      this.#setProgress('failed');
      this.#fire('failed', { code: 'network', retryable: true });
      this.open = false;
    }
  }

  #addPanel(client: ChatClient): ChatPanelElement {
    const panel = document.createElement('chat-panel');
    panel.client = client;
    panel.addEventListener('panel-close', () => (this.open = false));
    for (const name of ['header', 'welcome', 'footer']) {
      // An empty slot would hide what the panel shows without one.
      if (this.querySelector(`:scope>[slot=${name}]`) === null) continue;
      const slot = document.createElement('slot');
      slot.name = slot.slot = name;
      panel.append(slot);
    }
    this.#panel = panel;
    this.#configure();
    this.shadowRoot?.append(panel);
    return panel;
  }

  /** The client, fetched once; a failed fetch is tried again by the next who asks. */
  #start(): Promise<ChatClient> {
    return (this.#starting ??= this.#create().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    }));
  }

  async #create(): Promise<ChatClient> {
    const [{ createChatClient }] = await Promise.all([loadClient(), this.#arrival.promise]);
    const client = createChatClient({
      server: (this.getAttribute('server') ?? ChatWidgetElement.defaultServer).replace(/\/+$/, ''),
      agentId: this.getAttribute('agent-id') ?? '',
      onEvent: (name, detail) => this.#fire(name, detail),
    });
    client.subscribe(() => this.#draw());
    this.#client = client;
    this.#configure();
    if (this.#source !== undefined) this.#identified = quiet(client.identify(this.#source));
    return client;
  }

  /** At once where the client is there, so that a logout has wiped the screen before it returns. */
  #with<T>(work: (client: ChatClient) => T | Promise<T>): Promise<T> {
    if (this.#client === undefined) return this.#start().then(work);
    return (async (client) => work(client))(this.#client);
  }

  #configure(): void {
    const attribute = (name: string) => this.getAttribute(name) ?? '';
    this.#client?.update({
      metadata: parseMetadata(attribute('metadata')),
      userName: attribute('data-user-name'),
      userEmail: attribute('data-user-email'),
    });
    if (this.#panel === undefined) return;
    Object.assign(this.#panel, {
      mode: attribute('mode') || 'floating',
      theme: attribute('theme') || 'auto',
      suggestions: this.suggestions,
    });
    this.#panel.setAttribute('position', attribute('position') || 'end');
  }

  #isEmbedded(): boolean {
    return ['inline', 'page'].includes(this.getAttribute('mode') ?? '');
  }

  #setProgress(progress: 'none' | 'busy' | 'failed'): void {
    this.#progress = progress;
    this.#draw();
  }

  #draw(): void {
    const { open, unreadCount: unread } = this.state;
    if (this.#launcher === undefined) return;
    this.#launcher.button.hidden = this.#isEmbedded();
    this.#launcher.draw({ open, unread, progress: this.#progress });
  }

  #fire(name: string, detail: object = {}): boolean {
    const cancelable = name === 'message-sending';
    return this.dispatchEvent(new CustomEvent(`chat-${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }
}

function parseMetadata(json: string): { readonly [key: string]: unknown } {
  if (json === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below, together with JSON that is no object.
  }
  console.warn('<chat-widget>: the metadata attribute is not a JSON object; nothing is sent along.');
  return {};
}

/** The host page's own work goes first. */
function whenIdle(): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(resolve, { timeout: 1000 });
    else setTimeout(resolve);
  });
}

/** A page that does not wait for the promise gets no "unhandled rejection"; it has the events. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
