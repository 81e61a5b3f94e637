import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allFrames, json, problem, sendBody, startServer } from './harness.ts';

type Messages = {
  readonly messages: readonly { readonly id: string; readonly metadata: { readonly feedback?: object } }[];
};
type Conversations = { readonly conversations: readonly { readonly title: string; readonly unreadCount: number }[] };

const calls: readonly (readonly [
  string,
  string,
  (conversationId: string, messageId: string) => string,
  (messageId: string) => object,
])[] = [
  ['how far it was read', 'POST', (id) => `/conversations/${id}/read`, (messageId) => ({ messageId })],
  ['a title', 'PATCH', (id) => `/conversations/${id}`, () => ({ title: 'Renamed by the logged out' })],
  ['typing', 'POST', (id) => `/conversations/${id}/typing`, () => ({ typing: true })],
  ['feedback', 'POST', (_, messageId) => `/messages/${messageId}/feedback`, () => ({ rating: 'down' })],
];

for (const [what, method, pathOf, bodyOf] of calls) {
  test(`A9 ${what} whose body is still on its way at the logout is refused`, async (t) => {
    const { send, server, sign } = await startServer(t);
    const [token, next] = [sign({ jti: 'one' }), sign({ jti: 'the next one' })];
    const { id } = await startConversation(send, token);
    const messages = async () =>
      (await json<Messages>(await send(`/conversations/${id}/messages`, { token: next }))).messages;
    const list = async () => (await json<Conversations>(await send('/conversations', { token: next }))).conversations;
    const messageId = (await messages()).at(-1)?.id ?? '';
    const before = [await messages(), await list()];
    const reading = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    const init = {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: new ReadableStream<Uint8Array>({ pull: (body) => reading.resolve(body) }, { highWaterMark: 0 }),
      duplex: 'half',
    };
    const answer = server.fetch(new Request(`http://chat.example/v1/agents/shop${pathOf(id, messageId)}`, init));
    const body = await reading.promise;
    await send('/logout', { method: 'POST', token });
    body.enqueue(new TextEncoder().encode(JSON.stringify(bodyOf(messageId))));
    body.close();
    assert.partialDeepStrictEqual(await problem(await answer), { status: 401, reason: 'revoked' });
    assert.deepEqual([await messages(), await list()], before);
  });
}

async function startConversation(send: Awaited<ReturnType<typeof startServer>>['send'], token: string) {
  const body = sendBody('hello');
  await allFrames(await send('/chat', { token, body }));
  return body;
}
