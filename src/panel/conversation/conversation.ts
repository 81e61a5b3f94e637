import { html, noChange, type TemplateResult } from 'lit';
import type { ChatSnapshot, TextDelta } from '../../client/index.ts';
import { en, type Strings } from '../../strings/index.ts';
import type { View } from '../view.ts';
import { Announcer } from './announcer.ts';
import { bodyView } from './body-view.ts';
import type { ConversationView } from './conversation-view.ts';
import { Countdown, systemClock, type Clock } from './countdown.ts';
import { downIcon } from './icons.ts';
import { noticesView } from './notices-view.ts';
import { ScrollKeeper } from './scroll-keeper.ts';
import { styles } from './styles/index.ts';
import { TextViews } from './text-views.ts';

export type ConversationHost = {
  readonly root: ShadowRoot;
  readonly clock?: Clock | undefined;
  requestUpdate(): void;
  loadOlder(): void;
};

/** All between header and composer, which the panel fetches once it can be typed in. */
export function createConversation(host: ConversationHost): Conversation {
  return new Conversation(host);
}

export class Conversation {
  readonly #host: ConversationHost;
  readonly #clock: Clock;
  readonly #texts = new TextViews();
  readonly #announcer = new Announcer();
  readonly #countdown: Countdown;
  readonly #scroll: ScrollKeeper;
  #isWired = false;
  /** What the body was last drawn from; the same again draws nothing. */
  #drawn: readonly unknown[] = [];

  constructor(host: ConversationHost) {
    this.#host = host;
    this.#clock = host.clock ?? systemClock;
    this.#countdown = new Countdown(() => host.requestUpdate());
    this.#scroll = new ScrollKeeper({ pinnedChanged: () => host.requestUpdate(), topReached: () => host.loadOlder() });
    for (const { styleSheet } of styles) if (styleSheet) host.root.adoptedStyleSheets.push(styleSheet);
    // The largest part, which only answers need. Without it they stay plain text.
    import('../../markdown/index.ts').then(
      ({ createMarkdownRenderer }) => this.#texts.upgrade(createMarkdownRenderer, en),
      () => undefined,
    );
  }

  notices(view: View): unknown {
    return noticesView(this.#complete(view));
  }

  body(view: View): unknown {
    const { snapshot, name, suggestions, strings, isLoadingOlder, showsConversations } = view;
    const inputs = [snapshot, name, suggestions, strings, isLoadingOlder, showsConversations];
    if (inputs.every((input, index) => input === this.#drawn[index])) return noChange;
    this.#drawn = inputs;
    return bodyView(this.#complete(view));
  }

  /** The way to the newest message, for a reader who is elsewhere. */
  jump(view: View): TemplateResult {
    const label = this.#complete(view).strings.jump;
    return html`<button
      class="icon jump"
      part="jump"
      type="button"
      ?hidden=${this.#scroll.isPinned || view.showsConversations}
      aria-label=${label}
      title=${label}
      @click=${() => this.#jump()}
    >
      ${downIcon}
    </button>`;
  }

  receive(previous: ChatSnapshot | undefined, next: ChatSnapshot, view: View, whenDrawn: Promise<unknown>): void {
    this.#texts.sync(next);
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
    this.#scroll.toNewest();
  }

  /** Until the next render. */
  rest(): void {
    this.#isWired = false;
    this.#scroll.disconnect();
    this.#countdown.stop();
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
  }

  #find(selector: string): HTMLElement | undefined {
    return this.#host.root.querySelector<HTMLElement>(selector) ?? undefined;
  }

  #complete(view: View): ConversationView {
    const strings: Strings = { ...en, ...view.strings };
    return { ...view, strings, texts: this.#texts, now: this.#clock.now() };
  }
}
