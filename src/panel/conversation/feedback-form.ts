import { html, type TemplateResult } from 'lit/html.js';
import type { ViewMessage } from '../../client/index.ts';
import type { ConversationView as View } from './conversation-view.ts';
import { keepKeys } from './keep-keys.ts';

/** The server takes no more. */
const maxCharacters = 2_000;

/** What could be better about an answer: said, or not. */
export function feedbackForm({ answers, strings }: View, { id, metadata }: ViewMessage): TemplateResult {
  const send = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const comment = form.querySelector('textarea')?.value ?? '';
    leave(form);
    answers.comment(id, comment);
  };
  const skip = ({ currentTarget }: Event) => {
    leave(currentTarget as Element);
    answers.skip(id);
  };
  return html`<form class="feedback" part="feedback" @submit=${send}>
    <label
      >${strings.feedbackComment}
      <textarea
        part="feedback-input"
        rows="2"
        dir="auto"
        maxlength=${maxCharacters}
        .value=${answers.of(id).draft || (metadata?.feedback?.comment ?? '')}
        @keydown=${keepKeys}
        @keypress=${keepKeys}
        @keyup=${keepKeys}
      ></textarea>
    </label>
    <button class="small primary" part="button">${strings.feedbackSend}</button>
    <button class="small" part="button" type="button" data-escape @click=${skip}>${strings.cancel}</button>
  </form>`;
}

/** The form goes away; who came to it by a button goes on there. */
function leave(inside: Element): void {
  inside.closest('article')?.querySelector<HTMLElement>('.tools [aria-pressed=true]')?.focus();
}
