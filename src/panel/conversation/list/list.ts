import { html, nothing, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatClient } from '../../../client/index.ts';
import type { ConversationSummary } from '../../../protocol/index.ts';
import { iconButton } from '../../header-view.ts';
import { closeIcon } from '../../icons.ts';
import { sheetOf } from '../../styles/css.ts';
import { smallButton } from '../buttons.ts';
import type { ConversationView as View } from '../conversation-view.ts';
import { alertIcon, newIcon } from '../icons.ts';
import { keepKeys } from '../keep-keys.ts';
import { backIcon, searchIcon } from './icons.ts';
import { Rename } from './rename.ts';
import { rowView, type RowActions } from './row-view.ts';
import { Search } from './search.ts';
import { list as styles } from './styles.ts';

export type ListHost = {
  readonly root: ShadowRoot;
  client(): ChatClient | undefined;
  changed(): void;
};

/** The server takes no more. */
const maxQueryCharacters = 200;

/** A visitor's conversations: to search, to rename, to go on with. */
export class ConversationList {
  readonly #host: ListHost;
  readonly #search: Search;
  readonly #rename: Rename;
  /** The row that the Tab key comes to. */
  #activeId: string | undefined;
  #view: View | undefined;

  constructor(host: ListHost) {
    this.#host = host;
    host.root.adoptedStyleSheets.push(sheetOf(styles));
    const changed = () => host.changed();
    const client = () => host.client();
    this.#search = new Search({ client, changed });
    const retitled = (id: string, title: string) => this.#search.retitle(id, title);
    this.#rename = new Rename({ client, changed, retitled });
  }

  /** To be called when it is shown: reads it anew. */
  opened(): void {
    this.clear();
    this.#activeId = this.#host.client()?.snapshot.conversationId;
    void this.#search.ask();
  }

  /** Where somebody who has asked for the list goes on. */
  focus(): void {
    (this.#find('.rows [tabindex="0"]') ?? this.#find('.list-head button'))?.focus();
  }

  clear(): void {
    this.#search.clear();
    this.#rename.clear();
    this.#activeId = undefined;
  }

  view(view: View): TemplateResult {
    this.#view = view;
    const { strings, act } = view;
    return html`<section
      class="list"
      part="conversations"
      aria-label=${strings.conversationList}
      @keydown=${this.#handleKey}
    >
      <div class="list-head">
        ${iconButton(strings.back, backIcon, act.toggleConversations)}
        <h3>${strings.conversationList}</h3>
        ${iconButton(strings.newConversation, newIcon, act.newConversation)}
      </div>
      ${this.#searchView(view)} ${this.#bodyView(view)}
    </section>`;
  }

  #searchView({ strings, snapshot }: View): TemplateResult | typeof nothing {
    if (snapshot.conversations.length === 0) return nothing;
    return html`<label class="search" part="search">
      ${searchIcon}
      <input
        type="search"
        enterkeyhint="search"
        autocomplete="off"
        dir="auto"
        maxlength=${maxQueryCharacters}
        aria-label=${strings.search}
        placeholder=${strings.search}
        .value=${this.#search.query}
        @input=${(event: Event) => this.#search.type((event.target as HTMLInputElement).value)}
        @keydown=${keepMostKeys}
        @keypress=${keepKeys}
        @keyup=${keepKeys}
      />
      ${this.#search.query === '' ? nothing : iconButton(strings.clearSearch, closeIcon, this.#clearSearch)}
    </label>`;
  }

  readonly #clearSearch = (): void => {
    this.#search.type('');
    this.#find('.search input')?.focus();
  };

  #bodyView(view: View): TemplateResult {
    const { strings, snapshot } = view;
    const { found } = this.#search;
    const rows = this.#rows(view);
    const text = this.#stateText(view, rows.length);
    const isEmpty = rows.length === 0 && found.at !== 'failed';
    return html`<div class="list-state ${isEmpty ? 'empty' : ''}" ?hidden=${text === ''}>
        ${found.at === 'failed' ? alertIcon : nothing}
        <p role="status">${text}</p>
        ${found.at === 'failed' ? smallButton(strings.tryAgain, () => void this.#search.ask()) : nothing}
      </div>
      <ul class="rows" aria-busy=${found.at === 'searching' ? 'true' : nothing}>
        ${repeat(
          rows,
          ({ id }) => id,
          (row, index) =>
            rowView(view, row, {
              isActive: this.#isActive(rows, row, index),
              isCurrent: row.id === snapshot.conversationId,
              isRenaming: row.id === this.#rename.id,
              failed: this.#rename.failed?.id === row.id ? this.#rename.failed.code : undefined,
              actions: this.#actions,
            }),
        )}
      </ul>
      ${this.#moreView(view)}`;
  }

  /** What stands above the rows; nothing where they say it all. */
  #stateText(view: View, count: number): string {
    const { strings } = view;
    const { found } = this.#search;
    if (found.at === 'searching') return strings.searching;
    if (found.at === 'failed') return strings.failures[found.code];
    if (found.at === 'found') return count === 0 ? strings.noneFound : this.#foundCount(view, count);
    return count === 0 ? strings.noConversations : '';
  }

  #foundCount({ strings, times }: View, count: number): string {
    const text = strings.foundCount(count);
    return this.#search.more.at === 'end' ? text : text.replace(times.count(count), '$&+');
  }

  #moreView({ strings }: View): TemplateResult | typeof nothing {
    const { more, found } = this.#search;
    if (more.at === 'end' || found.at === 'failed') return nothing;
    const isLoading = more.at === 'loading';
    return html`<div class="more-rows">
      <p role="alert">${more.at === 'failed' ? strings.failures[more.code] : nothing}</p>
      <button
        class="small"
        part="button"
        type="button"
        aria-disabled=${isLoading ? 'true' : nothing}
        @click=${this.#showMore}
      >
        ${strings.moreConversations}
      </button>
    </div>`;
  }

  /** Reading goes on at the first of those that have come. */
  readonly #showMore = async (): Promise<void> => {
    const first = await this.#search.askMore();
    if (first === undefined) return;
    this.#activeId = first.id;
    this.#host.changed();
    this.#focusSoon(`[data-id="${CSS.escape(first.id)}"]`);
  };

  /** Those found, as they are by now. */
  #rows({ snapshot }: View): readonly ConversationSummary[] {
    const { found } = this.#search;
    if (found.at === 'found') return found.rows;
    return (found.at === 'searching' ? found.before : undefined) ?? snapshot.conversations;
  }

  #isActive(rows: readonly ConversationSummary[], row: ConversationSummary, index: number): boolean {
    const isThere = rows.some(({ id }) => id === this.#activeId);
    return isThere ? row.id === this.#activeId : index === 0;
  }

  readonly #actions: RowActions = {
    open: (id) => {
      const act = this.#view?.act;
      // What stands on the screen need not be fetched again.
      if (id === this.#view?.snapshot.conversationId) act?.toggleConversations();
      else act?.openConversation(id);
    },
    rename: (id) => {
      this.#activeId = id;
      this.#rename.begin(id);
      this.#focusSoon('.renaming input');
    },
    save: (id, before, title) => {
      this.#rename.save(id, before, title);
      this.#focusSoon(`[data-rename="${CSS.escape(id)}"]`);
    },
    cancel: (id) => {
      this.#rename.cancel();
      this.#focusSoon(`[data-rename="${CSS.escape(id)}"]`);
    },
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    const { key, target } = event;
    if (!(target instanceof HTMLElement) || event.isComposing) return;
    if (key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      if (target.matches('input[type=search]') && this.#search.query !== '') this.#search.type('');
      else this.#view?.act.toggleConversations();
      return;
    }
    const step = steps[key];
    if (step === undefined) return;
    const buttons = [...this.#host.root.querySelectorAll<HTMLElement>('.rows [part=conversation]')];
    const inList = target.closest('.rows') !== null;
    const at = buttons.findIndex((button) => button.parentElement === target.parentElement);
    // From the search field the list is below.
    if ((!inList && (key !== 'ArrowDown' || !target.matches('input'))) || target.closest('.renaming')) return;
    const next = buttons[Math.max(0, Math.min(buttons.length - 1, step(at, buttons.length)))];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#activeId = next.dataset['id'];
    this.#host.changed();
    next.focus();
  };

  #focusSoon(selector: string): void {
    const focus = (): void => {
      const found = this.#find(selector);
      found?.focus();
      if (found instanceof HTMLInputElement) found.select();
    };
    // Once it has been drawn.
    queueMicrotask(focus);
  }

  #find(selector: string): HTMLElement | undefined {
    return this.#host.root.querySelector<HTMLElement>(selector) ?? undefined;
  }
}

const steps: { readonly [key: string]: (at: number, count: number) => number } = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Those that the list itself listens to go on to it, and no further. */
function keepMostKeys(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown') keepKeys(event);
}
