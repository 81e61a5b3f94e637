import { html, type TemplateResult } from 'lit/html.js';
import { smallButton } from './buttons.ts';
import type { ConversationView as View } from './conversation-view.ts';
import { editIcon } from './icons.ts';

/** Says what sending does while a message is being changed. */
export function composerBar({ strings, cancelEdit }: View): TemplateResult {
  return html`<div class="editing" part="editing">
    ${editIcon}
    <p>${strings.editing}</p>
    ${smallButton(strings.cancel, cancelEdit)}
  </div>`;
}
