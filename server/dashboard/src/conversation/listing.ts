import { html, nothing, type TemplateResult } from 'lit';
import type { ApiError, PagedState } from '../api/index.ts';
import { emptyState, failedState, icon, loadingState } from '../elements/index.ts';
import '../elements/virtual-list.ts';
import { adoptStyles, css } from '../styles/index.ts';

type Pages = {
  readonly items: readonly unknown[];
  readonly current: PagedState;
  readonly loadMore: () => Promise<void>;
  readonly retry: () => Promise<void>;
};

type Paged<Item> = Pages & { readonly items: readonly Item[]; readonly key: (item: Item) => string };

type Listing<Item> = {
  readonly list: Paged<Item>;
  readonly label: string;
  readonly row: (item: Item) => TemplateResult;
  readonly rowHeight: number;
  readonly empty: () => TemplateResult;
  /** Takes the filters away that the address has. */
  readonly clear?: () => void;
};

adoptStyles(css`
  .listing-end {
    padding: 14px 20px;
  }
  /* The line below the last row is that of the card. */
  .card.flush > cw-virtual-list {
    display: block;
    margin-block-end: -1px;
  }
`);

/** So few on the screen ask for more: a page may hold fewer than were asked for, while the server still looks. */
const fewItems = 20;

/** Asks on while there is next to nothing to see. To be called after each update. */
export function fillScreen({ items, current, loadMore }: Pages): void {
  if (current.state === 'more' && items.length < fewItems) void loadMore();
}

/** A list page by page, with what stands at its end and instead of it. */
export function listing<Item>({ list, label, row, rowHeight, empty, clear }: Listing<Item>): TemplateResult {
  const { items, current, key, loadMore, retry } = list;
  if (items.length === 0) {
    if (current.state === 'failed')
      return clear && isOfFilters(current.error) ? refused(current.error, clear) : failedState(current.error, retry);
    return current.state === 'end' ? empty() : html`<div class="listing-end">${loadingState()}</div>`;
  }
  return html`${current.state === 'failed' && current.of === 'all' ? failure(current.error, retry) : nothing}
    <cw-virtual-list
      .items=${items}
      .itemKey=${key}
      .renderItem=${row}
      .loadMore=${loadMore}
      .label=${label}
      .rowHeight=${rowHeight}
    ></cw-virtual-list>
    ${end(list)}`;
}

/** What an address asks for that the server does not know: trying again would be refused again. */
const isOfFilters = ({ code }: ApiError): boolean => code === 'invalid_input' || code === 'not_found';

function refused({ code, detail, fields }: ApiError, clear: () => void): TemplateResult {
  const whats = Object.entries(fields).map(([name, sentence]) => `“${name}” ${sentence}.`);
  const text = code === 'invalid_input' && whats.length > 0 ? whats.join(' ') : detail;
  const action = html`<button type="button" class="button" @click=${clear}>Take all filters away</button>`;
  return emptyState({ icon: 'search', title: 'These filters cannot be used', text, action });
}

function end({ items, current, retry }: Pages): unknown {
  if (current.state === 'loading') return html`<div class="listing-end">${loadingState()}</div>`;
  if (current.state !== 'failed') return nothing;
  if (current.of === 'more') return failure(current.error, retry);
  // What stands above a long list is out of sight here, where no more rows come.
  return items.length > fewItems ? failure(current.error, retry, 'group') : nothing;
}

/** Above a list that could not be read anew, below one that ends too early. */
const failure = ({ detail }: ApiError, retry: () => Promise<void>, role: 'alert' | 'group' = 'alert'): TemplateResult =>
  html`<div class="listing-end row" role=${role}>
    ${icon('alert')}<span>${detail}</span>
    <button type="button" class="button small" @click=${retry}>Try again</button>
  </div>`;
