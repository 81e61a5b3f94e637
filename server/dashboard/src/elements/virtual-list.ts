import {
  defaultRangeExtractor,
  observeWindowOffset,
  observeWindowRect,
  type Range,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/virtual-core';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { inlineStyle } from './inline-style.ts';

/** How many rows before the end the next page is asked for. */
const loadAheadRows = 20;

/**
 * A list of any length that scrolls with the page: only the rows near the window exist. Rows may differ in height;
 * `rowHeight` is what one is taken for until it was there. The row that has the focus stays.
 */
class VirtualListElement extends LitElement {
  static override readonly properties = {
    items: { attribute: false },
    renderItem: { attribute: false },
    itemKey: { attribute: false },
    loadMore: { attribute: false },
    label: {},
    rowHeight: { type: Number, attribute: 'row-height' },
    total: { type: Number },
  };

  items: readonly unknown[] = [];
  // Of any: lit's templates know no generic elements.
  renderItem: (item: never, index: number) => unknown = () => '';
  itemKey: (item: never) => string = String;
  /** Called when the end comes near; may be called more than once for the same page. */
  loadMore: () => unknown = () => undefined;
  label = '';
  rowHeight = 64;
  /** How many there are, if that is known. */
  total: number | undefined;

  #virtualizer: Virtualizer<Window, HTMLElement> | undefined;
  #unmount: (() => void) | undefined;
  #focused = -1;

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#virtualizer = new Virtualizer(this.#options());
    this.#unmount = this.#virtualizer._didMount();
    this.addEventListener('focusin', this.#noteFocus);
    this.addEventListener('focusout', this.#noteFocus);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('focusin', this.#noteFocus);
    this.removeEventListener('focusout', this.#noteFocus);
    this.#unmount?.();
    this.#virtualizer = undefined;
  }

  protected override willUpdate(): void {
    this.#virtualizer?.setOptions(this.#options());
  }

  protected override render(): TemplateResult {
    const virtualizer = this.#virtualizer;
    const height = `${virtualizer?.getTotalSize() ?? 0}px`;
    const margin = virtualizer?.options.scrollMargin ?? 0;
    return html`<ul class="virtual" role="list" aria-label=${this.label} ${inlineStyle({ 'block-size': height })}>
      ${repeat(
        virtualizer?.getVirtualItems() ?? [],
        ({ key }) => key,
        ({ index, start }) => this.#row(index, start - margin),
      )}
    </ul>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const virtualizer = this.#virtualizer;
    if (!virtualizer) return;
    virtualizer._willUpdate();
    for (const row of this.querySelectorAll<HTMLElement>(':scope > ul > li')) virtualizer.measureElement(row);
    const last = virtualizer.range?.endIndex ?? 0;
    if (this.items.length > 0 && last >= this.items.length - loadAheadRows) this.loadMore();
  }

  #row(index: number, offset: number): TemplateResult {
    return html`<li
      data-index=${index}
      aria-posinset=${index + 1}
      aria-setsize=${this.total ?? -1}
      ${inlineStyle({ transform: `translateY(${offset}px)` })}
    >
      ${this.renderItem(this.items[index] as never, index)}
    </li>`;
  }

  #options(): VirtualizerOptions<Window, HTMLElement> {
    return {
      count: this.items.length,
      getScrollElement: () => window,
      estimateSize: () => this.rowHeight,
      getItemKey: (index) => this.itemKey(this.items[index] as never),
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll,
      rangeExtractor: (range) => this.#indexes(range),
      onChange: () => this.requestUpdate(),
      scrollMargin: this.isConnected ? this.getBoundingClientRect().top + window.scrollY : 0,
      overscan: 6,
      // Rows that are drawn while sizes are being told would have theirs told in the same frame, which browsers report as an error.
      useAnimationFrameWithResizeObserver: true,
    };
  }

  #indexes(range: Range): number[] {
    const indexes = defaultRangeExtractor(range);
    if (this.#focused < 0 || this.#focused >= range.count || indexes.includes(this.#focused)) return indexes;
    return [...indexes, this.#focused].toSorted((left, right) => left - right);
  }

  readonly #noteFocus = (event: FocusEvent): void => {
    const row =
      event.type === 'focusin' && event.target instanceof Element ? event.target.closest('li[data-index]') : null;
    this.#focused = row === null ? -1 : Number(row.getAttribute('data-index'));
  };
}

if (!customElements.get('cw-virtual-list')) customElements.define('cw-virtual-list', VirtualListElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-virtual-list': VirtualListElement;
  }
}
