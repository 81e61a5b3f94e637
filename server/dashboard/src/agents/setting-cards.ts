import { html, nothing, type TemplateResult } from 'lit';
import type { ControlAttributes, Form } from '../elements/index.ts';
import { knowledgeField } from './knowledge-field.ts';
import { selection } from './selection.ts';
import type { Words } from './read-settings.ts';
import type { Agent, SettingName, Surroundings } from './types.ts';

/** What the cards of an agent's settings are drawn with. */
export type CardContext = {
  readonly form: Form;
  readonly agent: Agent;
  readonly surroundings: Surroundings;
  readonly words: readonly Words[];
  /** Says where a setting comes from, and takes it back. */
  readonly origin: (name: SettingName) => unknown;
  readonly addLanguage: () => void;
  readonly removeLanguage: (place: number) => void;
};

const card = (id: string, title: string, text: unknown, content: unknown): TemplateResult =>
  html`<section class="card" aria-labelledby=${id}>
    <header>
      <h2 id=${id}>${title}</h2>
      ${text ? html`<p>${text}</p>` : nothing}
    </header>
    ${content}
  </section>`;

const hint = (text: string, origin: unknown): TemplateResult => html`${text} ${origin}`;

export const textArea =
  (name: string, value: string, { rows = 3, maxLength = 8_000, mono = false } = {}) =>
  ({ id, describedBy, invalid }: ControlAttributes): TemplateResult =>
    html`<textarea
      class=${mono ? 'input mono' : 'input'}
      id=${id}
      name=${name}
      rows=${rows}
      maxlength=${maxLength}
      .defaultValue=${value}
      aria-describedby=${describedBy}
      aria-invalid=${invalid}
    ></textarea>`;

type Tick = { readonly name: string; readonly isTicked: boolean; readonly label: string; readonly text: string };

const tick = ({ name, isTicked, label, text }: Tick, origin: unknown): TemplateResult =>
  html`<div>
    <label class="choice">
      <input type="checkbox" name=${name} value="on" .defaultChecked=${isTicked} />
      <span>${label}</span>
      <span class="hint">${text}</span>
    </label>
    <span class="small">${origin}</span>
  </div>`;

export function wordsCard(context: CardContext): TemplateResult {
  const { form, agent, words, origin, addLanguage } = context;
  const { name } = agent.settings;
  return card(
    'words-heading',
    'Name and welcome',
    'What visitors read before anybody has said anything.',
    html`${form.field({ name: 'name', label: 'Name', value: name, required: true, maxLength: 500, hint: hint('Above the chat.', origin('name')) })}
      ${words.map((each, place) => languageFields(context, each, place))}
      <div class="row">
        <button type="button" class="button small" @click=${addLanguage}>Add a language</button>
      </div>`,
  );
}

function languageFields(context: CardContext, words: Words, place: number): TemplateResult {
  const { form, words: all, origin, removeLanguage } = context;
  const end = place === 0 ? '' : `-${place}`;
  const hasSeveral = all.length > 1;
  const language = hasSeveral ? ` (${words.locale || 'new language'})` : '';
  return html`${
    hasSeveral
      ? form.field({
          name: `locale${end}`,
          label: place === 0 ? 'Language' : 'Another language',
          value: words.locale,
          required: true,
          maxLength: 35,
          hint:
            place === 0
              ? 'As a tag: en, de, pt-BR. Readers of languages that are not listed see English, or the first one.'
              : 'As a tag: en, de, pt-BR.',
        })
      : nothing
  }
  ${form.control(
    { name: `greeting${end}`, label: `Greeting${language}`, hint: place === 0 ? origin('greeting') : undefined },
    textArea(`greeting${end}`, words.greeting, { rows: 2, maxLength: 500 }),
  )}
  ${form.control(
    {
      name: `suggestions${end}`,
      label: `Suggestions${language}`,
      hint:
        place === 0
          ? hint('Questions to begin with, one on each line, at most six.', origin('suggestions'))
          : undefined,
    },
    textArea(`suggestions${end}`, words.suggestions.join('\n')),
  )}
  ${
    place === 0
      ? nothing
      : html`<div class="row">
          <button type="button" class="button small danger" @click=${() => removeLanguage(place)}>
            Remove this language
          </button>
        </div>`
  }`;
}

export function looksCard({ form, agent, origin }: CardContext): TemplateResult {
  const { appearance } = agent.settings;
  const look = (name: string): string => appearance[name] ?? '';
  const choose = (name: string, label: string, options: readonly (readonly [string, string])[]) =>
    form.control({ name: `appearance.${name}`, label }, selection(`appearance.${name}`, look(name), options));
  const write = (name: string, label: string, placeholder: string, text: string) =>
    form.field({ name: `appearance.${name}`, label, value: look(name), placeholder, maxLength: 200, hint: text });
  return card(
    'looks-heading',
    'Looks',
    html`What a page says itself stands above these. Before it is opened, the launcher wears only what the page says:
    take the code from Install anew when colour or place change. ${origin('appearance')}`,
    html`${accentField(form, look('accent'))}
      <div class="columns">
        ${choose('theme', 'Theme', [
          ['', 'As the visitor’s system'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ])}
        ${choose('position', 'Position', [
          ['', 'At the end (right)'],
          ['start', 'At the start (left)'],
        ])}
        ${choose('density', 'Density', [
          ['', 'Comfortable'],
          ['compact', 'Compact'],
        ])}
      </div>
      <details>
        <summary>Corners and letters</summary>
        <div class="stack">
          ${write('radius', 'Radius of corners', '16px', 'In px.')}
          ${write('font', 'Font', 'Georgia, serif', 'A list of families that your site loads.')}
          ${write('fontSize', 'Size of text', '15px', 'In px.')}
        </div>
      </details>`,
  );
}

/** A colour as CSS knows it, which may be left out; beside it the system's picker, which knows no "none". */
function accentField(form: Form, value: string): TemplateResult {
  const name = 'appearance.accent';
  const check = ({ currentTarget }: Event): void => {
    const input = currentTarget as HTMLInputElement;
    const isColor = input.value.trim() === '' || CSS.supports('color', input.value.trim());
    input.setCustomValidity(isColor ? '' : 'Write a colour, such as #1b6b56.');
  };
  const pick = ({ currentTarget }: Event): void => {
    const picker = currentTarget as HTMLInputElement;
    const input = picker.form?.elements.namedItem(name) as HTMLInputElement;
    input.value = picker.value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const hex = /^#[0-9a-f]{6}$/i.test(value) ? value : '#1b6b56';
  return form.control(
    {
      name,
      label: 'Accent colour',
      hint: 'Of the launcher, buttons and the visitor’s messages. Empty: the widget’s own green.',
    },
    ({ id, describedBy, invalid }) =>
      html`<div class="row">
        <input
          class="input accent"
          id=${id}
          name=${name}
          maxlength="200"
          autocomplete="off"
          placeholder="#1b6b56"
          .defaultValue=${value}
          aria-describedby=${describedBy}
          aria-invalid=${invalid}
          @input=${check}
        />
        <input type="color" class="swatch" aria-label="Pick the accent colour" .defaultValue=${hex} @input=${pick} />
      </div>`,
  );
}

export function answersCard({ form, agent, surroundings, origin }: CardContext): TemplateResult {
  const { answers, instructions, knowledge } = agent.settings;
  const { hasModel } = surroundings;
  return card(
    'answers-heading',
    'Answers',
    hasModel
      ? ''
      : 'No model is set on this server (CHAT_MODEL_URL and CHAT_MODEL), so answers come from the articles.',
    html`${form.control(
      { name: 'answers', label: 'Who answers', hint: origin('answers') },
      selection('answers', answers ?? '', [
        ['', hasModel ? 'The model (by default)' : 'The articles (by default)'],
        ['knowledge', 'The articles alone'],
        ['model', 'The model'],
      ]),
    )}
    ${knowledgeField(form, { surroundings, value: knowledge ?? '', isRequired: false, origin: origin('knowledge') })}
    ${form.control(
      {
        name: 'instructions',
        label: 'Instructions to the model',
        hint: hint('Your own words: tone, what to do, what not to say.', origin('instructions')),
      },
      textArea('instructions', instructions ?? '', { rows: 6 }),
    )}`,
  );
}

const asked = [
  ['', 'Not asked'],
  ['optional', 'Asked, may be left out'],
  ['required', 'Asked, needed'],
] as const;

export function visitorsCard({ form, agent, origin }: CardContext): TemplateResult {
  const { settings } = agent;
  const { consent, form: questions } = settings;
  const askedFor = (name: 'name' | 'email'): string => {
    const found = questions?.fields.find((each) => each.name === name);
    return found === undefined ? '' : found.required === false ? 'optional' : 'required';
  };
  return card(
    'visitors-heading',
    'Visitors and messages',
    '',
    html`${tick({ name: 'attachments', isTicked: settings.attachments, label: 'Visitors may attach files', text: 'Where the server takes any.' }, origin('attachments'))}
      ${tick({ name: 'handoff', isTicked: settings.handoff, label: 'Visitors may ask for a person', text: 'The inbox says so.' }, origin('handoff'))}
      ${form.field({ name: 'maxMessageCharacters', label: 'Longest message, in characters', type: 'number', value: `${settings.maxMessageCharacters}`, required: true, hint: hint('1 to 32,000.', origin('maxMessageCharacters')) })}
      ${form.field({ name: 'retentionDays', label: 'Keep conversations for, in days', type: 'number', value: `${settings.retentionDays ?? ''}`, hint: hint('After the last message. Empty: for ever.', origin('retentionDays')) })}
      <details ?open=${consent !== null}>
        <summary>Consent before the first message</summary>
        <div class="stack">
          ${form.control({ name: 'consent.text', label: 'What visitors agree to', hint: hint('Empty: nobody is asked.', origin('consent')) }, textArea('consent.text', consent?.text ?? '', { maxLength: 2_000 }))}
          ${form.field({ name: 'consent.version', label: 'Version', value: consent?.version ?? '', maxLength: 64, hint: 'Whoever has agreed to another one is asked again.' })}
          ${form.field({ name: 'consent.url', label: 'Where all of it can be read', type: 'url', value: consent?.url ?? '', maxLength: 2_000 })}
        </div>
      </details>
      <details ?open=${questions !== null}>
        <summary>Name and e-mail before the first message</summary>
        <div class="stack">
          <p class="hint muted">Asked of visitors who are not verified. It proves nothing. ${origin('form')}</p>
          ${form.control({ name: 'form.name', label: 'Name' }, selection('form.name', askedFor('name'), asked))}
          ${form.control({ name: 'form.email', label: 'E-mail address' }, selection('form.email', askedFor('email'), asked))}
          ${form.field({ name: 'form.intro', label: 'What stands above', value: questions?.intro ?? '', maxLength: 500 })}
        </div>
      </details>`,
  );
}
