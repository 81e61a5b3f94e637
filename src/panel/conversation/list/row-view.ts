import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FailureCode } from '../../../client/index.ts';
import type { ConversationSummary } from '../../../protocol/index.ts';
import type { ConversationView as View } from '../conversation-view.ts';
import { alertIcon, editIcon } from '../icons.ts';
import { keepKeys } from '../keep-keys.ts';
import { relativeTime } from './relative-time.ts';

export type RowActions = {
  readonly open: (id: string) => void;
  readonly rename: (id: string) => void;
  readonly save: (id: string, before: string, title: string) => void;
  readonly cancel: (id: string) => void;
};

export type Row = {
  /** Whether the Tab key comes to it. */
  readonly isActive: boolean;
  /** Whether it is the one on the screen. */
  readonly isCurrent: boolean;
  readonly isRenaming: boolean;
  readonly failed: FailureCode | undefined;
  readonly actions: RowActions;
};

/** The server takes no more. */
const maxTitleCharacters = 120;

export function rowView(view: View, conversation: ConversationSummary, row: Row): TemplateResult {
  const { strings } = view;
  return html`<li class=${row.isRenaming ? 'renaming' : ''}>
    ${row.isRenaming ? renameView(view, conversation, row) : openView(view, conversation, row)}
    ${
      row.failed === undefined
        ? nothing
        : html`<p class="row-failed" role="alert">${alertIcon}<span>${strings.failures[row.failed]}</span></p>`
    }
  </li>`;
}

function openView(view: View, conversation: ConversationSummary, row: Row): TemplateResult {
  const { strings, locale, now, times } = view;
  const { id, lastMessage, updatedAt, unreadCount } = conversation;
  const title = conversation.title || strings.untitled;
  const time = relativeTime(updatedAt, now, locale);
  const tabIndex = row.isActive ? '0' : '-1';
  return html`<button
      class="row"
      part="conversation"
      type="button"
      tabindex=${tabIndex}
      data-id=${id}
      aria-current=${row.isCurrent ? 'true' : nothing}
      @click=${() => row.actions.open(id)}
    >
      <b dir="auto">${title}</b>
      ${time === undefined ? nothing : html`<time datetime=${updatedAt} title=${time.long}>${time.short}</time>`}
      <span dir="auto">${lastMessage}</span>
      ${
        unreadCount > 0
          ? html`<em part="conversation-badge"
              ><i aria-hidden="true">${unreadCount > 99 ? '99+' : times.count(unreadCount)}</i
              ><span class="hidden">${strings.unread(unreadCount)}</span></em
            >`
          : nothing
      }
    </button>
    <button
      class="icon"
      part="button"
      type="button"
      tabindex=${tabIndex}
      data-rename=${id}
      aria-label=${strings.renameTitle(title)}
      title=${strings.rename}
      @click=${() => row.actions.rename(id)}
    >
      ${editIcon}
    </button>`;
}

function renameView({ strings }: View, { id, title }: ConversationSummary, { actions }: Row): TemplateResult {
  const save = (event: Event): void => {
    event.preventDefault();
    const input = (event.currentTarget as HTMLFormElement).querySelector('input');
    actions.save(id, title, input?.value ?? '');
  };
  const leave = (event: KeyboardEvent): void => {
    keepKeys(event);
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    event.preventDefault();
    actions.cancel(id);
  };
  return html`<form class="rename" part="rename" @submit=${save}>
    <input
      type="text"
      dir="auto"
      maxlength=${maxTitleCharacters}
      enterkeyhint="done"
      autocomplete="off"
      aria-label=${strings.newTitle}
      .defaultValue=${title}
      @keydown=${leave}
      @keypress=${keepKeys}
      @keyup=${keepKeys}
    />
    <button class="primary small" part="button">${strings.save}</button>
    <button class="small" part="button" type="button" @click=${() => actions.cancel(id)}>${strings.cancel}</button>
  </form>`;
}
