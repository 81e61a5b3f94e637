import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { languageOf, languages, loadStrings } from '../../src/strings/index.ts';

const folder = path.resolve(import.meta.dirname, '../../src/strings');

describe('languageOf', () => {
  const cases: readonly (readonly [locale: string, language: string | undefined])[] = [
    ['en', 'en'],
    ['en-GB', 'en'],
    ['EN-us', 'en'],
    ['de', 'de'],
    ['de-AT', 'de'],
    ['de-Latn-CH', 'de'],
    ['de-DE-u-nu-latn', 'de'],
    ['pt', 'pt-BR'],
    ['pt-BR', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['es-419', 'es'],
    ['fr-CA', 'fr'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-Hans', 'zh-Hans'],
    ['zh-Hans-HK', 'zh-Hans'],
    ['zh-TW', undefined],
    ['zh-HK', undefined],
    ['zh-Hant', undefined],
    ['iw', 'he'],
    ['he-IL', 'he'],
    ['ar-EG', 'ar'],
    ['sv', undefined],
    ['xx', undefined],
    ['', undefined],
    ['123', undefined],
    ['xx-nonsense!', undefined],
    ['de_DE', undefined],
    ['__proto__', undefined],
    ['constructor', undefined],
    ['../de', undefined],
  ];
  for (const [locale, language] of cases) {
    it(`gives readers of "${locale}" ${language ?? 'nothing, as there is no such language'}`, () => {
      assert.equal(languageOf(locale), language);
    });
  }
});

describe('languages', () => {
  it('are fourteen', () => {
    const expected = ['en', 'de', 'fr', 'es', 'pt-BR', 'it', 'nl', 'pl', 'tr', 'ru', 'ar', 'he', 'ja', 'zh-Hans'];
    assert.deepEqual([...languages].toSorted(), expected.toSorted());
  });

  it('have a file each, and no file is of none', async () => {
    const shared = ['en', 'first', 'index', 'languages', 'launcher', 'load-strings', 'override-strings', 'rules'];
    const files = (await readdir(folder)).map((name) => path.basename(name, '.ts'));
    const tags = languages.filter((tag) => tag !== 'en').map((tag) => tag.toLowerCase());
    assert.deepEqual(files.toSorted(), [...shared, ...tags].toSorted());
  });
});

describe('loadStrings', () => {
  it('gives the texts of the language, and says of which locale they are', async () => {
    const { locale, strings } = await loadStrings('pt-PT');
    assert.equal(locale, 'pt-PT');
    assert.equal(strings?.send, 'Enviar');
  });

  it('counts as the region writes numbers', async () => {
    const [german, swiss] = await Promise.all([loadStrings('de'), loadStrings('de-CH')]);
    assert.equal(german.strings?.charactersOver(12_345), '12.345 Zeichen zu viel');
    assert.match(swiss.strings?.charactersOver(12_345) ?? '', /^12[’']345 Zeichen/);
  });

  for (const locale of ['en', 'en-GB']) {
    it(`gives nothing for ${locale}, which is built in`, async () => {
      assert.deepEqual(await loadStrings(locale), { locale, strings: undefined });
    });
  }

  for (const locale of ['sv', 'zh-TW', 'xx-nonsense!', '']) {
    it(`gives English for "${locale}"`, async () => {
      assert.deepEqual(await loadStrings(locale), { locale: 'en', strings: undefined });
    });
  }
});
