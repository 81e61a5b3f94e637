import { html, type TemplateResult } from 'lit';
import { session } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { Form, pageHeader, textOf } from '../elements/index.ts';
import { home, navigate } from '../navigation.ts';
import { type LinkFacts, OneTimeLink } from './one-time-link.ts';
import { newPasswordFaults, newPasswordFields } from './password-fields.ts';

const help = {
  missing:
    'Open the link that you were sent, from its first to its last character. It can be opened again until it is used.',
  renewal: 'Ask an administrator for a new one, who makes it under People → Manage.',
};

/** Who was invited, or has forgotten the password, chooses one. */
export class InvitationPage extends DashboardPage {
  readonly #link = new OneTimeLink(this);
  readonly #form = new Form(
    this,
    async (data) => {
      const name = textOf(data, 'name').trim();
      const who = { ...(name === '' ? {} : { name }), password: data.get('password') };
      await this.#link.use('invitations/accept', who);
      await session.load();
      navigate(home, { replace: true });
    },
    (data) => newPasswordFaults(data, 'password'),
  );

  protected override render(): TemplateResult {
    const title = this.#link.facts?.kind === 'reset' ? 'Choose a new password' : 'Welcome';
    return html`<div class="card">
      ${pageHeader({ title, description: 'Choose the password that you sign in with.' })}
      ${this.#link.view(['invitation', 'reset'], help, (facts) => this.#fields(facts))}
    </div>`;
  }

  #fields({ email, name }: LinkFacts): TemplateResult {
    const form = this.#form;
    const hint = 'Visitors see it when you answer them.';
    return html`<form class="stack" novalidate @submit=${form.submit}>
      ${form.control(
        { name: 'email', label: 'You sign in with', hint: 'An administrator has entered it.' },
        ({ id, describedBy }) => {
          return html`<input
            class="input"
            id=${id}
            name="email"
            type="email"
            autocomplete="username"
            readonly
            .value=${email ?? ''}
            aria-describedby=${describedBy}
          />`;
        },
      )}
      ${form.field({ name: 'name', label: 'Your name', value: name ?? '', autocomplete: 'name', maxLength: 80, hint })}
      ${newPasswordFields(form, { name: 'password', label: 'Password' })} ${form.failure()}
      ${form.button('Go on', { busy: 'One moment…', kind: 'primary wide' })}
    </form>`;
  }
}

if (!customElements.get('invitation-page')) customElements.define('invitation-page', InvitationPage);
