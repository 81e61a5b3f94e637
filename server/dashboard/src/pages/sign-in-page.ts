import { html, nothing, type TemplateResult } from 'lit';
import { api, apiAddress, session } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { Form, pageHeader } from '../elements/index.ts';

/** Why the organisation's sign-in has led back here; words of the server (docs/dashboard.md). */
const failures: Readonly<Record<string, string>> = {
  cancelled: 'You have cancelled the sign-in there.',
  expired: 'That sign-in took too long, was begun in another window, or has been used. Try again.',
  refused: 'The answer of the sign-in service did not hold. Try again; if it stays so, the server’s log says why.',
  unreachable: 'The sign-in service cannot be reached at the moment. Try again later, or sign in with your password.',
  rate_limited: 'Too many attempts. Wait a minute, then try again.',
  unverified_email: 'The sign-in service does not say that your e-mail address is yours. Ask those who run it.',
  domain: 'Your e-mail address is not of a domain that may sign in here.',
  no_account: 'Nobody has invited you here yet. Ask an administrator of this dashboard.',
  linked_elsewhere: 'Somebody else signs in to the account with your e-mail address. An administrator can end that.',
  disabled: 'Your account is disabled. Ask an administrator.',
};

/** E-mail and password, or the sign-in of the organisation where one is set up. */
export class SignInPage extends DashboardPage {
  readonly #form = new Form(this, async (data) => {
    await api.post('session', { email: data.get('email'), password: data.get('password') });
    // The app goes on to where somebody was going.
    await session.load();
  });

  protected override render(): TemplateResult {
    const current = session.current;
    return html`<div class="card">
      ${pageHeader({ title: 'Sign in' })} ${current?.needsSetup ? this.#setupNotice() : nothing} ${this.#ended()}
      ${this.#failure()}
      <form class="stack" novalidate @submit=${this.#form.submit}>
        ${this.#form.field({
          name: 'email',
          label: 'E-mail',
          type: 'email',
          autocomplete: 'username',
          required: true,
        })}
        ${this.#form.field({
          name: 'password',
          label: 'Password',
          type: 'password',
          autocomplete: 'current-password',
          required: true,
        })}
        ${this.#form.failure()} ${this.#form.button('Sign in', { busy: 'Signing in…', kind: 'primary wide' })}
      </form>
      ${current?.oidc ? this.#oidc(current.oidc.label) : nothing}
      <p class="muted small">Forgotten your password? An administrator can send you a link to choose a new one.</p>
    </div>`;
  }

  #setupNotice(): TemplateResult {
    return html`<p class="notice warning">
      Nobody has an account yet. Open the one-time link that the server printed when it started.
    </p>`;
  }

  #ended(): unknown {
    if (!session.hasEnded) return nothing;
    return html`<p class="notice warning">
      You were signed out: your session has expired, or was ended elsewhere. Sign in to go on where you were.
    </p>`;
  }

  #failure(): TemplateResult {
    const code = this.query.get('oidc') ?? '';
    const text = Object.hasOwn(failures, code) ? failures[code] : undefined;
    return html`<div role="alert">${text ? html`<p class="notice danger">${text}</p>` : nothing}</div>`;
  }

  #oidc(label: string): TemplateResult {
    const next = this.query.get('next') ?? '';
    return html`<a class="button wide" rel="external" href=${apiAddress('oidc/start', { next })}>
      Continue with ${label}
    </a>`;
  }
}

if (!customElements.get('sign-in-page')) customElements.define('sign-in-page', SignInPage);
