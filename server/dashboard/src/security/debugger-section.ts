import { html, nothing, type TemplateResult } from 'lit';
import { api, path } from '../api/index.ts';
import { foreignText, Form, formatDateTime, icon, textOf } from '../elements/index.ts';
import { adoptStyles, css } from '../styles/index.ts';
import { SecuritySection } from './security-section.ts';
import type { TokenReport } from './types.ts';
import { formatLength, reasonWords } from './words.ts';

const styles = css`
  .token-field .field {
    max-inline-size: none;
  }
  .decoded {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
    gap: 16px;
  }
  .decoded pre {
    margin-block-start: 6px;
    max-block-size: 420px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .hints {
    display: grid;
    gap: 4px;
    padding-inline-start: 18px;
    list-style: disc;
  }
`;

/** Says of one token what the server says of it, and why. The token is sent, looked at, and kept nowhere. */
class DebuggerSectionElement extends SecuritySection {
  #report: TokenReport | undefined;
  readonly #form = new Form(this, async (data) => {
    this.#report = undefined;
    const token = textOf(data, 'token').trim();
    this.#report = await api.post<TokenReport>(path`agents/${this.agentId}/debugger`, { token });
  });

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(styles);
  }

  protected override render(): TemplateResult {
    const form = this.#form;
    return html`<section class="card" aria-labelledby="debugger-heading" id="debugger">
      <header>
        <h2 id="debugger-heading">Token Debugger</h2>
        <p>Paste a token to see what this agent makes of it. It is not kept, and not noted anywhere.</p>
      </header>
      <form class="stack token-field" novalidate @submit=${this.#submit} @reset=${this.#forget}>
        ${form.control(
          { name: 'token', label: 'Token' },
          ({ id, describedBy, invalid }) =>
            html`<textarea
              class="input mono"
              id=${id}
              name="token"
              rows="4"
              required
              maxlength="100000"
              autocomplete="off"
              spellcheck="false"
              aria-describedby=${describedBy}
              aria-invalid=${invalid}
            ></textarea>`,
        )}
        ${form.failure()}
        <div class="row">
          ${form.button('Debug token', { busy: 'Looking…' })}
          ${this.#report === undefined ? nothing : html`<button type="reset" class="button">Clear</button>`}
        </div>
      </form>
      <div class="stack" role="status">${this.#report === undefined ? nothing : this.#result(this.#report)}</div>
    </section>`;
  }

  /** What was said of another token would stand beside this one's refusal. */
  readonly #submit = (event: SubmitEvent): Promise<void> => {
    this.#report = undefined;
    this.requestUpdate();
    return this.#form.submit(event);
  };

  readonly #forget = (): void => {
    this.#report = undefined;
    this.#form.reset();
  };

  #result(report: TokenReport): TemplateResult {
    const { hints, header, claims } = report;
    return html`${verdict(report)}
    ${
      hints.length === 0
        ? nothing
        : html`<ul class="hints">
            ${hints.map((hint) => html`<li>${foreignText(hint)}</li>`)}
          </ul>`
    }
    ${facts(report)}
    ${
      header === null && claims === null
        ? nothing
        : html`<div class="decoded">${decoded('Header', header)} ${decoded('Claims', claims)}</div>`
    }`;
  }
}

function verdict({ accepted, reason }: TokenReport): TemplateResult {
  if (accepted) return html`<p class="notice success">${icon('check')}<strong>Accepted</strong></p>`;
  const { title, advice } = reasonWords(reason ?? '');
  return html`<p class="notice danger">
    ${icon('alert')}<span><strong>Refused: ${title}</strong> <code>${reason}</code><br />${advice}</span>
  </p>`;
}

function facts({
  subject,
  keyId,
  jwksKid,
  expiresAt,
  secondsLeft,
  claims,
}: TokenReport): TemplateResult | typeof nothing {
  const rows = [
    ...(subject === null ? [] : [['Subject', foreignText(subject)] as const]),
    ...(keyId === null
      ? []
      : [
          [
            'Signed with',
            jwksKid === null ? html`<code>${keyId}</code>` : html`<code>${jwksKid}</code>, from your JWKS`,
          ] as const,
        ]),
    ...(claims === null ? [] : [['Time left', timeLeft(expiresAt, secondsLeft)] as const]),
  ];
  if (rows.length === 0) return nothing;
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function timeLeft(expiresAt: string | null, secondsLeft: number | null): string {
  if (expiresAt === null || secondsLeft === null) return 'It has no end (exp).';
  const at = formatDateTime(expiresAt);
  return secondsLeft > 0
    ? `${formatLength(secondsLeft)}, until ${at}`
    : `None: it ended ${formatLength(secondsLeft)} ago, at ${at}`;
}

const decoded = (title: string, value: object | null): TemplateResult | typeof nothing =>
  value === null
    ? nothing
    : html`<div>
        <h3>${title}</h3>
        <pre tabindex="0" role="group" aria-label=${title} dir="ltr">${JSON.stringify(value, null, 2)}</pre>
      </div>`;

if (!customElements.get('cw-debugger-section')) customElements.define('cw-debugger-section', DebuggerSectionElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-debugger-section': DebuggerSectionElement;
  }
}
