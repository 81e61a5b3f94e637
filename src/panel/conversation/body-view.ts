import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isNobody } from '../is-nobody.ts';
import { loadingView } from '../loading-view.ts';
import { alertIcon, lockIcon } from './icons.ts';
import type { ConversationView as View } from './conversation-view.ts';
import { listView } from './list-view.ts';
import { signInHereView } from './sign-in.ts';
import { welcomeView } from './welcome-view.ts';

/** What stands between header and composer. */
export function bodyView(view: View): TemplateResult {
  const { snapshot } = view;
  if (snapshot.access === 'denied') return deniedView(view);
  if (snapshot.messages.length > 0) return listView(view);
  if (isNobody(snapshot))
    return html`<div class="center">
      ${alertIcon}
      <p>${view.strings.failures.agent_not_found}</p>
    </div>`;
  if (snapshot.history === 'failed') return failedView(view);
  if (snapshot.history === 'loading') return loadingView(view.strings);
  return welcomeView(view);
}

function failedView({ snapshot, strings, act }: View): TemplateResult {
  const code = snapshot.failure?.code;
  return html`<div class="center">
    <p>${strings.loadFailed} ${code === undefined ? nothing : strings.failures[code]}</p>
    <button part="button" type="button" @click=${act.load}>${strings.tryAgain}</button>
  </div>`;
}

function deniedView(view: View): TemplateResult {
  const { snapshot, strings, act, isSignInUntaken } = view;
  const isExpired = snapshot.identity.state === 'expired';
  const isRejected = snapshot.identity.state === 'rejected';
  return html`<div class="center" part="denied">
    <span class="lock">${lockIcon}</span>
    <h3>${strings.deniedTitle}</h3>
    <p>${isExpired ? strings.expired : isRejected ? strings.rejected : strings.deniedText}</p>
    ${
      isSignInUntaken
        ? signInHereView(view)
        : html`<button class="primary" part="button" type="button" @click=${act.signIn}>
            ${isExpired || isRejected ? strings.signInAgain : strings.signIn}
          </button>`
    }
  </div>`;
}
