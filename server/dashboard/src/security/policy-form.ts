import { html, type TemplateResult } from 'lit';
import { type Form, textOf } from '../elements/index.ts';
import type { Setting, SettingName } from './types.ts';
import { settingLabels } from './words.ts';

type Choice = readonly (readonly [value: string, label: string])[];

const yesNo: Choice = [
  ['true', 'Yes'],
  ['false', 'No'],
];

type Control =
  | { readonly kind: 'choice'; readonly choices: Choice; readonly label?: string }
  | { readonly kind: 'number' | 'text' | 'list'; readonly hint: string };

const controls: Readonly<Record<SettingName, Control>> = {
  access: {
    kind: 'choice',
    choices: [
      ['open', 'Everybody'],
      ['verified-only', 'Visitors with a valid token'],
    ],
  },
  onInvalidToken: {
    kind: 'choice',
    choices: [
      ['block', 'is not answered: sign in again'],
      ['anonymous', 'makes the visitor anonymous'],
      ['deny', 'is not answered: no access'],
    ],
  },
  identityClaim: {
    kind: 'choice',
    choices: [
      ['sub', 'By the claim sub'],
      ['email', 'By the claim email'],
    ],
  },
  expiry: {
    kind: 'choice',
    choices: [
      ['required', 'Required (exp)'],
      ['recommended', 'May be missing'],
    ],
  },
  maxLifetimeSeconds: { kind: 'number', hint: 'Seconds: 3600 is an hour, 86400 a day. Empty: no limit.' },
  clockToleranceSeconds: { kind: 'number', hint: 'Seconds, from 0 to 300.' },
  algorithms: { kind: 'list', hint: 'HS256, RS256, PS256, ES256, EdDSA, with commas between them.' },
  jwksUrl: { kind: 'text', hint: 'Where public keys are fetched from, by https. Empty: from nowhere.' },
  audience: { kind: 'list', hint: 'What aud may say, with commas between them. Empty: anything.' },
  issuer: { kind: 'list', hint: 'What iss may say, with commas between them. Empty: anything.' },
  maxActiveKeys: {
    kind: 'choice',
    choices: [
      ['1', '1'],
      ['2', '2'],
      ['3', '3'],
    ],
  },
  revealableKeys: { kind: 'choice', choices: yesNo, label: 'Secrets can be looked at again' },
  claimsToAgent: {
    kind: 'choice',
    choices: [
      ['none', 'Nothing about a visitor'],
      ['basic', 'Name and e-mail address'],
      ['all', 'All claims'],
    ],
  },
  claimAnonymousConversations: {
    kind: 'choice',
    choices: yesNo,
    label: 'Who signs in keeps the conversation from before',
  },
};

/** One setting in its form. What the configuration file says cannot be changed here. */
export function settingField(form: Form, { name, value, origin }: Setting): TemplateResult {
  const control = controls[name];
  const isFixed = origin === 'configuration';
  const hint = [control.kind === 'choice' ? '' : control.hint, isFixed ? 'The configuration file sets it.' : ''].join(
    ' ',
  );
  const label = (control.kind === 'choice' ? control.label : undefined) ?? settingLabels[name];
  return form.control({ name, label, hint: hint.trim() }, ({ id, describedBy, invalid }) =>
    control.kind === 'choice'
      ? html`<select
          class="input"
          id=${id}
          name=${name}
          ?disabled=${isFixed}
          aria-describedby=${describedBy}
          aria-invalid=${invalid}
        >
          ${control.choices.map(
            ([each, text]) => html`<option value=${each} ?selected=${each === String(value)}>${text}</option>`,
          )}
        </select>`
      : html`<input
          class="input"
          id=${id}
          name=${name}
          inputmode=${control.kind === 'number' ? 'numeric' : 'text'}
          .defaultValue=${textFor(value)}
          ?disabled=${isFixed}
          maxlength="2000"
          autocomplete="off"
          spellcheck="false"
          aria-describedby=${describedBy}
          aria-invalid=${invalid}
        />`,
  );
}

const textFor = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(', ');
  return value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
};

/** What was changed in the form, as the API takes it. What does not fit is sent as it is, for the server to say why. */
export function changesIn(data: FormData, settings: readonly Setting[]): Readonly<Record<string, unknown>> {
  const changed = settings.filter(({ name, value }) => data.has(name) && textOf(data, name).trim() !== textFor(value));
  return Object.fromEntries(changed.map(({ name }) => [name, valueOf(name, textOf(data, name).trim())]));
}

function valueOf(name: SettingName, text: string): unknown {
  const { kind } = controls[name];
  if (name === 'maxActiveKeys') return Number(text);
  if (kind === 'choice') return text === 'true' || text === 'false' ? text === 'true' : text;
  if (kind === 'list') return text === '' && name !== 'algorithms' ? null : namesIn(text);
  if (text === '') return name === 'clockToleranceSeconds' ? text : null;
  return kind === 'number' && /^\d+$/.test(text) ? Number(text) : text;
}

const namesIn = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
