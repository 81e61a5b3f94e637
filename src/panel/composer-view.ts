import { html, nothing, type TemplateResult } from 'lit';
import { sendIcon, stopIcon } from './icons.ts';
import type { View } from './view.ts';

export type ComposerEvents = {
  readonly input: (event: Event) => void;
  readonly keydown: (event: KeyboardEvent) => void;
  readonly submit: (event: Event) => void;
  /** Keys that concern the composer alone. */
  readonly keep: (event: Event) => void;
};

/** The text itself is the textarea's own: no render ever writes it. */
export function composerView({ snapshot, strings, composer }: View, events: ComposerEvents): TemplateResult {
  const isBusy = snapshot.reply !== 'idle';
  const isOver = composer.left !== undefined && composer.left < 0;
  const label = isBusy ? strings.stop : strings.send;
  return html`<form part="composer" ?hidden=${snapshot.access === 'denied'} @submit=${events.submit}>
    <div class="field" part="field">
      <div class="grow">
        <textarea
          part="input"
          rows="1"
          dir="auto"
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
        aria-disabled=${!isBusy && (composer.isEmpty || isOver) ? 'true' : nothing}
      >
        ${isBusy ? stopIcon : sendIcon}
      </button>
    </div>
    <p id="limit" class=${isOver ? 'over' : ''} ?hidden=${composer.left === undefined}>
      ${limitText(composer.left, strings)}
    </p>
  </form>`;
}

function limitText(left: number | undefined, strings: View['strings']): string | typeof nothing {
  if (left === undefined) return nothing;
  return left < 0 ? strings.charactersOver(-left) : strings.charactersLeft(left);
}
