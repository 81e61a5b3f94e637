import { html, nothing, type TemplateResult } from 'lit';
import type { ViewMessage } from '../../client/index.ts';
import { alertIcon, lockIcon } from './icons.ts';
import { sourceHref } from './source-href.ts';
import { toolView } from './tool-view.ts';
import type { ConversationView as View, Part, PartOf } from './conversation-view.ts';

export function messageView(view: View, message: ViewMessage, isLast: boolean): TemplateResult {
  return message.role === 'user' ? userView(view, message) : replyView(view, message, isLast);
}

/** What a visitor wrote is shown as written. */
function userView(view: View, message: ViewMessage): TemplateResult {
  const { strings } = view;
  const text = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
  return html`<article
    class="mine ${message.delivery}"
    part="message user-message"
    data-message
    aria-label=${strings.you}
  >
    <div class="bubble" part="bubble"><p dir="auto">${text}</p></div>
    ${message.delivery === 'pending' ? html`<p class="state">${strings.sending}</p>` : nothing}
    ${message.delivery === 'failed' ? deliveryFailure(view, message) : nothing}
  </article>`;
}

function deliveryFailure({ strings, act }: View, { id, failure }: ViewMessage): TemplateResult {
  return html`<div class="state failed" part="failure">
    <p>
      ${alertIcon}<span>${strings.notSent} ${failure === undefined ? nothing : strings.failures[failure.code]}</span>
    </p>
    ${failure?.retryable === false ? nothing : smallButton(strings.retry, () => act.retry(id))}
    ${smallButton(strings.edit, () => act.edit(id))}
  </div>`;
}

function replyView(view: View, message: ViewMessage, isLast: boolean): TemplateResult {
  const { strings, name } = view;
  return html`<article class="reply" part="message agent-message" data-message aria-label=${name}>
    ${message.parts.map((part, index) => partView(view, message, part, index, isLast))}
    ${message.status === 'streaming' ? typingView(strings.writing(name)) : nothing} ${sourcesView(view, message)}
    ${statusView(view, message, isLast)}
  </article>`;
}

/** Hidden by the styles once the text before it has begun: a delta draws nothing else anew. */
export function typingView(label: string): TemplateResult {
  return html`<p class="typing" part="typing"><span class="hidden">${label}</span><i></i><i></i><i></i></p>`;
}

function partView(view: View, message: ViewMessage, part: Part, index: number, isLast: boolean): unknown {
  switch (part.type) {
    case 'text':
      return view.texts.node(message.id, index, part.text, message.status === 'streaming');
    case 'dynamic-tool':
      return toolView(view, part, message.status);
    case 'data-sign-in-required':
      return signInView(view, message, isLast);
    default:
      return nothing;
  }
}

function signInView({ snapshot, strings, act }: View, { id }: ViewMessage, isLast: boolean): TemplateResult {
  const isVerified = snapshot.identity.state === 'verified';
  return html`<div class="card" part="sign-in">
    <span class="lock">${lockIcon}</span>
    <div>
      <b>${isVerified ? strings.signedIn : strings.signInTitle}</b>
      <p>${isVerified ? strings.signedInNow : strings.signInText}</p>
    </div>
    ${
      isVerified
        ? isLast && snapshot.reply === 'idle'
          ? smallButton(strings.tryAgain, () => act.regenerate(id))
          : nothing
        : html`<button class="primary" part="button" type="button" @click=${act.signIn}>${strings.signIn}</button>`
    }
  </div>`;
}

function sourcesView({ strings }: View, { parts }: ViewMessage): TemplateResult | typeof nothing {
  const sources = new Map<string, TemplateResult>();
  for (const part of parts) {
    if (part.type === 'source-url') sources.set(part.url, sourceLink(part, strings.opensInNewTab));
    if (part.type === 'source-document') sources.set(part.sourceId, html`<span dir="auto">${part.title}</span>`);
  }
  if (sources.size === 0) return nothing;
  return html`<div class="sources" part="sources">
    <h3 class="label">${strings.sources}</h3>
    <ul>
      ${[...sources.values()].map((source) => html`<li>${source}</li>`)}
    </ul>
  </div>`;
}

function sourceLink({ url, title }: PartOf<'source-url'>, opensInNewTab: string): TemplateResult {
  const href = sourceHref(url);
  const text = title?.trim() || url;
  return href === undefined
    ? html`<span dir="auto">${text}</span>`
    : html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow" dir="auto"
        >${text}<span class="hidden"> (${opensInNewTab})</span></a
      >`;
}

function statusView(
  { snapshot, strings, act }: View,
  message: ViewMessage,
  isLast: boolean,
): TemplateResult | typeof nothing {
  const { status } = message;
  if (status === 'complete' || status === 'streaming') return nothing;
  const reason = status === 'failed' && message.failure !== undefined ? strings.failures[message.failure.code] : '';
  return html`<div class="state ${status}" part="status">
    <p>${status === 'stopped' ? nothing : alertIcon}<span>${strings[status]} ${reason}</span></p>
    ${isLast && snapshot.reply === 'idle' ? smallButton(strings.tryAgain, () => act.regenerate(message.id)) : nothing}
  </div>`;
}

function smallButton(label: string, act: () => void): TemplateResult {
  return html`<button class="small" part="button" type="button" @click=${act}>${label}</button>`;
}
