import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  parseJsonEventStream,
  readUIMessageStream,
  uiMessageChunkSchema,
  type UIMessage,
  type UIMessageChunk,
} from 'ai';
import { createShop, startActionServer } from './action-harness.ts';
import { userMessage } from './harness.ts';

/** The message that an AI SDK client makes of a stream. Fails on a chunk that its schema does not know. */
async function messageOf({ body }: Response): Promise<UIMessage> {
  assert.ok(body);
  const strict = new TransformStream<{ success: boolean; value?: unknown }, UIMessageChunk>({
    transform(chunk, controller) {
      assert.ok(chunk.success, JSON.stringify(chunk));
      controller.enqueue(chunk.value as UIMessageChunk);
    },
  });
  const stream = parseJsonEventStream({ stream: body, schema: uiMessageChunkSchema }).pipeThrough(strict);
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream })) last = message;
  return last ?? assert.fail('no message');
}

function toolIn({ parts }: UIMessage) {
  const part = parts.find(({ type }) => type === 'dynamic-tool');
  return part?.type === 'dynamic-tool' ? part : assert.fail('no tool');
}

test('a strict AI SDK client reads an action that asks first, and the reply that goes on', async (t) => {
  const server = await startActionServer(t, createShop());
  const token = server.sign();
  const id = randomUUID();
  const body = { id, messages: [userMessage('cancel my order F-1')] };
  const asked = toolIn(await messageOf(await server.send('/chat', { token, body })));
  assert.equal(asked.state, 'approval-requested');
  assert.deepEqual(asked.input, { order: 'F-1' });
  const path = `/chat/${id}/approvals/${asked.approval?.id}`;
  const done = toolIn(await messageOf(await server.send(path, { token, body: { approved: true } })));
  assert.equal(done.state, 'output-available');
  assert.equal(done.toolCallId, asked.toolCallId);
  assert.deepEqual(done.output, { message: 'All done.' });
});
