import { html, nothing, type TemplateResult } from 'lit';
import type { Conversation } from './types.ts';

/** How many visitors of a list wait for a person, with the way to them; nothing where that is what the list shows. */
export function waitingNotice(items: readonly Conversation[], query: URLSearchParams): TemplateResult | typeof nothing {
  const waiting = items.filter(({ handoff, status }) => handoff.state === 'requested' && status === 'open').length;
  if (waiting === 0 || query.get('handoff') === 'requested') return nothing;
  return html`<p class="notice warning">
    ${waiting === 1 ? 'A visitor asks' : `${waiting} visitors ask`} for a person.
    <a href="/dashboard/inbox?handoff=requested">Show who waits</a>
  </p>`;
}
