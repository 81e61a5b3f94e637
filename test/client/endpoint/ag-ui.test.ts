import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventType, type BaseEvent } from '@ag-ui/core';
import { EventSchemas, RunAgentInputSchema } from '@ag-ui/core/schemas';
import { EventEncoder } from '@ag-ui/encoder';
import { createReader, toBody } from '../../../src/client/endpoint/ag-ui.ts';
import type { StreamPart } from '../../../src/protocol/index.ts';
import { counter, readPieces, sameAtEverySplit } from '../support/read-reply.ts';

const encoder = new EventEncoder();
/** Only what the protocol's own schemas let through. */
const encoded = (events: readonly object[]): string =>
  events.map((event) => encoder.encode(EventSchemas.parse(event) as BaseEvent)).join('');
const reader = () => createReader({ uuid: counter() });
const read = (events: readonly object[]) => readPieces([new TextEncoder().encode(encoded(events))], reader());

const begun = { type: EventType.RUN_STARTED, threadId: 't', runId: 'r' };
const over = { type: EventType.RUN_FINISHED, threadId: 't', runId: 'r' };
const start: StreamPart = { type: 'start', messageId: 'id-1' };
const finish: StreamPart = { type: 'finish', finishReason: 'stop' };
const text = (id: string, ...deltas: string[]): StreamPart[] => [
  { type: 'text-start', id },
  ...deltas.map((delta): StreamPart => ({ type: 'text-delta', id, delta })),
  { type: 'text-end', id },
];
const says = (messageId: string, ...deltas: string[]): object[] => [
  { type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant' },
  ...deltas.map((delta) => ({ type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta })),
  { type: EventType.TEXT_MESSAGE_END, messageId },
];
const tool = (toolCallId: string, toolName: string, input: unknown): StreamPart => ({
  type: 'tool-input-available',
  toolCallId,
  toolName,
  input,
  dynamic: true,
});
const calls = (toolCallId: string, toolCallName: string, ...args: string[]): object[] => [
  { type: EventType.TOOL_CALL_START, toolCallId, toolCallName },
  ...args.map((delta) => ({ type: EventType.TOOL_CALL_ARGS, toolCallId, delta })),
  { type: EventType.TOOL_CALL_END, toolCallId },
];

const cases: readonly { name: string; events: readonly object[]; parts: readonly StreamPart[] }[] = [
  { name: 'text', events: [begun, ...says('m', 'Hel', 'lo'), over], parts: [start, ...text('m', 'Hel', 'lo'), finish] },
  {
    name: 'text in chunks, whose later ones name no message',
    events: [
      begun,
      { type: EventType.TEXT_MESSAGE_CHUNK, messageId: 'm', role: 'assistant', delta: 'Hel' },
      { type: EventType.TEXT_MESSAGE_CHUNK, delta: 'lo' },
      over,
    ],
    parts: [start, ...text('m', 'Hel', 'lo'), finish],
  },
  {
    name: 'two messages of one run, as two texts of one answer',
    events: [begun, ...says('m', 'One'), ...says('n', 'Two'), over],
    parts: [start, ...text('m', 'One'), ...text('n', 'Two'), finish],
  },
  {
    name: 'a tool and its result, before the text',
    events: [
      begun,
      ...calls('x', 'find_order', '{"id":', '7}'),
      { type: EventType.TOOL_CALL_RESULT, messageId: 'k', toolCallId: 'x', content: '{"state":"sent"}' },
      ...says('m', 'It is on its way.'),
      over,
    ],
    parts: [
      start,
      tool('x', 'find_order', { id: 7 }),
      { type: 'tool-output-available', toolCallId: 'x', output: { state: 'sent' } },
      ...text('m', 'It is on its way.'),
      finish,
    ],
  },
  {
    name: 'tools in chunks, each ending the one before it, and the last one with the run',
    events: [
      begun,
      { type: EventType.TOOL_CALL_CHUNK, toolCallId: 'x', toolCallName: 'a', delta: '{"n"' },
      { type: EventType.TOOL_CALL_CHUNK, delta: ':1}' },
      { type: EventType.TOOL_CALL_CHUNK, toolCallId: 'y', toolCallName: 'b' },
      over,
    ],
    parts: [start, tool('x', 'a', { n: 1 }), tool('y', 'b', {}), finish],
  },
  {
    name: 'a result that is no JSON, and arguments that are none',
    events: [
      begun,
      ...calls('x', 'a', 'not json'),
      { type: EventType.TOOL_CALL_RESULT, messageId: 'k', toolCallId: 'x', content: 'done' },
      over,
    ],
    parts: [
      start,
      tool('x', 'a', 'not json'),
      { type: 'tool-output-available', toolCallId: 'x', output: 'done' },
      finish,
    ],
  },
  {
    name: 'nothing of state, steps, reasoning, and messages that are not of the agent',
    events: [
      begun,
      { type: EventType.STEP_STARTED, stepName: 's' },
      { type: EventType.STATE_SNAPSHOT, snapshot: { secret: 1 } },
      { type: EventType.STATE_DELTA, delta: [{ op: 'add', path: '/a', value: 1 }] },
      { type: EventType.MESSAGES_SNAPSHOT, messages: [] },
      { type: EventType.REASONING_START, messageId: 'q' },
      { type: EventType.REASONING_MESSAGE_START, messageId: 'q', role: 'reasoning' },
      { type: EventType.REASONING_MESSAGE_CONTENT, messageId: 'q', delta: 'hmm' },
      { type: EventType.REASONING_MESSAGE_END, messageId: 'q' },
      { type: EventType.REASONING_END, messageId: 'q' },
      { type: EventType.TEXT_MESSAGE_START, messageId: 'u', role: 'user' },
      { type: EventType.TEXT_MESSAGE_CONTENT, messageId: 'u', delta: 'echo' },
      { type: EventType.TEXT_MESSAGE_END, messageId: 'u' },
      { type: EventType.CUSTOM, name: 'x', value: 1 },
      { type: EventType.STEP_FINISHED, stepName: 's' },
      ...says('m', 'Hi'),
      over,
    ],
    parts: [start, ...text('m', 'Hi'), finish],
  },
  {
    name: 'an error, whose words go to nobody',
    events: [begun, { type: EventType.RUN_ERROR, message: 'db password wrong' }],
    parts: [start, { type: 'error', errorText: '' }],
  },
];

for (const { name, events, parts } of cases) {
  test(`an AG-UI run: ${name}`, async () => {
    assert.deepEqual(await read(events), { parts, isWhole: true });
  });
}

test('an AG-UI run that is cut off is told from a whole one', async () => {
  assert.equal((await read([begun, ...says('m', 'Hel')])).isWhole, false);
});

test('an AG-UI run reads the same wherever its bytes are split', async () => {
  const events = [begun, ...calls('x', 'finde', '{"ort":"Köln"}'), ...says('m', 'Grüße, ', '世界 👋'), over];
  await sameAtEverySplit(encoded(events), reader);
});

test('a request for an AG-UI run fits the schema of the protocol', () => {
  const body = toBody({
    id: 'conversation',
    messages: [
      { id: '1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { id: '2', role: 'assistant', parts: [{ type: 'text', text: 'Hello' }], metadata: { status: 'complete' } },
      { id: '3', role: 'assistant', parts: [] },
      { id: '4', role: 'user', parts: [{ type: 'text', text: 'Well?' }] },
    ],
    trigger: 'submit-message',
    metadata: { plan: 'pro' },
    model: '',
    uuid: counter(),
  });
  assert.deepEqual(RunAgentInputSchema.parse(body), {
    threadId: 'conversation',
    runId: 'id-1',
    messages: [
      { id: '1', role: 'user', content: 'Hi' },
      { id: '2', role: 'assistant', content: 'Hello' },
      { id: '4', role: 'user', content: 'Well?' },
    ],
    tools: [],
    context: [],
    state: {},
    forwardedProps: { plan: 'pro' },
  });
});
