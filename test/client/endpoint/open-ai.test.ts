import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReader, toBody } from '../../../src/client/endpoint/open-ai.ts';
import type { Turn } from '../../../src/client/endpoint/adapter.ts';
import type { StreamPart } from '../../../src/protocol/index.ts';
import { counter, framed, readPieces, sameAtEverySplit } from '../support/read-reply.ts';

const reader = () => createReader({ uuid: counter() });
const chunk = (delta: object, finishReason: string | null = null) => ({
  id: 'c-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});
const call = (index: number, part: object) => ({ tool_calls: [{ index, ...part }] });
const read = async (...events: readonly unknown[]) =>
  readPieces([new TextEncoder().encode(framed(...events))], reader());

const text = (id: string, ...deltas: string[]): StreamPart[] => [
  { type: 'text-start', id },
  ...deltas.map((delta): StreamPart => ({ type: 'text-delta', id, delta })),
  { type: 'text-end', id },
];
const start: StreamPart = { type: 'start', messageId: 'id-1' };
const tool = (id: string, toolName: string, input: unknown): StreamPart => ({
  type: 'tool-input-available',
  toolCallId: id,
  toolName,
  input,
  dynamic: true,
});

const cases: readonly { name: string; events: readonly unknown[]; parts: readonly StreamPart[] }[] = [
  {
    name: 'text is one text, with a usage chunk at the end passed over',
    events: [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'stop'),
      { choices: [], usage: { total_tokens: 3 } },
      '[DONE]',
    ],
    parts: [start, ...text('text', 'Hel', 'lo'), { type: 'finish', finishReason: 'stop' }],
  },
  {
    name: 'what the model refuses is said as text',
    events: [chunk({ refusal: 'I cannot help with that.' }), chunk({}, 'stop'), '[DONE]'],
    parts: [start, ...text('text', 'I cannot help with that.'), { type: 'finish', finishReason: 'stop' }],
  },
  {
    name: 'tool calls come whole, side by side, each under an id of its own',
    events: [
      chunk({ content: 'Let me see.' }),
      chunk(call(0, { id: 'call_0', function: { name: 'find', arguments: '{"a":' } })),
      chunk(call(1, { id: 'call_0', function: { name: 'look', arguments: '' } })),
      chunk(call(0, { function: { arguments: '1}' } })),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ],
    parts: [
      start,
      ...text('text', 'Let me see.'),
      tool('id-2', 'find', { a: 1 }),
      tool('id-3', 'look', {}),
      { type: 'finish', finishReason: 'tool-calls' },
    ],
  },
  {
    name: 'arguments that are no JSON are shown as they came',
    events: [chunk(call(0, { id: 'x', function: { name: 'find', arguments: '{"a' } })), chunk({}, 'tool_calls')],
    parts: [start, tool('id-2', 'find', '{"a'), { type: 'finish', finishReason: 'tool-calls' }],
  },
  {
    name: 'names of the language itself do no harm as a place',
    events: [
      { choices: [{ delta: { tool_calls: [{ index: '__proto__', function: { name: 'find' } }] } }] },
      chunk({}, 'tool_calls'),
    ],
    parts: [start, tool('id-2', 'find', {}), { type: 'finish', finishReason: 'tool-calls' }],
  },
  {
    name: 'an answer that was too long says so',
    events: [chunk({ content: 'and so on' }), chunk({}, 'length'), '[DONE]'],
    parts: [start, ...text('text', 'and so on'), { type: 'finish', finishReason: 'length' }],
  },
  {
    name: 'an answer without a reason ends with the stream',
    events: [chunk({ content: 'Hi' }), '[DONE]'],
    parts: [start, ...text('text', 'Hi'), { type: 'finish', finishReason: 'stop' }],
  },
  {
    name: 'an error in the middle fails the answer, and its words go to nobody',
    events: [chunk({ content: 'Hi' }), { error: { message: 'upstream sk-123 failed' } }],
    parts: [
      start,
      { type: 'text-start', id: 'text' },
      { type: 'text-delta', id: 'text', delta: 'Hi' },
      { type: 'error', errorText: '' },
    ],
  },
];

for (const { name, events, parts } of cases) {
  test(`an OpenAI-compatible stream: ${name}`, async () => {
    assert.deepEqual(await read(...events), { parts, isWhole: true });
  });
}

test('an OpenAI-compatible stream that is cut off is told from a whole one', async () => {
  assert.equal((await read(chunk({ content: 'Hel' }))).isWhole, false);
  assert.equal((await read(chunk({ content: 'Hel' }), '{"choices":[{"del')).isWhole, false);
  assert.equal((await read()).isWhole, false);
});

test('an answer that was not streamed reads as one that was', async () => {
  const parts = createReader({ uuid: counter() })(
    JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }] }),
  );
  assert.deepEqual(parts, [start, ...text('text', 'Hello'), { type: 'finish', finishReason: 'stop' }]);
});

test('an OpenAI-compatible stream reads the same wherever its bytes are split', async () => {
  const events = [
    chunk({ content: 'Grüße, 世界 👋' }),
    chunk(call(0, { id: 'a', function: { name: 'finde', arguments: '{"ort":"Köln"}' } })),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ];
  await sameAtEverySplit(framed(...events), reader);
});

const turn: Turn = {
  id: 'c',
  messages: [
    { id: '1', role: 'user', parts: [{ type: 'text', text: 'Hi' }], metadata: { createdAt: 'now' } },
    {
      id: '2',
      role: 'assistant',
      parts: [{ type: 'dynamic-tool', toolName: 't', toolCallId: 'x', state: 'input-available', input: {} }],
    },
    { id: '3', role: 'user', parts: [{ type: 'text', text: 'Well?' }] },
  ],
  trigger: 'submit-message',
  metadata: { secret: 'of the page' },
  model: '',
  uuid: counter(),
};

test('a request for a chat completion has the texts, and a model where one was named', () => {
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'user', content: 'Well?' },
  ];
  assert.deepEqual(toBody(turn), { messages, stream: true });
  assert.deepEqual(toBody({ ...turn, model: 'small' }), { model: 'small', messages, stream: true });
});
