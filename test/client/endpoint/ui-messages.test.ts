import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toUiMessages } from '../../../src/client/endpoint/ui-messages.ts';
import type { ChatMessage, MessagePart, ToolPart } from '../../../src/protocol/index.ts';

const said = (text: string): MessagePart => ({ type: 'text', text, state: 'done' });
const toolOf = (change: Partial<ToolPart>): ToolPart => ({
  type: 'dynamic-tool',
  toolName: 'cancel',
  toolCallId: 'x',
  state: 'input-available',
  input: {},
  ...change,
});
const message = (id: string, role: ChatMessage['role'], ...parts: MessagePart[]): ChatMessage => ({ id, role, parts });

test('what a tool did once it was approved is one message with the one that asked, with its approval', () => {
  const approval = { id: 'a', approved: true };
  const [, reply, ...rest] = toUiMessages([
    message('1', 'user', said('Cancel it')),
    message('2', 'assistant', said('May I?'), toolOf({ state: 'approval-responded', approval })),
    message('3', 'assistant', toolOf({ state: 'output-available', output: 'done' }), said('It is cancelled.')),
  ]);
  assert.deepEqual(rest, []);
  assert.deepEqual(reply, {
    id: '2',
    role: 'assistant',
    parts: [
      said('May I?'),
      toolOf({ state: 'output-available', output: 'done', approval }),
      { type: 'step-start' },
      said('It is cancelled.'),
    ],
  });
});

test('tools without an outcome, empty texts and empty messages are left out', () => {
  const messages = toUiMessages([
    message('1', 'user', said('Hi')),
    message('2', 'assistant', said(''), toolOf({}), toolOf({ toolCallId: 'y', state: 'approval-requested' })),
    message('3', 'user', said('Well?')),
    message('4', 'assistant', said('Half'), toolOf({})),
  ]);
  assert.deepEqual(
    messages.map(({ id, parts }) => [id, parts.length]),
    [
      ['1', 1],
      ['3', 1],
      ['4', 1],
    ],
  );
});

test('of the metadata only what the backend has said goes back to it', () => {
  const messages = toUiMessages([
    { ...message('1', 'user', said('Hi')), metadata: { createdAt: '2026-01-01T00:00:00.000Z' } },
    { ...message('2', 'assistant', said('Hello')), metadata: { status: 'complete', ...{ model: 'small' } } },
    { ...message('3', 'user', said('Bye')) },
    { ...message('4', 'assistant', said('Bye')), metadata: { status: 'stopped' } },
  ]);
  assert.deepEqual(
    messages.map(({ metadata }) => metadata),
    [undefined, { model: 'small' }, undefined, undefined],
  );
});
