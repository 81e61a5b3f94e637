import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { loadingView } from '../loading-view.ts';
import { lockIcon } from './icons.ts';
import { messageView, typingView } from './message-view.ts';
import type { ConversationView as View } from './conversation-view.ts';

/** What stands between header and composer. */
export function bodyView(view: View): TemplateResult {
  const { snapshot } = view;
  if (snapshot.access === 'denied') return deniedView(view);
  if (view.showsConversations) return conversationsView(view);
  if (snapshot.messages.length > 0) return listView(view);
  if (snapshot.history === 'failed') return failedView(view);
  if (snapshot.history === 'loading') return loadingView(view.strings);
  return emptyView(view);
}

function listView(view: View): TemplateResult {
  const { snapshot, strings } = view;
  return html`${snapshot.hasOlder ? olderView(view) : nothing}
  ${repeat(
    snapshot.messages,
    (message) => message.id,
    (message, index) => messageView(view, message, index === snapshot.messages.length - 1),
  )}
  ${snapshot.reply === 'waiting' && snapshot.messages.at(-1)?.status !== 'streaming' ? html`<div class="reply">${typingView(strings.writing(view.name))}</div>` : nothing}`;
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

function emptyView({ snapshot, strings, suggestions, act }: View): TemplateResult {
  return html`<div class="welcome" part="welcome">
    <slot name="welcome"></slot>
    <p class="greeting" part="greeting" dir="auto">${snapshot.agent?.greeting || strings.greeting}</p>
    ${
      suggestions.length === 0
        ? nothing
        : html`<ul class="suggestions" aria-label=${strings.suggestions}>
            ${suggestions.map(
              (text) =>
                html`<li>
                  <button part="suggestion" type="button" @click=${() => act.send(text)}>
                    <span dir="auto">${text}</span>
                  </button>
                </li>`,
            )}
          </ul>`
    }
  </div>`;
}

function failedView({ snapshot, strings, act }: View): TemplateResult {
  const code = snapshot.failure?.code;
  return html`<div class="center">
    <p>${strings.loadFailed} ${code === undefined ? nothing : strings.failures[code]}</p>
    <button part="button" type="button" @click=${act.load}>${strings.tryAgain}</button>
  </div>`;
}

function deniedView({ snapshot, strings, act }: View): TemplateResult {
  const isExpired = snapshot.identity.state === 'expired';
  const isRejected = snapshot.identity.state === 'rejected';
  return html`<div class="center" part="denied">
    <span class="lock">${lockIcon}</span>
    <h3>${strings.deniedTitle}</h3>
    <p>${isExpired ? strings.expired : isRejected ? strings.rejected : strings.deniedText}</p>
    <button class="primary" part="button" type="button" @click=${act.signIn}>
      ${isExpired || isRejected ? strings.signInAgain : strings.signIn}
    </button>
  </div>`;
}

function conversationsView({ snapshot, strings, act }: View): TemplateResult {
  return html`<h3 class="label">${strings.conversations}</h3>
    <ul class="conversations">
      ${snapshot.conversations.map(
        ({ id, title, lastMessage, updatedAt }) =>
          html`<li>
            <button
              part="conversation"
              type="button"
              aria-current=${id === snapshot.conversationId ? 'true' : nothing}
              @click=${() => act.openConversation(id)}
            >
              <b dir="auto">${title || strings.untitled}</b><span dir="auto">${lastMessage}</span
              ><time datetime=${updatedAt}>${dayOf(updatedAt)}</time>
            </button>
          </li>`,
      )}
    </ul>`;
}

/** The day in the visitor's own way of writing it; nothing for what is no time. */
function dayOf(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
}
