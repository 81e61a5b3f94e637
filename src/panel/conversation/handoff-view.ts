import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ConversationView as View } from './conversation-view.ts';
import { personIcon } from './icons.ts';

/** A line about who answers. Whatever else the part holds is left out. */
export function handoffView(view: Pick<View, 'strings'>, data: unknown): TemplateResult | typeof nothing {
  const text = handoffText(view, data);
  return text === ''
    ? nothing
    : html`<p class="handoff" part="handoff">${personIcon}<span dir="auto">${text}</span></p>`;
}

export function handoffText({ strings }: Pick<View, 'strings'>, data: unknown): string {
  const { state, name } = (data ?? {}) as { readonly state?: unknown; readonly name?: unknown };
  switch (state) {
    case 'requested':
      return strings.handoffRequested;
    case 'active':
      return strings.handoffActive((typeof name === 'string' && name.trim()) || strings.human);
    case 'ended':
      return strings.handoffEnded;
    default:
      return '';
  }
}
