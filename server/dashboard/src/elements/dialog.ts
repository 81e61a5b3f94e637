import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';

/**
 * A dialog over the page: `<cw-dialog .open=${…} .heading=${'…'} @close=${…}>` with its content as children, buttons included.
 * Escape, the backdrop and `form method="dialog"` close it; `close` is when the page has to set `open` to false.
 */
class DialogElement extends LitElement {
  static override readonly properties = { open: { type: Boolean }, heading: {}, isHeld: { attribute: false } };
  static override readonly styles = css`
    :host {
      display: contents;
    }
    dialog {
      box-sizing: border-box;
      inline-size: min(480px, 100vw - 32px);
      max-block-size: calc(100dvh - 48px);
      padding: 24px;
      border: 0;
      border-radius: 16px;
      background: var(--_surface);
      color: var(--_text);
      box-shadow: var(--_shadow);
      overflow-y: auto;
    }
    dialog::backdrop {
      background: light-dark(#0f201866, #000000a6);
    }
    .body {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
    h2 {
      margin: 0;
      font-size: 17px;
      font-weight: 620;
      line-height: 1.4;
    }
    h2:focus {
      outline: none;
    }
    @media (forced-colors: active) {
      dialog {
        border: 1px solid CanvasText;
      }
    }
  `;

  open = false;
  heading = '';
  /** For what would be lost: only the page closes it, by a button of its own. */
  isHeld = false;

  protected override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="heading"
      @close=${this.#closed}
      @cancel=${this.#cancelled}
      @keydown=${this.#keyed}
      @pointerdown=${this.#pressed}
    >
      <div class="body">
        <h2 id="heading" tabindex="-1" autofocus>${this.heading}</h2>
        <slot></slot>
      </div>
    </dialog>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const dialog = this.#dialog;
    if (!changed.has('open') || !dialog) return;
    if (this.open && !dialog.open) dialog.showModal();
    if (!this.open && dialog.open) dialog.close();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dialog?.close();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  readonly #cancelled = (event: Event): void => {
    if (this.isHeld) event.preventDefault();
  };

  /** A second Escape would close it whatever `cancel` says. */
  readonly #keyed = (event: KeyboardEvent): void => {
    if (this.isHeld && event.key === 'Escape') event.preventDefault();
  };

  readonly #closed = (): void => {
    if (this.isHeld && this.open && this.isConnected) return this.#dialog?.showModal();
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };

  /** On the backdrop, which counts as the dialog itself. */
  readonly #pressed = (event: PointerEvent): void => {
    const box = this.#dialog?.getBoundingClientRect();
    if (event.target !== this.#dialog || !box) return;
    const isInside =
      event.clientX >= box.left &&
      event.clientX <= box.right &&
      event.clientY >= box.top &&
      event.clientY <= box.bottom;
    if (!isInside && !this.isHeld) this.#dialog?.close();
  };
}

if (!customElements.get('cw-dialog')) customElements.define('cw-dialog', DialogElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-dialog': DialogElement;
  }
}
