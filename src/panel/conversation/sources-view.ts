import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ViewMessage } from '../../client/index.ts';
import type { ConversationView as View, PartOf } from './conversation-view.ts';
import { sourceHref } from './source-href.ts';

/** So many are shown before the others are asked for. */
const maxShown = 3;

/** What an answer rests on, numbered, each once. */
export function sourcesView({ strings }: View, { parts }: ViewMessage): TemplateResult | typeof nothing {
  const found = new Map<string, TemplateResult>();
  for (const part of parts) {
    if (part.type === 'source-url' && !found.has(part.url)) found.set(part.url, linkView(part, strings.opensInNewTab));
    if (part.type === 'source-document')
      found.set(part.sourceId, html`<span class="source" dir="auto">${part.title}</span>`);
  }
  if (found.size === 0) return nothing;
  const sources = [...found.values()];
  // One more takes no more room than the offer to show it.
  const shown = sources.length === maxShown + 1 ? maxShown + 1 : maxShown;
  const rest = sources.slice(shown);
  return html`<div class="sources" part="sources">
    <h3 class="label">${strings.sources}</h3>
    ${listView(sources.slice(0, shown))}
    ${
      rest.length === 0
        ? nothing
        : html`<details>
            <summary>${strings.moreSources(rest.length)}</summary>
            ${listView(rest)}
          </details>`
    }
  </div>`;
}

function listView(sources: readonly TemplateResult[]): TemplateResult {
  return html`<ol>
    ${sources.map((source) => html`<li>${source}</li>`)}
  </ol>`;
}

/** The host stands beside a title, which may say what it likes; that of the page itself needs no telling. */
function linkView({ url, title }: PartOf<'source-url'>, opensInNewTab: string): TemplateResult {
  const href = sourceHref(url);
  const name = title?.trim();
  if (href === undefined) return html`<span class="source" dir="auto">${name || url}</span>`;
  const { host } = new URL(href);
  return html`<a class="source" part="source" href=${href} target="_blank" rel="noopener noreferrer nofollow"
    ><span dir="auto">${name || url}</span>${
      name && host !== location.host ? html` <span class="host" dir="ltr">${host}</span>` : nothing
    }<span class="hidden"> (${opensInNewTab})</span></a
  >`;
}
