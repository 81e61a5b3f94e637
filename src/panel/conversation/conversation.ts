import { html, noChange, nothing, type TemplateResult } from 'lit/html.js';
import type { ChatClient, ChatSnapshot, FailureCode, TextDelta, ViewMessage } from '../../client/index.ts';
import { textOf } from '../../protocol/index.ts';
import type { createMarkdownRenderer } from '../../markdown/index.ts';
import { en, type Strings } from '../../strings/index.ts';
import type { Beside, Draft } from '../draft.ts';
import type { Actions, View } from '../view.ts';
import { Announcer } from './announcer.ts';
import { Answers } from './answers.ts';
import { Around } from './around.ts';
import { bodyView } from './body-view.ts';
import { composerBar } from './composer-bar.ts';
import type { ConversationView } from './conversation-view.ts';
import { Countdown, systemClock, type Clock } from './countdown.ts';
import { Edit, editable } from './edit.ts';
import type { Files } from './files/index.ts';
import { jumpView } from './jump-view.ts';
import { limitView } from './limit-view.ts';
import { noticesView } from './notices-view.ts';
import { ScrollKeeper } from './scroll-keeper.ts';
import { SignIn } from './sign-in.ts';
import { sheetOf } from '../styles/css.ts';
import { styles } from './styles/index.ts';
import { TextViews } from './text-views.ts';
import { createTimes, type Times } from './times.ts';
import { toolsView } from './tools-view.ts';
import { Unread } from './unread.ts';

export type ConversationHost = {
  readonly root: ShadowRoot;
  readonly clock?: Clock | undefined;
  readonly draft: Draft;
  client(): ChatClient | undefined;
  requestUpdate(): void;
  loadOlder(): void;
  focusComposer(): void;
  /** Sends what is in the composer, as if the visitor had asked for it. */
  submit(): void;
};

/** All between header and composer, which the panel fetches once it can be typed in. */
export function createConversation(host: ConversationHost): Conversation {
  return new Conversation(host);
}

export class Conversation {
  readonly #host: ConversationHost;
  readonly #clock: Clock;
  readonly #texts = new TextViews((messageId) => this.#readAloud(messageId));
  readonly #announcer = new Announcer();
  readonly #countdown: Countdown;
  readonly #scroll: ScrollKeeper;
  readonly #unread = new Unread();
  readonly #answers: Answers;
  readonly #edit: Edit;
  readonly #around: Around;
  #view: View | undefined;
  #showsConversations = false;
  #act: { readonly given: Actions | undefined; readonly all: Actions } = { given: undefined, all: {} as Actions };
  #files: Files | undefined;
  /** What was sent since the page was loaded, by its address. */
  readonly #sent = new Map<string, Blob>();
  #isFetchingFiles = false;
  #failed: FailureCode | undefined;
  #times: { readonly locale: string; readonly times: Times } | undefined;
  /** The newest message when the reader left the end. */
  #leftId: string | undefined;
  /** Raised by what is drawn and stands in no snapshot. */
  #revision = 0;
  #createRenderer: typeof createMarkdownRenderer | undefined;
  /** Those that answers were drawn with last. */
  #strings: View['strings'] | undefined;
  #isWired = false;
  readonly #signIn: SignIn;
  /** What the body was last drawn from; the same again draws nothing. */
  #drawn: readonly unknown[] = [];

  constructor(host: ConversationHost) {
    this.#host = host;
    this.#clock = host.clock ?? systemClock;
    this.#countdown = new Countdown(() => host.requestUpdate());
    this.#scroll = new ScrollKeeper({
      pinnedChanged: () => this.#pinnedChanged(),
      topReached: () => host.loadOlder(),
      landing: () => this.#find('.day.new'),
    });
    const client = (): ChatClient | undefined => host.client();
    const changed = (): void => this.#changed();
    const failed = (code: FailureCode | undefined): void => this.#fail(code);
    const say = (pick: (strings: Strings) => string): void => this.#announcer.say(pick({ ...en, ...this.#strings }));
    this.#answers = new Answers({ client, changed, say });
    const focusComposer = (): void => host.focusComposer();
    this.#edit = new Edit({ client, changed, failed, say, focusComposer, draft: host.draft });
    this.#signIn = new SignIn(host.root, changed);
    host.root.adoptedStyleSheets.push(...styles.map(sheetOf));
    this.#around = new Around({
      ...host,
      say: (text) => this.#announcer.say(text),
      isEditing: () => this.#edit.messageId !== undefined,
      sent: (files) => files.forEach(({ attachment, file }) => this.#sent.set(attachment.url, file)),
    });
    // The largest part, which only answers need. Without it they stay plain text.
    import('../../markdown/index.ts').then(
      ({ createMarkdownRenderer }) => {
        this.#createRenderer = createMarkdownRenderer;
        this.#texts.upgrade(createMarkdownRenderer, { ...en, ...this.#strings });
      },
      () => undefined,
    );
  }

  notices(view: View): unknown {
    return noticesView(this.#complete(view));
  }

  tools(view: View): unknown {
    const complete = this.#complete(view);
    return toolsView(complete, this.#around.menu(complete));
  }

  body(view: View): unknown {
    const { snapshot, name, suggestions, strings, locale, isLoadingOlder, showsConversations } = view;
    this.#view = view;
    this.#unread.follow(snapshot, this.#isSeen);
    this.#fetchFiles(snapshot);
    const own = [this.#unread.firstId, this.#files, this.#revision];
    const inputs = [snapshot, name, suggestions, strings, locale, isLoadingOlder, showsConversations, ...own];
    if (inputs.every((input, index) => input === this.#drawn[index])) return noChange;
    this.#drawn = inputs;
    this.#relabel(strings);
    return bodyView(this.#complete(view));
  }

  /** Above the field to write in. */
  composerBar(view: View): unknown {
    const complete = this.#complete(view);
    return [this.#edit.messageId === undefined ? nothing : composerBar(complete), this.#around.bar(complete)];
  }

  /** Within the field, before the text. */
  fieldStart(view: View): unknown {
    return this.#around.fieldStart(this.#complete(view));
  }

  /** Below the field. */
  limit(view: View): TemplateResult {
    return limitView(this.#complete(view));
  }

  /** What counts for sending beside the text. */
  beside(snapshot: ChatSnapshot): Beside | undefined {
    return this.#around.beside(snapshot, this.#clock.now());
  }

  /** Whether sending has to wait for something. */
  waits(): boolean {
    return this.#around.waits(this.#clock.now());
  }

  /** The way to the newest message, for a reader who is elsewhere. */
  jump(view: View): TemplateResult {
    const isHidden = this.#scroll.isPinned || view.showsConversations;
    const { messages } = view.snapshot;
    const left = messages.findIndex(({ id }) => id === this.#leftId);
    const below = left < 0 ? [] : messages.slice(left + 1).filter(({ role }) => role === 'assistant');
    const complete = this.#complete(view);
    return html`${jumpView(complete, isHidden, below.length, () => this.#jump())}${this.#around.cover(complete)}`;
  }

  /** Sends a text in the place of the message that is being changed, or as a new one with what is attached. */
  send(text: string): Promise<void> | undefined {
    const client = this.#host.client();
    return this.#edit.send(text) ?? (client === undefined ? undefined : this.#around.send(client, text));
  }

  receive(previous: ChatSnapshot | undefined, next: ChatSnapshot, view: View, whenDrawn: Promise<unknown>): void {
    this.#texts.sync(next);
    this.#unread.follow(next, this.#isSeen);
    this.#edit.follow(next);
    if (previous?.identity.state !== next.identity.state) this.#signIn.clear();
    if (previous?.messages.length !== next.messages.length) this.#failed = undefined;
    const { strings, name } = this.#complete(view);
    this.#announcer.compare(previous, next, { strings, name, whenDrawn, textOf: (id) => this.#texts.textOf(id) });
  }

  append(delta: TextDelta): void {
    this.#texts.append(delta);
  }

  /** To be called after each render. */
  drawn(snapshot: ChatSnapshot): void {
    if (!this.#isWired) this.#wire();
    this.#countdown.follow(snapshot.failure?.retryAt, this.#clock);
    this.#scroll.keep();
    this.#around.drawn(snapshot, this.#showsConversations);
    this.#signIn.drawn();
  }

  handleScroll(): void {
    this.#scroll.handleScroll();
  }

  toNewest(): void {
    this.#scroll.toNewest();
  }

  /** Takes everything of a person off the screen and out of memory, but for what the next render replaces. */
  forget(): void {
    this.#texts.clear();
    this.#announcer.clear();
    this.#answers.clear();
    this.#around.forget();
    this.#files?.clear();
    this.#sent.clear();
    this.#edit.clear();
    this.#failed = undefined;
    this.#leftId = undefined;
    this.#changed();
    this.#scroll.toNewest();
  }

  /** Until the next render. */
  rest(): void {
    this.#isWired = false;
    this.#scroll.disconnect();
    this.#countdown.stop();
    this.#around.rest();
  }

  /** What answers hold for assistive technology follows the language. */
  #relabel(strings: View['strings']): void {
    if (strings === this.#strings) return;
    this.#strings = strings;
    if (this.#createRenderer !== undefined) this.#texts.upgrade(this.#createRenderer, { ...en, ...strings });
  }

  #jump(): void {
    this.#scroll.toNewest();
    this.#find('.scroller')?.focus();
  }

  #wire(): void {
    const [scroller, content] = [this.#find('.scroller'), this.#find('.content')];
    if (scroller === undefined || content === undefined) return;
    this.#isWired = true;
    this.#scroll.connect(scroller, content);
    this.#announcer.connect(this.#find('.announcer'));
    this.#around.connect();
    content.addEventListener('click', this.#holdPressed);
    // Before the panel's own keys, and the composer's.
    this.#find('.panel')?.addEventListener('keydown', this.#handleKey, { capture: true });
  }

  readonly #holdPressed = ({ target }: Event): void => {
    const summary = target instanceof Element ? target.closest('summary') : null;
    if (summary !== null) this.#scroll.hold(summary);
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    const { key, target, isComposing } = event;
    if (isComposing || !(target instanceof Element)) return;
    const isTaken =
      key === 'Escape' ? this.#escape(target) : key === 'ArrowUp' && target.matches('[part=input]') && this.#editLast();
    if (!isTaken) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Ends what was begun before it closes the panel. */
  #escape(target: Element): boolean {
    const leave = target.closest('.feedback')?.querySelector<HTMLElement>('[data-escape]');
    if (leave) leave.click();
    else if (this.#edit.messageId === undefined || target.closest('.menu')) return false;
    else this.#edit.cancel();
    return true;
  }

  #editLast(): boolean {
    const snapshot = this.#host.client()?.snapshot;
    const message = snapshot === undefined ? undefined : editable(snapshot);
    if (message === undefined || !this.#host.draft.isEmpty || this.#edit.messageId !== undefined) return false;
    this.#edit.begin(message.id, textOf(message));
    return true;
  }

  readonly #beginEdit = (message: ViewMessage): void => this.#edit.begin(message.id, textOf(message));
  readonly #cancelEdit = (): void => this.#edit.cancel();
  readonly #toggleSentences = (): void => {
    this.#announcer.readsSentences = !this.#announcer.readsSentences;
    this.#changed();
  };

  #pinnedChanged(): void {
    const messages = this.#host.client()?.snapshot.messages ?? [];
    this.#leftId = this.#scroll.isPinned ? undefined : messages.at(-1)?.id;
    this.#host.requestUpdate();
  }

  #fetchFiles({ messages }: ChatSnapshot): void {
    const hasFiles = messages.some(({ parts }) => parts.some(({ type }) => type === 'file'));
    if (!hasFiles || this.#isFetchingFiles) return;
    this.#isFetchingFiles = true;
    import('./files/index.ts').then(
      ({ createFiles }) => {
        const { root } = this.#host;
        this.#files = createFiles({
          root,
          client: () => this.#host.client(),
          changed: () => this.#changed(),
          sent: (url) => this.#sent.get(url),
        });
        this.#host.requestUpdate();
      },
      // Asked for again with what comes next.
      () => void (this.#isFetchingFiles = false),
    );
  }

  #readAloud(messageId: string): void {
    if (!this.#announcer.readsSentences || this.#view === undefined) return;
    const { name, locale } = this.#view;
    const strings = { ...en, ...this.#strings };
    this.#announcer.grow(messageId, { name, locale, strings, textOf: (id) => this.#texts.textOf(id) });
  }

  readonly #failHere = (code: FailureCode): void => this.#fail(code);

  #fail(code: FailureCode | undefined): void {
    this.#failed = code;
    this.#changed();
  }

  #changed(): void {
    this.#revision += 1;
    this.#host.requestUpdate();
  }

  get #isSeen(): boolean {
    return !(this.#host.root.host as HTMLElement).hidden && document.visibilityState === 'visible';
  }

  #find(selector: string): HTMLElement | undefined {
    return this.#host.root.querySelector<HTMLElement>(selector) ?? undefined;
  }

  #complete(view: View): ConversationView {
    const strings: Strings = { ...en, ...view.strings };
    const { locale, act } = view;
    if (this.#act.given !== act) this.#act = { given: act, all: this.#around.actions(act) };
    this.#showsConversations = view.showsConversations;
    if (this.#times?.locale !== locale) this.#times = { locale, times: createTimes(locale) };
    return {
      ...view,
      act: this.#act.all,
      strings,
      texts: this.#texts,
      now: this.#clock.now(),
      times: this.#times.times,
      answers: this.#answers,
      files: this.#files,
      unreadId: this.#unread.firstId,
      editedId: this.#edit.messageId,
      failed: this.#failed,
      readsSentences: this.#announcer.readsSentences,
      toggleSentences: this.#toggleSentences,
      beginEdit: this.#beginEdit,
      cancelEdit: this.#cancelEdit,
      isSignInUntaken: this.#signIn.isUntaken,
      fail: this.#failHere,
    };
  }
}
