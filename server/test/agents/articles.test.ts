import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { documents } from './turns.ts';

const texts = documents.map(({ id, passages }) => ({ id, text: passages.map(({ text }) => text).join('\n\n') }));

describe("the demo's help centre", () => {
  test('has at least 24 articles, each with its own address and title', () => {
    assert.ok(documents.length >= 24);
    assert.equal(new Set(documents.map(({ url }) => url)).size, documents.length);
    assert.equal(new Set(documents.map(({ title }) => title)).size, documents.length);
  });

  test('links only to articles that exist', () => {
    const addresses = new Set(documents.map(({ url }) => url));
    const broken = texts.flatMap(({ id, text }) =>
      [...text.matchAll(/\]\(([^)]*)\)/g)].flatMap(([, url]) => (addresses.has(url) ? [] : [`${id}: ${url}`])),
    );
    assert.deepEqual(broken, []);
  });

  test('is linked: most articles point to another', () => {
    assert.ok(texts.filter(({ text }) => text.includes('](/help/')).length > documents.length * 0.8);
  });
});
