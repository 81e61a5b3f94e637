/**
 * Tells the styles how much of the screen an on-screen keyboard leaves, as custom properties in a constructed sheet (a
 * page's policy may forbid inline styles). While a visitor zooms in, the screen counts as it is.
 */
export class ViewportFit {
  readonly #sheet = new CSSStyleSheet();
  readonly #fit = () => this.#apply();

  connect(root: ShadowRoot): void {
    // Of another document, into which a page has taken the chat, it can have no sheets.
    if (root.ownerDocument === document && !root.adoptedStyleSheets.includes(this.#sheet))
      root.adoptedStyleSheets.push(this.#sheet);
    for (const type of ['resize', 'scroll']) visualViewport?.addEventListener(type, this.#fit);
    this.#apply();
  }

  disconnect(): void {
    for (const type of ['resize', 'scroll']) visualViewport?.removeEventListener(type, this.#fit);
  }

  #apply(): void {
    const viewport = visualViewport;
    if (viewport === null) return;
    const isZoomed = viewport.scale > 1.01;
    const { height, offsetTop } = viewport;
    const below = innerHeight - offsetTop - height;
    // Less is a bar of the browser's own.
    const lift = below > 100 ? `;--_lift:${below + 12}px` : '';
    this.#sheet.replaceSync(isZoomed ? '' : `:host{--_height:${height}px;--_top:${offsetTop}px${lift}}`);
  }
}
