import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatMessage, MessageStatus } from '../../../../src/protocol/index.ts';
import { badge, formatDateTime, timeAt, timeShort } from '../elements/index.ts';
import { adoptStyles } from '../styles/index.ts';
import { partView, sourcesView } from './message-parts.ts';
import { transcriptStyles } from './transcript-styles.ts';

export type TranscriptNames = {
  readonly agent: string;
  /** Whatever the visitor is called in lists. */
  readonly visitor: string;
  /** Origin of the page that it began on, on which paths in answers lie. */
  readonly site: string | null;
};

adoptStyles(transcriptStyles);

/**
 * Messages as their visitor sees them, oldest first, with what visitors do not see of them: what went into an action and came
 * out of it, and what was said of an answer. All of it is hostile text; nothing in it is run or fetched. Stands below a heading
 * of level 2.
 */
export const transcript = (messages: readonly ChatMessage[], names: TranscriptNames): TemplateResult =>
  html`<ol class="transcript" role="list" aria-label="Messages">
    ${repeat(
      messages,
      ({ id }) => id,
      (message) => html`<li>${messageView(message, names)}</li>`,
    )}
  </ol>`;

/** One message, where a list of one's own is drawn. */
export function messageView(message: ChatMessage, names: TranscriptNames): TemplateResult {
  if (isEvent(message)) return eventView(message, names);
  const { kind, name } = authorOf(message, names);
  const { createdAt, editedFrom } = message.metadata ?? {};
  const label = createdAt === undefined ? name : `${name}, ${formatDateTime(createdAt)}`;
  return html`<article class=${`message ${kind}`} aria-label=${label}>
    <header>
      <bdi>${name}</bdi> ${kind === 'person' ? badge('Person', 'accent') : nothing} ${timeAt(createdAt)}
      ${editedFrom === undefined ? nothing : html`<span>edited</span>`}
    </header>
    <div class="message-body">
      ${message.parts.map((part) => partView(message, part, names.site))} ${sourcesView(message)} ${statusView(message)}
      ${feedbackView(message)}
    </div>
  </article>`;
}

/** Who answers from now on is said by nobody. */
const isEvent = ({ parts }: ChatMessage): boolean =>
  parts.length > 0 && parts.every(({ type }) => type === 'data-handoff');

const eventView = (message: ChatMessage, names: TranscriptNames): TemplateResult =>
  html`<div class="event">
    ${message.parts.map((part) => partView(message, part, names.site))} ${timeShort(message.metadata?.createdAt)}
  </div>`;

type Author = { readonly kind: 'visitor' | 'agent' | 'person'; readonly name: string };

function authorOf({ role, metadata }: ChatMessage, names: TranscriptNames): Author {
  if (role === 'user') return { kind: 'visitor', name: names.visitor };
  const { kind, name } = metadata?.author ?? {};
  return kind === 'operator'
    ? { kind: 'person', name: name?.trim() || 'Operator' }
    : { kind: 'agent', name: names.agent };
}

const statuses: Readonly<Record<Exclude<MessageStatus, 'complete'>, string>> = {
  streaming: 'Writing…',
  stopped: 'The visitor stopped this answer.',
  failed: 'This answer could not be finished.',
  interrupted: 'This answer was interrupted.',
};

function statusView({ role, metadata }: ChatMessage): TemplateResult | typeof nothing {
  const status = metadata?.status;
  if (role === 'user' || status === undefined || status === 'complete') return nothing;
  return html`<p class="aside">${statuses[status]}</p>`;
}

function feedbackView({ metadata }: ChatMessage): TemplateResult | typeof nothing {
  const feedback = metadata?.feedback;
  if (feedback === undefined) return nothing;
  const said = feedback.rating === 'up' ? badge('Rated helpful', 'success') : badge('Rated not helpful', 'danger');
  return html`<div class="feedback">
    ${said} ${feedback.comment ? html`<p class="written" dir="auto">${feedback.comment}</p>` : nothing}
  </div>`;
}
