import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../src/storage/cursor.ts';
import { escapeKey, preview, unescapeKey } from '../../src/storage/text.ts';

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

test('a cursor comes back as it was, and no other text is one', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string(), (at, id) => {
      assert.deepEqual(decodeCursor(encodeCursor({ at, id })), { at, id });
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => assert.throws(() => decodeCursor(text), RangeError)));
});
