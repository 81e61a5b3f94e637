import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { api, path } from '../api/index.ts';
import { announce, confirmDialog, Form, textOf } from '../elements/index.ts';
import { accessFields, accessOf } from './person-fields.ts';
import type { AgentName, Person, PersonalLink } from './person.ts';

/**
 * All that an administrator changes about somebody: `.person`, `.agents`, `isSelf`. Dispatches `changed` after each change,
 * `link` (detail: a PersonalLink) with a new one-time link, and `close`.
 */
class ManageDialogElement extends LitElement {
  static override readonly properties = {
    person: { attribute: false },
    agents: { attribute: false },
    isSelf: { attribute: false },
  };

  person: Person | undefined;
  agents: readonly AgentName[] = [];
  isSelf = false;
  readonly #form = new Form(this, async (data) => {
    const changes = { name: textOf(data, 'name'), ...accessOf(data) };
    await this.#change(changes, `${changes.name} changed`);
  });
  readonly #links = new Form(this, () => this.#newLink());

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { person, agents } = this;
    if (person === undefined) return nothing;
    const form = this.#form;
    return html`<cw-dialog .open=${true} .heading=${person.name} @close=${this.#close}>
      <p class="muted">${person.email}</p>
      <form class="stack" novalidate @submit=${form.submit}>
        ${form.field({ name: 'name', label: 'Name', value: person.name, required: true, maxLength: 80 })}
        ${accessFields(form, agents, person)} ${form.failure()}
        <div class="row">
          ${form.button('Save')}
          <button type="button" class="button" @click=${this.#close}>Cancel</button>
        </div>
      </form>
      <form class="stack manage-more" novalidate @submit=${this.#links.submit}>
        ${this.#links.failure()}
        <div class="row">${this.#linkButton(person)} ${this.#isSelfOr(() => this.#otherButtons(person))}</div>
      </form>
    </cw-dialog>`;
  }

  #linkButton({ state }: Person): TemplateResult | typeof nothing {
    if (state === 'disabled') return nothing;
    return this.#links.button(state === 'invited' ? 'New invitation link' : 'Link for a new password', { kind: '' });
  }

  #isSelfOr(draw: () => TemplateResult): TemplateResult {
    return this.isSelf
      ? html`<p class="muted small">Another administrator can disable or remove your account.</p>`
      : draw();
  }

  #otherButtons(person: Person): TemplateResult {
    const { state, isLinked } = person;
    return html`${
        isLinked
          ? html`<button type="button" class="button" @click=${() => this.#unlink(person)}>End single sign-on</button>`
          : nothing
      }
      ${
        state === 'disabled'
          ? html`<button type="button" class="button" @click=${() => this.#enable(person)}>Enable</button>`
          : html`<button type="button" class="button" @click=${() => this.#disable(person)}>Disable</button>`
      } <button type="button" class="button danger" @click=${() => this.#remove(person)}>Remove</button>`;
  }

  async #change(changes: object, done: string): Promise<void> {
    await api.patch(path`operators/${this.person?.id ?? ''}`, changes);
    this.#finish(done);
  }

  async #newLink(): Promise<void> {
    const { person } = this;
    if (person === undefined) return;
    const made = await api.post<Omit<PersonalLink, 'name' | 'isInvitation'>>(path`operators/${person.id}/reset`);
    const detail: PersonalLink = { ...made, name: person.name, isInvitation: person.state === 'invited' };
    this.dispatchEvent(new CustomEvent('link', { detail }));
    this.#close();
  }

  #enable({ name }: Person): Promise<unknown> {
    return confirmDialog({
      heading: `Enable ${name}?`,
      text: 'They can sign in again, with the password that they had.',
      confirm: 'Enable',
      action: () => this.#change({ state: 'active' }, `${name} enabled`),
    });
  }

  #disable({ name }: Person): Promise<unknown> {
    return confirmDialog({
      heading: `Disable ${name}?`,
      text: 'They are signed out at once and cannot sign in. Everything of theirs stays; you can enable them again.',
      confirm: 'Disable',
      danger: true,
      action: () => this.#change({ state: 'disabled' }, `${name} disabled`),
    });
  }

  #unlink({ name }: Person): Promise<unknown> {
    return confirmDialog({
      heading: `End the single sign-on of ${name}?`,
      text: 'They are signed out at once. Whoever signs in next with this e-mail address is connected anew. Do this if their account there has changed.',
      confirm: 'End single sign-on',
      action: () => this.#change({ isLinked: false }, `Single sign-on of ${name} ended`),
    });
  }

  #remove({ id, name }: Person): Promise<unknown> {
    return confirmDialog({
      heading: `Remove ${name}?`,
      text: 'They are signed out at once. What they wrote to visitors and what the audit log says of them stays. This cannot be undone.',
      confirm: 'Remove',
      typed: name,
      danger: true,
      action: async () => {
        await api.delete(path`operators/${id}`);
        this.#finish(`${name} removed`);
      },
    });
  }

  #finish(done: string): void {
    announce(done);
    this.dispatchEvent(new Event('changed'));
    this.#close();
  }

  readonly #close = (): void => {
    this.dispatchEvent(new Event('close'));
  };
}

if (!customElements.get('cw-manage-person')) customElements.define('cw-manage-person', ManageDialogElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-manage-person': ManageDialogElement;
  }
}
