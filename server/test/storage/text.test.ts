import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../src/storage/cursor.ts';
import { tablesAsWords } from '../../src/storage/table-words.ts';
import { escapeKey, preview, searchText, searchWords, unescapeKey } from '../../src/storage/text.ts';

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });

test('an escaped key can be stored anywhere and comes back as it was', () => {
  fc.assert(
    fc.property(anyText, (key) => {
      const stored = escapeKey(key);
      assert.equal(unescapeKey(stored), key);
      assert.ok(stored.isWellFormed() && !stored.includes('\0'));
    }),
  );
});

test('a preview is one well-formed line of at most so many characters', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 100 }), (text, maxCharacters) => {
      const line = preview(text, maxCharacters);
      assert.ok([...line].length <= maxCharacters);
      assert.ok(line.isWellFormed() && !/[\0\n\r]/u.test(line));
    }),
  );
});

const tables: readonly (readonly [markdown: string, words: string])[] = [
  [
    'Pay:\n\n| Method | Where |\n| --- | --- |\n| Card | all |\n| Cash | here |\n\nBye',
    'Pay:\n\nMethod, Where · Card, all · Cash, here\n\nBye',
  ],
  ['a | b\r\n:-: | -:\r\n1 | 2', 'a, b · 1, 2'],
  ['> | a | b |\n> |---|---|\n> | 1 | |', 'a, b · 1'],
  ['| a |\n|-|\n| x \\| y |', 'a · x \\| y'],
  ['| | |\n|-|-|\n|1|2|\nafter', '1, 2\nafter'],
  ['| a | b |\n| - | - |', 'a, b'],
  ['a | b\n---\nc', 'a | b\n---\nc'],
  ['| a | b |\n|---|\n| c |', '| a | b |\n|---|\n| c |'],
  ['ls | grep x', 'ls | grep x'],
  ['|\n|\n|', '|\n|\n|'],
];
for (const [markdown, words] of tables) {
  test(`${JSON.stringify(markdown)} says ${JSON.stringify(words)} in a line`, () => {
    assert.equal(tablesAsWords(markdown), words);
  });
}

test('what only looks like tables is gone through in no time', () => {
  const pieces = ['|', '|\n', '-|', '|-\n', '| a | b |\n| - | - |\n', '>', ' ', '\\|', ':-', '\n'];
  for (const piece of pieces) {
    const text = `| a | b |\n${piece.repeat(1_000_000 / piece.length)}`;
    const started = performance.now();
    assert.ok(tablesAsWords(text).length <= text.length * 2);
    assert.ok(performance.now() - started < 2_000, JSON.stringify(piece));
  }
});

test('a cursor comes back as it was, and no other text is one', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string(), (at, id) => {
      assert.deepEqual(decodeCursor(encodeCursor({ at, id })), { at, id });
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => assert.throws(() => decodeCursor(text), RangeError)));
});

/** U+2057 becomes four characters, U+FDFA eighteen, U+0130 two. */
const growing = ['\u2057', '\uFDFA', '\u0130', '\u{1F600}', 'a'];

test('what is searched, and what is searched for, is bounded after characters have become several', () => {
  for (const character of growing) {
    assert.ok(searchText(character.repeat(8_000)).length <= 8_000, character);
    const words = searchWords(Array.from({ length: 40 }, (_, at) => `${at}${character.repeat(199)}`).join(' '));
    assert.ok(words.length <= 8, character);
    for (const word of words) assert.ok(word.length <= 64 && word.isWellFormed(), character);
  }
});

test('of many words the longest eight are searched for', () => {
  const words = Array.from({ length: 20 }, (_, at) => 'abcdefghijklmnopqrst'.charAt(at).repeat(at + 2));
  assert.deepEqual(searchWords(words.join(' ')), words.toReversed().slice(0, 8));
});

test('what is cut off a text or a word never leaves half a character', () => {
  for (const start of ['', 'a']) {
    assert.ok(searchText(start + '\u{1F600}'.repeat(8_000)).isWellFormed());
    assert.ok(!searchText(start + '\u{1F600}'.repeat(8_000)).includes('\uFFFD'));
    assert.deepEqual(searchWords(start + '\u{1F600}'.repeat(80)), [start + '\u{1F600}'.repeat(start === '' ? 32 : 31)]);
  }
});

test('words that stand within others are found with them, and the longest come first', () => {
  assert.deepEqual(searchWords(' fern Ferns a FIG  fern'), ['ferns', 'fig', 'a']);
});
