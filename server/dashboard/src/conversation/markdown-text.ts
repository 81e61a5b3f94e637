import { createMarkdownRenderer, type MarkdownRenderer } from '../../../../src/markdown/index.ts';

const labels = {
  // The policy of these pages allows no pictures of other sites.
  imageFailed: 'The dashboard loads no pictures from other sites.',
};

/** Paths in answers never lead to the dashboard's own pages. */
const baseOf = (site: string | null): string => (site !== null && /^https?:\/\//.test(site) ? site : '');

/** An agent's or an operator's text as the visitor sees it. Safe whatever stands in it. */
class MarkdownTextElement extends HTMLElement {
  #text = '';
  #isOpen = false;
  #renderer: MarkdownRenderer | undefined;
  /** Origin of the page it was written for, where paths lie; null: not known. Set before it is connected. */
  site: string | null = null;

  set text(text: string) {
    this.#text = text;
    this.#draw();
  }

  /** Whether more of the text is still to come. */
  set isOpen(isOpen: boolean) {
    this.#isOpen = isOpen;
    this.#draw();
  }

  connectedCallback(): void {
    this.#renderer ??= createMarkdownRenderer(this, { labels, base: baseOf(this.site) });
    this.#draw();
  }

  #draw(): void {
    this.#renderer?.set(this.#text);
    if (!this.#isOpen) this.#renderer?.finish();
  }
}

if (!customElements.get('cw-markdown-text')) customElements.define('cw-markdown-text', MarkdownTextElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-markdown-text': MarkdownTextElement;
  }
}
