import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { auditRow } from '../audit/audit-row.ts';
import { type AuditEntry, kindLabels, type People } from '../audit/sentences.ts';
import { api, apiAddress, idOf, PagedList, type Query } from '../api/index.ts';
import { agentOptions, agentsLoader } from '../conversation/agents-loader.ts';
import { dayFilter, selectFilter } from '../conversation/filter-bar.ts';
import { backwards, dayStart } from '../conversation/inbox-filters.ts';
import { fillScreen, listing } from '../conversation/listing.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { emptyState, icon, pageHeader } from '../elements/index.ts';
import { setQuery } from '../navigation.ts';
import { adoptStyles, css } from '../styles/index.ts';

type Answer = { readonly entries: readonly AuditEntry[]; readonly people: People; readonly nextBefore: string | null };
type Operator = { readonly id: string; readonly name: string };

adoptStyles(css`
  .audit-filters > summary {
    inline-size: fit-content;
    color: var(--_accent-text);
    cursor: pointer;
  }
  .audit-filters[open] > summary {
    margin-block-end: 10px;
  }
  .audit-filters > .filter-fields {
    grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr));
  }
`);

/** Where there is room they do not have to be asked for. */
const isWide = matchMedia('(min-width: 600px)').matches;

const filterNames = ['agent', 'kind', 'operator', 'subject', 'from', 'to'] as const;

/** Who changed what, which tokens were refused, which keys were used, and which actions ran; the latest first. */
export class AuditPage extends DashboardPage {
  readonly #agents = agentsLoader(this);
  #operators: readonly Operator[] = [];
  #people: People = {};
  readonly #list = new PagedList<AuditEntry>(this, idOf, async (before, signal) => {
    const query = { ...this.#filters(), limit: 100, before };
    const { entries, people, nextBefore } = await api.get<Answer>('audit', { query, signal });
    this.#people = { ...this.#people, ...people };
    return { items: entries, nextBefore };
  });

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.may('admin')) void this.#loadOperators();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query') && this.hasUpdated) void this.#list.start();
  }

  protected override updated(): void {
    fillScreen(this.#list);
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      ${pageHeader({
        title: 'Audit log',
        description: 'Who changed what, and what happened by itself. Nobody can change an entry.',
        actions: html`${this.#export('csv', 'CSV')} ${this.#export('jsonl', 'JSON lines')}`,
      })}
      <section class="card" aria-label="Filters">
        <details class="audit-filters" ?open=${isWide || filterNames.some((name) => this.query.get(name))}>
          <summary>Filters</summary>
          <div class="filter-fields">${this.#filterFields()}</div>
        </details>
      </section>
      <section class="card flush" aria-label="Entries" aria-busy=${this.#list.current.state === 'loading'}>
        <h2 class="visually-hidden">Entries</h2>
        ${listing({
          list: this.#list,
          label: 'Entries',
          row: (entry) => auditRow(entry, this.#people),
          rowHeight: 78,
          empty: () => this.#empty(),
          clear: clearFilters,
        })}
      </section>
    </div>`;
  }

  #filterFields(): TemplateResult {
    const { query } = this;
    const agents = this.#agents.value?.agents;
    const kinds = Object.entries(kindLabels).toSorted(([, left], [, right]) => left.localeCompare(right));
    const people = this.#operators.map(({ id, name }) => [id, name] as const);
    return html`${selectFilter({ name: 'kind', label: 'What', options: [['', 'Everything'], ...kinds], query })}
      ${people.length === 0 ? nothing : selectFilter({ name: 'operator', label: 'Who', options: [['', 'Everybody'], ...people], query })}
      ${selectFilter({ name: 'agent', label: 'Agent', options: agentOptions(agents), query })}
      <label>
        Visitor
        <input
          class="input"
          name="subject"
          maxlength="1000"
          autocomplete="off"
          placeholder="Their subject"
          .value=${query.get('subject') ?? ''}
          @change=${subjectChanged}
        />
      </label>
      ${dayFilter('from', 'From', query)} ${dayFilter('to', 'Until', query)}`;
  }

  /** What the API is asked for. Days are those of the reader's time zone, the last one to its end. */
  #filters(): Query {
    const values = Object.fromEntries(filterNames.map((name) => [name, this.query.get(name)]));
    return { ...values, from: dayStart(this.query.get('from'), 0), to: dayStart(this.query.get('to'), 1) };
  }

  #export(ending: 'csv' | 'jsonl', label: string): TemplateResult {
    return html`<a class="button" href=${apiAddress(`export/audit.${ending}`, this.#filters())} download>
      ${icon('download')}<span><span class="visually-hidden">Export as </span>${label}</span>
    </a>`;
  }

  #empty(): TemplateResult {
    const isFiltered = filterNames.some((name) => this.query.get(name));
    if (!isFiltered) {
      const text = 'As soon as somebody changes something, or a key is used, it stands here.';
      return emptyState({ icon: 'audit', title: 'Nothing has happened yet', text });
    }
    const action = html`<button type="button" class="button" @click=${clearFilters}>Show everything</button>`;
    const text = backwards(this.query) ?? 'No entry fits these filters. Take some of them away.';
    return emptyState({ icon: 'search', title: 'Nothing found', text, action });
  }

  /** Without them there is one filter less. */
  async #loadOperators(): Promise<void> {
    const { operators } = await api
      .get<{ operators: readonly Operator[] }>('operators')
      .catch(() => ({ operators: [] as readonly Operator[] }));
    this.#operators = operators;
    this.requestUpdate();
  }
}

function subjectChanged(event: Event): void {
  setQuery({ subject: (event.currentTarget as HTMLInputElement).value.trim() }, { push: true });
}

const clearFilters = (): void => setQuery(Object.fromEntries(filterNames.map((name) => [name, ''])), { push: true });

if (!customElements.get('audit-page')) customElements.define('audit-page', AuditPage);

declare global {
  interface HTMLElementTagNameMap {
    'audit-page': AuditPage;
  }
}
