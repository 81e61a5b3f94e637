import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ViewMessage } from '../../client/index.ts';
import { answerTools, timeView } from './answer-tools.ts';
import type { Place } from './arrange.ts';
import { authorOf, initialOf, type Author } from './author.ts';
import type { ConversationView as View, Part } from './conversation-view.ts';
import { handoffView } from './handoff-view.ts';
import { alertIcon, editIcon, lockIcon } from './icons.ts';
import { signInHereView } from './sign-in.ts';
import { sourcesView } from './sources-view.ts';
import { toolView } from './tool-view.ts';
import { smallButton, toolButton } from './buttons.ts';

/** What may be done with a message because of where it stands. */
export type Role = { readonly isLast: boolean; readonly isEditable: boolean };

export function messageView(view: View, message: ViewMessage, place: Place, role: Role): TemplateResult {
  const author = authorOf(message);
  return author.kind === 'visitor'
    ? userView(view, message, place, role)
    : replyView(view, { message, author, place, isLast: role.isLast });
}

/** What a visitor wrote is shown as written. */
function userView(view: View, message: ViewMessage, place: Place, { isEditable }: Role): TemplateResult {
  const { strings, editedId, beginEdit } = view;
  const text = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
  return html`<article
    class="mine ${message.delivery} ${joints(place)} ${message.id === editedId ? 'edited' : ''}"
    part="message user-message"
    data-message
    aria-label=${labelOf(view, strings.you, place)}
  >
    ${text === '' ? nothing : html`<div class="bubble" part="bubble"><p dir="auto">${text}</p></div>`}
    ${filesView(view, message)}
    <div class="tools" part="message-tools">
      ${isEditable ? toolButton(strings.editMessage, editIcon, () => beginEdit(message)) : nothing}
      ${timeView(view, place)}
    </div>
    ${message.delivery === 'pending' ? html`<p class="state">${sendingText(view)}</p>` : nothing}
    ${message.delivery === 'failed' ? deliveryFailure(view, message) : nothing}
  </article>`;
}

/** Without a connection nothing is being sent. */
function sendingText({ snapshot, strings }: View): string {
  return snapshot.connection === 'online' ? strings.sending : strings.waiting;
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

export type Reply = {
  readonly message: ViewMessage;
  readonly author: Author;
  readonly place: Place;
  readonly isLast: boolean;
};

function replyView(view: View, reply: Reply): TemplateResult {
  const { strings } = view;
  const { message, author, place, isLast } = reply;
  const name = author.kind === 'operator' ? author.name || strings.human : view.name;
  return html`<article
    class="reply ${author.kind === 'operator' ? 'human' : ''} ${isLast ? 'last' : ''} ${joints(place)}"
    part="message agent-message${author.kind === 'operator' ? ' operator-message' : ''}"
    data-message
    aria-label=${labelOf(view, name, place)}
  >
    ${author.kind === 'operator' && place.isFirst ? authorView(name) : nothing}
    ${message.parts.map((part, index) => partView(view, message, part, index, isLast))}
    ${message.status === 'streaming' ? typingView(strings.writing(name)) : nothing} ${sourcesView(view, message)}
    ${statusView(view, message, isLast)} ${answerTools(view, reply)}
  </article>`;
}

function authorView(name: string): TemplateResult {
  return html`<p class="author" part="author" aria-hidden="true">
    <span class="avatar person" part="avatar">${initialOf(name)}</span><b dir="auto">${name}</b>
  </p>`;
}

/** "You, 14:05" */
function labelOf({ times }: View, name: string, { date }: Place): string {
  return date === undefined ? name : times.join(name, times.time(date));
}

function joints({ isFirst, isLast }: Place): string {
  return `${isFirst ? '' : 'joined'} ${isLast ? 'ends' : ''}`;
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
    case 'file':
      return view.files?.view(view, part, false) ?? nothing;
    case 'data-sign-in-required':
      return signInView(view, message, isLast);
    case 'data-handoff':
      return handoffView(view, part.data);
    default:
      return nothing;
  }
}

function filesView(view: View, { parts }: ViewMessage): TemplateResult[] {
  return parts.flatMap((part) => (part.type === 'file' && view.files ? [view.files.view(view, part, true)] : []));
}

function signInView(view: View, { id }: ViewMessage, isLast: boolean): TemplateResult {
  const { snapshot, strings, isSignInUntaken } = view;
  // A backend of the page's own says itself whether the token that it gets now is enough.
  const isSignedIn = /^(verified|forwarded)$/.test(snapshot.identity.state);
  return html`<div class="card" part="sign-in">
    <span class="lock">${lockIcon}</span>
    <div>
      <b>${isSignedIn ? strings.signedIn : strings.signInTitle}</b>
      ${isSignedIn && !isLast ? nothing : html`<p>${isSignedIn ? strings.signedInNow : strings.signInText}</p>`}
      ${isSignInUntaken && !isSignedIn ? signInHereView(view) : nothing}
    </div>
    ${isSignedIn ? tryAgainView(view, id, isLast) : isSignInUntaken ? nothing : signInButton(view)}
  </div>`;
}

function signInButton({ strings, act }: View): TemplateResult {
  return html`<button class="primary" part="button" type="button" @click=${act.signIn}>${strings.signIn}</button>`;
}

/** Only the last reply can be asked for anew, and only while none runs. */
function tryAgainView({ snapshot, strings, act }: View, id: string, isLast: boolean): TemplateResult | typeof nothing {
  return isLast && snapshot.reply === 'idle' ? smallButton(strings.tryAgain, () => act.regenerate(id)) : nothing;
}

function statusView(view: View, message: ViewMessage, isLast: boolean): TemplateResult | typeof nothing {
  const { strings } = view;
  const { status } = message;
  if (status === 'complete' || status === 'streaming') return nothing;
  const reason = status === 'failed' && message.failure !== undefined ? strings.failures[message.failure.code] : '';
  return html`<div class="state ${status}" part="status">
    <p>${status === 'stopped' ? nothing : alertIcon}<span>${strings[status]} ${reason}</span></p>
    ${tryAgainView(view, message.id, isLast)}
  </div>`;
}
