import { html, noChange, type TemplateResult } from 'lit/html.js';
import type { ChatClient, ChatSnapshot, TextDelta } from '../client/index.ts';
import { first, type FirstStrings, type Strings } from '../strings/index.ts';
import { composerView } from './composer-view.ts';
import type { Conversation } from './conversation/index.ts';
import type { Clock } from './conversation/countdown.ts';
import { Draft } from './draft.ts';
import { headerView } from './header-view.ts';
import { loadingView } from './loading-view.ts';
import { sheetOf } from './styles/css.ts';
import { styles } from './styles/index.ts';
import { TemplateElement, watch } from './template-element.ts';
import type { Actions, ComposerState, View } from './view.ts';
import { ViewportFit } from './viewport-fit.ts';

/** Those of the first file; all others come with the conversation. */
const firstParts = 'panel,header,avatar,title,identity,button,messages,composer,field,input,send';

export type PanelMode = 'floating' | 'inline' | 'page';
export type PanelTheme = 'auto' | 'light' | 'dark';

/**
 * The conversation as it opens: header, messages, composer. Draws a client's snapshots and asks it for what the
 * visitor wants; knows no network. The composer comes first: what draws messages is fetched once it stands. What a page
 * can style: `styling.ts`.
 *
 * @fires panel-close - The visitor closed the panel, by its button or Escape (floating mode). Does not bubble.
 * @slot header - Beside the agent's name.
 * @slot welcome - Above the greeting of an empty conversation.
 * @slot footer - Below the composer.
 */
export class ChatPanelElement extends TemplateElement {
  /** Whose snapshots are drawn. Another one takes the place of the first, with nothing of it left on the screen. */
  declare client: ChatClient | undefined;
  /** In the header instead of the agent's name. */
  declare heading: string | undefined;
  /** Offered in an empty conversation instead of the agent's. */
  declare suggestions: string[] | undefined;
  /** Texts that take the place of the built-in ones. */
  declare strings: Partial<Strings> | undefined;
  /** Of these texts: BCP 47. Decides on direction and on how dates are written. Default `en`. */
  declare locale: string | undefined;
  /** Time for countdowns. To be set before the element is connected; default the system's. */
  declare clock: Clock | undefined;

  #client: ChatClient | undefined;
  #snapshot: ChatSnapshot | undefined;
  #conversation: Conversation | undefined;
  /** What arrived since the snapshot, for a conversation that is still being fetched. */
  #early: TextDelta[] = [];
  #unsubscribe: (() => void)[] = [];
  #strings: { given: Partial<Strings> | undefined; all: FirstStrings & Partial<Strings> } = {
    given: undefined,
    all: first,
  };
  #isLoadingOlder = false;
  #hasFailed = false;
  #showsConversations = false;
  readonly #draft = new Draft(() => this.requestUpdate());
  readonly #viewport = new ViewportFit();

  constructor() {
    super();
    this.renderRoot.adoptedStyleSheets = styles.map(sheetOf);
  }

  /** `floating`: a dialog above the page. `inline`: fills its container. `page`: fills the viewport. Default `floating`. */
  get mode(): PanelMode {
    return (this.getAttribute('mode') ?? 'floating') as PanelMode;
  }
  set mode(mode: PanelMode) {
    this.setAttribute('mode', mode);
    this.requestUpdate();
  }

  /** `auto` follows the visitor's system. Default `auto`. */
  get theme(): PanelTheme {
    return (this.getAttribute('theme') ?? 'auto') as PanelTheme;
  }
  set theme(theme: PanelTheme) {
    this.setAttribute('theme', theme);
  }

  connectedCallback(): void {
    // The styles go by the attribute.
    this.setAttribute('mode', this.mode);
    this.#exportParts(firstParts);
    this.requestUpdate();
    this.#viewport.connect(this.renderRoot);
    this.#follow();
  }

  disconnectedCallback(): void {
    this.#unfollow();
    this.#conversation?.rest();
    this.#viewport.disconnect();
  }

  /** Puts the cursor into the composer; where there is none, the focus to the way in. */
  focusComposer(): void {
    void this.updateComplete.then(() => {
      const places = ['form:not([hidden]) [part=input]', '.gate :is(input, button)', '.center button', '.scroller'];
      places
        .map((place) => this.#find(place))
        .find(Boolean)
        ?.focus();
    });
  }

  protected override updated(isFirst: boolean): void {
    if (isFirst) {
      this.#fetchConversation();
      // The conversation asks for it; asked for here, both are on their way at once.
      import('../markdown/index.ts').catch(() => undefined);
    }
    this.#draft.connect(this.#find('[part=input]'));
    if (this.#snapshot !== undefined) this.#conversation?.drawn(this.#snapshot);
  }

  protected override render(): TemplateResult | typeof noChange {
    if (this.client !== this.#client) this.#follow();
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return noChange;
    const view = this.#view(snapshot);
    const conversation = this.#conversation;
    return html`<section
      class="panel"
      part="panel"
      role=${this.mode === 'floating' ? 'dialog' : 'region'}
      aria-label=${view.name}
      lang=${view.locale}
      dir=${/^(ar|he)\b/.test(view.locale) ? 'rtl' : 'ltr'}
      @keydown=${this.#closeOnEscape}
    >
      ${headerView(view, conversation?.tools(view))}
      <div role="status">${conversation?.notices(view)}</div>
      <div class="middle">
        <div
          class="scroller"
          part="messages"
          role="log"
          aria-live="off"
          aria-label=${view.strings.log}
          tabindex="0"
          @scroll=${this.#handleScroll}
        >
          <div class="content">${conversation === undefined ? this.#waitingView(view) : conversation.body(view)}</div>
        </div>
        ${conversation?.jump(view)}
      </div>
      ${conversation?.composerBar(view)}
      ${composerView(view, this.#composerEvents, conversation?.fieldStart(view), conversation?.limit(view))}
      <slot name="footer"></slot>
      <div class="hidden announcer" role="status"></div>
    </section>`;
  }

  #waitingView({ strings }: View): TemplateResult {
    return this.#hasFailed
      ? html`<p>${strings.loadFailed}</p>
          <button part="button" type="button" @click=${this.#fetchConversation}>${strings.tryAgain}</button>`
      : loadingView(strings);
  }

  /** The same object as long as the page gives no others, so that what is drawn from it stays as it is. */
  #texts(): FirstStrings & Partial<Strings> {
    if (this.#strings.given !== this.strings) {
      this.#strings = { given: this.strings, all: { ...first, ...this.strings } };
    }
    return this.#strings.all;
  }

  #view(snapshot: ChatSnapshot): View {
    const strings = this.#texts();
    return {
      snapshot,
      strings,
      locale: this.locale ?? 'en',
      mode: this.mode,
      name: this.heading || snapshot.agent?.name || strings.assistant,
      suggestions: this.suggestions ?? snapshot.agent?.suggestions ?? [],
      isLoadingOlder: this.#isLoadingOlder,
      showsConversations: this.#showsConversations,
      composer: this.#composer(snapshot),
      act: this.#act,
    };
  }

  #composer(snapshot: ChatSnapshot): ComposerState {
    return this.#draft.state(snapshot.agent?.limits.maxMessageCharacters, this.#conversation?.beside(snapshot));
  }

  readonly #fetchConversation = (): void => {
    this.#hasFailed = false;
    import('./conversation/index.ts').then(
      ({ createConversation, parts }) => {
        this.#exportParts(parts);
        this.#conversation ??= createConversation({
          root: this.renderRoot,
          clock: this.clock,
          draft: this.#draft,
          client: () => this.#client,
          requestUpdate: () => this.requestUpdate(),
          loadOlder: () => this.#loadOlder(),
          focusComposer: () => this.focusComposer(),
          submit: () => this.#submit(),
        });
        for (const delta of this.#early.splice(0)) this.#conversation.append(delta);
        this.requestUpdate();
      },
      () => {
        this.#hasFailed = true;
        this.requestUpdate();
      },
    );
  };

  #exportParts(names: string): void {
    this.setAttribute('exportparts', names);
  }

  #find(selector: string): HTMLElement | undefined {
    return this.renderRoot.querySelector<HTMLElement>(selector) ?? undefined;
  }

  #follow(): void {
    this.#unfollow();
    const client = this.client;
    if (!this.isConnected || client === undefined) return;
    if (this.#client !== client) {
      this.#forget();
      this.#draft.text = '';
      this.#snapshot = undefined;
    }
    this.#client = client;
    this.#receive(client.snapshot);
    this.#unsubscribe = [
      client.subscribe((snapshot) => this.#receive(snapshot)),
      client.onTextDelta((delta) => {
        if (this.#conversation === undefined) this.#early.push(delta);
        else this.#conversation.append(delta);
      }),
    ];
    client.load();
  }

  #unfollow(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
  }

  #receive(snapshot: ChatSnapshot): void {
    const previous = this.#snapshot;
    const isOtherConversation = previous !== undefined && previous.conversationId !== snapshot.conversationId;
    const isOtherEpoch = previous !== undefined && previous.epoch !== snapshot.epoch;
    if (isOtherEpoch) this.#forget();
    // An anonymous visitor who signs in goes on in the same conversation, and goes on writing.
    if (isOtherEpoch && isOtherConversation) this.#draft.text = '';
    if (isOtherConversation) this.#showsConversations = false;
    this.#snapshot = snapshot;
    this.#early = [];
    // With the connection back, or a message of the visitor's to show, that part is worth another try.
    if (this.#hasFailed) this.#fetchConversation();
    this.requestUpdate();
    // In this very task: not even for a frame may one person's words stay on another one's screen.
    if (isOtherEpoch) this.performUpdate();
    this.#conversation?.receive(previous, snapshot, this.#view(snapshot), this.updateComplete);
  }

  /** Takes everything that was written before an identity change off the screen and out of memory. */
  #forget(): void {
    this.#conversation?.forget();
    this.#isLoadingOlder = false;
    this.#showsConversations = false;
  }

  readonly #act: Actions = {
    close: () => this.dispatchEvent(new Event('panel-close')),
    newConversation: () => this.#tell((client) => client.newConversation()),
    toggleConversations: () => this.#showConversations(!this.#showsConversations),
    openConversation: (id) => this.#tell((client) => client.openConversation(id)),
    load: () => this.#client?.load(),
    loadOlder: () => this.#loadOlder(),
    signIn: () => this.#client?.requestSignIn(),
    send: (text) => this.#tell(() => void this.#send(text)),
    retry: (messageId) => this.#tell((client) => client.retry(messageId)),
    edit: (messageId) => this.#tell((client) => this.#draft.putBack(client.discard(messageId))),
    regenerate: (messageId) => this.#tell((client) => client.regenerate(messageId)),
    answerApproval: (id, approved) => this.#tell((client) => client.answerApproval(id, approved)),
  };

  /** For buttons that go away when pressed: the focus goes on in the composer. */
  #tell(say: (client: ChatClient) => void): void {
    this.#showConversations(false);
    if (this.#client !== undefined) say(this.#client);
    // On a phone the keyboard would come up and hide the answer.
    if (matchMedia('(pointer: coarse)').matches) this.#find('.scroller')?.focus();
    else this.focusComposer();
  }

  readonly #composerEvents = {
    input: () => this.#draft.changed(),
    keydown: (event: KeyboardEvent) => {
      // A page's own shortcuts see the widget as the target, and would take typing for commands.
      if (event.key !== 'Escape') event.stopPropagation();
      // 229: Safari ends a composition before it says which key ended it.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    },
    keep: (event: Event) => event.stopPropagation(),
    submit: (event: Event) => {
      event.preventDefault();
      if (this.#snapshot?.reply === 'idle') this.#submit();
      else this.#client?.stop();
      this.focusComposer();
    },
  };

  #submit(): void {
    if (this.#snapshot === undefined || this.#conversation?.waits() || !this.#composer(this.#snapshot).canSend) return;
    void this.#send(this.#draft.take());
  }

  /** A text that the client did not keep as a message comes back into the composer, if nothing else stands there. */
  async #send(text: string): Promise<void> {
    const epoch = this.#snapshot?.epoch;
    this.#showConversations(false);
    this.#conversation?.toNewest();
    try {
      await (this.#conversation?.send(text) ?? this.#client?.send(text));
    } catch {
      const isKept = this.#snapshot?.messages.some((message) => message.delivery !== 'sent' && holds(message, text));
      if (epoch === this.#snapshot?.epoch && isKept !== true && this.#draft.isEmpty) this.#draft.putBack(text);
    }
  }

  #loadOlder(): void {
    const client = this.#client;
    if (client === undefined || this.#isLoadingOlder || this.#snapshot?.hasOlder !== true) return;
    this.#setLoadingOlder(true);
    const done = () => this.#setLoadingOlder(false);
    client.loadOlder().then(done, done);
  }

  #setLoadingOlder(isLoading: boolean): void {
    this.#isLoadingOlder = isLoading;
    this.requestUpdate();
  }

  #showConversations(shows: boolean): void {
    if (shows === this.#showsConversations) return;
    this.#showsConversations = shows;
    this.requestUpdate();
  }

  readonly #handleScroll = () => {
    if (!this.#showsConversations) this.#conversation?.handleScroll();
  };

  readonly #closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing || this.mode !== 'floating') return;
    event.stopPropagation();
    this.#act.close();
  };
}

watch(ChatPanelElement.prototype, ['client', 'heading', 'suggestions', 'strings', 'locale']);

function holds(message: ChatSnapshot['messages'][number], text: string): boolean {
  return message.parts.some((part) => part.type === 'text' && part.text === text);
}
