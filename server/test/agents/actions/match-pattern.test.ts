import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { inputFromMessage, inputSettingsSchema, toInputSchema } from '../../../src/agents/actions/input-settings.ts';

const slow = '^(?:a+)+$';
const hostile = `${'a'.repeat(60)}!`;
const settingsOf = (property: object) =>
  inputSettingsSchema.parse({ properties: { id: { type: 'string', ...property } } });

test('an expression that takes for ever finds nothing in a visitor’s message, and keeps nobody else waiting', () => {
  const settings = settingsOf({ fromMessage: slow });
  assert.deepEqual(inputFromMessage(settings, hostile), {});
  assert.deepEqual(inputFromMessage(settings, 'AAA'), { id: 'AAA' });
  assert.deepEqual(inputFromMessage(settingsOf({ fromMessage: '\\d+' }), 'Where is 4711?'), { id: '4711' });
});

test('an expression that takes for ever accepts no value, and a model is told of it as of any other', () => {
  const schema = toInputSchema(settingsOf({ pattern: slow, description: 'Only a' }));
  assert.equal(schema.safeParse({ id: hostile }).success, false);
  assert.equal(schema.safeParse({ id: 'b' }).success, false);
  assert.equal(schema.safeParse({ id: 'aaa' }).success, true);
  assert.partialDeepStrictEqual(z.toJSONSchema(schema, { io: 'input' }), {
    properties: { id: { type: 'string', pattern: slow, description: 'Only a', maxLength: 2_000 } },
  });
  assert.equal(
    toInputSchema(settingsOf({ pattern: '^x?' })).safeParse({ id: 'b' }).success,
    true,
    'nothing is a match',
  );
});
