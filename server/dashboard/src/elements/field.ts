import { html, nothing, type TemplateResult } from 'lit';
import { icon } from './icons.ts';

export type FieldText = { readonly name: string; readonly label: string; readonly hint?: unknown };

/** What a control in a field has to carry. */
export type ControlAttributes = {
  readonly id: string;
  /** For `aria-describedby`: the hint, and the error before it. */
  readonly describedBy: string;
  /** For `aria-invalid`. */
  readonly invalid: boolean;
};

/** Label, control, hint and error. Forms make theirs by `form.field()` and `form.control()`. */
export function fieldTemplate(
  id: string,
  { label, hint }: FieldText,
  error: string | undefined,
  control: (attributes: ControlAttributes) => TemplateResult,
): TemplateResult {
  const describedBy = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${hint ? html`<div class="hint" id=${`${id}-hint`}>${hint}</div>` : nothing}
    ${control({ id, describedBy, invalid: error !== undefined })}
    ${error ? html`<div class="error" id=${`${id}-error`}>${icon('alert')}<span>${error}</span></div>` : nothing}
  </div>`;
}
