import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ConversationView as View } from './conversation-view.ts';

/** How many characters there is room for, once that is not many. */
export function limitView({ strings, composer: { left } }: View): TemplateResult {
  const text = left === undefined ? nothing : left < 0 ? strings.charactersOver(-left) : strings.charactersLeft(left);
  return html`<p id="limit" class=${left !== undefined && left < 0 ? 'over' : ''} ?hidden=${left === undefined}>
    ${text}
  </p>`;
}
