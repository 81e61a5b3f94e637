import { html, type PropertyValues, type TemplateResult } from 'lit';
import { api, Loader, path } from '../api/index.ts';
import {
  dataTable,
  emptyState,
  foreignText,
  formatDateTime,
  formatNumber,
  formatShare,
  icon,
  loaded,
} from '../elements/index.ts';
import { setQuery } from '../navigation.ts';
import { adoptStyles } from '../styles/index.ts';
import { chartStyles, overTime, piecesOf, shareBar } from './refusal-chart.ts';
import { SecuritySection } from './security-section.ts';
import type { Refusals } from './types.ts';
import { reasonWords } from './words.ts';

type Counted = Refusals['reasons'][number];

/** How many tokens were refused, and why. `days` is 1 or 30. */
class RefusalsSectionElement extends SecuritySection {
  static override readonly properties = { ...SecuritySection.properties, days: { attribute: false } };

  days: 1 | 30 = 1;
  readonly #refusals = new Loader(this, (signal) =>
    api.get<Refusals>(path`agents/${this.agentId}/refusals`, { query: { days: this.days }, signal }),
  );

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(chartStyles);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('days') && changed.get('days') !== undefined) void this.#refusals.reload();
  }

  protected override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="refusals-heading" id="refusals">
      <header>
        <div class="row spread">
          <h2 id="refusals-heading">Refused tokens</h2>
          <div class="row">
            ${this.#span()}
            <button type="button" class="button small" @click=${() => void this.#refusals.reload()}>
              ${icon('refresh')}Refresh
            </button>
          </div>
        </div>
        <p>Tokens that pages have sent and that were not accepted, by the reason.</p>
      </header>
      ${loaded(this.#refusals, (refusals) => (refusals.total === 0 ? this.#empty() : this.#counts(refusals)))}
    </section>`;
  }

  #span(): TemplateResult {
    const choice = (days: 1 | 30, label: string): TemplateResult =>
      html`<label
        ><input
          type="radio"
          name="refusal-days"
          .checked=${this.days === days}
          @change=${() => setQuery({ days: days === 1 ? '' : String(days) })}
        />${label}</label
      >`;
    return html`<fieldset>
      <legend class="visually-hidden">Time</legend>
      <div class="segments">${choice(1, '24 hours')} ${choice(30, '30 days')}</div>
    </fieldset>`;
  }

  #empty(): TemplateResult {
    return emptyState({
      icon: 'shield',
      title: 'None refused',
      text:
        this.days === 1
          ? 'No token was refused in the last 24 hours. Look at the last 30 days, or paste one into the Token Debugger.'
          : 'No token was refused in the last 30 days.',
    });
  }

  #counts(refusals: Refusals): TemplateResult {
    const most = refusals.reasons[0]?.count ?? 1;
    return html`${overTime(refusals)}
    ${dataTable<Counted>({
      caption: 'Refused tokens by reason',
      rows: refusals.reasons,
      key: ({ reason }) => reason,
      columns: [
        { label: 'Reason', cell: ({ reason, count }) => reasonCell(reason, shareBar(count, most)) },
        { label: 'What to do', cell: ({ reason }) => adviceFor(reason) },
        { label: 'Tokens', kind: 'number', cell: ({ count }) => formatNumber(count) },
        { label: 'Share', kind: 'number', cell: ({ count }) => formatShare(count / refusals.total) },
      ],
    })}
    ${this.#timeTable(refusals)}`;
  }

  #timeTable(refusals: Refusals): TemplateResult {
    const rows = piecesOf(refusals).filter(({ count }) => count > 0);
    return html`<details>
      <summary>Over time, as a table</summary>
      ${dataTable({
        caption: 'Refused tokens over time',
        rows,
        key: ({ from }) => from,
        columns: [
          { label: 'From', cell: ({ from }) => formatDateTime(from) },
          { label: 'Tokens', kind: 'number', cell: ({ count }) => formatNumber(count) },
        ],
      })}
    </details>`;
  }
}

const adviceFor = (reason: string): string =>
  `${reasonWords(reason).advice}${reason === 'invalid_signature' ? ' The Token Debugger says which.' : ''}`;

const reasonCell = (reason: string, bar: TemplateResult): TemplateResult =>
  html`<strong>${foreignText(reasonWords(reason).title)}</strong> <code class="muted small">${reason}</code>${bar}`;

if (!customElements.get('cw-refusals-section')) customElements.define('cw-refusals-section', RefusalsSectionElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-refusals-section': RefusalsSectionElement;
  }
}
