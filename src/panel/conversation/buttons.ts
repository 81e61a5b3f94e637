import { html, nothing, type TemplateResult } from 'lit/html.js';

export function smallButton(label: string, act: () => void): TemplateResult {
  return html`<button class="small" part="button" type="button" @click=${act}>${label}</button>`;
}

/** One of the quiet row under a message. */
export function toolButton(
  label: string,
  icon: TemplateResult,
  act: (event: Event) => void,
  isPressed?: boolean,
): TemplateResult {
  return html`<button
    class="icon quiet"
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
