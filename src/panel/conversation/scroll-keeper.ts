const nearPixels = 32;

/** Above what a reader is taken to. */
const marginPixels = 12;

type Callbacks = {
  readonly pinnedChanged: () => void;
  readonly topReached: () => void;
  /** Where to begin reading instead of at the end; each such element counts once. */
  readonly landing: () => Element | undefined;
};

type Anchor = { readonly node: Element; readonly top: number };

/**
 * Keeps a reader's place in a list that grows at both ends. At the bottom it stays at the bottom; anywhere else the
 * message being read stays where it is, whatever is added above or below it (no browser agrees with another on that,
 * so their own scroll anchoring is turned off in the styles).
 */
export class ScrollKeeper {
  readonly #callbacks: Callbacks;
  readonly #observer = new ResizeObserver(() => this.keep());
  #scroller: HTMLElement | undefined;
  #content: HTMLElement | undefined;
  /** What is being read, innermost first: drawing anew may take an inner one away. */
  #anchors: readonly Anchor[] = [];
  /** What was just opened or closed, and stays where it is as what belongs to it comes or goes. */
  #held: Anchor | undefined;
  #landed: Element | undefined;
  #lastTop = 0;
  #isPinned = true;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
  }

  get isPinned(): boolean {
    return this.#isPinned;
  }

  connect(scroller: HTMLElement, content: HTMLElement): void {
    this.#scroller = scroller;
    this.#content = content;
    this.#observer.observe(scroller);
    this.#observer.observe(content);
  }

  disconnect(): void {
    this.#observer.disconnect();
    this.#anchors = [];
    this.#held = undefined;
    this.#landed = undefined;
  }

  /** To be called with each scroll event. */
  handleScroll(): void {
    const scroller = this.#scroller;
    if (!isVisible(scroller)) return;
    const { scrollTop } = scroller;
    const wentUp = scrollTop < this.#lastTop;
    this.#lastTop = scrollTop;
    if (isAtEnd(scroller)) this.#setPinned(true);
    // Growth alone also takes the end out of sight; only a reader goes up.
    else if (wentUp) this.#setPinned(false);
    this.#remember();
    if (wentUp && !this.#isPinned && scrollTop < nearPixels) this.#callbacks.topReached();
  }

  toNewest(): void {
    this.#held = undefined;
    this.#setPinned(true);
    this.keep();
  }

  /** Something within is about to grow or shrink because it was pressed: it stays under the pointer. */
  hold(node: Element): void {
    const held = (this.#held = { node, top: this.#topOf(node) });
    // By then what it brought about has been laid out.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => (this.#held = this.#held === held ? undefined : this.#held)),
    );
  }

  /** Puts the reader back after the content or the space for it has changed. */
  keep(): void {
    const scroller = this.#scroller;
    if (!isVisible(scroller)) return;
    const held = this.#held?.node.isConnected === true ? this.#held : undefined;
    if (held !== undefined) {
      scroller.scrollTop += this.#topOf(held.node) - held.top;
      this.#setPinned(isAtEnd(scroller));
    } else if (this.#isPinned) this.#toEnd(scroller);
    else {
      const anchor = this.#anchors.find(({ node }) => node.isConnected);
      const moved = anchor === undefined ? 0 : this.#topOf(anchor.node) - anchor.top;
      if (moved !== 0) scroller.scrollTop += moved;
    }
    this.#lastTop = scroller.scrollTop;
    this.#remember();
  }

  /** Or to what is new, where that does not fit in. */
  #toEnd(scroller: HTMLElement): void {
    scroller.scrollTop = scroller.scrollHeight;
    const landing = this.#callbacks.landing();
    if (landing === undefined || landing === this.#landed) return;
    this.#landed = landing;
    const above = this.#topOf(landing) - marginPixels;
    if (above >= 0) return;
    scroller.scrollTop += above;
    this.#setPinned(isAtEnd(scroller));
  }

  #remember(): void {
    const isSeen = (node: Element): boolean => node.getBoundingClientRect().bottom > this.#edge;
    const message = [...(this.#content?.querySelectorAll('[data-message]') ?? [])].find(isSeen);
    const block = [...(message?.querySelectorAll('.text > *') ?? [])].find(isSeen);
    this.#anchors = [block, message]
      .filter((node) => node !== undefined)
      .map((node) => ({ node, top: this.#topOf(node) }));
  }

  get #edge(): number {
    return this.#scroller?.getBoundingClientRect().top ?? 0;
  }

  #topOf(node: Element): number {
    return node.getBoundingClientRect().top - this.#edge;
  }

  #setPinned(isPinned: boolean): void {
    if (isPinned === this.#isPinned) return;
    this.#isPinned = isPinned;
    this.#callbacks.pinnedChanged();
  }
}

function isAtEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < nearPixels;
}

/** A hidden panel has no sizes to go by, and keeps its place for when it is shown again. */
function isVisible(scroller: HTMLElement | undefined): scroller is HTMLElement {
  return scroller !== undefined && scroller.clientHeight > 0;
}
