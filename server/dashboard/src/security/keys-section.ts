import { html, nothing, type TemplateResult } from 'lit';
import { api, Loader, path } from '../api/index.ts';
import {
  announce,
  badge,
  confirmDialog,
  dataTable,
  emptyState,
  Form,
  formatDay,
  foreignText,
  icon,
  loaded,
  textOf,
  timeAt,
} from '../elements/index.ts';
import { adoptStyles, css } from '../styles/index.ts';
import './add-key-dialog.ts';
import { SecuritySection } from './security-section.ts';
import type { EndedKey, KeyList, ListedKey, Standing } from './types.ts';
import { sources, standings } from './words.ts';

const styles = css`
  cw-add-key-dialog {
    display: contents;
  }
  .key-name {
    min-inline-size: min(200px, 100%);
    overflow-wrap: anywhere;
  }
  .key-why {
    padding-block-start: 2px;
    max-inline-size: 24ch;
  }
  .key-actions {
    max-inline-size: 400px;
    margin-inline-start: auto;
    justify-content: flex-end;
  }
  @media (max-width: 599px) {
    .key-actions {
      justify-content: flex-start;
      margin-inline-start: 0;
    }
  }
`;

/** The keys that visitors' tokens are signed with. For administrators. */
class KeysSectionElement extends SecuritySection {
  readonly #keys = new Loader(this, (signal) => api.get<KeyList>(path`agents/${this.agentId}/keys`, { signal }));
  readonly #rename = new Form(this, async (data) => {
    const key = this.#renaming;
    if (key === undefined) return;
    await api.patch(path`agents/${this.agentId}/keys/${key.id}`, { name: textOf(data, 'name') });
    announce('Key renamed');
    this.#showRenaming(undefined);
    await this.#keys.reload();
  });
  #renaming: ListedKey | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(styles);
  }

  /** Loads them again: the policy says which of them count. */
  reload(): Promise<void> {
    return this.#keys.reload();
  }

  protected override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="keys-heading" id="keys">
      <header>
        <div class="row spread">
          <h2 id="keys-heading">Keys</h2>
          ${this.#keys.value?.mayStore ? this.#addButtons() : nothing}
        </div>
        <p>Your server signs with one of these who a visitor is. Each change holds from the next request on.</p>
      </header>
      ${loaded(this.#keys, (list) => this.#list(list))}
      <cw-add-key-dialog
        .agentId=${this.agentId}
        .list=${this.#keys.value}
        @changed=${this.#changed}
      ></cw-add-key-dialog>
      ${this.#renameDialog()}
    </section>`;
  }

  #addButtons(): TemplateResult {
    return html`<div class="row">
      <button type="button" class="button small" @click=${() => this.#dialog?.bring()}>Bring a key</button>
      <button type="button" class="button primary small" @click=${() => this.#dialog?.create()}>
        ${icon('plus')}New key
      </button>
    </div>`;
  }

  get #dialog() {
    return this.querySelector('cw-add-key-dialog');
  }

  readonly #changed = (): void => {
    void this.#keys.reload();
    this.dispatchEvent(new Event('changed'));
  };

  #list(list: KeyList): TemplateResult {
    return html`${
      list.problem === null
        ? nothing
        : html`<p class="notice danger" role="alert">${icon('alert')}<span>${list.problem}</span></p>`
    }
    ${
      list.mayStore
        ? nothing
        : html`<p class="notice">
            <span
              >The configuration file names this agent’s keys, so they are changed there. Keys that are stored do not
              count.</span
            >
          </p>`
    }
    ${list.keys.length === 0 ? this.#empty() : this.#table(list.keys)}`;
  }

  #empty(): TemplateResult {
    return emptyState({
      icon: 'key',
      title: 'No keys yet',
      text: 'Without a key every token is refused, and all visitors are anonymous. Make one, and give it to your server.',
      action: html`<button type="button" class="button primary" @click=${() => this.#dialog?.create()}>
        New key
      </button>`,
    });
  }

  #table(rows: readonly ListedKey[]): TemplateResult {
    return dataTable<ListedKey>({
      caption: 'Keys',
      rows,
      key: ({ source, id }) => `${source}/${id}`,
      columns: [
        { label: 'Key', cell: (key) => this.#name(key) },
        { label: 'State', cell: ({ standing }) => standingCell(standing) },
        { label: 'Last used', cell: lastUse },
        { label: 'Made', cell: ({ createdAt }) => timeAt(createdAt) },
        { label: 'Change', kind: 'actions', cell: (key) => this.#actions(key) },
      ],
    });
  }

  #name({ id, name, algorithm, preview, source }: ListedKey): TemplateResult {
    const from = sources[source];
    return html`<div class="key-name">
      <strong>${foreignText(name === '' ? id : name)}</strong> ${from === undefined ? nothing : badge(from)}
      <div class="small muted">
        ${algorithm}${preview === null ? nothing : html` · <span class="mono">${preview}</span>`}
        ${source === 'stored' ? html`<br /><span>kid <code>${id}</code></span>` : nothing}
      </div>
    </div>`;
  }

  #actions(key: ListedKey): TemplateResult | typeof nothing {
    if (key.source !== 'stored') return nothing;
    const button = (label: string, act: () => unknown, kind = ''): TemplateResult =>
      html`<button type="button" class=${`button small ${kind}`} @click=${act}>
        <span>${label}<span class="visually-hidden"> ${key.name}</span></span>
      </button>`;
    return html`<div class="row key-actions">
      ${key.isRevealable ? button('Show secret', () => this.#dialog?.reveal(key)) : nothing}
      ${button('Rename', () => this.#showRenaming(key))}
      ${key.standing === 'retired' ? nothing : button('Retire', () => this.#retire(key))}
      ${button('Remove', () => this.#remove(key), 'danger')}
    </div>`;
  }

  #renameDialog(): TemplateResult {
    const form = this.#rename;
    const key = this.#renaming;
    const close = (): void => this.#showRenaming(undefined);
    return html`<cw-dialog .open=${key !== undefined} .heading=${'Rename key'} @close=${close}>
      ${
        key === undefined
          ? nothing
          : html`<form class="stack" novalidate @submit=${form.submit}>
              ${form.field({ name: 'name', label: 'Name', value: key.name, required: true, maxLength: 100 })}
              ${form.failure()}
              <div class="row">
                ${form.button('Rename', { busy: 'Renaming…' })}
                <button type="button" class="button" @click=${close}>Cancel</button>
              </div>
            </form>`
      }
    </cw-dialog>`;
  }

  #showRenaming(key: ListedKey | undefined): void {
    this.#renaming = key;
    this.#rename.reset();
    this.requestUpdate();
  }

  async #retire(key: ListedKey): Promise<void> {
    let ended: EndedKey | undefined;
    const done = await confirmDialog({
      heading: `Retire “${key.name}”?`,
      text: this.#consequence(
        key,
        'It is kept, so that its tokens can be told from forged ones. It cannot be made active again.',
      ),
      confirm: 'Retire key',
      danger: true,
      action: async () => {
        ended = await api.post<EndedKey>(path`agents/${this.agentId}/keys/${key.id}/retire`);
      },
    });
    if (done) this.#ended('Key retired.', ended);
  }

  async #remove(key: ListedKey): Promise<void> {
    let ended: EndedKey | undefined;
    const done = await confirmDialog({
      heading: `Remove “${key.name}”?`,
      text: this.#consequence(key, 'It is forgotten, and this cannot be undone.'),
      typed: key.name,
      confirm: 'Remove key',
      danger: true,
      action: async () => {
        const confirm = key.name;
        ended = await api.delete<EndedKey>(path`agents/${this.agentId}/keys/${key.id}`, { confirm });
      },
    });
    if (done) this.#ended('Key removed.', ended);
  }

  #consequence({ standing, lastUsedDay }: ListedKey, then: string): string {
    if (standing !== 'accepted') return `Its tokens are refused already. ${then}`;
    const use =
      lastUsedDay === null ? 'No token of it has been accepted yet.' : `Last used on ${formatDay(lastUsedDay)}.`;
    return `Tokens that are signed with it are refused from the next request on, and visitors who are connected with one are disconnected. ${use} ${then}`;
  }

  #ended(what: string, { stillAcceptedBy = [], countsAgain = [] }: Partial<EndedKey> = {}): void {
    const nameOf = (id: string): string =>
      id === 'environment'
        ? 'WIDGET_JWT_HMAC_SECRET'
        : `“${this.#keys.value?.keys.find((key) => key.id === id)?.name ?? id}”`;
    const sentences = [
      what,
      ...(stillAcceptedBy.length === 0
        ? []
        : [`Its tokens go on being accepted: ${stillAcceptedBy.map(nameOf).join(' and ')} holds the same secret.`]),
      ...(countsAgain.length === 0 ? [] : [`${countsAgain.map(nameOf).join(' and ')} counts again.`]),
    ];
    announce(sentences.join(' '));
    this.#changed();
  }
}

const standingCell = (standing: Standing): TemplateResult => {
  const { text, tone, why } = standings[standing];
  return html`${badge(text, tone)}${why === undefined ? nothing : html`<div class="small muted key-why">${why}</div>`}`;
};

const lastUse = ({ source, lastUsedDay }: ListedKey): TemplateResult | string =>
  source !== 'stored'
    ? html`<span class="muted">Not noted</span>`
    : lastUsedDay === null
      ? html`<span class="muted">Never</span>`
      : formatDay(lastUsedDay);

if (!customElements.get('cw-keys-section')) customElements.define('cw-keys-section', KeysSectionElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-keys-section': KeysSectionElement;
  }
}
