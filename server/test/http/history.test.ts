import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { allFrames, json, newSession, problem, sendBody, startServer, type Sent } from './harness.ts';

type Conversations = {
  conversations: { id: string; title: string; lastMessage: string; unreadCount: number; createdAt: string }[];
  nextBefore: string | null;
};
type Messages = { messages: { id: string; role: string }[]; nextBefore: string | null };

test('conversations come newest first, page by page', async (t) => {
  const { send, clock } = await startServer(t);
  const session = newSession();
  const ids: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    clock.now += 1_000;
    const body = sendBody(text);
    await allFrames(await send('/chat', { session, body }));
    ids.unshift(body.id);
  }
  const first = await json<Conversations>(await send('/conversations?limit=2', { session }));
  assert.deepEqual(
    first.conversations.map(({ id }) => id),
    ids.slice(0, 2),
  );
  assert.partialDeepStrictEqual(first.conversations[0], {
    title: 'three',
    lastMessage: 'You said: three',
    unreadCount: 1,
  });
  assert.match(first.conversations[0]?.createdAt ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const before = encodeURIComponent(first.nextBefore ?? '');
  const second = await json<Conversations>(await send(`/conversations?limit=2&before=${before}`, { session }));
  assert.deepEqual(
    second.conversations.map(({ id }) => id),
    ids.slice(2),
  );
  assert.equal(second.nextBefore, null);
});

test('messages come oldest first within a page, the newest page first', async (t) => {
  const { send } = await startServer(t);
  const session = newSession();
  const body = sendBody('one');
  await allFrames(await send('/chat', { session, body }));
  await allFrames(await send('/chat', { session, body: sendBody('two', { id: body.id }) }));
  const path = `/conversations/${body.id}/messages?limit=3`;
  const newest = await json<Messages>(await send(path, { session }));
  assert.deepEqual(
    newest.messages.map(({ role }) => role),
    ['assistant', 'user', 'assistant'],
  );
  const before = encodeURIComponent(newest.nextBefore ?? '');
  const oldest = await json<Messages>(await send(`${path}&before=${before}`, { session }));
  assert.deepEqual(
    oldest.messages.map(({ role }) => role),
    ['user'],
  );
  assert.equal(oldest.nextBefore, null);
});

test('reading takes messages off the unread count', async (t) => {
  const { send } = await startServer(t);
  const session = newSession();
  const body = sendBody('one');
  await allFrames(await send('/chat', { session, body }));
  const { messages } = await json<Messages>(await send(`/conversations/${body.id}/messages`, { session }));
  const read = (messageId: string | undefined) =>
    send(`/conversations/${body.id}/read`, { session, body: { messageId } });
  assert.equal((await read(messages.at(-1)?.id)).status, 204);
  const { conversations } = await json<Conversations>(await send('/conversations', { session }));
  assert.equal(conversations[0]?.unreadCount, 0);
  assert.partialDeepStrictEqual(await problem(await read(randomUUID())), { status: 404, code: 'message_not_found' });
  assert.partialDeepStrictEqual(await problem(await read(undefined)), { status: 422, code: 'invalid_request' });
});

test('another visitor’s conversation is the same answer, byte for byte, as one that does not exist', async (t) => {
  const { send, sign } = await startServer(t);
  const owner = { token: sign() };
  const theirs = sendBody('private');
  const frames = await allFrames(await send('/chat', { ...owner, body: theirs }));
  const reply = frames[0]?.id?.split(':')[0];
  const calls: readonly (readonly [(id: string) => string, (id: string) => Sent])[] = [
    [(id) => `/conversations/${id}/messages`, () => ({})],
    [(id) => `/conversations/${id}/read`, () => ({ body: { messageId: reply } })],
    [(id) => `/chat/${id}/stream`, () => ({})],
    [(id) => `/chat/${id}/stop`, () => ({ method: 'POST' })],
    [() => '/chat', (id) => ({ body: { id, trigger: 'regenerate-message', messageId: reply } })],
    [() => '/chat', (id) => ({ body: { id, trigger: 'regenerate-message' } })],
  ];
  const strangers = [{ token: sign({ sub: 'eve' }) }, { session: newSession() }];
  for (const stranger of strangers) {
    for (const [path, sent] of calls) {
      const answers = [theirs.id, randomUUID(), 'not~an~id'].map(async (id) => {
        const response = await send(path(id), { ...stranger, ...sent(id) });
        const requestId = response.headers.get('x-request-id') ?? '';
        const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
        return [response.status, ...headers, await response.text()].join('\n').replaceAll(requestId, '');
      });
      const [other, absent, impossible] = await Promise.all(answers);
      assert.equal(other, absent);
      assert.match(other ?? '', /^404\n[^]*"conversation_not_found"/);
      if (path('') !== '/chat') assert.equal(impossible, absent);
    }
    const taken = await send('/chat', { ...stranger, body: { ...sendBody('mine now'), id: theirs.id } });
    assert.partialDeepStrictEqual(await problem(taken), { status: 404, code: 'conversation_not_found' });
  }
});

for (const query of [
  'limit=0',
  'limit=101',
  'limit=-1',
  'limit=1.5',
  'limit=x',
  'limit=',
  'before=broken',
  'before=',
]) {
  test(`a page of ?${query} does not fit the protocol`, async (t) => {
    const { send } = await startServer(t);
    const response = await send(`/conversations?${query}`, { session: newSession() });
    const [path] = query.split('=');
    assert.partialDeepStrictEqual(await problem(response), {
      status: 422,
      code: 'invalid_request',
      errors: [{ path }],
    });
  });
}
