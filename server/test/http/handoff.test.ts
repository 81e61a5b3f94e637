import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import {
  parseJsonEventStream,
  readUIMessageStream,
  uiMessageChunkSchema,
  type UIMessage,
  type UIMessageChunk,
} from 'ai';
import { allFrames, json, newSession, sendBody, startServer } from './harness.ts';

/** The message that a strict AI SDK client makes of a stream. */
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

test('while a person answers, a strict AI SDK client reads a reply without text, and typing is heard', async (t) => {
  const { send, dataDirectory, agent } = await startServer(t);
  const session = newSession();
  const first = sendBody('one');
  await allFrames(await send('/chat', { session, body: first }));
  const database = new DatabaseSync(join(dataDirectory, 'chat.sqlite'));
  database.exec("update conversations set handoff_state = 'active', handoff_name = 'Grace'");
  database.close();
  const body = sendBody('two', { id: first.id });
  const reply = await messageOf(await send('/chat', { session, body }));
  assert.deepEqual(reply.parts, [{ type: 'data-handoff', data: { state: 'active', name: 'Grace' } }]);
  assert.equal(agent.turns.length, 1);
  const { messages } = await json<{ messages: { role: string }[] }>(
    await send(`/conversations/${first.id}/messages`, { session }),
  );
  assert.deepEqual(
    messages.map(({ role }) => role),
    ['user', 'assistant', 'user'],
    'what nobody wrote stands nowhere',
  );
  assert.equal((await send(`/chat/${first.id}/stream`, { session })).status, 204);
  const typing = await send(`/conversations/${first.id}/typing`, { session, body: { typing: true } });
  assert.equal(typing.status, 204);
});
