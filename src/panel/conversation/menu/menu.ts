import { html, nothing, type TemplateResult } from 'lit/html.js';
import { sheetOf } from '../../styles/css.ts';
import { checkIcon } from '../icons.ts';
import { menu as styles } from './styles.ts';

export type MenuItem = {
  readonly label: string;
  /** Below the label, in small letters. */
  readonly hint?: string | undefined;
  readonly icon: TemplateResult;
  readonly act: () => void;
  /** For what can be switched on and off. */
  readonly isChecked?: boolean | undefined;
};

export type MenuHost = {
  readonly root: ShadowRoot;
  /** @param takesFocus whether the focus goes back to the button */
  close(takesFocus: boolean): void;
};

/** The popup of a menu button, by the WAI-ARIA pattern of that name. */
export class Menu {
  readonly #host: MenuHost;
  #outside: AbortController | undefined;

  constructor(host: MenuHost) {
    this.#host = host;
    host.root.adoptedStyleSheets.push(sheetOf(styles));
  }

  view(label: string, items: readonly MenuItem[]): TemplateResult {
    return html`<div
      class="menu"
      id="menu"
      part="menu"
      role="menu"
      aria-label=${label}
      tabindex="-1"
      @keydown=${this.#handleKey}
      @focusout=${this.#handleFocusOut}
    >
      ${items.map((item) => this.#itemView(item))}
    </div>`;
  }

  /** To be called once it is drawn. @param at which item to go to: the first (0) or the last (-1) */
  opened(at: 0 | -1): void {
    this.#items().at(at)?.focus();
    this.#outside?.abort();
    const outside = (this.#outside = new AbortController());
    const leave = (event: Event): void => {
      const isInside = event.composedPath().some((node) => node instanceof Element && node.matches('.menu, .more'));
      if (!isInside) this.#host.close(false);
    };
    document.addEventListener('pointerdown', leave, { capture: true, signal: outside.signal });
  }

  closed(): void {
    this.#outside?.abort();
  }

  #itemView({ label, hint, icon, act, isChecked }: MenuItem): TemplateResult {
    const isSwitch = isChecked !== undefined;
    return html`<button
      type="button"
      part="menu-item"
      role=${isSwitch ? 'menuitemcheckbox' : 'menuitem'}
      aria-checked=${isSwitch ? (isChecked ? 'true' : 'false') : nothing}
      tabindex="-1"
      @click=${() => {
        this.#host.close(true);
        act();
      }}
    >
      ${icon}<span>${label}${hint === undefined ? nothing : html` <small>${hint}</small>`}</span>${isChecked === true ? html`<span class="check">${checkIcon}</span>` : nothing}
    </button>`;
  }

  readonly #handleKey = (event: KeyboardEvent): void => {
    const { key } = event;
    const items = this.#items();
    const at = items.findIndex((item) => item.matches(':focus'));
    if (key === 'Tab') return this.#host.close(true);
    event.stopPropagation();
    if (key === 'Escape') {
      event.preventDefault();
      return this.#host.close(true);
    }
    const next =
      key.length === 1 && key !== ' ' ? itemBeginning(items, key, at) : items.at(steps[key]?.(at, items.length) ?? at);
    if (next === undefined || next === items[at]) return;
    event.preventDefault();
    next.focus();
  };

  /** A screen reader, or a script, may move the focus without a key. */
  readonly #handleFocusOut = ({ relatedTarget }: FocusEvent): void => {
    const isOut = relatedTarget instanceof Element && relatedTarget.closest('.menu, .more') === null;
    if (isOut) this.#host.close(false);
  };

  #items(): HTMLElement[] {
    return [...this.#host.root.querySelectorAll<HTMLElement>('.menu button')];
  }
}

const steps: { readonly [key: string]: (at: number, count: number) => number } = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: () => -1,
};

/** The next one that begins with a letter. */
function itemBeginning(items: readonly HTMLElement[], letter: string, at: number): HTMLElement | undefined {
  const begins = (item: HTMLElement): boolean =>
    (item.textContent ?? '').trim().toLocaleLowerCase().startsWith(letter.toLocaleLowerCase());
  return [...items.slice(at + 1), ...items.slice(0, at + 1)].find(begins);
}
