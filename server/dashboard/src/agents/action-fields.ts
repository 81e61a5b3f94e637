import { html, type TemplateResult } from 'lit';
import { ApiError } from '../api/index.ts';
import { type Form, textOf } from '../elements/index.ts';
import { selection } from './selection.ts';
import { textArea } from './setting-cards.ts';
import type { AgentAction } from './types.ts';

const blank: AgentAction['settings'] = {
  name: '',
  description: '',
  access: 'verified',
  approval: false,
  phrases: [],
  input: {},
  url: '',
  method: 'POST',
  timeoutMs: 10_000,
};

const jsonText = (value: object | undefined): string =>
  value === undefined ? '' : JSON.stringify(value, undefined, 2);

/** The fields of an action; `known` is undefined for a new one. */
export function actionFields(form: Form, known: AgentAction['settings'] | undefined): TemplateResult {
  const settings = known ?? blank;
  return html` ${form.field({ name: 'name', label: 'Name', value: settings.name, required: true, maxLength: 64, placeholder: 'order_status', hint: 'Letters, digits, _ and -. Visitors read it with spaces.' })}
    ${form.control({ name: 'description', label: 'What it does', hint: 'For the model, and for people.' }, textArea('description', settings.description, { rows: 2, maxLength: 1_000 }))}
    ${form.control(
      { name: 'access', label: 'For' },
      selection('access', settings.access, [
        ['verified', 'Verified visitors'],
        ['public', 'Everybody'],
      ]),
    )}
    <label class="choice">
      <input type="checkbox" name="approval" value="on" .defaultChecked=${settings.approval} />
      <span>Ask the visitor before it runs</span>
      <span class="hint">For what changes or costs something.</span>
    </label>
    ${form.field({ name: 'url', label: 'Address', type: 'url', value: settings.url, required: true, maxLength: 2_000, placeholder: 'https://shop.example/chat/order', hint: 'Of your backend, by https.' })}
    ${form.control(
      { name: 'method', label: 'Method' },
      selection('method', settings.method, [
        ['POST', 'POST'],
        ['GET', 'GET'],
      ]),
    )}
    ${form.control({ name: 'phrases', label: 'Phrases', hint: 'What visitors say for it, one on each line: how an agent without a model finds it.' }, textArea('phrases', settings.phrases.join('\n')))}
    ${form.control({ name: 'input', label: 'Input (JSON)', hint: 'Properties of what it takes, as in docs/actions.md. Empty: nothing.' }, textArea('input', known ? jsonText(settings.input) : '', { mono: true, maxLength: 50_000 }))}
    ${form.control({ name: 'allow', label: 'Only for visitors whose claims fit (JSON)', hint: 'A rule, as in docs/actions.md. Empty: all of those above.' }, textArea('allow', jsonText(settings.allow), { mono: true, maxLength: 10_000 }))}
    ${form.field({ name: 'timeoutMs', label: 'Longest time, in milliseconds', type: 'number', value: `${settings.timeoutMs}`, required: true })}
    ${form.field({
      name: 'signingSecret',
      label: 'Signing secret',
      required: known === undefined,
      maxLength: 1_000,
      hint: known
        ? 'Kept encrypted, and never shown again. Empty: the one that is there stays.'
        : 'At least 32 bytes, the same in your backend. Kept encrypted, and not shown again.',
    })}
    <div class="row">
      <button type="button" class="button small" @click=${generate}>Make a new secret</button>
    </div>`;
}

/** As `openssl rand -hex 32` makes one. */
function generate(event: Event): void {
  const field = (event.currentTarget as HTMLButtonElement).form?.elements.namedItem('signingSecret');
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  (field as HTMLInputElement).value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  (field as HTMLInputElement).focus();
}

/** @throws ApiError that names the field where JSON is none */
export function readAction(data: FormData) {
  const text = (name: string): string => textOf(data, name).trim();
  const [input, allow] = [readJson(text('input'), 'input'), readJson(text('allow'), 'allow')];
  const changed = {
    name: text('name'),
    description: text('description'),
    access: text('access'),
    approval: data.has('approval'),
    url: text('url'),
    method: text('method'),
    phrases: text('phrases')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    timeoutMs: Number(text('timeoutMs')),
    ...(input === undefined ? {} : { input }),
    ...(allow === undefined ? {} : { allow }),
  };
  return { changed, signingSecret: text('signingSecret') };
}

function readJson(text: string, field: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError(0, 'invalid_input', { fields: { [field]: 'This is not JSON.' } });
  }
}
