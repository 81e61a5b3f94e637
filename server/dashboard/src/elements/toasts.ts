import { html, LitElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from './icons.ts';

type Toast = { readonly id: number; readonly text: string };

const shownMs = 6_000;
const notices = new EventTarget();

/** Says what was done: `announce('Saved')`. Shown for a few seconds, and read to those who do not see it. */
export function announce(text: string): void {
  notices.dispatchEvent(new CustomEvent('announce', { detail: text }));
}

let toasts = 0;

/** The one place where announcements appear. It is there from the start, or nothing would be read. */
class ToastsElement extends LitElement {
  #toasts: readonly Toast[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    notices.addEventListener('announce', this.#add);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    notices.removeEventListener('announce', this.#add);
  }

  protected override render(): TemplateResult {
    return html`<div class="toasts" role="status">
      ${repeat(
        this.#toasts,
        ({ id }) => id,
        ({ text }) => html`<p>${icon('check')}<span>${text}</span></p>`,
      )}
    </div>`;
  }

  readonly #add = (event: Event): void => {
    const toast = { id: ++toasts, text: String((event as CustomEvent).detail) };
    // One at a time: more would cover what one writes in, and what was said before may no longer be so.
    this.#show([toast]);
    setTimeout(() => this.#show(this.#toasts.filter(({ id }) => id !== toast.id)), shownMs);
  };

  #show(next: readonly Toast[]): void {
    this.#toasts = next;
    this.requestUpdate();
  }
}

if (!customElements.get('cw-toasts')) customElements.define('cw-toasts', ToastsElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-toasts': ToastsElement;
  }
}
