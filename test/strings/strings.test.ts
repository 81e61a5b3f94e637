import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { en, languages, type Strings } from '../../src/strings/index.ts';
import { createRules, type PluralForms, type Rules } from '../../src/strings/rules.ts';

type Text = string | ((...values: never[]) => string) | { readonly [code: string]: string };
type Texts = { readonly [key: string]: Text };
type LanguageFile = { readonly createStrings: (rules: Rules) => Strings };

const folder = path.resolve(import.meta.dirname, '../../src/strings');
const others = languages.filter((tag) => tag !== 'en');

async function load(tag: string, rules: Rules = createRules(tag)): Promise<Texts> {
  const file = (await import(path.join(folder, `${tag.toLowerCase()}.ts`))) as LanguageFile;
  return file.createStrings(rules);
}

const english: Texts = en;

/** Every text by its name, failures as `failures.code`. */
function flat(texts: Texts): Map<string, Exclude<Text, object> | ((...values: never[]) => string)> {
  const entries = Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'object'
      ? Object.entries(text).map(([code, words]) => [`${key}.${code}`, words] as const)
      : [[key, text] as const],
  );
  return new Map(entries);
}

const kindOf = (text: unknown): string => (typeof text === 'function' ? `function of ${text.length}` : typeof text);

/** Names of what takes one number and counts with it; the second value of `uploading` is a share, and has its own test. */
const counting = Object.keys(english).filter((key) => {
  const text = english[key];
  return typeof text === 'function' && text.length === 1 && /count|seconds/.test(String(text).split('=>')[0] ?? '');
});

/** Numbers that reach every category that whole numbers of this size can have. */
const numbers = [0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 14, 20, 21, 22, 25, 99, 100, 101, 102, 103, 111, 1_000, 12_345];

/** Equal to the English word, and right. */
const sameAsEnglish: { readonly [tag: string]: readonly string[] } = {
  de: ['launcher', 'code', 'replied'],
  fr: ['launcher', 'code', 'image', 'sources', 'log', 'assistant'],
  es: ['launcher', 'replied'],
  'pt-BR': ['launcher', 'replied'],
  it: ['launcher', 'replied'],
  nl: ['launcher', 'code', 'replied'],
  pl: ['replied'],
  tr: ['replied'],
  ru: ['replied'],
  ar: ['replied'],
  he: ['replied'],
  ja: [],
  'zh-Hans': [],
};

describe('the English texts', () => {
  it('count by one and more', () => {
    assert.equal(en.unread(1), '1 unread message');
    assert.equal(en.unread(2), '2 unread messages');
    assert.equal(en.charactersOver(1), '1 character too many');
    assert.equal(en.charactersLeft(2), '2 characters left');
  });

  it('that count are found by this test', () => {
    assert.ok(counting.length >= 8, counting.join());
  });
});

for (const tag of others) {
  describe(`the texts in ${tag}`, () => {
    it('are there, each of the kind that English has, and no others', async () => {
      const [ours, theirs] = [flat(english), flat(await load(tag))];
      const kinds = (texts: typeof ours) => Object.fromEntries([...texts].map(([key, text]) => [key, kindOf(text)]));
      const expected = kinds(ours);
      assert.deepEqual(Object.keys(kinds(theirs)).toSorted(), Object.keys(expected).toSorted());
      assert.deepEqual(kinds(theirs), expected);
    });

    it('say something, without a blank at an end', async () => {
      for (const [key, text] of flat(await load(tag))) {
        if (typeof text === 'string') assert.match(text, /^\S(?:.*\S)?$/, key);
      }
    });

    it('say all that they are given', async () => {
      for (const [key, text] of flat(await load(tag))) {
        if (typeof text !== 'function' || counting.includes(key)) continue;
        const values = key === 'uploading' ? ['«first»', 42] : ['«first»', '«second»'];
        const said = text(...(values as never[]));
        const expected = flat(english).get(key);
        const needed = typeof expected === 'function' ? expected.length : 0;
        assert.ok(said.includes('«first»'), `${key}: ${said}`);
        if (needed === 2) {
          const second = key === 'uploading' ? createRules(tag).percent(42) : '«second»';
          assert.ok(said.includes(second), `${key}: ${said}`);
        }
      }
    });

    it('have a form for every plural category that a count can have', async () => {
      const rules = new Intl.PluralRules(tag);
      const reached = new Set(numbers.map((count) => rules.select(count)));
      // The categories that are left are those of fractions, and of whole millions (fr, es, it, pt).
      const left = rules.resolvedOptions().pluralCategories.filter((category) => !reached.has(category));
      assert.ok(
        left.every((category) => category === 'other' || category === 'many'),
        left.join(),
      );
      for (const [key, forms] of await formsOf(tag)) {
        const missing = [...reached].filter((category) => forms[category] === undefined);
        assert.deepEqual(missing, [], key);
      }
    });

    it('have no form that the language does not know', async () => {
      const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
      for (const [key, forms] of await formsOf(tag)) {
        const unknown = Object.keys(forms).filter((category) => !pluralCategories.includes(category as 'other'));
        assert.deepEqual(unknown, [], key);
      }
    });

    it('name the number, unless the form is of that number alone', async () => {
      const rules = new Intl.PluralRules(tag);
      const format = new Intl.NumberFormat(tag);
      const texts = await load(tag);
      for (const key of counting) {
        for (const count of numbers) {
          const category = rules.select(count);
          const isOfItAlone = numbers.filter((other) => rules.select(other) === category).length === 1;
          const said = (texts[key] as (count: number) => string)(count);
          assert.ok(!said.includes('#'), `${key}: ${said}`);
          if (!isOfItAlone) assert.ok(said.includes(format.format(count)), `${key}(${count}): ${said}`);
        }
      }
    });

    it('hold no English that was forgotten', async () => {
      const theirs = flat(await load(tag));
      const same = [...flat(english)].filter(([key, text]) => said(text) === said(theirs.get(key))).map(([key]) => key);
      assert.deepEqual(same.toSorted(), sameAsEnglish[tag]?.toSorted());
    });
  });
}

/** The forms that each counting text chooses from, as it hands them to the rules. */
async function formsOf(tag: string): Promise<Map<string, PluralForms>> {
  const found = new Map<string, PluralForms>();
  let current = '';
  const plural = (_count: number, forms: PluralForms): string => {
    found.set(current, forms);
    return '';
  };
  const texts = await load(tag, { ...createRules(tag), plural });
  for (const key of counting) {
    current = key;
    (texts[key] as (count: number) => string)(3);
  }
  assert.deepEqual([...found.keys()], counting, 'every text that counts asks the rules');
  return found;
}

const said = (text: unknown): string =>
  typeof text === 'function'
    ? String((text as (...values: unknown[]) => unknown)('A', 'B')).replaceAll(/[\u2068\u2069]/g, '')
    : String(text);
