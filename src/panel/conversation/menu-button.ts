import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ConversationView as View } from './conversation-view.ts';
import { downloadIcon, historyIcon, moreIcon, newIcon, speechIcon } from './icons.ts';
import { Lazy } from './lazy.ts';
import type { MenuItem } from './menu/index.ts';

export type MenuButtonHost = {
  readonly root: ShadowRoot;
  changed(): void;
  download(view: View): void;
};

/** What is rarely wanted, behind one button of the header. What drops down is fetched for the first who points at it. */
export class MenuButton {
  readonly #host: MenuButtonHost;
  readonly #menu;
  /** Which item the focus goes to once it is drawn. */
  #opensAt: 0 | -1 | undefined;
  #isOpen = false;

  constructor(host: MenuButtonHost) {
    this.#host = host;
    this.#menu = new Lazy(
      async () =>
        (await import('./menu/index.ts')).createMenu({
          root: host.root,
          close: (takesFocus) => this.close(takesFocus),
        }),
      () => host.changed(),
    );
  }

  view(view: View): TemplateResult {
    const { strings, snapshot } = view;
    // Nothing in it is for somebody who may not talk here.
    if (snapshot.access === 'denied') return html``;
    const menu = this.#isOpen ? this.#menu.want() : undefined;
    const fetch = (): void => void this.#menu.want();
    return html`<button
        class="icon more"
        part="button"
        type="button"
        aria-label=${strings.menu}
        title=${strings.menu}
        aria-haspopup="menu"
        aria-expanded=${this.#isOpen ? 'true' : 'false'}
        aria-controls=${menu === undefined ? nothing : 'menu'}
        @pointerenter=${fetch}
        @focus=${fetch}
        @keydown=${this.#handleKey}
        @click=${() => (this.#isOpen ? this.close(true) : this.#open(0))}
      >
        ${moreIcon}
      </button>
      ${menu?.view(strings.menu, this.#items(view)) ?? nothing}`;
  }

  /** To be called after each drawing. */
  drawn(): void {
    if (this.#opensAt === undefined || this.#menu.value === undefined) return;
    this.#menu.value.opened(this.#opensAt);
    this.#opensAt = undefined;
  }

  close(takesFocus: boolean): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#opensAt = undefined;
    this.#menu.value?.closed();
    if (takesFocus) this.#host.root.querySelector<HTMLElement>('.more')?.focus();
    this.#host.changed();
  }

  #open(at: 0 | -1): void {
    if (this.#menu.hasFailed) this.#menu.retry();
    this.#isOpen = true;
    this.#opensAt = at;
    this.#host.changed();
  }

  readonly #handleKey = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'Escape' && this.#isOpen) {
      event.stopPropagation();
      this.close(true);
    }
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
    event.preventDefault();
    event.stopPropagation();
    this.#open(key === 'ArrowDown' ? 0 : -1);
  };

  #items(view: View): readonly MenuItem[] {
    const { strings, snapshot, act, readsSentences } = view;
    const hasMessages = snapshot.messages.length > 0;
    const isStored = snapshot.messages.some(({ delivery }) => delivery === 'sent');
    return [
      ...(hasMessages ? [{ label: strings.newConversation, icon: newIcon, act: act.newConversation }] : []),
      ...(view.showsConversations
        ? []
        : [{ label: strings.conversationList, icon: historyIcon, act: act.toggleConversations }]),
      ...(isStored ? [{ label: strings.transcript, icon: downloadIcon, act: () => this.#host.download(view) }] : []),
      {
        label: strings.readAloud,
        hint: strings.readAloudHint,
        icon: speechIcon,
        act: view.toggleSentences,
        isChecked: readsSentences,
      },
    ];
  }
}
