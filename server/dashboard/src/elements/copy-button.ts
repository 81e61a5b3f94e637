import { html, LitElement, type TemplateResult } from 'lit';
import { icon } from './icons.ts';
import { announce } from './toasts.ts';

/** Copies `text`. `what` names it: a button "Copy snippet", and "Snippet copied" afterwards. */
class CopyButtonElement extends LitElement {
  static override readonly properties = { text: { attribute: false }, what: {} };

  text = '';
  what = 'text';

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<button type="button" class="button small" @click=${this.#copy}>
      ${icon('copy')}Copy ${this.what}
    </button>`;
  }

  readonly #copy = async (): Promise<void> => {
    const copied = await navigator.clipboard.writeText(this.text).then(
      () => true,
      () => false,
    );
    const name = this.what.charAt(0).toUpperCase() + this.what.slice(1);
    announce(copied ? `${name} copied` : 'The browser did not allow copying. Select the text and copy it yourself.');
  };
}

if (!customElements.get('cw-copy-button')) customElements.define('cw-copy-button', CopyButtonElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-copy-button': CopyButtonElement;
  }
}
