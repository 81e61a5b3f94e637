import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ConversationView as View } from './conversation-view.ts';
import { downIcon } from './icons.ts';

/** @param count of new messages that the reader has not come to yet */
export function jumpView({ strings, times }: View, isHidden: boolean, count: number, jump: () => void): TemplateResult {
  const label = count === 0 ? strings.jump : times.join(strings.jump, strings.unread(count));
  return html`<button
    class="icon jump"
    part="jump"
    type="button"
    ?hidden=${isHidden}
    aria-label=${label}
    title=${label}
    @click=${jump}
  >
    ${downIcon}${count === 0 ? nothing : html`<span class="count" aria-hidden="true">${times.count(count)}</span>`}
  </button>`;
}
