import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { api, connection, type Session, session } from './api/index.ts';
import { announce, icon } from './elements/index.ts';
import { adoptStyles, css } from './styles/index.ts';

const firstTryMs = 3_000;
const maxTryMs = 30_000;

adoptStyles(css`
  cw-connection {
    position: sticky;
    inset-block-start: 0;
    z-index: 15;
    display: block;
  }
  cw-connection p {
    display: flex;
    justify-content: center;
    gap: 8px;
    padding: 8px 16px;
    background: var(--_warning-surface);
    color: var(--_warning);
    font-size: 14px;
  }
`);

/** Says that the server cannot be reached as soon as that is known, and asks for it until it is there again. */
class ConnectionElement extends LitElement {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = firstTryMs;

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    connection.addEventListener('change', this.#changed);
    window.addEventListener('offline', this.#whenOffline);
    window.addEventListener('online', this.#ask);
    if (connection.isLost) this.#wait();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    connection.removeEventListener('change', this.#changed);
    window.removeEventListener('offline', this.#whenOffline);
    window.removeEventListener('online', this.#ask);
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    const text = 'No connection to the server. What you see may be old; it is tried again by itself.';
    return html`<div role="status">
      ${connection.isLost ? html`<p>${icon('alert')}<span>${text}</span></p>` : nothing}
    </div>`;
  }

  readonly #changed = (): void => {
    clearTimeout(this.#timer);
    this.#pauseMs = firstTryMs;
    if (connection.isLost) this.#wait();
    else announce('Connected again');
    this.requestUpdate();
  };

  readonly #whenOffline = (): void => connection.lost();

  readonly #ask = async (): Promise<void> => {
    clearTimeout(this.#timer);
    if (!connection.isLost) return;
    try {
      const { operator } = await api.get<Session>('session');
      if (operator === null) session.end();
    } catch {
      if (connection.isLost && this.isConnected) this.#wait();
    }
  };

  #wait(): void {
    this.#timer = setTimeout(() => void this.#ask(), this.#pauseMs);
    this.#pauseMs = Math.min(maxTryMs, this.#pauseMs * 2);
  }
}

if (!customElements.get('cw-connection')) customElements.define('cw-connection', ConnectionElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-connection': ConnectionElement;
  }
}
