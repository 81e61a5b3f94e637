import { html, nothing, type TemplateResult } from 'lit';
import '../people/manage-dialog.ts';
import { api, Loader } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { badge, dataTable, Form, formatDateTime, loaded, pageHeader, textOf, timeAgo } from '../elements/index.ts';
import { accessFields, accessOf } from '../people/person-fields.ts';
import { type AgentName, type Person, type PersonalLink, roleNames } from '../people/person.ts';
import { peopleStyles } from '../people/people-styles.ts';
import { adoptStyles } from '../styles/index.ts';

type Loaded = { readonly operators: readonly Person[]; readonly agents: readonly AgentName[] };

/** Who signs in to the dashboard, and as what. */
export class PeoplePage extends DashboardPage {
  #link: PersonalLink | undefined;
  #managed: Person | undefined;
  readonly #people = new Loader<Loaded>(this, async (signal) => {
    const [{ operators }, { agents }] = await Promise.all([
      api.get<{ operators: readonly Person[] }>('operators', { signal }),
      api.get<{ agents: readonly AgentName[] }>('agents', { signal }),
    ]);
    return { operators, agents };
  });
  readonly #invitation = new Form(this, async (data, form) => {
    const name = textOf(data, 'name');
    const person = { name, email: textOf(data, 'email'), ...accessOf(data) };
    const made = await api.post<Omit<PersonalLink, 'name' | 'isInvitation'>>('operators', person);
    form.reset();
    await this.#showLink({ ...made, name, isInvitation: true });
    await this.#people.reload();
  });

  override connectedCallback(): void {
    adoptStyles(peopleStyles);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const description = 'Who signs in to this dashboard, what they may do, and at which agents.';
    return html`<div class="stack">
      ${pageHeader({ title: 'People', description })}
      <div class="people-link" role="status">${this.#link === undefined ? nothing : this.#linkCard(this.#link)}</div>
      ${loaded(this.#people, (people) => this.#content(people))}
    </div>`;
  }

  #content({ operators, agents }: Loaded): TemplateResult {
    const isWhole = this.operator?.agentIds === null;
    return html`<section class="card flush" aria-label="Everybody">${this.#table(operators, agents, isWhole)}</section>
      ${
        isWhole
          ? this.#invitationCard(agents)
          : html`<p class="notice">
              You see who is at your agents. Administrators of all agents can invite people and change their roles.
            </p>`
      }
      ${
        this.#managed === undefined
          ? nothing
          : html`<cw-manage-person
              .person=${this.#managed}
              .agents=${agents}
              .isSelf=${this.#managed.id === this.operator?.id}
              @changed=${this.#people.reload}
              @link=${(event: CustomEvent<PersonalLink>) => this.#showLink(event.detail)}
              @close=${() => this.#manage(undefined)}
            ></cw-manage-person>`
      }`;
  }

  #table(operators: readonly Person[], agents: readonly AgentName[], isWhole: boolean): TemplateResult {
    const nameOf = (id: string): string => agents.find((agent) => agent.id === id)?.name ?? id;
    return dataTable<Person>({
      caption: 'People',
      rows: operators,
      key: ({ id }) => id,
      columns: [
        {
          label: 'Name',
          cell: ({ id, name }) => html`${name} ${id === this.operator?.id ? badge('You', 'accent') : nothing}`,
        },
        { label: 'E-mail', cell: ({ email }) => email },
        { label: 'Role', cell: ({ role }) => roleNames[role] },
        { label: 'Agents', cell: ({ agentIds }) => agentIds?.map(nameOf).join(', ') ?? 'All' },
        { label: 'Last seen', cell: (person) => this.#seen(person) },
        ...(isWhole
          ? [{ label: 'Manage', kind: 'actions' as const, cell: (person: Person) => this.#manageButton(person) }]
          : []),
      ],
    });
  }

  #seen({ state, isLinked, lastSeenAt }: Person): TemplateResult {
    if (state === 'invited') return badge('Invited', 'warning');
    if (state === 'disabled') return badge('Disabled', 'danger');
    return html`${timeAgo(lastSeenAt)} ${isLinked ? badge('Single sign-on') : nothing}`;
  }

  #manageButton(person: Person): TemplateResult {
    return html`<button type="button" class="button small" @click=${() => this.#manage(person)}>
      <span>Manage<span class="visually-hidden"> ${person.name}</span></span>
    </button>`;
  }

  #invitationCard(agents: readonly AgentName[]): TemplateResult {
    const form = this.#invitation;
    return html`<section class="card" aria-labelledby="invite-heading">
      <header>
        <h2 id="invite-heading">Invite somebody</h2>
        <p>You get a link to pass on. Whoever opens it chooses a password.</p>
      </header>
      <form class="stack" novalidate @submit=${form.submit}>
        ${form.field({ name: 'name', label: 'Name', required: true, maxLength: 80 })}
        ${form.field({ name: 'email', label: 'E-mail', type: 'email', required: true, maxLength: 254 })}
        ${accessFields(form, agents, { role: 'operator', agentIds: null })} ${form.failure()}
        <div class="row">${form.button('Create invitation', { busy: 'Creating…' })}</div>
      </form>
    </section>`;
  }

  #linkCard({ name, link, linkExpiresAt, isInvitation }: PersonalLink): TemplateResult {
    const purpose = isInvitation ? `${name} was invited` : `A link for ${name} to choose a new password`;
    return html`<section class="card link-card" aria-labelledby="link-heading">
      <header>
        <h2 id="link-heading" tabindex="-1">${purpose}</h2>
        <p>
          Pass this link on in a way that only ${name} reads. It works once, until ${formatDateTime(linkExpiresAt)}, and
          is not shown again.
        </p>
      </header>
      <code class="one-time-link">${link}</code>
      <div class="row">
        <cw-copy-button .text=${link} .what=${'link'}></cw-copy-button>
        <button type="button" class="button small quiet" @click=${() => this.#hideLink()}>Done</button>
      </div>
    </section>`;
  }

  async #showLink(link: PersonalLink): Promise<void> {
    this.#link = link;
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>('#link-heading')?.focus();
  }

  #hideLink(): void {
    this.#link = undefined;
    this.requestUpdate();
    this.querySelector<HTMLElement>('h1')?.focus();
  }

  #manage(person: Person | undefined): void {
    this.#managed = person;
    this.requestUpdate();
  }
}

if (!customElements.get('people-page')) customElements.define('people-page', PeoplePage);

declare global {
  interface HTMLElementTagNameMap {
    'people-page': PeoplePage;
  }
}
