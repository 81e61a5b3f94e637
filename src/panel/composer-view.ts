import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isNobody } from './is-nobody.ts';
import { sendIcon, stopIcon } from './icons.ts';
import type { View } from './view.ts';

export type ComposerEvents = {
  readonly input: (event: Event) => void;
  readonly keydown: (event: KeyboardEvent) => void;
  readonly submit: (event: Event) => void;
  /** Keys that concern the composer alone. */
  readonly keep: (event: Event) => void;
};

/**
 * The text itself is the textarea's own: no render ever writes it.
 *
 * @param start what stands before it, once the conversation has come
 * @param limit how much of it is left, below
 */
export function composerView(view: View, events: ComposerEvents, start: unknown, limit: unknown): TemplateResult {
  const { snapshot, strings, composer } = view;
  // Until what takes its place has come, it keeps the focus, and what is typed.
  const isCovered = start !== undefined && (snapshot.gate !== 'none' || view.showsConversations);
  const isAway = snapshot.access === 'denied' || isNobody(snapshot) || isCovered;
  const isBusy = snapshot.reply !== 'idle';
  const isOver = composer.left !== undefined && composer.left < 0;
  const label = isBusy ? strings.stop : strings.send;
  return html`<form part="composer" ?hidden=${isAway} @submit=${events.submit}>
    <div class="field" part="field">
      ${start}
      <div class="grow">
        <textarea
          part="input"
          rows="1"
          dir=${composer.isEmpty ? nothing : 'auto'}
          enterkeyhint="send"
          aria-label=${strings.message}
          aria-invalid=${isOver ? 'true' : nothing}
          aria-describedby=${composer.left === undefined ? nothing : 'limit'}
          placeholder=${strings.placeholder}
          @input=${events.input}
          @keydown=${events.keydown}
          @keypress=${events.keep}
          @keyup=${events.keep}
        ></textarea>
      </div>
      <button
        class="send ${isBusy ? 'busy' : ''}"
        part="send"
        aria-label=${label}
        title=${label}
        aria-disabled=${isBusy || composer.canSend ? nothing : 'true'}
      >
        ${isBusy ? stopIcon : sendIcon}
      </button>
    </div>
    ${limit}
  </form>`;
}
