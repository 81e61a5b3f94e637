import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';

export type Column<Row> = {
  readonly label: string;
  readonly cell: (row: Row) => unknown;
  readonly kind?: 'number' | 'actions';
};

export type DataTable<Row> = {
  /** What the table is, for those who do not see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly key: (row: Row) => string;
};

/**
 * A table; where there is no room for one, a card for each row. The roles are said, because a browser forgets them for
 * what is not laid out as a table. For lists without end: `<cw-virtual-list>`.
 */
export const dataTable = <Row>({ caption, columns, rows, key }: DataTable<Row>): TemplateResult =>
  html`<table class="table" role="table">
    <caption class="visually-hidden">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(headCell)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${repeat(
        rows,
        key,
        (row) =>
          html`<tr role="row">
            ${columns.map((column) => bodyCell(column, row))}
          </tr>`,
      )}
    </tbody>
  </table>`;

const headCell = <Row>({ label, kind }: Column<Row>): TemplateResult =>
  html`<th role="columnheader" scope="col" class=${kind ?? ''}>
    ${kind === 'actions' ? html`<span class="visually-hidden">${label}</span>` : label}
  </th>`;

const bodyCell = <Row>({ label, kind, cell }: Column<Row>, row: Row): TemplateResult =>
  kind === 'actions'
    ? html`<td role="cell" class="actions">${cell(row)}</td>`
    : html`<td role="cell" class=${kind ?? ''} data-label=${label}><div>${cell(row) ?? nothing}</div></td>`;
