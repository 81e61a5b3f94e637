import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReplySlots } from '../../src/conversations/reply-slots.ts';

test('the same message sent many times at once takes the room of one reply, until all of them have let go', () => {
  const slots = createReplySlots({ perVisitor: 1, inProcess: 2 });
  const held = Array.from({ length: 20 }, () => slots.take(['ada'], 'one'));
  for (const slot of held) {
    assert.equal(slots.take(['ada'], 'two'), 'too_many_replies');
    assert.ok(typeof slot !== 'string');
    slot.release();
    slot.release();
  }
  assert.equal(typeof slots.take(['ada'], 'two'), 'object');
});

test('naming the conversation of somebody else gives no room in theirs', () => {
  const slots = createReplySlots({ perVisitor: 1, inProcess: 2 });
  slots.take(['ada'], 'hers');
  slots.take(['eve'], 'first');
  assert.equal(slots.take(['eve'], 'hers'), 'too_many_replies');
  assert.equal(slots.take(['bob'], 'hers'), 'unavailable');
});
