import { html, LitElement, nothing, type TemplateResult } from 'lit';
import './dialog.ts';
import { ApiError } from '../api/index.ts';
import { Form, textOf } from './form.ts';

export type Confirmation = {
  readonly heading: string;
  /** What it does, and whether it can be undone. */
  readonly text: unknown;
  /** The verb: `Delete key`. */
  readonly confirm: string;
  /** What has to be typed first, as for what cannot be undone. */
  readonly typed?: string;
  readonly danger?: boolean;
  /** What is done; its failure is shown in the dialog, which stays open. */
  readonly action: () => Promise<unknown>;
};

/** Asks before it does `action`. Resolves with whether that was done. The focus goes back to where it was. */
export function confirmDialog(confirmation: Confirmation): Promise<boolean> {
  const element = document.createElement('cw-confirm-dialog');
  element.confirmation = confirmation;
  document.body.append(element);
  return element.settled.finally(() => element.remove());
}

class ConfirmDialogElement extends LitElement {
  confirmation: Confirmation | undefined;
  #done = false;
  #open = true;
  readonly #settled = Promise.withResolvers<boolean>();
  readonly #form = new Form(this, (data) => this.#confirm(data));

  get settled(): Promise<boolean> {
    return this.#settled.promise;
  }

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { confirmation } = this;
    if (!confirmation) return nothing;
    const { heading, text, confirm, typed, danger = false } = confirmation;
    const close = (): void => this.#close();
    return html`<cw-dialog .open=${this.#open} .heading=${heading} @close=${() => this.#settled.resolve(this.#done)}>
      <form class="stack" novalidate @submit=${this.#form.submit}>
        <p>${text}</p>
        ${typed === undefined ? nothing : this.#form.field({ name: 'typed', label: `Type “${typed}” to confirm` })}
        ${this.#form.failure()}
        <div class="row">
          ${this.#form.button(confirm, { kind: danger ? 'danger primary' : 'primary' })}
          <button type="button" class="button" @click=${close}>Cancel</button>
        </div>
      </form>
    </cw-dialog>`;
  }

  async #confirm(data: FormData): Promise<void> {
    const { typed, action } = this.confirmation ?? {};
    if (typed !== undefined && textOf(data, 'typed').trim() !== typed) {
      throw new ApiError(0, 'invalid_input', { fields: { typed: `This is not “${typed}”.` } });
    }
    await action?.();
    this.#done = true;
    this.#close();
  }

  #close(): void {
    this.#open = false;
    this.requestUpdate();
  }
}

if (!customElements.get('cw-confirm-dialog')) customElements.define('cw-confirm-dialog', ConfirmDialogElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-confirm-dialog': ConfirmDialogElement;
  }
}
