import { textOf } from '../elements/index.ts';
import type { AgentSettings, Localized } from './types.ts';

/** What visitors read, in one language. */
export type Words = { readonly locale: string; readonly greeting: string; readonly suggestions: readonly string[] };

/** The texts of an agent by languages, the one for everybody else first. */
export function wordsOf({ greeting, suggestions }: Pick<AgentSettings, 'greeting' | 'suggestions'>): readonly Words[] {
  const [greetings, starters] = [byLocale(greeting, ''), byLocale<readonly string[]>(suggestions, [])];
  const locales = [...new Set([...Object.keys(greetings.all), ...Object.keys(starters.all)])];
  const base = locales.find((locale) => /^en\b/i.test(locale)) ?? locales[0];
  const others = locales.filter((locale) => locale !== base);
  const wordsIn = (locale: string): Words => ({
    locale,
    greeting: greetings.all[locale] ?? greetings.single,
    suggestions: starters.all[locale] ?? starters.single,
  });
  return [{ ...wordsIn(base ?? ''), locale: base ?? 'en' }, ...others.map(wordsIn)];
}

function byLocale<Value extends string | readonly string[]>(value: Localized<Value>, none: Value) {
  const isSingle = typeof value === 'string' || Array.isArray(value);
  const all = (isSingle ? {} : value) as Readonly<Record<string, Value>>;
  return { single: isSingle ? (value as Value) : none, all };
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The settings as the form has them now, in the form that the API takes. */
export function readSettings(data: FormData): Omit<AgentSettings, 'allowedOrigins'> {
  const words = readWords(data);
  const [base] = words;
  const isSingle = words.length === 1;
  const each = <Value>(value: (words: Words) => Value): Readonly<Record<string, Value>> =>
    Object.fromEntries(words.map((one) => [one.locale, value(one)]));
  return {
    name: textOf(data, 'name').trim(),
    greeting: isSingle ? (base?.greeting ?? '') : each(({ greeting }) => greeting),
    suggestions: isSingle ? (base?.suggestions ?? []) : each(({ suggestions }) => suggestions),
    appearance: readAppearance(data),
    instructions: textOf(data, 'instructions').trim() || null,
    knowledge: textOf(data, 'knowledge').trim() || null,
    answers: (textOf(data, 'answers') || null) as AgentSettings['answers'],
    attachments: data.has('attachments'),
    handoff: data.has('handoff'),
    consent: readConsent(data),
    form: readForm(data),
    maxMessageCharacters: Number(textOf(data, 'maxMessageCharacters')),
    retentionDays: textOf(data, 'retentionDays').trim() === '' ? null : Number(textOf(data, 'retentionDays')),
  };
}

/** Fields of other languages are named by their place in the form: `greeting-2`. */
export function readWords(data: FormData): readonly Words[] {
  const places = [...data.keys()].flatMap(
    (name) => /^greeting(-\d+)?$/.exec(name)?.[1] ?? (name === 'greeting' ? '' : []),
  );
  return places.map((place) => ({
    locale: textOf(data, `locale${place}`).trim() || 'en',
    greeting: textOf(data, `greeting${place}`).trim(),
    suggestions: linesOf(textOf(data, `suggestions${place}`)),
  }));
}

const looks = ['accent', 'theme', 'position', 'density', 'radius', 'font', 'fontSize'] as const;

export function readAppearance(data: FormData): Readonly<Record<string, string>> {
  const entries = looks.map((name) => [name, textOf(data, `appearance.${name}`).trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function readConsent(data: FormData): AgentSettings['consent'] {
  const [version, text, url] = ['version', 'text', 'url'].map((name) => textOf(data, `consent.${name}`).trim());
  if (!version && !text && !url) return null;
  return { version: version ?? '', text: text ?? '', ...(url ? { url } : {}) };
}

function readForm(data: FormData): AgentSettings['form'] {
  const fields = (['name', 'email'] as const).flatMap((name) => {
    const asks = textOf(data, `form.${name}`);
    return asks === '' ? [] : [{ name, required: asks === 'required' }];
  });
  const intro = textOf(data, 'form.intro').trim();
  return fields.length === 0 ? null : { fields, ...(intro === '' ? {} : { intro }) };
}

/** What of the settings differs from what is there. */
export function changesOf(
  wanted: Readonly<Record<string, unknown>>,
  there: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isSame(value, there[name])));
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** Whatever the order of its members. A form field is required unless it says otherwise. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const given: Readonly<Record<string, unknown>> = { ...value };
  const isField = 'name' in given && Object.keys(given).every((key) => key === 'name' || key === 'required');
  const whole = isField ? { required: true, ...given } : given;
  return Object.fromEntries(
    Object.entries(whole)
      .map(([name, each]) => [name, sorted(each)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The field of the form that a path of the API is shown at: `suggestions.de.2` at `suggestions-1`. */
export function fieldFor(path: string, words: readonly Words[]): string {
  const [name = '', second = ''] = path.split('.');
  if (name === 'greeting' || name === 'suggestions') {
    const place = words.findIndex(({ locale }) => locale.toLowerCase() === second.toLowerCase());
    return place > 0 ? `${name}-${place}` : name;
  }
  if (name === 'form') return second === 'intro' ? 'form.intro' : 'form.name';
  if (name === 'consent') return second === '' ? 'consent.text' : `consent.${second}`;
  return path;
}
