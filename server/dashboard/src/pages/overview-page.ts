import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { api, Loader, path } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { dataTable, formatDateTime, icon, loaded, pageHeader } from '../elements/index.ts';
import { setQuery } from '../navigation.ts';
import { chart } from '../overview/chart.ts';
import { changeOf, type Figure, figures, formatDate, formatFigure } from '../overview/figures.ts';
import { type Day, isEmpty, type Overview } from '../overview/overview.ts';
import { overviewStyles } from '../overview/overview-styles.ts';
import { adoptStyles } from '../styles/index.ts';

const lengths = ['7', '30', '90'] as const;

/** What has happened, as numbers by day. */
export class OverviewPage extends DashboardPage {
  #asked = '';
  readonly #open = new Set<string>();
  readonly #overview = new Loader(this, (signal) => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const query = { agent: this.query.get('agent'), days: this.#days, timeZone };
    return api.get<Overview>('overview', { query, signal });
  });

  override connectedCallback(): void {
    adoptStyles(overviewStyles);
    super.connectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const asked = `${this.query.get('agent') ?? ''} ${this.#days}`;
    if (changed.has('query') && this.hasUpdated && asked !== this.#asked) void this.#overview.reload();
    this.#asked = asked;
  }

  get #days(): string {
    return lengths.find((days) => days === this.query.get('days')) ?? '30';
  }

  protected override render(): TemplateResult {
    const title = 'Overview';
    const agents = this.#overview.value?.agents ?? [];
    return html`<div class="stack">
      ${pageHeader({ title, description: 'What has happened at your agents.', actions: this.#filters(agents) })}
      ${loaded(this.#overview, (overview) => (isEmpty(overview) ? this.#firstSteps(overview) : this.#figures(overview)))}
    </div>`;
  }

  #filters(agents: Overview['agents']): TemplateResult {
    return html`${agents.length > 1 ? this.#agentFilter(agents) : nothing}
      <fieldset class="segments">
        <legend class="visually-hidden">Time</legend>
        ${lengths.map(
          (days) =>
            html`<label>
              <input
                type="radio"
                name="days"
                .checked=${live(days === this.#days)}
                @change=${() => setQuery({ days })}
              />${days} days
            </label>`,
        )}
      </fieldset>`;
  }

  #agentFilter(agents: Overview['agents']): TemplateResult {
    const chosen = this.query.get('agent') ?? '';
    const choose = ({ currentTarget }: Event): void => setQuery({ agent: (currentTarget as HTMLSelectElement).value });
    return html`<label class="visually-hidden" for="overview-agent">Agent</label>
      <select class="input overview-agent" id="overview-agent" @change=${choose}>
        <option value="" ?selected=${chosen === ''}>All agents</option>
        ${agents.map(({ id, name }) => html`<option value=${id} ?selected=${chosen === id}>${name}</option>`)}
      </select>`;
  }

  #figures(overview: Overview): TemplateResult {
    const isBehind = Date.now() - Date.parse(overview.countedUntil) > 60 * 60 * 1_000;
    return html`${
        isBehind
          ? html`<p class="notice">
              ${icon('refresh')}Counted until ${formatDateTime(overview.countedUntil)}. The server is counting the rest;
              load the page again in a while.
            </p>`
          : nothing
      }
      <div class="figures">${figures.map((figure) => this.#card(figure, overview))}</div>
      <p class="muted small">
        Compared with the ${this.#days} days before. Days begin at midnight in ${overview.timeZone}. Ratings, sign-ins
        and hand-offs that come within a week count for the day of their conversation. Refused tokens stand here up to a
        minute after they were refused.
      </p>`;
  }

  #card(figure: Figure, { days, total, before }: Overview): TemplateResult {
    const { id, title, about } = figure;
    return html`<section class="card figure" aria-labelledby=${`figure-${id}`}>
      <header>
        <h2 id=${`figure-${id}`}>${title}</h2>
        <p class="small">${about}</p>
      </header>
      <p>
        <span class="total">${formatFigure(figure, figure.value(total))}</span>
        <span class="muted small">${changeOf(figure, total, before)}</span>
      </p>
      ${chart(figure, days)}
      <details @toggle=${(event: Event) => this.#toggled(id, event)}>
        <summary>Show as table<span class="visually-hidden">: ${title}</span></summary>
        ${this.#open.has(id) ? this.#table(figure, days) : nothing}
      </details>
    </section>`;
  }

  #toggled(id: string, { currentTarget }: Event): void {
    if ((currentTarget as HTMLDetailsElement).open) this.#open.add(id);
    else this.#open.delete(id);
    this.requestUpdate();
  }

  #table(figure: Figure, days: readonly Day[]): TemplateResult {
    const { title, upper, more = [] } = figure;
    return html`<div class="table-box" tabindex="0" role="region" aria-label=${`${title} by day`}>
      ${dataTable<Day>({
        caption: `${title} by day, the latest first`,
        rows: days.toReversed(),
        key: ({ day }) => day,
        columns: [
          { label: 'Day', cell: ({ day }) => html`<time datetime=${day}>${formatDate(day)}</time>` },
          {
            label: upper === undefined ? title : 'Median',
            kind: 'number',
            cell: (day) => formatFigure(figure, figure.value(day)),
          },
          ...(upper === undefined
            ? []
            : [
                {
                  label: upper.label,
                  kind: 'number' as const,
                  cell: (day: Day) => formatFigure(figure, upper.value(day)),
                },
              ]),
          ...more.map(({ label, text }) => ({ label, kind: 'number' as const, cell: text })),
        ],
      })}
    </div>`;
  }

  /** A server that nobody has come to yet: what is left to do, for who may. */
  #firstSteps({ agents }: Overview): TemplateResult {
    const { id: agentId = '', name = '' } = agents[0] ?? {};
    const steps = [
      { role: 'admin', text: 'Make an agent, or look at the ones there are', href: '/dashboard/agents' },
      {
        role: 'admin',
        text: `Create a key for ${name}, so that your site can say who is talking`,
        href: path`/dashboard/agents/${agentId}/security`,
      },
      { role: 'operator', text: `Install ${name} on your site`, href: path`/dashboard/agents/${agentId}/install` },
      { role: 'admin', text: 'Invite the people who answer', href: '/dashboard/people' },
    ] as const;
    const mine = steps.filter(({ role, href }) => this.may(role) && (agentId !== '' || !href.includes('/agents/')));
    return html`<section class="card">
      <div class="state">
        ${icon('overview')}
        <h2>Nothing has happened yet</h2>
        <p>
          ${
            mine.length === 0
              ? 'As soon as visitors write, you see here how much, how fast they were answered, and what they think of it.'
              : 'As soon as visitors write, you see here what happened. To get there:'
          }
        </p>
        <ul class="steps">
          ${mine.map(({ text, href }) => html`<li><a class="button" href=${href}>${text}</a></li>`)}
        </ul>
      </div>
    </section>`;
  }
}

if (!customElements.get('overview-page')) customElements.define('overview-page', OverviewPage);

declare global {
  interface HTMLElementTagNameMap {
    'overview-page': OverviewPage;
  }
}
