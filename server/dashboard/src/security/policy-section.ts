import { html, nothing, type TemplateResult } from 'lit';
import { api, Loader, path } from '../api/index.ts';
import { announce, badge, confirmDialog, Form, icon, loaded } from '../elements/index.ts';
import { adoptStyles, css } from '../styles/index.ts';
import { changesIn, settingField } from './policy-form.ts';
import { SecuritySection } from './security-section.ts';
import type { PolicyAnswer, PolicyChange, Setting } from './types.ts';
import { origins, settingLabels } from './words.ts';

const styles = css`
  .settings {
    display: grid;
    gap: 14px;
  }
  .settings > div {
    display: grid;
    grid-template-columns: minmax(150px, 210px) minmax(0, 1fr);
    gap: 2px 20px;
  }
  .settings dd {
    max-inline-size: 64ch;
  }
  .presets {
    display: grid;
    gap: 12px;
    padding-block-start: 12px;
  }
  .presets li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 4px 16px;
    align-items: start;
  }
  .policy-form {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 270px), 1fr));
    gap: 18px 24px;
    align-items: start;
  }
  .consequences {
    display: grid;
    gap: 10px;
  }
  .consequences .before {
    color: var(--_muted);
  }
  @media (max-width: 599px) {
    .settings > div,
    .presets li {
      grid-template-columns: minmax(0, 1fr);
    }
    .presets .button {
      justify-self: start;
    }
  }
`;

/** Who is let in by which token. Says `changed` when it was. */
class PolicySectionElement extends SecuritySection {
  readonly #policy = new Loader(this, (signal) =>
    api.get<PolicyAnswer>(path`agents/${this.agentId}/policy`, { signal }),
  );
  #isEditing = false;
  readonly #form = new Form(this, async (data) => {
    const { settings = [] } = this.#policy.value ?? {};
    const changes = changesIn(data, settings);
    if (Object.keys(changes).length === 0) return this.#edit(false);
    if (await this.#review('Change the policy?', changes)) this.#edit(false);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(styles);
  }

  /** Loads it again: what was changed elsewhere on the page may have changed it. */
  reload(): Promise<void> {
    return this.#policy.reload();
  }

  protected override render(): TemplateResult {
    const canEdit = this.isAdmin && !this.#isEditing && this.#policy.value !== undefined;
    return html`<section class="card" aria-labelledby="policy-heading" id="policy">
      <header>
        <div class="row spread">
          <h2 id="policy-heading">Policy</h2>
          ${
            canEdit
              ? html`<button type="button" class="button small" @click=${() => this.#edit(true)}>Change policy</button>`
              : nothing
          }
        </div>
        <p>Who may chat, and which tokens say who somebody is.</p>
      </header>
      ${loaded(this.#policy, (policy) => (this.#isEditing ? this.#editor(policy) : this.#overview(policy)))}
    </section>`;
  }

  #overview(policy: PolicyAnswer): TemplateResult {
    return html`${policy.preset === null ? nothing : html`<p>Preset: <strong>${policy.preset}</strong></p>`}
      <dl class="settings">${policy.settings.map((setting) => this.#setting(setting))}</dl>
      ${this.isAdmin ? this.#presets(policy) : nothing}`;
  }

  #setting({ name, effect, origin }: Setting): TemplateResult {
    return html`<div>
      <dt class="muted">${settingLabels[name]}</dt>
      <dd>
        ${effect} ${origin === 'default' ? nothing : badge(origins[origin], origin === 'stored' ? 'accent' : 'neutral')}
      </dd>
    </div>`;
  }

  #presets({ presets, preset }: PolicyAnswer): TemplateResult {
    const items = [
      ...presets,
      { name: '', effect: 'What holds where nothing was set: open to everybody, strict with tokens.' },
    ];
    return html`<details>
      <summary>Presets</summary>
      <ul class="presets">
        ${items.map(
          ({ name, effect }) =>
            html`<li>
              <div>
                <h3>
                  ${name === '' ? 'Our defaults' : name}
                  ${name !== '' && name === preset ? badge('In use', 'accent') : nothing}
                </h3>
                <p class="muted">${effect}</p>
              </div>
              <button type="button" class="button small" @click=${() => this.#usePreset(name)}>
                <span>Use<span class="visually-hidden"> ${name === '' ? 'our defaults' : name}</span></span>
              </button>
            </li>`,
        )}
      </ul>
    </details>`;
  }

  #editor({ settings }: PolicyAnswer): TemplateResult {
    const form = this.#form;
    return html`<form class="stack" novalidate @submit=${form.submit}>
      <div class="policy-form">${settings.map((setting) => settingField(form, setting))}</div>
      ${form.failure()}
      <div class="row">
        ${form.button('Review changes', { busy: 'Checking…' })}
        <button type="button" class="button" @click=${() => this.#edit(false)}>Cancel</button>
      </div>
    </form>`;
  }

  #edit(isEditing: boolean): void {
    this.#isEditing = isEditing;
    this.#form.reset();
    this.requestUpdate();
  }

  async #usePreset(name: string): Promise<void> {
    const heading = name === '' ? 'Go back to our defaults?' : `Use the preset ${name}?`;
    try {
      await this.#review(heading, { preset: name === '' ? null : name });
    } catch (error) {
      announce(error instanceof Error ? error.message : 'This could not be looked at.');
    }
  }

  /** Shows what would come of it, and does it. @throws ApiError for what does not fit */
  async #review(heading: string, changes: Readonly<Record<string, unknown>>): Promise<boolean> {
    const at = path`agents/${this.agentId}/policy`;
    const { revision } = this.#policy.value ?? {};
    const preview = await api.put<PolicyChange>(at, { changes, revision }, { query: { preview: 1 } });
    const done = await confirmDialog({
      heading,
      text: reviewTemplate(preview, 'preset' in changes),
      confirm: 'Change policy',
      danger: preview.consequences.some(({ kind }) => kind === 'danger'),
      action: () => api.put(at, { changes, revision }),
    });
    if (!done) return false;
    announce('Policy changed');
    await this.#policy.reload();
    this.dispatchEvent(new Event('changed'));
    return true;
  }
}

function reviewTemplate({ changed, consequences }: PolicyChange, isPreset: boolean): TemplateResult {
  return html`<span class="consequences">
    ${consequences.map(
      ({ kind, text }) =>
        html`<span class=${`notice ${kind === 'note' ? '' : kind}`}
          >${kind === 'note' ? nothing : icon('alert')}<span>${text}</span></span
        >`,
    )}
    ${changed.length === 0 ? html`<span>No setting changes by it.</span>` : nothing}
    ${changed.map(
      ({ name, before, after }) =>
        html`<span
          ><strong>${settingLabels[name]}</strong><br />${after}<br /><span class="before small"
            >Until now: ${before}</span
          ></span
        >`,
    )}
    ${isPreset ? html`<span class="muted small">It takes the place of all that was set here.</span>` : nothing}
  </span>`;
}

if (!customElements.get('cw-policy-section')) customElements.define('cw-policy-section', PolicySectionElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-policy-section': PolicySectionElement;
  }
}
