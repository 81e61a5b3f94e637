import { html, type TemplateResult } from 'lit';
import type { ControlAttributes } from '../elements/index.ts';

/** One of several, in a field of a form. */
export const selection =
  (
    name: string,
    value: string,
    options: readonly (readonly [value: string, label: string])[],
    { isRequired = false }: { readonly isRequired?: boolean } = {},
  ) =>
  ({ id, describedBy, invalid }: ControlAttributes): TemplateResult =>
    html`<select
      class="input"
      id=${id}
      name=${name}
      ?required=${isRequired}
      aria-describedby=${describedBy}
      aria-invalid=${invalid}
    >
      ${options.map(([each, label]) => html`<option value=${each} ?selected=${each === value}>${label}</option>`)}
    </select>`;
