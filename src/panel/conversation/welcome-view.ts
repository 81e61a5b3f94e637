import { html, nothing, type TemplateResult } from 'lit/html.js';
import { sendIcon } from '../icons.ts';
import { initialOf } from './author.ts';
import type { ConversationView as View } from './conversation-view.ts';

/** A conversation that has not begun: the agent's first words, and what to ask. */
export function welcomeView({ snapshot, strings, suggestions, name, act }: View): TemplateResult {
  const greeting = strings.pageGreeting ?? (snapshot.agent?.greeting || strings.greeting);
  return html`<div class="welcome" part="welcome">
    <slot name="welcome"></slot>
    <div class="first">
      <span class="avatar" part="avatar" aria-hidden="true">${initialOf(name)}</span>
      <p class="greeting" part="greeting" dir="auto">${greeting}</p>
    </div>
    ${
      suggestions.length === 0 || snapshot.gate !== 'none'
        ? nothing
        : html`<ul class="suggestions" aria-label=${strings.suggestions}>
            ${suggestions.map(
              (text) =>
                html`<li>
                  <button part="suggestion" type="button" @click=${() => act.send(text)}>
                    <span dir="auto">${text}</span>${sendIcon}
                  </button>
                </li>`,
            )}
          </ul>`
    }
  </div>`;
}
