import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSession, origin, problem, sendBody, startServer, type Sent } from './harness.ts';

const calls: readonly (readonly [string, Sent])[] = [
  ['', {}],
  ['/identity', { method: 'POST' }],
  ['/chat', { body: sendBody('hello') }],
  ['/chat/c/stream', {}],
  ['/chat/c/stop', { method: 'POST' }],
  ['/conversations', {}],
  ['/conversations/c/messages', {}],
  ['/conversations/c/read', { body: { messageId: 'm' } }],
  ['/events', {}],
  ['/logout', { method: 'POST' }],
];

test('W13 a page that is not on the agent’s list is refused on every call and in every preflight', async (t) => {
  const { send, agent, sign } = await startServer(t);
  const foreign = [
    'https://evil.example',
    'null',
    'http://shop.example',
    'https://shop.example:444',
    'https://shop.example.evil.example',
    '',
  ];
  for (const from of foreign) {
    for (const [path, sent] of calls) {
      for (const one of [{ ...sent, token: sign() }, { method: 'OPTIONS' }]) {
        const response = await send(path, { session: newSession(), ...one, origin: from });
        assert.equal(response.headers.get('access-control-allow-origin'), null);
        assert.partialDeepStrictEqual(await problem(response), { status: 403, code: 'origin_not_allowed' });
      }
    }
  }
  assert.equal(agent.turns.length, 0);
});

test('W13 an allowed page reads answers and errors, by its exact origin and without credentials', async (t) => {
  const { send } = await startServer(t);
  for (const [path, sent] of calls) {
    const response = await send(path, { ...sent, origin });
    assert.equal(response.headers.get('access-control-allow-origin'), origin);
    assert.equal(response.headers.get('access-control-allow-credentials'), null);
    assert.match(response.headers.get('vary') ?? '', /Origin/);
    const exposed = response.headers.get('access-control-expose-headers')?.toLowerCase() ?? '';
    for (const name of [
      'x-chat-identity-source',
      'x-chat-identity-reason',
      'x-request-id',
      'retry-after',
      'www-authenticate',
    ]) {
      assert.ok(exposed.includes(name));
    }
  }
});

test('W13 a preflight says what may be sent, for ten minutes', async (t) => {
  const { send } = await startServer(t);
  const response = await send('/chat', {
    method: 'OPTIONS',
    origin,
    headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get('access-control-max-age'), '600');
  const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase().split(', ');
  assert.deepEqual(allowed, [
    'authorization',
    'content-type',
    'x-chat-session',
    'x-chat-identity-source',
    'last-event-id',
  ]);
});

test('W13 each agent has its own list', async (t) => {
  const { send } = await startServer(t, {
    moreAgents: [{ id: 'other', name: 'Other', allowedOrigins: ['https://*.other.example', 'http://localhost:*'] }],
  });
  const other = 'http://chat.example/v1/agents/other';
  const status = async (from: string) => (await send(other, { origin: from })).status;
  assert.equal(await status('https://a.b.other.example'), 200);
  assert.equal(await status('http://localhost:5173'), 200);
  assert.equal(await status('http://localhost'), 200);
  for (const from of [
    origin,
    'https://other.example',
    'http://a.other.example',
    'https://evilother.example',
    'https://localhost:5173',
  ]) {
    assert.equal(await status(from), 403);
  }
});

test('W13 verify-jwt looks at the list of the agent that the body names', async (t) => {
  const { send, sign } = await startServer(t, {
    moreAgents: [{ id: 'other', name: 'Other', allowedOrigins: ['https://other.example'] }],
  });
  const url = 'http://chat.example/api/widget/verify-jwt';
  const ask = (botId: string, from: string) => send(url, { origin: from, body: { token: sign(), botId } });
  assert.equal((await ask('shop', origin)).headers.get('access-control-allow-origin'), origin);
  assert.equal((await send(url, { method: 'OPTIONS', origin })).status, 204);
  for (const response of [await ask('other', origin), await ask('shop', 'https://evil.example')]) {
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    assert.partialDeepStrictEqual(await problem(response), { status: 403, code: 'origin_not_allowed' });
  }
});

test('the server’s own pages may call, by the request’s host or by the configured address', async (t) => {
  const byHost = await startServer(t);
  assert.equal((await byHost.send('', { origin: 'https://chat.example' })).status, 200);
  const byName = await startServer(t, { config: { publicUrl: 'https://support.example/chat' } });
  assert.equal((await byName.send('', { origin: 'https://support.example' })).status, 200);
  assert.equal((await byName.send('', { origin: 'https://chat.example' })).status, 403);
});

test('any page may read that an agent does not exist', async (t) => {
  const { send } = await startServer(t);
  const response = await send('http://chat.example/v1/agents/typo', { origin: 'https://new.example' });
  assert.equal(response.headers.get('access-control-allow-origin'), 'https://new.example');
  assert.partialDeepStrictEqual(await problem(response), { status: 404, code: 'agent_not_found' });
});
