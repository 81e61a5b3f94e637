import { html, type TemplateResult } from 'lit';
import { type Form, textOf } from '../elements/index.ts';

/** As the server has it. */
const minLength = 12;

type Names = { readonly name: string; readonly label: string };

/** A new password, twice. */
export const newPasswordFields = (form: Form, { name, label }: Names): TemplateResult =>
  html`${form.field({
    name,
    label,
    type: 'password',
    autocomplete: 'new-password',
    required: true,
    hint: `At least ${minLength} characters. A few words that are easy to remember do well.`,
  })}
  ${form.field({ name: 'again', label: 'The same again', type: 'password', autocomplete: 'new-password', required: true })}`;

/** What is wrong with a new password, for the form's check. */
export function newPasswordFaults(data: FormData, name: string): Record<string, string> {
  const password = textOf(data, name);
  return {
    ...(password.length < minLength ? { [name]: `A password has at least ${minLength} characters.` } : {}),
    ...(password === textOf(data, 'again') ? {} : { again: 'This is not the password above.' }),
  };
}
