import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { adoptStyles, css } from '../styles/index.ts';
import { isReady, type PreviewDraft } from '../preview/draft.ts';

const styles = css`
  .preview {
    display: block;
    inline-size: 100%;
    block-size: 680px;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_sunken);
  }
  @media (max-width: 599px) {
    .preview {
      block-size: 560px;
    }
  }
`;

/** The real widget in a frame, as it will be once the draft is saved. */
class AgentPreviewElement extends LitElement {
  static override readonly properties = { draft: { attribute: false } };

  draft: PreviewDraft | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(styles);
    window.addEventListener('message', this.#onMessage);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.#onMessage);
  }

  protected override render(): TemplateResult {
    return html`<iframe class="preview" title="Preview of the chat" src="/dashboard/preview.html"></iframe>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('draft')) this.#send();
  }

  #send(): void {
    if (this.draft) this.#frame?.postMessage(this.draft, location.origin);
  }

  get #frame(): Window | null {
    return this.querySelector('iframe')?.contentWindow ?? null;
  }

  readonly #onMessage = ({ origin, source, data }: MessageEvent): void => {
    if (origin === location.origin && source === this.#frame && isReady(data)) this.#send();
  };
}

if (!customElements.get('cw-agent-preview')) customElements.define('cw-agent-preview', AgentPreviewElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-agent-preview': AgentPreviewElement;
  }
}
