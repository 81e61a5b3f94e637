import { html, nothing, type TemplateResult } from 'lit/html.js';
import { checkIcon, closeIcon } from './icons.ts';
import { identityName } from './identity-name.ts';
import type { View } from './view.ts';

/** @param tools what the header offers beside closing, once the conversation has come. */
export function headerView(view: View, tools: unknown): TemplateResult {
  const { strings, name, act } = view;
  const initial = [...name][0]?.toUpperCase() ?? '';
  return html`<header part="header" role="presentation">
    <span class="avatar" part="avatar" aria-hidden="true">${initial}</span>
    <div class="who">
      <h2 part="title" dir="auto">${name}</h2>
      ${identityMark(view)}
    </div>
    <slot name="header"></slot>
    ${tools} ${view.mode === 'floating' ? iconButton(strings.close, closeIcon, act.close) : nothing}
  </header>`;
}

export function iconButton(label: string, icon: TemplateResult, act: () => void, isPressed?: boolean): TemplateResult {
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
