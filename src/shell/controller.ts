import type { ChatClient, ChatClientOptions, IdentityState, TokenSource } from '../client/index.ts';
import type { ChatPanelElement } from '../panel/index.ts';
import type { ChatWidgetElement } from './element.ts';
import { bubbleIcon } from './launcher.ts';
import type { Controller, WidgetOptions, WidgetState } from './types.ts';

const css = `
[part=badge]{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:20px;padding-inline:5px;box-sizing:border-box;border-radius:10px;background:#c02626;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
[part=badge]:empty{display:none}
@media(max-width:480px),(max-height:440px){:host([open]) button{display:none}}
`;

const pageEvents = ['pagehide', 'pageshow'] as const;

const crossIcon = 'M6 6l12 12M18 6L6 18';

type CreateClient = (options: ChatClientOptions) => ChatClient;
type Fire = (name: string, detail?: object) => boolean;
type Metadata = NonNullable<WidgetOptions['metadata']>;

/** Joins an element to a client and, once it is open, to a panel. */
export function createController(element: ChatWidgetElement, createClient: CreateClient, fire: Fire): Controller {
  return new WidgetController(element, createClient, fire);
}

class WidgetController implements Controller {
  readonly #element: ChatWidgetElement;
  readonly #fire: Fire;
  readonly #root: ShadowRoot;
  readonly #launcher: HTMLButtonElement;
  readonly #badge: HTMLElement;
  readonly #client: ChatClient;
  #panel: ChatPanelElement | undefined;
  #isShown = false;
  #isOpen = false;
  /** What was said of the attributes already; it is said once. */
  readonly #warned = new Set<string>();
  #metadata: { readonly json: string; readonly value: Metadata } = { json: '', value: {} };

  constructor(element: ChatWidgetElement, createClient: CreateClient, fire: Fire) {
    const { defaultServer } = element.constructor as typeof ChatWidgetElement;
    this.#element = element;
    this.#fire = fire;
    this.#root = element.shadowRoot as ShadowRoot;
    this.#launcher = this.#root.querySelector('button') as HTMLButtonElement;
    this.#badge = addBadge(this.#root, this.#launcher);
    this.#client = createClient({
      server: (this.#attribute('server') || defaultServer).replace(/\/+$/, ''),
      agentId: this.#attribute('agent-id'),
      onEvent: (name, detail) => {
        this.#explain(name, detail);
        return fire(name, detail);
      },
    });
    this.#client.subscribe(() => this.#draw());
    for (const name of pageEvents) addEventListener(name, this.#onPageEvent);
    this.configure();
    this.#draw();
  }

  get state(): WidgetState {
    const { identity, unreadCount } = this.#client.snapshot;
    return Object.freeze({ identity, open: this.#element.open, unreadCount });
  }

  identify(source: TokenSource): Promise<IdentityState> {
    return this.#client.identify(source);
  }

  logout(): Promise<void> {
    return this.#client.logout();
  }

  send(text: string): Promise<void> {
    return this.#client.send(text);
  }

  newConversation(): void {
    this.#client.newConversation();
  }

  async fetchToken(): Promise<string> {
    const url = new URL(this.#attribute('token-url'), document.baseURI);
    if (url.origin !== location.origin) {
      this.#warnOnce(`token-url has to be of this page's origin, ${location.origin}; it is not asked.`);
      throw new TypeError('token-url');
    }
    // In this mode a redirect to another origin fails, too.
    const response = await fetch(url, { method: 'POST', mode: 'same-origin', credentials: 'same-origin' });
    return ((await response.json()) as { token: string }).token;
  }

  configure(): void {
    this.#client.update({
      metadata: this.#readMetadata(),
      userName: this.#attribute('data-user-name'),
      userEmail: this.#attribute('data-user-email'),
    });
    this.#warnOfTwoTokens();
    if (this.#panel === undefined) return;
    const { suggestions } = this.#element;
    this.#panel.mode = oneOf(this.#attribute('mode'), 'floating', ['inline', 'page']);
    this.#panel.theme = oneOf(this.#attribute('theme'), 'auto', ['light', 'dark']);
    this.#panel.suggestions = suggestions === undefined ? undefined : [...suggestions];
    this.#panel.setAttribute('position', oneOf(this.#attribute('position'), 'end', ['start']));
  }

  show(takesFocus: boolean): void {
    const isEmbedded = /^(inline|page)$/.test(this.#attribute('mode'));
    const { open } = this.#element;
    const isShown = open || isEmbedded;
    if (isShown !== this.#isShown) this.#setShown(isShown, takesFocus);
    const isOpen = open && !isEmbedded;
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    this.#fire(isOpen ? 'opened' : 'closed');
  }

  end(): void {
    for (const name of pageEvents) removeEventListener(name, this.#onPageEvent);
    this.#client.close();
    this.#panel?.remove();
    this.#badge.remove();
  }

  /**
   * A page that is kept for Back shows nothing until the client, which hears of its return first, has seen whether there
   * was a logout meanwhile.
   */
  readonly #onPageEvent = ({ type, persisted }: PageTransitionEvent): void => {
    if (persisted && this.#panel !== undefined) this.#panel.hidden = type === 'pagehide' || !this.#isShown;
  };

  #attribute(name: string): string {
    return this.#element.getAttribute(name) ?? '';
  }

  #draw(): void {
    const { unreadCount } = this.#client.snapshot;
    const isShown = this.#isShown;
    const count = unreadCount > 0 && !isShown ? (unreadCount > 99 ? '99+' : `${unreadCount}`) : '';
    this.#badge.textContent = count;
    this.#launcher.ariaLabel = count === '' ? 'Chat' : `Chat, ${count} unread`;
    this.#launcher.ariaExpanded = `${isShown}`;
    this.#launcher.querySelector('path')?.setAttribute('d', isShown ? crossIcon : bubbleIcon);
  }

  #setShown(isShown: boolean, takesFocus: boolean): void {
    this.#isShown = isShown;
    const panel = (this.#panel ??= this.#addPanel());
    panel.hidden = !isShown;
    if (isShown) this.#client.load();
    this.#client.attend(isShown);
    this.#draw();
    if (!takesFocus) return;
    if (isShown) panel.focusComposer();
    else this.#launcher.focus();
  }

  /** Parsed once for each text, so that nonsense is warned of once. */
  #readMetadata(): Metadata {
    const json = this.#attribute('metadata');
    if (json !== this.#metadata.json) this.#metadata = { json, value: parseMetadata(json) };
    return this.#metadata.value;
  }

  #warnOfTwoTokens(): void {
    const tokens = [this.#attribute('contact-context-token'), this.#attribute('data-user-token')];
    if (tokens.includes('') || tokens[0] === tokens[1]) return;
    this.#warnOnce('contact-context-token and data-user-token differ; the first is used.');
  }

  /** What goes wrong because of the page is said in its console, too: events are easily not listened to. */
  #explain(name: string, detail: object): void {
    const { code = '', reason } = detail as { code?: string; reason?: string };
    const cause = name === 'failed' ? causes[code] : undefined;
    if (cause !== undefined) this.#warnOnce(`${cause}.`);
    if (reason !== undefined) this.#warnOnce(`the token was refused: ${reason}. See docs/identity.md for what to do.`);
  }

  #warnOnce(text: string): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    console.warn(`<chat-widget>: ${text}`);
  }

  #addPanel(): ChatPanelElement {
    const panel = document.createElement('chat-panel');
    panel.client = this.#client;
    panel.addEventListener('panel-close', () => this.#element.close());
    for (const name of ['header', 'welcome', 'footer']) {
      // An empty slot would hide what the panel shows without one.
      if (this.#element.querySelector(`:scope>[slot=${name}]`) === null) continue;
      const slot = document.createElement('slot');
      slot.name = slot.slot = name;
      panel.append(slot);
    }
    this.#panel = panel;
    this.configure();
    this.#root.append(panel);
    return panel;
  }
}

function addBadge(root: ShadowRoot, launcher: HTMLButtonElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), sheet];
  const badge = document.createElement('span');
  badge.part.add('badge');
  launcher.append(badge);
  return badge;
}

function oneOf<Value extends string>(value: string, fallback: Value, others: readonly Value[]): Value {
  return others.find((other) => other === value) ?? fallback;
}

/** What a page's author should look at, by failure code. */
const causes: { readonly [code: string]: string } = {
  network: "the chat server cannot be reached, or does not list this page's origin in the agent's allowedOrigins",
  insecure_page: 'no token is sent from or to plain http; serve the page and the chat server over https',
  agent_not_found: 'the chat server has no agent with this agent-id',
  token_provider: 'the token provider of this page gave no token',
};

function parseMetadata(json: string): Metadata {
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
