import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatMessage } from '../../../../src/protocol/index.ts';
import { messageView, type TranscriptNames } from '../conversation/index.ts';
import { formatDateTime, icon, timeAt } from '../elements/index.ts';
import type { Note } from './types.ts';

type Item =
  | { readonly kind: 'message'; readonly message: ChatMessage }
  | { readonly kind: 'note'; readonly note: Note };

/** Messages in their order, and each note where it was written between them. Notes from before the first message that is loaded wait. */
export function timelineItems(
  messages: readonly ChatMessage[],
  notes: readonly Note[],
  isWhole: boolean,
): readonly Item[] {
  const items: Item[] = [];
  const waiting = [...notes];
  for (const message of messages) {
    const at = message.metadata?.createdAt ?? '';
    const from = items.length === 0 && !isWhole ? at : '';
    while (waiting[0] !== undefined && at !== '' && waiting[0].createdAt < at) {
      const [note] = waiting.splice(0, 1);
      if (note !== undefined && note.createdAt >= from) items.push({ kind: 'note', note });
    }
    items.push({ kind: 'message', message });
  }
  return [...items, ...waiting.map((note): Item => ({ kind: 'note', note }))];
}

type TimelineOptions = {
  readonly names: TranscriptNames;
  /** Who may remove a note; undefined: nobody. */
  readonly removal: (note: Note) => (() => void) | undefined;
};

export const timeline = (items: readonly Item[], { names, removal }: TimelineOptions): TemplateResult =>
  html`<ol class="transcript" role="list" aria-label="Messages and notes">
    ${repeat(
      items,
      (item) => (item.kind === 'note' ? `note ${item.note.id}` : item.message.id),
      (item) =>
        html`<li>
          ${item.kind === 'note' ? noteView(item.note, removal(item.note)) : messageView(item.message, names)}
        </li>`,
    )}
  </ol>`;

function noteView({ author, text, createdAt }: Note, remove: (() => void) | undefined): TemplateResult {
  return html`<article class="note" aria-label=${`Internal note, ${author.name}, ${formatDateTime(createdAt)}`}>
    <header>
      ${icon('lock')}<strong>Internal note</strong> <bdi>${author.name}</bdi> ${timeAt(createdAt)}
      ${
        remove === undefined
          ? nothing
          : html`<button type="button" class="button quiet small" aria-label="Remove this note" @click=${remove}>
              ${icon('trash')}
            </button>`
      }
    </header>
    <p class="written" dir="auto">${text}</p>
  </article>`;
}
