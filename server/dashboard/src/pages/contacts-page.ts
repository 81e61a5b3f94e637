import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { api, PagedList, path } from '../api/index.ts';
import { agentOptions, agentsLoader } from '../conversation/agents-loader.ts';
import { searchForm, selectFilter } from '../conversation/filter-bar.ts';
import { fillScreen, listing } from '../conversation/listing.ts';
import type { Contact } from '../conversation/types.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { emptyState, foreignText, pageHeader, timeAgo } from '../elements/index.ts';
import { setQuery } from '../navigation.ts';
import { adoptStyles, css } from '../styles/index.ts';

type Answer = { readonly contacts: readonly Contact[]; readonly nextBefore: string | null };

const pageSize = 100;

adoptStyles(css`
  .contact-row > :last-child {
    max-inline-size: 160px;
  }
`);

const contactKey = ({ agentId, subject }: Contact): string => JSON.stringify([agentId, subject]);

/** Visitors whose token was verified, the last seen first. */
export class ContactsPage extends DashboardPage {
  readonly #agents = agentsLoader(this);
  readonly #list = new PagedList<Contact>(this, contactKey, async (before, signal) => {
    const query = { query: this.query.get('query'), agent: this.query.get('agent'), limit: pageSize, before };
    const { contacts, nextBefore } = await api.get<Answer>('contacts', { query, signal });
    return { items: contacts, nextBefore };
  });

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query') && this.hasUpdated) void this.#list.start();
  }

  protected override updated(): void {
    fillScreen(this.#list);
  }

  protected override render(): TemplateResult {
    const { query } = this;
    const agents = this.#agents.value?.agents;
    const agent = selectFilter({ name: 'agent', label: 'Agent', options: agentOptions(agents), query });
    const more =
      (agents?.length ?? 0) > 1 || query.has('agent') ? html`<div class="filter-fields">${agent}</div>` : nothing;
    return html`<div class="stack">
      ${pageHeader({ title: 'Contacts', description: 'Visitors whom your site has verified, by the subject of their token.' })}
      <section class="card" aria-label="Filters">
        ${searchForm({ label: 'Search names, e-mail addresses and subjects', query, more })}
      </section>
      <section class="card flush" aria-label="Contacts">
        <h2 class="visually-hidden">Contacts</h2>
        ${listing({
          list: this.#list,
          label: 'Contacts',
          row: contactRow,
          rowHeight: 68,
          empty: () => this.#empty(),
          clear: showAll,
        })}
      </section>
    </div>`;
  }

  #empty(): TemplateResult {
    if (this.query.get('query') || this.query.get('agent')) {
      return emptyState({
        icon: 'search',
        title: 'Nobody found',
        text: 'All words have to be in the name, the e-mail address or the subject; the beginning of each is enough.',
        action: html`<button type="button" class="button" @click=${showAll}>Show all contacts</button>`,
      });
    }
    return emptyState({
      icon: 'contacts',
      title: 'No contacts yet',
      text: 'A visitor stands here as soon as your site has signed a token for them. An agent’s Install page says how.',
      action: html`<a class="button" href="/dashboard/agents">Go to your agents</a>`,
    });
  }
}

const showAll = (): void => setQuery({ query: '', agent: '' }, { push: true });

function contactRow({ agentId, agentName, subject, name, email, lastSeenAt }: Contact): TemplateResult {
  const more = [name === null ? null : email, subject].filter((text) => text !== null);
  return html`<a class="listing-row contact-row" href=${path`/dashboard/contacts/${agentId}/${subject}`}>
    <span class="ellipsis">${foreignText(name ?? email ?? subject)}</span>
    <span class="small muted">${timeAgo(lastSeenAt)}</span>
    <span class="small muted ellipsis"
      >${more.map((text, index) => html`${index > 0 ? ' · ' : ''}${foreignText(text)}`)}</span
    >
    <span class="small muted ellipsis">${foreignText(agentName)}</span>
  </a>`;
}

if (!customElements.get('contacts-page')) customElements.define('contacts-page', ContactsPage);

declare global {
  interface HTMLElementTagNameMap {
    'contacts-page': ContactsPage;
  }
}
