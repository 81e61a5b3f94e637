import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Failure } from '../../client/index.ts';
import { isNobody } from '../is-nobody.ts';
import { alertIcon } from './icons.ts';
import type { ConversationView as View } from './conversation-view.ts';
import { signInHereView } from './sign-in.ts';

/** What concerns the whole chat: the connection, who the visitor is, and what failed. */
export function noticesView(view: View): readonly (TemplateResult | typeof nothing)[] {
  return [connectionNotice(view), identityNotice(view), failureNotice(view), failedNotice(view)];
}

function connectionNotice({ snapshot, strings }: View): TemplateResult | typeof nothing {
  const { connection } = snapshot;
  return connection === 'online' ? nothing : notice('plain', html`<p>${strings[connection]}</p>`);
}

function identityNotice(view: View): TemplateResult | typeof nothing {
  const { snapshot, strings, act } = view;
  const { identity, access } = snapshot;
  if (access === 'denied' || (identity.state !== 'expired' && identity.state !== 'rejected')) return nothing;
  const text =
    identity.state === 'expired' || identity.reason === 'expired'
      ? strings.expired
      : identity.reason === 'revoked'
        ? strings.revoked
        : strings.rejected;
  return view.isSignInUntaken
    ? notice(
        'warning',
        html`<div>
          <p>${text}</p>
          ${signInHereView(view)}
        </div>`,
      )
    : notice('warning', html`<p>${text}</p>`, strings.signInAgain, act.signIn);
}

function failureNotice({ snapshot, strings, now, act }: View): TemplateResult | typeof nothing {
  const { failure, identity, access, history, messages } = snapshot;
  // Stands in the middle.
  if (isNobody(snapshot) && messages.length === 0) return nothing;
  if (failure === undefined || access === 'denied' || history === 'failed') return nothing;
  // The notice above it says the same, and offers the way out.
  const isToldAlready = identity.state === 'expired' || identity.state === 'rejected';
  if (failure.code === 'invalid_token' && isToldAlready) return nothing;
  const seconds = secondsLeft(failure, now);
  // What had to wait can be done now.
  if (failure.code === 'rate_limited' && failure.retryAt !== undefined && seconds === 0) return nothing;
  // A number that changes each second is not read out each second.
  const text = html`<p>
    ${strings.failures[failure.code]}${
      seconds > 0 ? html` <span role="timer" aria-live="off">${strings.inSeconds(seconds)}</span>` : nothing
    }
  </p>`;
  return failure.retryable && seconds === 0 && failure.code !== 'rate_limited'
    ? notice('danger', text, strings.tryAgain, act.load)
    : notice('danger', text);
}

/** What the visitor has just asked for and is told of nowhere else. */
function failedNotice({ strings, failed }: View): TemplateResult | typeof nothing {
  return failed === undefined ? nothing : notice('danger', html`<p>${strings.failures[failed]}</p>`);
}

function secondsLeft({ retryAt }: Failure, now: number): number {
  return retryAt === undefined ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1_000));
}

function notice(tone: string, text: TemplateResult, label?: string, act?: () => void): TemplateResult {
  return html`<div class="notice ${tone}" part="notice">
    ${alertIcon}${text}${
      label === undefined
        ? nothing
        : html`<button class="small" part="button" type="button" @click=${act}>${label}</button>`
    }
  </div>`;
}
