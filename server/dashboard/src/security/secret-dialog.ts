import { html, nothing, type TemplateResult } from 'lit';
import { path } from '../api/index.ts';
import { icon } from '../elements/index.ts';
import { adoptStyles, css } from '../styles/index.ts';

const styles = css`
  .secret {
    display: block;
    padding: 12px 14px;
    border-radius: 8px;
    background: var(--_sunken);
    overflow-wrap: anywhere;
    user-select: all;
  }
`;

export type ShownSecret = {
  readonly secret: string;
  /** Whether it can be looked at again. */
  readonly isRevealable: boolean;
  /** What it has done to other keys. */
  readonly note: string;
};

/** A secret, for as long as the dialog is open: nothing of it is left in the page afterwards. */
export function secretTemplate({ secret, isRevealable, note }: ShownSecret, agentId: string, close: () => void) {
  adoptStyles(styles);
  return html`<p class="notice warning" role="status">
      ${icon('alert')}<span
        >${
          isRevealable
            ? 'Give it to your server, and to nobody else.'
            : 'It is shown now and never again. Give it to your server, and to nobody else.'
        }
        The browser must not see it.</span
      >
    </p>
    ${note === '' ? nothing : html`<p>${note}</p>`}
    <code class="secret" tabindex="0" aria-label="Secret">${secret}</code>
    <div class="row">
      <cw-copy-button .text=${secret} .what=${'secret'}></cw-copy-button>
    </div>
    ${howToSign(agentId)}
    <div class="row"><button type="button" class="button primary" @click=${close}>I have stored it</button></div>`;
}

const howToSign = (agentId: string): TemplateResult =>
  html`<p class="small muted">
    Put it into the environment of your backend as <code>WIDGET_JWT_HMAC_SECRET</code>, and sign tokens with it there:
    <a href=${`/dashboard/${path`agents/${agentId}`}/install?visitors=signed-in`} target="_blank">the code for that</a>
    is on the Install page, in seven languages.
  </p>`;
