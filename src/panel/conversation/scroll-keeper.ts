const nearPixels = 32;

type Callbacks = { readonly pinnedChanged: () => void; readonly topReached: () => void };

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
  #anchor: { readonly node: Element; readonly top: number } | undefined;
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
    this.#anchor = undefined;
  }

  /** To be called with each scroll event. */
  handleScroll(): void {
    const scroller = this.#scroller;
    if (!isVisible(scroller)) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const wentUp = scrollTop < this.#lastTop;
    this.#lastTop = scrollTop;
    if (scrollHeight - scrollTop - clientHeight < nearPixels) this.#setPinned(true);
    // Growth alone also takes the end out of sight; only a reader goes up.
    else if (wentUp) this.#setPinned(false);
    this.#remember();
    if (wentUp && !this.#isPinned && scrollTop < nearPixels) this.#callbacks.topReached();
  }

  toNewest(): void {
    this.#setPinned(true);
    this.keep();
  }

  /** Puts the reader back after the content or the space for it has changed. */
  keep(): void {
    const scroller = this.#scroller;
    if (!isVisible(scroller)) return;
    if (this.#isPinned) scroller.scrollTop = scroller.scrollHeight;
    else if (this.#anchor?.node.isConnected === true) {
      const moved = this.#topOf(this.#anchor.node) - this.#anchor.top;
      if (moved !== 0) scroller.scrollTop += moved;
    }
    this.#lastTop = scroller.scrollTop;
    this.#remember();
  }

  #remember(): void {
    const node = [...(this.#content?.querySelectorAll('[data-message]') ?? [])].find(
      (message) => this.#topOf(message) + message.clientHeight > 0,
    );
    this.#anchor = node === undefined ? undefined : { node, top: this.#topOf(node) };
  }

  #topOf(node: Element): number {
    return node.getBoundingClientRect().top - (this.#scroller?.getBoundingClientRect().top ?? 0);
  }

  #setPinned(isPinned: boolean): void {
    if (isPinned === this.#isPinned) return;
    this.#isPinned = isPinned;
    this.#callbacks.pinnedChanged();
  }
}

/** A hidden panel has no sizes to go by, and keeps its place for when it is shown again. */
function isVisible(scroller: HTMLElement | undefined): scroller is HTMLElement {
  return scroller !== undefined && scroller.clientHeight > 0;
}
