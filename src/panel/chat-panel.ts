import { LitElement, html, noChange, type PropertyValues, type TemplateResult } from 'lit';
import type { ChatClient, ChatSnapshot, TextDelta } from '../client/index.ts';
import { first, type FirstStrings, type Strings } from '../strings/index.ts';
import { composerView } from './composer-view.ts';
import type { Conversation } from './conversation/index.ts';
import type { Clock } from './conversation/countdown.ts';
import { Draft } from './draft.ts';
import { headerView } from './header-view.ts';
import { loadingView } from './loading-view.ts';
import { styles } from './styles/index.ts';
import type { Actions, View } from './view.ts';
import { ViewportFit } from './viewport-fit.ts';

export type PanelMode = 'floating' | 'inline' | 'page';
export type PanelTheme = 'auto' | 'light' | 'dark';

/**
 * The conversation as it opens: header, messages, composer. Draws a client's snapshots and asks it for what the
 * visitor wants; knows no network. The composer comes first: what draws messages is fetched once it stands.
 *
 * @fires panel-close - The visitor closed the panel, by its button or Escape (floating mode). Does not bubble.
 * @slot header - Beside the agent's name.
 * @slot welcome - Above the greeting of an empty conversation.
 * @slot footer - Below the composer.
 * @cssprop --chat-accent - Colour of what acts and of links; `--chat-on-accent` stands on it.
 * @cssprop --chat-surface - Behind everything; `--chat-sunken` behind code, table heads and notices.
 * @cssprop --chat-text - Of what is read; `--chat-muted` of what is said about it.
 * @cssprop --chat-border - Of quiet lines.
 * @cssprop --chat-danger - Text on `--chat-danger-surface`; likewise `--chat-warning`.
 * @cssprop --chat-radius - Of the panel's corners (18px); inner corners follow it.
 * @cssprop --chat-font - Family, with `--chat-font-size` (15px) and `--chat-font-mono`.
 * @cssprop --chat-density - Factor of all spaces (1).
 * @cssprop --chat-shadow - Around a floating panel.
 * @csspart panel, header, avatar, title, identity, notice, messages, message, user-message, agent-message, bubble, text
 * @csspart typing, tool, approval, sources, sign-in, status, failure, welcome, greeting, suggestion, conversation, denied, jump
 * @csspart composer, field, input, send, button
 */
export class ChatPanelElement extends LitElement {
  static override properties = {
    client: { attribute: false },
    mode: { reflect: true },
    theme: { reflect: true },
    heading: {},
    suggestions: { attribute: false },
    strings: { attribute: false },
  };
  static override styles = styles;

  /** Whose snapshots are drawn. Another one takes the place of the first, with nothing of it left on the screen. */
  declare client: ChatClient | undefined;
  /** `floating`: a dialog above the page. `inline`: fills its container. `page`: fills the viewport. Default `floating`. */
  declare mode: PanelMode;
  /** `auto` follows the visitor's system. Default `auto`. */
  declare theme: PanelTheme;
  /** In the header instead of the agent's name. */
  declare heading: string | undefined;
  /** Offered in an empty conversation instead of the agent's. */
  declare suggestions: string[] | undefined;
  /** Texts that take the place of the built-in ones. */
  declare strings: Partial<Strings> | undefined;
  /** Time for countdowns. To be set before the element is connected; default the system's. */
  declare clock: Clock | undefined;

  #client: ChatClient | undefined;
  #snapshot: ChatSnapshot | undefined;
  #conversation: Conversation | undefined;
  /** What arrived since the snapshot, for a conversation that is still being fetched. */
  #early: TextDelta[] = [];
  #unsubscribe: (() => void)[] = [];
  #strings: FirstStrings & Partial<Strings> = first;
  #isUpdating = false;
  #isLoadingOlder = false;
  #hasFailed = false;
  #showsConversations = false;
  readonly #draft = new Draft(() => this.requestUpdate());
  readonly #viewport = new ViewportFit();

  constructor() {
    super();
    this.mode = 'floating';
    this.theme = 'auto';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#viewport.connect(this.renderRoot as ShadowRoot);
    this.#follow();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unfollow();
    this.#conversation?.rest();
    this.#viewport.disconnect();
  }

  /** Puts the cursor into the composer; where there is none (no access), the focus to the way in. */
  focusComposer(): void {
    void this.updateComplete.then(() => {
      const isDenied = this.#snapshot?.access === 'denied';
      (isDenied ? (this.#find('.center button') ?? this.#find('.scroller')) : this.#find('textarea'))?.focus();
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#isUpdating = true;
    if (changed.has('strings')) this.#strings = { ...first, ...this.strings };
    if (changed.has('client') && this.client !== this.#client) this.#follow();
  }

  protected override firstUpdated(): void {
    this.#fetchConversation();
    // The conversation asks for it; asked for here, both are on their way at once.
    import('../markdown/index.ts').catch(() => undefined);
  }

  protected override updated(): void {
    this.#isUpdating = false;
    this.#draft.connect(this.#find('textarea'));
    if (this.#snapshot !== undefined) this.#conversation?.drawn(this.#snapshot);
  }

  protected override render(): TemplateResult | typeof noChange {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return noChange;
    const view = this.#view(snapshot);
    const conversation = this.#conversation;
    return html`<section
      class="panel"
      part="panel"
      role=${this.mode === 'floating' ? 'dialog' : 'region'}
      aria-label=${view.name}
      @keydown=${this.#closeOnEscape}
    >
      ${headerView(view)}
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
      ${composerView(view, this.#composerEvents)}
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

  #view(snapshot: ChatSnapshot): View {
    const strings = this.#strings;
    return {
      snapshot,
      strings,
      mode: this.mode,
      name: this.heading || snapshot.agent?.name || strings.assistant,
      suggestions: this.suggestions ?? snapshot.agent?.suggestions ?? [],
      isLoadingOlder: this.#isLoadingOlder,
      showsConversations: this.#showsConversations,
      composer: this.#draft.state(snapshot.agent?.limits.maxMessageCharacters),
      act: this.#act,
    };
  }

  readonly #fetchConversation = (): void => {
    this.#hasFailed = false;
    import('./conversation/index.ts').then(
      ({ createConversation }) => {
        this.#conversation ??= createConversation({
          root: this.renderRoot as ShadowRoot,
          clock: this.clock,
          requestUpdate: () => this.requestUpdate(),
          loadOlder: () => this.#loadOlder(),
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

  #find(selector: string): HTMLElement | undefined {
    return this.renderRoot.querySelector<HTMLElement>(selector) ?? undefined;
  }

  #follow(): void {
    this.#unfollow();
    const client = this.client;
    if (!this.isConnected || client === undefined) return;
    if (this.#client !== client) {
      this.#forget();
      this.#draft.clear();
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
    if (isOtherEpoch && isOtherConversation) this.#draft.clear();
    if (isOtherConversation) this.#showsConversations = false;
    this.#snapshot = snapshot;
    this.#early = [];
    this.requestUpdate();
    // In this very task: not even for a frame may one person's words stay on another one's screen.
    if (isOtherEpoch && this.hasUpdated && !this.#isUpdating) this.performUpdate();
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
    const { isEmpty, left } = this.#draft.state(this.#snapshot?.agent?.limits.maxMessageCharacters);
    if (isEmpty || (left !== undefined && left < 0)) return;
    void this.#send(this.#draft.take());
  }

  /** A text that the client did not keep as a message comes back into the composer, if nothing else stands there. */
  async #send(text: string): Promise<void> {
    const epoch = this.#snapshot?.epoch;
    this.#showConversations(false);
    this.#conversation?.toNewest();
    try {
      await this.#client?.send(text);
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

function holds(message: ChatSnapshot['messages'][number], text: string): boolean {
  return message.parts.some((part) => part.type === 'text' && part.text === text);
}
