import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FormField } from '../../../protocol/index.ts';
import type { ConversationView as View } from '../conversation-view.ts';
import { keepKeys } from '../keep-keys.ts';

export type Problem = 'missing' | 'invalid';

const kinds = { name: { type: 'text', inputMode: 'text' }, email: { type: 'email', inputMode: 'email' } } as const;

/** The server takes no more. */
const maxCharacters = 200;

export function fieldView(
  { strings, snapshot: { identity } }: View,
  { name, required }: FormField,
  problem: Problem | undefined,
  corrected: (event: Event) => void,
): TemplateResult {
  const { type, inputMode } = kinds[name];
  const known = identity.state === 'self-reported' ? (identity[name] ?? '') : '';
  const id = `gate-${name}`;
  return html`<div class="gate-field" part="gate-field">
    <label for=${id}
      >${name === 'name' ? strings.formName : strings.formEmail}${
        required ? nothing : html` <span>(${strings.formOptional})</span>`
      }</label
    >
    <input
      id=${id}
      part="gate-input"
      name=${name}
      type=${type}
      inputmode=${inputMode}
      autocomplete=${name}
      autocapitalize=${name === 'name' ? 'words' : 'none'}
      spellcheck="false"
      maxlength=${maxCharacters}
      dir="auto"
      .defaultValue=${known}
      ?required=${required}
      aria-invalid=${problem === undefined ? nothing : 'true'}
      aria-describedby=${problem === undefined ? nothing : `${id}-problem`}
      @input=${corrected}
      @keydown=${keepKeys}
      @keypress=${keepKeys}
      @keyup=${keepKeys}
    />
    <p id=${`${id}-problem`} class="gate-problem" ?hidden=${problem === undefined}>
      ${problem === 'invalid' ? strings.formEmailInvalid : strings.formMissing}
    </p>
  </div>`;
}

/** By the browser's own judgement of an address; blanks alone are nothing. */
export function problemOf({ required, value, validity }: HTMLInputElement): Problem | undefined {
  if (value.trim() === '') return required ? 'missing' : undefined;
  return validity.valid ? undefined : 'invalid';
}
