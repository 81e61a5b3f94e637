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
    'x-chat-metadata',
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

type LogLine = {
  readonly status: number;
  readonly refusedOrigin?: string;
  readonly agentId?: string;
  readonly code?: string;
};

test('W13 the log names the page that was refused, its agent and the code, and no page that was let in', async (t) => {
  const { send, sign, logged } = await startServer(t);
  await send('/conversations', { origin: 'https://www.shop.example', token: sign() });
  await send('/chat', { origin: 'null', method: 'OPTIONS' });
  await send('http://chat.example/api/widget/verify-jwt', {
    origin: 'https://evil.example',
    body: { token: sign(), botId: 'shop' },
  });
  await send('/conversations', { origin, session: newSession() });
  const lines = logged()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
  const told = lines.map(({ status, code, agentId, refusedOrigin }) => ({ status, code, agentId, refusedOrigin }));
  const refused = { status: 403, code: 'origin_not_allowed' };
  assert.deepEqual(told, [
    { ...refused, agentId: 'shop', refusedOrigin: 'https://www.shop.example' },
    { ...refused, agentId: 'shop', refusedOrigin: 'null' },
    // The body says for whom it was, and is read after the page was looked at.
    { ...refused, agentId: undefined, refusedOrigin: 'https://evil.example' },
    { status: 200, code: undefined, agentId: 'shop', refusedOrigin: undefined },
  ]);
});

test('hostile text in an origin is logged as visible text, cut off, and without what looks like a secret', async (t) => {
  const { send, sign, logged } = await startServer(t);
  const token = sign({ address: 'x'.repeat(500) });
  const hostile: readonly (readonly [string, string | RegExp])[] = [
    ['https://a.example", "level":"fatal', String.raw`https://a.example",\u{20}"level":"fatal`],
    ['https://a.example\u009b31m\u00ad', String.raw`https://a.example\u{9b}31m\u{ad}`],
    [`https://${'a'.repeat(5_000)}.example`, `https://${'a'.repeat(191)}…`],
    ['\u00ff'.repeat(5_000), /^(?:\\u\{ff\}){33}\\…$/],
    [`https://${token}`, 'https://[token]'],
    ['https://ada:secret-of-ada@a.example', 'https://ada:[redacted]@a.example'],
    [String.raw`https://a\u{20}`, String.raw`https://a\u{5c}u{20}`],
    ['', ''],
  ];
  for (const [sent] of hostile) await send('', { origin: sent });
  const lines = logged()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as LogLine).refusedOrigin ?? '');
  assert.equal(lines.length, hostile.length);
  for (const [at, [, expected]] of hostile.entries()) {
    const shown = lines[at] ?? '';
    assert.ok(shown.length <= 200);
    if (typeof expected === 'string') assert.equal(shown, expected);
    else assert.match(shown, expected);
  }
});
