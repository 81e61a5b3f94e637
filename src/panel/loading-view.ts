import { html, type TemplateResult } from 'lit/html.js';
import type { FirstStrings } from '../strings/index.ts';

/** The shape of a conversation, until there is one. */
export function loadingView({ loading }: Pick<FirstStrings, 'loading'>): TemplateResult {
  return html`<div class="skeleton">
    <p class="hidden">${loading}</p>
    <i></i><i></i><i></i><i></i>
  </div>`;
}
