import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon } from '../elements/index.ts';
import { setQuery } from '../navigation.ts';
import { adoptStyles, css } from '../styles/index.ts';

adoptStyles(css`
  .filters {
    display: grid;
    gap: 12px;
  }
  .search-field {
    position: relative;
  }
  .search-field .icon {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 11px;
    margin-block: auto;
    color: var(--_muted);
    pointer-events: none;
  }
  .search-field .input {
    padding-inline-start: 38px;
  }
  .filter-fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(148px, 1fr));
    gap: 10px 12px;
  }
  .filter-fields label {
    display: grid;
    gap: 3px;
    color: var(--_muted);
    font-size: 12.5px;
  }
  .filter-fields .input {
    color: var(--_text);
    font-size: 14px;
  }
`);

const typingPauseMs = 300;
let typing: ReturnType<typeof setTimeout> | undefined;

/** Keeps in the address what was typed, as soon as there is a pause in it. */
function typed(event: Event): void {
  const { value } = event.currentTarget as HTMLInputElement;
  clearTimeout(typing);
  // What stood there before the first letter is where Back leads to.
  const push = !new URLSearchParams(location.search).has('query');
  typing = setTimeout(() => setQuery({ query: value.trim() }, { push }), typingPauseMs);
}

function submitted(event: SubmitEvent): void {
  event.preventDefault();
  clearTimeout(typing);
  const { value } = (event.currentTarget as HTMLFormElement).elements.namedItem('query') as HTMLInputElement;
  setQuery({ query: value.trim() }, { push: true });
}

type SearchForm = { readonly label: string; readonly query: URLSearchParams; readonly more?: unknown };

/** A field that searches while one types, with other filters below it. */
export const searchForm = ({ label, query, more }: SearchForm): TemplateResult =>
  html`<form class="filters" role="search" @submit=${submitted}>
    <div class="search-field">
      ${icon('search')}
      <input
        class="input"
        type="search"
        name="query"
        aria-label=${label}
        placeholder=${label}
        maxlength="500"
        autocomplete="off"
        .value=${query.get('query') ?? ''}
        @input=${typed}
      />
    </div>
    ${more}
  </form>`;

type Option = readonly [value: string, label: string];

type SelectFilter = {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
  readonly query: URLSearchParams;
};

export const selectFilter = ({ name, label, options, query }: SelectFilter): TemplateResult => {
  const chosen = query.get(name) ?? '';
  return html`<label>
    ${label}
    <select class="input" name=${name} .value=${live(chosen)} @change=${changed}>
      ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
    </select>
  </label>`;
};

export const dayFilter = (name: 'from' | 'to', label: string, query: URLSearchParams): TemplateResult =>
  html`<label>
    ${label}
    <input class="input" type="date" name=${name} .value=${live(query.get(name) ?? '')} @change=${changed} />
  </label>`;

function changed(event: Event): void {
  const { name, value } = event.currentTarget as HTMLInputElement | HTMLSelectElement;
  setQuery({ [name]: value }, { push: true });
}
