import { html, nothing, type TemplateResult } from 'lit';
import { api, Loader, path, session } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import {
  announce,
  badge,
  confirmDialog,
  dataTable,
  Form,
  loaded,
  pageHeader,
  timeAgo,
  timeAt,
} from '../elements/index.ts';
import { newPasswordFaults, newPasswordFields } from './password-fields.ts';

type AccountSession = {
  readonly id: string;
  readonly device: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  /** The one that asks. */
  readonly isCurrent: boolean;
};

/** Name, password, and where one is signed in. */
export class AccountPage extends DashboardPage {
  readonly #sessions = new Loader(this, (signal) =>
    api.get<{ sessions: readonly AccountSession[] }>('account/sessions', { signal }),
  );
  readonly #name = new Form(this, async (data) => {
    await api.patch('account', { name: data.get('name') });
    await session.load();
    announce('Name saved');
  });
  readonly #password = new Form(
    this,
    async (data, form) => {
      await api.patch('account', { password: data.get('password'), currentPassword: data.get('currentPassword') });
      form.reset();
      announce('Password changed. You are signed out everywhere else.');
      await this.#sessions.reload();
    },
    (data) => newPasswordFaults(data, 'password'),
  );

  protected override render(): TemplateResult {
    return html`<div class="stack narrow">
      ${pageHeader({ title: 'Your account', description: this.operator?.email })} ${this.#nameCard()}
      ${this.#passwordCard()} ${this.#sessionsCard()}
    </div>`;
  }

  #nameCard(): TemplateResult {
    const form = this.#name;
    const value = this.operator?.name ?? '';
    const hint = 'Visitors see it when you answer them.';
    return html`<section class="card" aria-labelledby="name-heading">
      <h2 id="name-heading">Name</h2>
      <form class="stack" novalidate @submit=${form.submit}>
        ${form.field({ name: 'name', label: 'Your name', value, autocomplete: 'name', required: true, maxLength: 80, hint })}
        ${form.failure()}
        <div class="row">${form.button('Save name', { busy: 'Saving…' })}</div>
      </form>
    </section>`;
  }

  #passwordCard(): TemplateResult {
    const form = this.#password;
    return html`<section class="card" aria-labelledby="password-heading">
      <header>
        <h2 id="password-heading">Password</h2>
        <p>A new password signs you out everywhere else.</p>
      </header>
      <form class="stack" novalidate @submit=${form.submit}>
        <input
          class="visually-hidden"
          type="text"
          autocomplete="username"
          tabindex="-1"
          aria-hidden="true"
          readonly
          .value=${this.operator?.email ?? ''}
        />
        ${form.field({
          name: 'currentPassword',
          label: 'Current password',
          type: 'password',
          autocomplete: 'current-password',
          required: true,
        })}
        ${newPasswordFields(form, { name: 'password', label: 'New password' })} ${form.failure()}
        <div class="row">${form.button('Change password', { busy: 'Changing…' })}</div>
      </form>
    </section>`;
  }

  #sessionsCard(): TemplateResult {
    return html`<section class="card" aria-labelledby="sessions-heading">
      <header>
        <h2 id="sessions-heading">Where you are signed in</h2>
        <p>End a session that you do not know, then change your password.</p>
      </header>
      ${loaded(this.#sessions, ({ sessions }) =>
        dataTable<AccountSession>({
          caption: 'Sessions',
          rows: sessions,
          key: ({ id }) => id,
          columns: [
            {
              label: 'Device',
              cell: ({ device, isCurrent }) => html`${device} ${isCurrent ? badge('This one', 'accent') : nothing}`,
            },
            { label: 'Last used', cell: ({ lastUsedAt }) => timeAgo(lastUsedAt) },
            { label: 'Signed in', cell: ({ createdAt }) => timeAt(createdAt) },
            { label: 'End', kind: 'actions', cell: (row) => this.#endButton(row) },
          ],
        }),
      )}
    </section>`;
  }

  #endButton(row: AccountSession): TemplateResult | typeof nothing {
    if (row.isCurrent) return nothing;
    return html`<button type="button" class="button small" @click=${() => this.#end(row)}>
      <span>End session<span class="visually-hidden"> of ${row.device}</span></span>
    </button>`;
  }

  async #end({ id, device }: AccountSession): Promise<void> {
    const ended = await confirmDialog({
      heading: 'End this session?',
      text: `${device} is signed out at once.`,
      confirm: 'End session',
      danger: true,
      action: () => api.delete(path`account/sessions/${id}`),
    });
    if (!ended) return;
    announce('Session ended');
    await this.#sessions.reload();
  }
}

if (!customElements.get('account-page')) customElements.define('account-page', AccountPage);

declare global {
  interface HTMLElementTagNameMap {
    'account-page': AccountPage;
  }
}
