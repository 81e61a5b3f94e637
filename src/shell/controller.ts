import type { ChatClient, ChatClientOptions, IdentityState, TokenSource } from '../client/index.ts';
import type { ChatPanelElement } from '../panel/index.ts';
import type { AppearanceDefaults } from './appearance.ts';
import type { ChatWidgetElement } from './element.ts';
import { launcher as launcherStrings } from '../strings/index.ts';
import { isAddress } from './is-address.ts';
import type { Language } from './language.ts';
import { bubbleIcon } from './launcher.ts';
import { looks } from './looks.ts';
import type { Controller, WidgetOptions, WidgetState } from './types.ts';
import type { Warnings } from './warnings.ts';

/** The element itself has no use for these. */
export const watchedAttributes = [
  'data-user-name',
  'data-user-email',
  'metadata',
  'position',
  'theme',
  'density',
  'locale',
  'unread-title',
  'loading',
];

const pageEvents = ['pagehide', 'pageshow'] as const;

/** How long a panel whose own files are there waits for the visitor's language before it is drawn in English. */
const patienceMs = 300;

/** As long as a session lasts that nobody uses. */
const dayMs = 86_400_000;

/** Down, where the panel goes: the cross is the panel's own. */
const chevronIcon = 'M4.5 9.5 6 8l6 6 6-6 1.5 1.5L12 17z';

type CreateClient = (options: ChatClientOptions) => ChatClient;
type Fire = (name: string, detail?: object, cancelable?: boolean) => boolean;
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
  readonly #server: string;
  /** Where there is no other language: which English, as dates go by its region. */
  #english: string | undefined;
  /** Undefined for English that nothing is to be changed in. */
  #language: Language | undefined;
  /** Settles when the texts have come; undefined where none are waited for. */
  #texts: Promise<unknown> | undefined;
  readonly #observer = new MutationObserver(() => this.configure());
  #panel: ChatPanelElement | undefined;
  /** To the page's title and history; settles with the way out. */
  #ties: Promise<() => void> | undefined;
  /** What the server said of its agent's looks, and what of that attributes stand above. */
  #appearance: object | undefined;
  #defaults: AppearanceDefaults = {};
  #isShown = false;
  #isOpen = false;
  readonly #warnings = import('./warnings.ts').then(({ createWarnings }) => createWarnings(this.#element));
  #metadata: { readonly json: string; readonly value: Metadata } = { json: '', value: {} };

  constructor(element: ChatWidgetElement, createClient: CreateClient, fire: Fire) {
    this.#element = element;
    this.#fire = fire;
    this.#root = element.shadowRoot as ShadowRoot;
    this.#launcher = this.#root.querySelector('button') as HTMLButtonElement;
    this.#badge = addBadge(this.#root, this.#launcher);
    this.#server = (this.#address('server') || trustedOrigin(element)).replace(/\/+$/, '');
    this.#client = createClient({
      server: this.#server,
      agentId: this.#attribute('agent-id'),
      endpoint: this.#address('endpoint'),
      endpointType: this.#attribute('endpoint-type'),
      endpointModel: this.#attribute('endpoint-model'),
      agentName: this.#attribute('agent-name'),
      greeting: this.#attribute('greeting'),
      onEvent: (name, detail) => {
        this.#tell((warnings) => warnings.explain(name, detail));
        const isSignIn = name === 'sign-in-requested';
        const goesOn = fire(name, detail, isSignIn || name === 'message-sending');
        if (isSignIn && goesOn) void import('./sign-in.ts').then(({ openSignIn }) => openSignIn(element));
        // What is about to be sent takes along what the page has said in this task, or in answer to the event.
        this.#takeChanges();
        return goesOn;
      },
    });
    this.#client.subscribe(() => this.#draw());
    for (const name of pageEvents) addEventListener(name, this.#onPageEvent);
    this.#observer.observe(element, { attributeFilter: watchedAttributes });
    this.configure();
    // By then it is known whether somebody is to be identified first.
    queueMicrotask(() => this.#resume());
  }

  get state(): WidgetState {
    this.#takeChanges();
    const { identity, unreadCount } = this.#client.snapshot;
    return Object.freeze({ identity, open: this.#element.open, unreadCount });
  }

  async identify(source: TokenSource): Promise<IdentityState> {
    this.#checkServer();
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

  /**
   * Markup alone may be somebody else's, in a text of a visitor's or a review. It may begin a chat, and gets nobody's token.
   *
   * @throws TypeError
   */
  #checkServer(): void {
    const endpoint = this.#address('endpoint');
    // As each of the two is resolved where it is asked: a <base> may be somebody else's, too.
    const named = new URL(endpoint || this.#server, endpoint ? location.href : document.baseURI).origin;
    // An endpoint is a backend of the page's own.
    if (named === trustedOrigin(this.#element) || (endpoint && named === location.origin)) return;
    const remedy = `ChatWidgetElement.defaultServer = '${named}', or chat.init({ server: '${named}' })`;
    const text = `no token goes to ${named}, which is named in the markup alone. If it is your chat server, say so in a script: ${remedy}.`;
    this.#warn(text);
    throw new TypeError(text);
  }

  async fetchToken(): Promise<string | null> {
    const url = new URL(this.#attribute('token-url'), document.baseURI);
    // The console is told with the other attributes.
    if (url.origin !== location.origin) throw new TypeError('token-url');
    // In this mode a redirect to another origin fails, too.
    const response = await fetch(url, { method: 'POST', mode: 'same-origin', credentials: 'same-origin' });
    if (/^(204|40[13])$/.test(`${response.status}`)) return null;
    const { token } = (await response.json()) as { token?: string | null };
    if (token === undefined) throw new TypeError('token-url');
    return token;
  }

  configure(): void {
    this.#client.update({
      metadata: this.#readMetadata(),
      userName: this.#attribute('data-user-name'),
      userEmail: this.#attribute('data-user-email'),
    });
    this.#tell((warnings) => warnings.check());
    this.#chooseLanguage();
    this.#draw();
    if (this.#panel === undefined) return;
    const suggestions = this.#element.suggestions ?? this.#language?.suggestions;
    this.#panel.mode = this.#choose('mode', 'floating', 'inline', 'page');
    this.#panel.theme = this.#choose('theme', 'auto', 'light', 'dark');
    this.#panel.strings = this.#language?.strings;
    this.#panel.locale = this.#language?.locale ?? this.#english;
    this.#panel.suggestions = suggestions === undefined ? undefined : [...suggestions];
    this.#panel.setAttribute('position', this.#choose('position', 'end', 'start'));
  }

  show(takesFocus: boolean): void {
    const isEmbedded = /^(inline|page)$/.test(this.#attribute('mode'));
    const { open } = this.#element;
    const isShown = open || isEmbedded;
    if (isShown && this.#panel === undefined && this.#texts !== undefined) {
      const late = new Promise((resolve) => void setTimeout(resolve, patienceMs));
      void Promise.race([this.#texts, late]).then(() => {
        this.#texts = undefined;
        // Without its badge it has ended meanwhile.
        if (this.#badge.parentNode !== null) this.show(takesFocus);
      });
      return;
    }
    if (isShown !== this.#isShown) this.#setShown(isShown, takesFocus);
    const isOpen = open && !isEmbedded;
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    this.#fire(isOpen ? 'opened' : 'closed');
  }

  end(): void {
    for (const name of pageEvents) removeEventListener(name, this.#onPageEvent);
    this.#observer.disconnect();
    this.#language?.end();
    void this.#ties?.then((end) => end());
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

  /** A chat of the last day goes on before it is opened: what is unread counts, and what comes is heard. */
  #resume(): void {
    // Without its badge it has ended meanwhile.
    if (this.#badge.parentNode === null) return;
    try {
      if (Date.now() - Number(localStorage['chat-widget']) < dayMs) this.#client.load();
      else delete localStorage['chat-widget'];
    } catch {
      // No storage: nothing is known of this visitor.
    }
  }

  #takeChanges(): void {
    if (this.#observer.takeRecords().length > 0) this.configure();
  }

  #attribute(name: string): string {
    return this.#element.getAttribute(name) ?? '';
  }

  /** What is none counts as if it were not there. */
  #address(name: string): string {
    const address = this.#attribute(name);
    return isAddress(address) ? address : '';
  }

  /** The first of the values counts where the page, or the server, says none of them. */
  #choose<Value extends string>(name: string, ...values: readonly [Value, ...Value[]]): Value {
    const wanted = this.#attribute(name);
    const known = values.find((value) => value === wanted);
    const given = this.#defaults[name as keyof AppearanceDefaults];
    return known ?? values.find((value) => value === given) ?? values[0];
  }

  #draw(): void {
    const { agent, unreadCount } = this.#client.snapshot;
    this.#wear(agent?.appearance);
    const isShown = this.#isShown;
    const count = unreadCount > 0 && !isShown ? (unreadCount > 99 ? '99+' : `${unreadCount}`) : '';
    this.#badge.textContent = count;
    const strings = this.#language?.strings ?? launcherStrings;
    this.#launcher.ariaLabel = count === '' ? strings.launcher : strings.launcherUnread(unreadCount);
    this.#launcher.ariaExpanded = `${isShown}`;
    this.#launcher.querySelector('path')?.setAttribute('d', isShown ? chevronIcon : bubbleIcon);
    if (!isShown && unreadCount === 0) return;
    // The chat works without them.
    const none = (): (() => void) => () => {};
    this.#ties ??= import('./ties.ts').then(({ createTies }) => createTies(this.#element), none);
  }

  #wear(appearance: object | undefined): void {
    if (this.#appearance !== undefined || appearance === undefined || Object.keys(appearance).length === 0) return;
    this.#appearance = appearance;
    const wear = ({ applyAppearance }: typeof import('./appearance.ts')): void => {
      // Without its badge it has ended meanwhile.
      if (this.#badge.parentNode === null) return;
      this.#defaults = applyAppearance(this.#root, { ...appearance }, (text) => this.#warn(text));
      this.configure();
    };
    import('./appearance.ts').then(wear, () => (this.#appearance = undefined));
  }

  #chooseLanguage(): void {
    const choice = (): [string, unknown] => [this.#attribute('locale'), this.#element.strings];
    const [locale, strings] = choice();
    if (this.#language !== undefined) return void this.#language.choose(locale, strings);
    const tags = [locale, document.documentElement.lang, ...navigator.languages].filter(Boolean);
    // English is built in: most visitors need nothing of this.
    if (!strings && /^en(-[a-z]{2})?$/i.test(tags[0] ?? 'en')) {
      this.#english = tags.find((tag) => /^en-[a-z]{2}$/i.test(tag));
      return;
    }
    const done = (): void => (this.#texts = undefined);
    this.#texts ??= import('./language.ts')
      .then(({ createLanguage }) => {
        this.#language = createLanguage(
          this.#launcher,
          this.#client,
          () => this.configure(),
          (text) => this.#warn(text),
        );
        return this.#language.choose(...choice());
      })
      .then(done, done);
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

  /** Of what the page's author can do something about. The chat does without, where it cannot be fetched. */
  #tell(work: (warnings: Warnings) => void): void {
    this.#warnings.then(work, () => undefined);
  }

  #warn(text: string): void {
    this.#tell((warnings) => warnings.say(text));
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

/** Where the script came from, or what a script has said instead. */
function trustedOrigin(element: ChatWidgetElement): string {
  const { defaultServer } = element.constructor as { defaultServer?: string };
  return new URL(defaultServer ?? '', location.href).origin;
}

function addBadge(root: ShadowRoot, launcher: HTMLButtonElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(looks);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), sheet];
  const badge = document.createElement('span');
  badge.part.add('badge');
  launcher.append(badge);
  return badge;
}

function parseMetadata(json: string): Metadata {
  if (json === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // As with JSON that is no object, nothing is sent along.
  }
  return {};
}
