import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrameId, parseFrameId } from '../../src/conversations/index.ts';

test('a frame’s id is read back, also with colons in the message’s id', () => {
  for (const messageId of ['5f0c', 'a:b:1']) {
    assert.deepEqual(parseFrameId(encodeFrameId(messageId, 17)), { messageId, n: 17 });
  }
});

test('what is no frame id is none', () => {
  for (const id of ['', 'x', ':1', 'x:', 'x:-1', 'x:1.5', 'x:1e3', 'x:1 ', 'x:9999999999', `${'x'.repeat(256)}:1`]) {
    assert.equal(parseFrameId(id), undefined, id);
  }
});
