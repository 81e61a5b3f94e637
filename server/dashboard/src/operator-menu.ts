import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { type Operator, session, toApiError } from './api/index.ts';
import { announce, icon } from './elements/index.ts';
import { chooseTheme, readTheme, themes } from './theme.ts';

const roleNames = { admin: 'Administrator', operator: 'Operator', viewer: 'Viewer' } as const;

/** Who is signed in, and what is about them: account, colours, sign out. */
class OperatorMenuElement extends LitElement {
  static override readonly properties = { operator: { attribute: false } };

  operator: Operator | undefined;
  #open = false;

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('pointerdown', this.#pressed);
    this.addEventListener('keydown', this.#keyed);
    this.addEventListener('focusout', this.#left);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('pointerdown', this.#pressed);
    this.removeEventListener('keydown', this.#keyed);
    this.removeEventListener('focusout', this.#left);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { operator } = this;
    if (!operator) return nothing;
    return html`<div class="who">
      <button
        type="button"
        aria-expanded=${this.#open}
        aria-controls="operator-menu"
        @click=${() => this.#show(!this.#open)}
      >
        <span class="initial" aria-hidden="true">${Array.from(operator.name)[0]?.toUpperCase() ?? ''}</span>
        <span class="name">
          <span class="ellipsis">${operator.name}</span>
          <span class="small muted">${roleNames[operator.role]}</span>
        </span>
      </button>
      ${this.#open ? this.#menu() : nothing}
    </div>`;
  }

  #menu(): TemplateResult {
    const chosen = readTheme();
    return html`<div class="menu" id="operator-menu">
      <fieldset>
        <legend class="visually-hidden">Colours</legend>
        <div class="segments">
          ${themes.map(
            (theme) =>
              html`<label>
                <input
                  type="radio"
                  name="theme"
                  .checked=${theme === chosen}
                  @change=${() => chooseTheme(theme)}
                />${theme.charAt(0).toUpperCase()}${theme.slice(1)}
              </label>`,
          )}
        </div>
      </fieldset>
      <a class="item" href="/dashboard/account" @click=${() => this.#show(false)}>${icon('account')}Your account</a>
      <button type="button" class="item" @click=${this.#signOut}>${icon('signOut')}Sign out</button>
    </div>`;
  }

  readonly #signOut = (): Promise<void> =>
    session.signOut().catch((error: unknown) => announce(`You are still signed in. ${toApiError(error).detail}`));

  #show(open: boolean): void {
    this.#open = open;
    this.requestUpdate();
  }

  readonly #pressed = (event: Event): void => {
    if (this.#open && !event.composedPath().includes(this)) this.#show(false);
  };

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#open) return;
    this.#show(false);
    this.querySelector('button')?.focus();
  };

  readonly #left = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !this.contains(relatedTarget)) this.#show(false);
  };
}

if (!customElements.get('cw-operator-menu')) customElements.define('cw-operator-menu', OperatorMenuElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-operator-menu': OperatorMenuElement;
  }
}
