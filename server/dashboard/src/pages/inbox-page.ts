import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { api, apiAddress, idOf, PagedList, subscribe } from '../api/index.ts';
import { agentOptions, agentsLoader } from '../conversation/agents-loader.ts';
import { conversationRow } from '../conversation/conversation-row.ts';
import { dayFilter, searchForm, selectFilter } from '../conversation/filter-bar.ts';
import { apiQuery, backwards, filterNames, hasFilters } from '../conversation/inbox-filters.ts';
import { fillScreen, listing } from '../conversation/listing.ts';
import type { Conversation } from '../conversation/types.ts';
import { waitingNotice } from '../conversation/waiting-notice.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { emptyState, icon, pageHeader } from '../elements/index.ts';
import { News } from '../live/news.ts';
import { setQuery } from '../navigation.ts';
import { adoptStyles, css } from '../styles/index.ts';

type Answer = { readonly conversations: readonly Conversation[]; readonly nextBefore: string | null };

const pageSize = 100;
const reloadPauseMs = 800;
/** Whoever has scrolled further reads what is there: it stays until they ask for the newest. */
const nearTopPixels = 160;

adoptStyles(css`
  .filters details > summary {
    inline-size: fit-content;
    color: var(--_accent-text);
    cursor: pointer;
  }
  .filters details[open] > summary {
    margin-block-end: 10px;
  }
  .export-menu {
    position: relative;
  }
  .export-menu > summary {
    list-style: none;
  }
  .export-menu > summary::-webkit-details-marker {
    display: none;
  }
  .export-menu > div {
    position: absolute;
    z-index: 5;
    inset-inline-end: 0;
    margin-block-start: 6px;
    display: grid;
    gap: 2px;
    inline-size: max-content;
    max-inline-size: 260px;
    padding: 6px;
    border-radius: 10px;
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  .export-menu > div > .button {
    justify-content: start;
  }
  @media (max-width: 599px) {
    .export-menu > div {
      inset-inline: 0 auto;
    }
  }
`);

/** All conversations, the last active first. */
export class InboxPage extends DashboardPage {
  readonly #agents = agentsLoader(this);
  readonly #list = new PagedList<Conversation>(this, idOf, async (before, signal) => {
    const query = { ...apiQuery(this.query), limit: pageSize, before };
    const { conversations, nextBefore } = await api.get<Answer>('conversations', { query, signal });
    return { items: conversations, nextBefore };
  });
  #hasNews = false;
  #reload: ReturnType<typeof setTimeout> | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor() {
    super();
    this.addController(new News());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = subscribe(({ type }) => {
      if (type === 'conversation' || type === 'resumed') this.#reload ??= setTimeout(this.#showNews, reloadPauseMs);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    clearTimeout(this.#reload);
    this.#reload = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query') && this.hasUpdated) void this.#showNewest();
  }

  protected override updated(): void {
    fillScreen(this.#list);
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      ${pageHeader({ title: 'Inbox', description: 'What visitors and your agents say to each other.', actions: this.#exports() })}
      <section class="card" aria-label="Filters">
        ${searchForm({ label: 'Search messages, names and e-mail addresses', query: this.query, more: this.#filters() })}
      </section>
      ${waitingNotice(this.#list.items, this.query)}
      ${
        this.#hasNews
          ? html`<button type="button" class="button" @click=${this.#showNewest}>
              ${icon('refresh')}Show what is new
            </button>`
          : nothing
      }
      <section class="card flush" aria-label="Conversations" aria-busy=${this.#list.current.state === 'loading'}>
        <h2 class="visually-hidden">Conversations</h2>
        ${listing({
          list: this.#list,
          label: 'Conversations',
          row: (each) => conversationRow(each, this.query.get('query') ?? ''),
          rowHeight: 92,
          empty: () => this.#empty(),
          clear: clearFilters,
        })}
      </section>
    </div>`;
  }

  #filters(): TemplateResult {
    const { query } = this;
    const chosen = filterNames.filter((name) => name !== 'query' && query.get(name)).length;
    const agents = this.#agents.value?.agents;
    return html`<details ?open=${chosen > 0}>
      <summary>${chosen === 0 ? 'Filters' : `Filters (${chosen})`}</summary>
      <div class="filter-fields">
        ${(agents?.length ?? 0) > 1 || query.has('agent') ? selectFilter({ name: 'agent', label: 'Agent', options: agentOptions(agents), query }) : nothing}
        ${choices.map((choice) => selectFilter({ ...choice, query }))} ${dayFilter('from', 'Active from', query)}
        ${dayFilter('to', 'Active until', query)}
      </div>
    </details>`;
  }

  #exports(): TemplateResult {
    const query = apiQuery(this.query);
    const link = (format: 'csv' | 'jsonl', label: string): TemplateResult =>
      html`<a
        class="button quiet"
        href=${apiAddress(`export/conversations.${format}`, query)}
        download
        @click=${closeMenu}
        >${label}</a
      >`;
    return html`<a class="button quiet" href="/dashboard/saved-replies">Saved replies</a>
      <details class="export-menu" @keydown=${closeByEscape} @focusout=${closeWhenLeft}>
        <summary class="button">${icon('download')}Export</summary>
        <div>${link('csv', 'As a table (CSV)')} ${link('jsonl', 'As JSON lines')}</div>
      </details>`;
  }

  #empty(): TemplateResult {
    if (!hasFilters(this.query)) {
      return emptyState({
        title: 'No conversations yet',
        text: 'As soon as a visitor writes, their conversation stands here. If you have not put the chat on your site yet, an agent’s Install page says how.',
        action: html`<a class="button" href="/dashboard/agents">Go to your agents</a>`,
      });
    }
    const action = html`<button type="button" class="button" @click=${clearFilters}>Show all conversations</button>`;
    const text = backwards(this.query) ?? this.#nothingFound();
    return emptyState({ icon: 'search', title: 'Nothing found', text, action });
  }

  #nothingFound(): string {
    return this.query.get('query')
      ? 'All words have to be in one message, or in the visitor’s name and e-mail address; the beginning of each is enough. Try fewer words, or fewer filters.'
      : 'No conversation fits these filters. Take some of them away.';
  }

  readonly #showNews = (): void => {
    this.#reload = undefined;
    if (window.scrollY <= nearTopPixels) void this.#list.reload();
    else {
      this.#hasNews = true;
      this.requestUpdate();
    }
  };

  readonly #showNewest = (): Promise<void> => {
    this.#hasNews = false;
    window.scrollTo(0, 0);
    return this.#list.start();
  };
}

const choices = [
  {
    name: 'status',
    label: 'Status',
    options: [
      ['', 'Open and closed'],
      ['open', 'Open'],
      ['closed', 'Closed'],
    ],
  },
  {
    name: 'verified',
    label: 'Visitor',
    options: [
      ['', 'All visitors'],
      ['true', 'Verified'],
      ['false', 'Not verified'],
    ],
  },
  {
    name: 'unread',
    label: 'Read',
    options: [
      ['', 'Read and unread'],
      ['true', 'Unread'],
      ['false', 'Read'],
    ],
  },
  {
    name: 'assignee',
    label: 'Assigned to',
    options: [
      ['', 'Anybody or nobody'],
      ['me', 'Me'],
      ['none', 'Nobody'],
    ],
  },
  {
    name: 'handoff',
    label: 'Person',
    options: [
      ['', 'With and without'],
      ['requested', 'Asked for'],
      ['active', 'Answering'],
      ['ended', 'Has answered'],
      ['none', 'Never'],
    ],
  },
  {
    name: 'feedback',
    label: 'Rating',
    options: [
      ['', 'Any or none'],
      ['up', 'Helpful'],
      ['down', 'Not helpful'],
    ],
  },
] as const;

const clearFilters = (): void => setQuery(Object.fromEntries(filterNames.map((name) => [name, ''])), { push: true });

const menuOf = (event: Event): HTMLDetailsElement | null =>
  (event.currentTarget as Element).closest<HTMLDetailsElement>('details');

function closeMenu(event: Event): void {
  menuOf(event)?.removeAttribute('open');
}

function closeByEscape(event: KeyboardEvent): void {
  const menu = menuOf(event);
  if (event.key !== 'Escape' || menu?.open !== true) return;
  menu.open = false;
  menu.querySelector('summary')?.focus();
}

function closeWhenLeft(event: FocusEvent): void {
  const menu = menuOf(event);
  if (event.relatedTarget instanceof Node && !menu?.contains(event.relatedTarget)) menu?.removeAttribute('open');
}

if (!customElements.get('inbox-page')) customElements.define('inbox-page', InboxPage);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-page': InboxPage;
  }
}
