import { html, type TemplateResult } from 'lit';
import { session } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { Form, pageHeader } from '../elements/index.ts';
import { home, navigate } from '../navigation.ts';
import { OneTimeLink } from './one-time-link.ts';
import { newPasswordFaults, newPasswordFields } from './password-fields.ts';

const help = {
  missing:
    'Open the one-time link that the server printed when it started, from its first to its last character. It can be opened again until it is used.',
  renewal: 'On the machine of the server, “chat-widget-server operators link” makes a new one.',
};

/** The first administrator, by the link that the server prints when it has none. */
export class SetupPage extends DashboardPage {
  readonly #link = new OneTimeLink(this);
  readonly #form = new Form(
    this,
    async (data) => {
      const who = { name: data.get('name'), email: data.get('email'), password: data.get('password') };
      await this.#link.use('setup', who);
      await session.load();
      navigate(home, { replace: true });
    },
    (data) => newPasswordFaults(data, 'password'),
  );

  protected override render(): TemplateResult {
    const description = 'You become the first administrator: the one who sets up agents and keys, and invites others.';
    return html`<div class="card">
      ${pageHeader({ title: 'Create your account', description })}
      ${this.#link.view(['setup'], help, () => this.#fields())}
    </div>`;
  }

  #fields(): TemplateResult {
    const form = this.#form;
    return html`<form class="stack" novalidate @submit=${form.submit}>
      ${form.field({ name: 'name', label: 'Your name', autocomplete: 'name', required: true, maxLength: 80 })}
      ${form.field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', required: true })}
      ${newPasswordFields(form, { name: 'password', label: 'Password' })} ${form.failure()}
      ${form.button('Create account', { busy: 'Creating…', kind: 'primary wide' })}
    </form>`;
  }
}

if (!customElements.get('setup-page')) customElements.define('setup-page', SetupPage);
