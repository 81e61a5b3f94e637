import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { AgentInfo, FormField } from '../../../protocol/index.ts';
import type { ChatClient } from '../../../client/index.ts';
import { sheetOf } from '../../styles/css.ts';
import type { ConversationView as View } from '../conversation-view.ts';
import { lockIcon, personIcon } from '../icons.ts';
import { sourceHref } from '../source-href.ts';
import { fieldView, problemOf, type Problem } from './field-view.ts';
import { gate as styles } from './styles.ts';

export type GateHost = {
  readonly root: ShadowRoot;
  client(): ChatClient | undefined;
  changed(): void;
};

/** What the agent asks for before the first message, in the place of the composer. */
export class Gate {
  readonly #host: GateHost;
  #problems: { readonly [Name in FormField['name']]?: Problem | undefined } = {};

  constructor(host: GateHost) {
    this.#host = host;
    host.root.adoptedStyleSheets.push(sheetOf(styles));
  }

  view(view: View): TemplateResult | typeof nothing {
    const { agent, gate } = view.snapshot;
    if (gate === 'consent' && agent?.consent !== undefined) return this.#consentView(view, agent.consent);
    return gate === 'form' && agent?.form !== undefined ? this.#formView(view, agent.form) : nothing;
  }

  clear(): void {
    this.#problems = {};
  }

  #consentView({ strings }: View, { text, url }: NonNullable<AgentInfo['consent']>): TemplateResult {
    const href = url === undefined ? undefined : sourceHref(url);
    return html`<section class="gate" part="gate consent" aria-labelledby="gate-title">
      <h3 id="gate-title"><span class="lock">${lockIcon}</span>${strings.consentTitle}</h3>
      <div class="gate-text" id="gate-text" tabindex="0" role="group" aria-labelledby="gate-title">
        <p dir="auto">${text}</p>
        ${
          href === undefined
            ? nothing
            : html`<a href=${href} target="_blank" rel="noopener noreferrer"
                >${strings.consentMore}<span class="hidden"> (${strings.opensInNewTab})</span></a
              >`
        }
      </div>
      <button class="primary" part="button" type="button" aria-describedby="gate-text" @click=${this.#accept}>
        ${strings.consentAccept}
      </button>
    </section>`;
  }

  #formView(view: View, { intro, fields }: NonNullable<AgentInfo['form']>): TemplateResult {
    const { strings } = view;
    // Checked here, so that what is wrong is said beside the field and in the visitor's language.
    return html`<form class="gate" part="gate form" novalidate aria-labelledby="gate-title" @submit=${this.#submit}>
      <h3 id="gate-title"><span class="lock">${personIcon}</span>${strings.formTitle}</h3>
      ${intro ? html`<p class="gate-text" dir="auto">${intro}</p>` : nothing}
      ${fields.map((field) => fieldView(view, field, this.#problems[field.name], this.#corrected))}
      <button class="primary" part="button">${strings.formStart}</button>
    </form>`;
  }

  readonly #accept = (): void => {
    this.#host.client()?.acceptConsent();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const inputs = [...form.querySelectorAll('input')];
    this.#problems = Object.fromEntries(inputs.map((input) => [input.name, problemOf(input)]));
    this.#host.changed();
    const first = inputs.find((input) => problemOf(input) !== undefined);
    if (first !== undefined) return first.focus();
    this.#host.client()?.submitForm(Object.fromEntries(inputs.map(({ name, value }) => [name, value.trim()])));
  };

  /** What was said of a field goes as soon as it is no longer true. Nothing new is said while somebody writes. */
  readonly #corrected = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement) || problemOf(target) !== undefined) return;
    this.#problems = { ...this.#problems, [target.name]: undefined };
    this.#host.changed();
  };
}
