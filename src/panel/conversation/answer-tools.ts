import { html, nothing, type TemplateResult } from 'lit/html.js';
import { textOf } from '../../protocol/index.ts';
import type { Place } from './arrange.ts';
import { toolButton } from './buttons.ts';
import type { ConversationView as View } from './conversation-view.ts';
import { feedbackForm } from './feedback-form.ts';
import { againIcon, alertIcon, checkIcon, copyIcon, thumbDownIcon, thumbUpIcon } from './icons.ts';
import type { Reply } from './message-view.ts';

/** The quiet row under an answer that is finished, and what its buttons lead to. */
export function answerTools(view: View, reply: Reply): TemplateResult | typeof nothing {
  const { message, author, place } = reply;
  const text = textOf(message).trim();
  const isAsking = message.parts.some((part) => part.type === 'dynamic-tool' && part.state === 'approval-requested');
  if (message.status === 'streaming' || text === '' || isAsking) return nothing;
  if (author.kind === 'operator' && !place.isLast)
    return html`<div class="tools" part="message-tools">${timeView(view, place)}</div>`;
  return html`<div class="tools" part="message-tools">
      ${timeView(view, place)}${copyButton(view, reply, text)}
      ${author.kind === 'agent' ? [againButton(view, reply), ratingButtons(view, reply)] : nothing}
    </div>
    ${author.kind === 'agent' ? outcomeView(view, reply) : nothing}`;
}

/** When a message was written. */
export function timeView({ times }: View, { date }: Place): TemplateResult | typeof nothing {
  if (date === undefined) return nothing;
  return html`<time class="time" part="time" datetime=${date.toISOString()}>${times.time(date)}</time>`;
}

function copyButton({ answers, strings }: View, { message: { id } }: Reply, text: string): TemplateResult {
  const { isCopied } = answers.of(id);
  return toolButton(
    isCopied ? strings.copied : strings.copyAnswer,
    isCopied ? checkIcon : copyIcon,
    ({ currentTarget }) => {
      void answers.copy(id, text, currentTarget as Element);
    },
  );
}

/** Only the newest answer can be written anew, and one that was not finished says so with a button of its own. */
function againButton({ snapshot, strings, act }: View, { message, isLast }: Reply): TemplateResult | typeof nothing {
  const { reply, handoff } = snapshot;
  const isPersons = handoff?.state === 'active' || handoff?.state === 'requested';
  const isAsking = message.parts.some(({ type }) => type === 'data-sign-in-required');
  if (!isLast || isPersons || isAsking || reply !== 'idle' || message.status !== 'complete') return nothing;
  return toolButton(strings.regenerate, againIcon, () => act.regenerate(message.id));
}

function ratingButtons({ snapshot, answers, strings }: View, { message }: Reply): readonly TemplateResult[] {
  if (snapshot.agent?.features['feedback'] !== true || message.status !== 'complete') return [];
  const rating = message.metadata?.feedback?.rating;
  const rate = (wanted: 'up' | 'down') => (event: Event) => {
    const article = (event.currentTarget as Element).closest('article');
    answers.rate(message.id, rating === wanted ? null : wanted);
    // Once it is drawn, which was asked for just now. On a phone the keyboard would hide what it is about.
    if (!matchMedia('(pointer: coarse)').matches) {
      queueMicrotask(() => article?.querySelector<HTMLElement>('.feedback textarea')?.focus());
    }
  };
  return [
    toolButton(strings.helpful, thumbUpIcon, rate('up'), rating === 'up'),
    toolButton(strings.notHelpful, thumbDownIcon, rate('down'), rating === 'down'),
  ];
}

function outcomeView(view: View, { message }: Reply): TemplateResult | typeof nothing {
  const { answers, strings } = view;
  const { comment, failure } = answers.of(message.id);
  const failed =
    failure === undefined
      ? nothing
      : html`<p class="state failed" part="failure">${alertIcon}<span>${strings.failures[failure]}</span></p>`;
  if (comment === 'asked') return html`${feedbackForm(view, message)}${failed}`;
  if (comment === 'thanks') return html`<p class="state" part="status">${strings.feedbackThanks}</p>`;
  return failed === nothing ? nothing : html`${failed}`;
}
