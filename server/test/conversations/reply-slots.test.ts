import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReplySlots } from '../../src/conversations/reply-slots.ts';

test('the same message sent many times at once takes the room of one reply, until all of them have let go', () => {
  const slots = createReplySlots({ perVisitor: 1, perAddress: 9, inProcess: 2 });
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
  const slots = createReplySlots({ perVisitor: 1, perAddress: 9, inProcess: 2 });
  slots.take(['ada'], 'hers');
  slots.take(['eve'], 'first');
  assert.equal(slots.take(['eve'], 'hers'), 'too_many_replies');
  assert.equal(slots.take(['bob'], 'hers'), 'unavailable');
});

test('all visitors of one address together have so many replies, and leave the rest to other addresses', () => {
  const slots = createReplySlots({ perVisitor: 1, perAddress: 2, inProcess: 3 });
  const first = slots.take(['session 1'], 'one', '203.0.113.7');
  slots.take(['session 2'], 'two', '203.0.113.7');
  assert.equal(slots.take(['session 3'], 'three', '203.0.113.7'), 'too_many_replies');
  assert.equal(typeof slots.take(['ada'], 'hers', '198.51.100.9'), 'object');
  assert.ok(typeof first !== 'string');
  first.release();
  assert.equal(typeof slots.take(['session 3'], 'three', '203.0.113.7'), 'object');
});
