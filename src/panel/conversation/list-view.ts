import { html, nothing, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { arrange, type Place } from './arrange.ts';
import { initialOf } from './author.ts';
import type { ConversationView as View } from './conversation-view.ts';
import { editable } from './edit.ts';
import { messageView, typingView, type Role } from './message-view.ts';
import { dayCode } from './times.ts';

/** The messages, and what stands between them. */
export function listView(view: View): TemplateResult {
  const { snapshot, now, unreadId } = view;
  const { messages } = snapshot;
  const places = arrange(messages, now, unreadId);
  const editableId = editable(snapshot)?.id;
  return html`${snapshot.hasOlder ? olderView(view) : nothing}
  ${repeat(
    messages,
    ({ id }) => id,
    (message, index) => {
      const place = places[index] as Place;
      const role: Role = { isLast: index === messages.length - 1, isEditable: message.id === editableId };
      return html`${betweenView(view, place)}${messageView(view, message, place, role)}`;
    },
  )}
  ${pendingView(view)}`;
}

function betweenView({ strings, times, now }: View, { beginsDay, beginsUnread, date }: Place): TemplateResult[] {
  return [
    ...(beginsDay && date !== undefined
      ? [
          html`<h3 class="day" part="day">
            <time datetime=${dayCode(date)}>${times.day(date, now, strings)}</time>
          </h3>`,
        ]
      : []),
    ...(beginsUnread ? [html`<h3 class="day new" part="new-messages"><span>${strings.newMessages}</span></h3>`] : []),
  ];
}

/** Somebody is about to say something. A person who has taken over answers when they like. */
function pendingView({ snapshot, strings, name }: View): TemplateResult | typeof nothing {
  const { typing, handoff, reply, messages } = snapshot;
  if (typing !== undefined) {
    const person = typing.name || strings.human;
    return html`<div class="reply human">
      <span class="avatar person" aria-hidden="true">${initialOf(person)}</span>${typingView(strings.typing(person))}
    </div>`;
  }
  const isExpected = reply === 'waiting' && messages.at(-1)?.status !== 'streaming' && handoff?.state !== 'active';
  return isExpected ? html`<div class="reply">${typingView(strings.writing(name))}</div>` : nothing;
}

function olderView({ isLoadingOlder, strings, act }: View): TemplateResult {
  return html`<button
    class="small older"
    part="button"
    type="button"
    aria-disabled=${isLoadingOlder}
    @click=${act.loadOlder}
  >
    ${isLoadingOlder ? strings.loadingOlder : strings.loadOlder}
  </button>`;
}
