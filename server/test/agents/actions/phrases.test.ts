import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chatActions } from '../../../../demo/chat-actions.ts';
import { actionSettingsSchema, createHttpAction } from '../../../src/agents/index.ts';
import { createActionPhrases } from '../../../src/agents/actions/phrases.ts';
import { answerable, unanswerable } from '../questions.ts';

const actions = chatActions('http://127.0.0.1:3000', 'what the calls of these tests are signed with').map((settings) =>
  createHttpAction(actionSettingsSchema.parse(settings), 'a secret that is long enough for HS256'),
);
const book = createActionPhrases(actions);

const asksFor: readonly (readonly [string, string | undefined])[] = [
  ['Where is my order?', 'order_status'],
  ['hi, where’s my order', 'order_status'],
  ['Hello! Where is my order please, I ordered a week ago', 'order_status'],
  ['WHERE IS MY ORDER', 'order_status'],
  ['where are my orders', 'order_status'],
  ['show my orders', 'order_status'],
  ['Please cancel my order F-20431', 'cancel_order'],
  ['I want to cancel my order', 'cancel_order'],
  ['cancel my orders', 'cancel_order'],
  ['Open a ticket, my fern is brown', 'open_ticket'],
  // About it, and not for it.
  ['How do I cancel my order?', undefined],
  ['how can I cancel my order', undefined],
  ['Can I cancel my order after it was packed?', undefined],
  ['What happens if I cancel my order?', undefined],
  ['Where can I cancel my order?', undefined],
  ['Is it possible to cancel my order?', undefined],
  ['When do I have to cancel my order?', undefined],
  // The opposite.
  ['Do not cancel my order', undefined],
  ['please don’t cancel my order!', undefined],
  ['Never cancel my order without asking', undefined],
  // Something else.
  ['How much is shipping?', undefined],
  ['cancel my subscription', undefined],
  ['my order arrived broken', undefined],
  ['', undefined],
  ['cancel '.repeat(2_000), undefined],
];

describe('the phrases of actions', () => {
  for (const [message, name] of asksFor) {
    test(`${JSON.stringify(message.slice(0, 60))}: ${name ?? 'nothing'}`, () => {
      assert.equal(book.find(message)?.name, name);
    });
  }

  test('leave the questions to the help centre alone', () => {
    const asked = [...answerable.map(([question]) => question), ...unanswerable];
    const taken = asked.filter((question) => book.find(question) !== undefined);
    assert.deepEqual(new Set(taken), new Set(['Where is my order?']));
  });

  test('the longest one wins', () => {
    const longer = createHttpAction(
      actionSettingsSchema.parse({
        ...chatActions('http://127.0.0.1', 'what the calls of these tests are signed with')[0],
        name: 'late',
        phrases: ['where is my order now'],
      }),
      'a secret that is long enough for HS256',
    );
    assert.equal(createActionPhrases([...actions, longer]).find('so where is my order now?')?.name, 'late');
  });
});
