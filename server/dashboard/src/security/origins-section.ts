import { html, nothing, type TemplateResult } from 'lit';
import { api, Loader, path } from '../api/index.ts';
import { announce, badge, confirmDialog, Form, loaded, textOf } from '../elements/index.ts';
import { SecuritySection } from './security-section.ts';
import type { Origins } from './types.ts';

/** The sites whose pages may use the agent. */
class OriginsSectionElement extends SecuritySection {
  readonly #origins = new Loader(this, (signal) => api.get<Origins>(path`agents/${this.agentId}/origins`, { signal }));
  readonly #form = new Form(this, async (data) => {
    const allowedOrigins = textOf(data, 'allowedOrigins').split(/\s+/).filter(Boolean);
    await this.#save(allowedOrigins);
    announce('Allowed sites saved');
  });

  protected override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="origins-heading" id="origins">
      <header>
        <h2 id="origins-heading">Allowed origins</h2>
        <p>The sites whose pages may use this agent. All others are refused, whatever token they bring.</p>
      </header>
      ${loaded(this.#origins, (origins) => (this.isAdmin ? this.#editor(origins) : this.#list(origins)))}
    </section>`;
  }

  #list({ allowedOrigins, ownOrigin }: Origins): TemplateResult {
    if (allowedOrigins.length === 0) return html`<p>None but ${ownOrigin}, this server’s own.</p>`;
    return html`<ul>
      ${allowedOrigins.map((origin) => html`<li><code>${origin}</code></li>`)}
    </ul>`;
  }

  #editor(origins: Origins): TemplateResult {
    const form = this.#form;
    const hint = html`One a line: <code>https://shop.example</code>, <code>https://*.shop.example</code> for all that
      stand before it, or <code>http://localhost:*</code>. Pages of ${origins.ownOrigin} may always.`;
    return html`<form class="stack" novalidate @submit=${form.submit}>
      ${form.control(
        { name: 'allowedOrigins', label: 'Sites', hint },
        ({ id, describedBy, invalid }) =>
          html`<textarea
            class="input mono"
            id=${id}
            name="allowedOrigins"
            rows=${Math.min(10, Math.max(3, origins.allowedOrigins.length + 1))}
            maxlength="20000"
            spellcheck="false"
            .defaultValue=${origins.allowedOrigins.join('\n')}
            aria-describedby=${describedBy}
            aria-invalid=${invalid}
          ></textarea>`,
      )}
      ${form.failure()}
      <div class="row">${form.button('Save sites', { busy: 'Saving…' })} ${this.#source(origins)}</div>
    </form>`;
  }

  #source(origins: Origins): TemplateResult | typeof nothing {
    const { inFile } = origins;
    if (inFile === null) return nothing;
    if (origins.source === 'configuration') return badge('As in the configuration file');
    return html`<button type="button" class="button" @click=${() => this.#reset(inFile)}>
      As in the configuration file
    </button>`;
  }

  async #reset(inFile: readonly string[]): Promise<void> {
    const done = await confirmDialog({
      heading: 'Go back to the configuration file?',
      text:
        inFile.length === 0
          ? 'It names no site: only pages of this server’s own address may use the agent then.'
          : html`It allows ${inFile.map((origin, at) => html`${at === 0 ? nothing : ', '}<code>${origin}</code>`)}.`,
      confirm: 'Go back',
      danger: true,
      action: () => this.#save(null),
    });
    if (done) announce('As in the configuration file');
  }

  async #save(allowedOrigins: readonly string[] | null): Promise<void> {
    const { revision } = this.#origins.value ?? {};
    const saved = await api.put<Origins>(path`agents/${this.agentId}/origins`, { allowedOrigins, revision });
    this.#origins.replace(saved);
    await this.updateComplete;
    // What was typed is not what is stored where it was written otherwise.
    this.querySelector('form')?.reset();
  }
}

if (!customElements.get('cw-origins-section')) customElements.define('cw-origins-section', OriginsSectionElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-origins-section': OriginsSectionElement;
  }
}
