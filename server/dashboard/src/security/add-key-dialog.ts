import { html, nothing, type TemplateResult } from 'lit';
import { api, ApiError, path } from '../api/index.ts';
import { announce, Form, textOf } from '../elements/index.ts';
import { secretTemplate, type ShownSecret } from './secret-dialog.ts';
import { SecuritySection } from './security-section.ts';
import type { AddedKey, KeyList, ListedKey } from './types.ts';

type Mode =
  | { readonly mode: 'closed' }
  | { readonly mode: 'create' }
  | { readonly mode: 'import'; readonly what: 'secret' | 'public' | 'jwks' }
  | { readonly mode: 'reveal'; readonly key: ListedKey }
  | { readonly mode: 'secret'; readonly shown: ShownSecret };

const headings = {
  closed: '',
  create: 'New key',
  import: 'Bring a key along',
  reveal: 'Show a secret',
  secret: 'Your secret',
} as const;

/** Makes a key, takes one along, and shows secrets. Tells its parent by `changed`. */
class AddKeyDialogElement extends SecuritySection {
  static override readonly properties = { ...SecuritySection.properties, list: { attribute: false } };

  list: KeyList | undefined;
  #mode: Mode = { mode: 'closed' };
  readonly #create = new Form(this, async (data) => {
    const name = textOf(data, 'name').trim();
    const added = await api.post<AddedKey>(path`agents/${this.agentId}/keys`, name === '' ? {} : { name });
    this.#added(added);
  });
  readonly #import = new Form(this, (data) => this.#send(data));
  readonly #reveal = new Form(this, (data) => this.#look(data));

  create(): void {
    this.#show({ mode: 'create' });
  }

  bring(): void {
    this.#show({ mode: 'import', what: 'secret' });
  }

  reveal(key: ListedKey): void {
    this.#show({ mode: 'reveal', key });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Whoever comes back finds no secret here.
    this.#mode = { mode: 'closed' };
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { mode } = this.#mode;
    return html`<cw-dialog
      .open=${mode !== 'closed'}
      .heading=${headings[mode]}
      .isHeld=${mode === 'secret'}
      @close=${this.#close}
      >${this.#body()}</cw-dialog
    >`;
  }

  #body(): TemplateResult | typeof nothing {
    const mode = this.#mode;
    switch (mode.mode) {
      case 'closed':
        return nothing;
      case 'create':
        return this.#creation();
      case 'import':
        return this.#importing(mode.what);
      case 'reveal':
        return this.#revealing(mode.key);
      case 'secret':
        return html`<div class="stack">${secretTemplate(mode.shown, this.agentId, this.#close)}</div>`;
    }
  }

  #creation(): TemplateResult {
    const form = this.#create;
    return html`<form class="stack" novalidate @submit=${form.submit}>
      ${this.#replacing()}
      ${form.field({ name: 'name', label: 'Name', maxLength: 100, hint: 'To know it by, such as where it is used.' })}
      ${form.failure()} ${this.#buttons(form.button('Create key', { busy: 'Creating…' }))}
    </form>`;
  }

  /** Where one key may be active, a new one ends it. */
  #replacing(): TemplateResult | typeof nothing {
    const { keys = [], policy } = this.list ?? {};
    const counting = keys.filter(({ source, standing }) => standing === 'accepted' && source !== 'jwks');
    const ended = counting.filter(({ source }) => source === 'environment' || policy?.maxActiveKeys === 1);
    if (ended.length === 0) return nothing;
    const names = ended.map(({ name }) => `“${name}”`).join(' and ');
    return html`<p class="notice warning">
      <span>It takes the place of ${names} at once: tokens that are signed with that are refused from then on.</span>
    </p>`;
  }

  #importing(what: 'secret' | 'public' | 'jwks'): TemplateResult {
    const form = this.#import;
    const choose = (next: typeof what) => (): void => {
      form.reset();
      this.#show({ mode: 'import', what: next });
    };
    const choice = (value: typeof what, label: string): TemplateResult =>
      html`<label
        ><input type="radio" name="what" .checked=${what === value} @change=${choose(value)} />${label}</label
      >`;
    return html`<form class="stack" novalidate @submit=${form.submit}>
      <fieldset>
        <legend class="visually-hidden">What kind of key</legend>
        <div class="segments">
          ${choice('secret', 'A secret')} ${choice('public', 'A public key')} ${choice('jwks', 'A JWKS address')}
        </div>
      </fieldset>
      ${what === 'jwks' ? nothing : this.#replacing()} ${this.#fieldsFor(what)} ${form.failure()}
      ${this.#buttons(form.button(what === 'jwks' ? 'Use this address' : 'Import key', { busy: 'Importing…' }))}
    </form>`;
  }

  #fieldsFor(what: 'secret' | 'public' | 'jwks'): TemplateResult {
    const form = this.#import;
    const name = form.field({ name: 'name', label: 'Name', maxLength: 100 });
    if (what === 'secret') {
      const hint = 'At least 32 characters, as your server signs with them. Nobody sees them again here.';
      return html`${name}
      ${form.field({ name: 'secret', label: 'Secret', type: 'password', required: true, maxLength: 4_096, hint })}`;
    }
    if (what === 'public') return html`${name} ${this.#algorithm('The policy has to allow it.')} ${this.#publicKey()}`;
    const value = this.list?.policy.jwksUrl ?? '';
    const hint = 'Where your identity provider publishes its public keys. https, asked again every ten minutes.';
    return html`${form.field({ name: 'jwksUrl', label: 'JWKS address', type: 'url', required: true, value, hint })}
    ${this.#algorithm('The policy allows it from then on.')}`;
  }

  #algorithm(then: string): TemplateResult {
    const allowed = this.list?.policy.algorithms.join(', ') ?? '';
    const hint = `As your server or your identity provider signs. ${then} It allows ${allowed} now.`;
    return this.#import.control(
      { name: 'algorithm', label: 'Algorithm', hint },
      ({ id, describedBy, invalid }) =>
        html`<select class="input" id=${id} name="algorithm" aria-describedby=${describedBy} aria-invalid=${invalid}>
          ${['RS256', 'PS256', 'ES256', 'EdDSA'].map((name) => html`<option value=${name}>${name}</option>`)}
        </select>`,
    );
  }

  #publicKey(): TemplateResult {
    const hint = 'PEM, from -----BEGIN PUBLIC KEY----- on. Never the private key.';
    return this.#import.control(
      { name: 'publicKey', label: 'Public key', hint },
      ({ id, describedBy, invalid }) =>
        html`<textarea
          class="input mono"
          id=${id}
          name="publicKey"
          rows="6"
          maxlength="20000"
          required
          spellcheck="false"
          aria-describedby=${describedBy}
          aria-invalid=${invalid}
        ></textarea>`,
    );
  }

  #revealing(key: ListedKey): TemplateResult {
    const form = this.#reveal;
    return html`<form class="stack" novalidate @submit=${form.submit}>
      <p>The secret of “${key.name}” is shown, and the audit log says that you have seen it.</p>
      ${form.field({
        name: 'password',
        label: 'Your password',
        type: 'password',
        required: true,
        autocomplete: 'current-password',
      })}
      ${form.failure()} ${this.#buttons(form.button('Show secret', { busy: 'Looking…' }))}
    </form>`;
  }

  #buttons(submit: TemplateResult): TemplateResult {
    return html`<div class="row">
      ${submit}<button type="button" class="button" @click=${this.#close}>Cancel</button>
    </div>`;
  }

  async #send(data: FormData): Promise<void> {
    const what = this.#mode.mode === 'import' ? this.#mode.what : undefined;
    if (what === 'jwks') return this.#useAddress(data);
    const name = textOf(data, 'name').trim();
    const naming = name === '' ? {} : { name };
    const algorithm = textOf(data, 'algorithm');
    const body =
      what === 'secret'
        ? { kind: 'secret', ...naming, secret: textOf(data, 'secret') }
        : { kind: 'public', ...naming, algorithm, publicKey: textOf(data, 'publicKey') };
    const added = await api.post<AddedKey>(path`agents/${this.agentId}/keys/import`, body);
    announce(`Key imported. ${replacedNote(added, this.list)}`.trim());
    this.#finish();
  }

  async #useAddress(data: FormData): Promise<void> {
    const jwksUrl = textOf(data, 'jwksUrl').trim();
    const algorithms = [...new Set([...(this.list?.policy.algorithms ?? []), textOf(data, 'algorithm')])];
    await api.put(path`agents/${this.agentId}/policy`, { changes: { jwksUrl, algorithms } });
    announce('The keys of this address count');
    this.#finish();
  }

  async #look(data: FormData): Promise<void> {
    const mode = this.#mode;
    if (mode.mode !== 'reveal') return;
    const password = textOf(data, 'password');
    if (password === '') throw new ApiError(0, 'invalid_input', { fields: { password: 'Say your password.' } });
    const at = path`agents/${this.agentId}/keys/${mode.key.id}/reveal`;
    const { secret } = await api.post<{ readonly secret: string }>(at, { password });
    // It was closed while the answer was on its way.
    if (this.#mode !== mode || !this.isConnected) return;
    this.#show({ mode: 'secret', shown: { secret, isRevealable: true, note: '' } });
  }

  #added(added: AddedKey): void {
    const { secret } = added;
    if (secret === undefined || !this.isConnected || this.#mode.mode !== 'create') return this.#finish();
    const isRevealable = this.list?.policy.revealableKeys ?? false;
    this.#show({ mode: 'secret', shown: { secret, isRevealable, note: replacedNote(added, this.list) } });
    this.dispatchEvent(new Event('changed'));
  }

  #finish(): void {
    this.#close();
    this.dispatchEvent(new Event('changed'));
  }

  readonly #close = (): void => {
    for (const form of [this.#create, this.#import, this.#reveal]) form.reset();
    this.#show({ mode: 'closed' });
  };

  #show(next: Mode): void {
    this.#mode = next;
    this.requestUpdate();
  }
}

function replacedNote({ replaced }: AddedKey, list: KeyList | undefined): string {
  if (replaced.length === 0) return '';
  const nameOf = (id: string): string => list?.keys.find((key) => key.id === id)?.name ?? id;
  return `It has taken the place of ${replaced.map((id) => `“${nameOf(id)}”`).join(' and ')}, whose tokens are refused from now on.`;
}

if (!customElements.get('cw-add-key-dialog')) customElements.define('cw-add-key-dialog', AddKeyDialogElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-add-key-dialog': AddKeyDialogElement;
  }
}
