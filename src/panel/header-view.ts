import { html, nothing, type TemplateResult } from 'lit';
import { checkIcon, closeIcon, historyIcon, newIcon } from './icons.ts';
import { identityName } from './identity-name.ts';
import type { View } from './view.ts';

export function headerView(view: View): TemplateResult {
  const { strings, name, snapshot, act } = view;
  const initial = [...name][0]?.toUpperCase() ?? '';
  return html`<header part="header" role="presentation">
    <span class="avatar" part="avatar" aria-hidden="true">${initial}</span>
    <div class="who">
      <h2 part="title"><bdi>${name}</bdi></h2>
      ${identityMark(view)}
    </div>
    <slot name="header"></slot>
    ${
      snapshot.conversations.length > 1
        ? iconButton(strings.conversations, historyIcon, act.toggleConversations, view.showsConversations)
        : nothing
    }
    ${snapshot.messages.length > 0 ? iconButton(strings.newConversation, newIcon, act.newConversation) : nothing}
    ${view.mode === 'floating' ? iconButton(strings.close, closeIcon, act.close) : nothing}
  </header>`;
}

function iconButton(label: string, icon: TemplateResult, act: () => void, isPressed?: boolean): TemplateResult {
  return html`<button
    class="icon"
    part="button"
    type="button"
    aria-label=${label}
    title=${label}
    aria-pressed=${isPressed ?? nothing}
    @click=${act}
  >
    ${icon}
  </button>`;
}

function identityMark({ snapshot, strings }: View): TemplateResult | typeof nothing {
  const { identity } = snapshot;
  const name = identityName(identity);
  switch (identity.state) {
    case 'verified':
      return html`<p class="identity verified" part="identity">
        ${checkIcon}<span>${name === undefined ? strings.signedIn : strings.signedInAs(name)}</span>
      </p>`;
    case 'self-reported':
      return html`<p class="identity" part="identity">
        <span>${name === undefined ? strings.unproven : strings.notVerified(name)}</span>
      </p>`;
    case 'verifying':
      return html`<p class="identity" part="identity"><span>${strings.checkingSignIn}</span></p>`;
    default:
      return nothing;
  }
}
