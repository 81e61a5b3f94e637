import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIdle, setUp } from './support/set-up.ts';

test('a conversation that an operator has removed leaves the page at once, and the next message begins another', async (t) => {
  const { tab, world } = await setUp(t);
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  world.intercept(
    (request) => request.url.endsWith('/events'),
    async () => {
      const body = new ReadableStream<Uint8Array>({ start: (started) => void (controller = started) });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
  );
  const removed = (conversationId: string) => {
    const frame = `event: removed\ndata: ${JSON.stringify({ conversationId })}\n\n`;
    controller?.enqueue(new TextEncoder().encode(frame));
  };
  await tab.client.send('words that are to go');
  await tab.until(isIdle);
  const { conversationId } = tab.client.snapshot;
  removed('another');
  removed(conversationId);
  await tab.until(({ messages }) => messages.length === 0);
  assert.notEqual(tab.client.snapshot.conversationId, conversationId);
  assert.deepEqual(
    tab.client.snapshot.conversations.filter(({ id }) => id === conversationId),
    [],
  );
  await tab.client.send('words that stay');
  await tab.until(isIdle);
  assert.deepEqual(
    tab.client.snapshot.messages.filter(({ role }) => role === 'user').map(({ parts }) => parts),
    [[{ type: 'text', text: 'words that stay' }]],
  );
});
