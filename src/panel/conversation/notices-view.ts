import { html, nothing, type TemplateResult } from 'lit';
import type { Failure } from '../../client/index.ts';
import { alertIcon } from './icons.ts';
import type { ConversationView as View } from './conversation-view.ts';

/** What concerns the whole chat: the connection, who the visitor is, and what failed. */
export function noticesView(view: View): readonly (TemplateResult | typeof nothing)[] {
  return [connectionNotice(view), identityNotice(view), failureNotice(view)];
}

function connectionNotice({ snapshot, strings }: View): TemplateResult | typeof nothing {
  const { connection } = snapshot;
  return connection === 'online' ? nothing : notice('quiet', html`<p>${strings[connection]}</p>`);
}

function identityNotice({ snapshot, strings, act }: View): TemplateResult | typeof nothing {
  const { identity, access } = snapshot;
  if (access === 'denied' || (identity.state !== 'expired' && identity.state !== 'rejected')) return nothing;
  const text =
    identity.state === 'expired' || identity.reason === 'expired'
      ? strings.expired
      : identity.reason === 'revoked'
        ? strings.revoked
        : strings.rejected;
  return notice('warning', html`<p>${text}</p>`, strings.signInAgain, act.signIn);
}

function failureNotice({ snapshot, strings, now, act }: View): TemplateResult | typeof nothing {
  const { failure, identity, access, history } = snapshot;
  if (failure === undefined || access === 'denied' || history === 'failed') return nothing;
  // The notice above it says the same, and offers the way out.
  const isToldAlready = identity.state === 'expired' || identity.state === 'rejected';
  if (failure.code === 'invalid_token' && isToldAlready) return nothing;
  const seconds = secondsLeft(failure, now);
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
