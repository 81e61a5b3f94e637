import type { LitElement, ReactiveController, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { toApiError } from '../api/index.ts';
import { type ControlAttributes, fieldTemplate, type FieldText } from './field.ts';
import { icon } from './icons.ts';

export type FormState =
  | { readonly state: 'idle' }
  | { readonly state: 'busy' }
  | { readonly state: 'refused'; readonly fields: Readonly<Record<string, string>>; readonly failure: string };

let forms = 0;

/**
 * A form: native inputs that keep what was typed, what is refused said beside its field, the first refused field focused.
 * `send` gets the form's data and fails with an ApiError; while it runs, pressing again does nothing. `check` says beside
 * which fields what is wrong that the browser does not know of: all at once, before anything is sent.
 */
export class Form implements ReactiveController {
  current: FormState = { state: 'idle' };
  readonly #host: LitElement;
  readonly #send: (data: FormData, form: HTMLFormElement) => Promise<unknown>;
  readonly #check: (data: FormData) => Readonly<Record<string, string>>;
  readonly #id = `form${++forms}`;

  constructor(
    host: LitElement,
    send: (data: FormData, form: HTMLFormElement) => Promise<unknown>,
    check: (data: FormData) => Readonly<Record<string, string>> = () => ({}),
  ) {
    this.#host = host;
    this.#send = send;
    this.#check = check;
    host.addController(this);
  }

  hostConnected(): void {}

  /** For `@submit` of a `<form novalidate>`. */
  readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (this.current.state === 'busy') return;
    const invalid = { ...this.#check(new FormData(form)), ...ownMessages(form) };
    if (Object.keys(invalid).length > 0) return this.#refuse(form, invalid, '');
    this.#show({ state: 'busy' });
    try {
      await this.#send(new FormData(form), form);
      this.#show({ state: 'idle' });
    } catch (error) {
      const { code, detail, fields } = toApiError(error);
      await this.#refuse(form, fields, code === 'invalid_input' && Object.keys(fields).length > 0 ? '' : detail);
    }
  };

  /** A text field. */
  field(text: FieldText & InputOptions): TemplateResult {
    const { name, type = 'text', value = '', required = false, autocomplete = 'off', placeholder = '' } = text;
    return this.control(
      text,
      ({ id, describedBy, invalid }) =>
        html`<input
          class="input"
          id=${id}
          name=${name}
          type=${type}
          .defaultValue=${value}
          ?required=${required}
          autocomplete=${autocomplete}
          placeholder=${placeholder}
          spellcheck=${type === 'text'}
          maxlength=${text.maxLength ?? 1_000}
          aria-describedby=${describedBy}
          aria-invalid=${invalid}
        />`,
    );
  }

  /** Any control with a label, a hint and an error: `control` gives its `id` and ARIA attributes to the element. */
  control(text: FieldText, control: (attributes: ControlAttributes) => TemplateResult): TemplateResult {
    const error = this.current.state === 'refused' ? this.current.fields[text.name] : undefined;
    return fieldTemplate(`${this.#id}-${text.name}`, text, error, control);
  }

  /** Why the whole was refused; stands in the form before its button. */
  failure(): TemplateResult {
    const { current } = this;
    const text = current.state === 'refused' ? current.failure : '';
    const failure = text === '' ? nothing : html`<p class="form-failure">${icon('alert')}<span>${text}</span></p>`;
    return html`<div class="form-alert" role="alert">${failure}</div>`;
  }

  button(
    label: string,
    { busy = `${label}…`, kind = 'primary' }: { busy?: string; kind?: string } = {},
  ): TemplateResult {
    const isBusy = this.current.state === 'busy';
    return html`<button class=${`button ${kind}`} aria-disabled=${isBusy}>${isBusy ? busy : label}</button>`;
  }

  /** Forgets what was refused, as when a dialog is opened again. */
  reset(): void {
    this.#show({ state: 'idle' });
  }

  async #refuse(form: HTMLFormElement, fields: Readonly<Record<string, string>>, failure: string): Promise<void> {
    const names = new Set(Array.from(form.elements, (element) => element.getAttribute('name')));
    // What is refused for a field that is not in the form has to be said all the same.
    const elsewhere = Object.entries(fields).flatMap(([name, sentence]) => (names.has(name) ? [] : [sentence]));
    this.#show({ state: 'refused', fields, failure: [failure, ...elsewhere].filter((text) => text !== '').join(' ') });
    await this.#host.updateComplete;
    form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  #show(next: FormState): void {
    this.current = next;
    this.#host.requestUpdate();
  }
}

type InputOptions = {
  readonly type?: 'text' | 'email' | 'password' | 'url' | 'number' | 'search';
  readonly value?: string;
  readonly required?: boolean;
  /** What the pages ask browsers to fill in. */
  readonly autocomplete?: 'on' | 'off' | 'name' | 'email' | 'username' | 'current-password' | 'new-password';
  readonly placeholder?: string;
  /** In UTF-16 code units. Default: 1,000. */
  readonly maxLength?: number;
};

/** What was typed into a field; '' where there is none of that name. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}

/** What the browser itself finds wrong, in our words where its own would not say what to do. */
function ownMessages(form: HTMLFormElement): Record<string, string> {
  const controls = Array.from(form.elements).filter((element): element is HTMLInputElement => 'validity' in element);
  return Object.fromEntries(
    controls
      .filter(({ validity, name }) => name !== '' && !validity.valid)
      .map((control) => [control.name, sentenceOf(control)]),
  );
}

function sentenceOf({ validity, validationMessage, type }: HTMLInputElement): string {
  if (validity.valueMissing && type === 'select-one') return 'Choose one.';
  if (validity.valueMissing) return type === 'checkbox' ? 'Tick this to go on.' : 'Fill this in.';
  if (validity.typeMismatch && type === 'email') return 'Enter an e-mail address, such as ada@example.com.';
  if (validity.typeMismatch && type === 'url') return 'Enter a web address, such as https://example.com.';
  return validationMessage;
}
