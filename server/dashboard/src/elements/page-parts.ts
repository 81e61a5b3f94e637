import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';

export type PageHeader = {
  readonly title: unknown;
  readonly description?: unknown;
  /** Buttons and links at the end of the line. */
  readonly actions?: unknown;
};

/** The first thing of every page, also while it loads: its `h1` gets the focus when somebody comes here by a link. */
export const pageHeader = ({ title, description, actions }: PageHeader): TemplateResult =>
  html`<div class="page-header">
    <div>
      <h1 tabindex="-1">${title}</h1>
      ${description ? html`<p>${description}</p>` : nothing}
    </div>
    ${actions ? html`<div class="row">${actions}</div>` : nothing}
  </div>`;

export type Tab = { readonly href: string; readonly label: string };

/** Links between pages about one thing. The tab whose address is that of the page is the current one. */
export const tabs = (label: string, items: readonly Tab[]): TemplateResult =>
  html`<nav class="tabs" aria-label=${label}>
    <ul>
      ${items.map(
        ({ href, label: text }) =>
          html`<li>
            <a href=${href} aria-current=${ifDefined(href === location.pathname ? 'page' : undefined)}>${text}</a>
          </li>`,
      )}
    </ul>
  </nav>`;
