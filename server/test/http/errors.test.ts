import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allFrames, newSession, problem, sendBody, startServer, userMessage } from './harness.ts';

test('an error is problem details with the code’s status and the request’s own id', async (t) => {
  const { send } = await startServer(t);
  const response = await send('/conversations', { token: 'x', headers: { 'x-request-id': 'chosen-by-the-client' } });
  const requestId = response.headers.get('x-request-id');
  assert.match(requestId ?? '', /^[0-9a-f-]{36}$/);
  assert.deepEqual(await problem(response), {
    type: 'application/problem+json',
    title: 'The token was not accepted',
    status: 401,
    code: 'invalid_token',
    reason: 'malformed',
    requestId,
  });
});

test('what is not there is not_found, and another method is method_not_allowed', async (t) => {
  const { send } = await startServer(t);
  for (const path of [
    'http://chat.example/',
    '/nothing',
    '/chat/',
    '/chat/a/b',
    'http://chat.example/v1/agents',
    '/..%2f',
  ]) {
    assert.partialDeepStrictEqual(await problem(await send(path)), { status: 404, type: 'application/problem+json' });
  }
  for (const [path, method, allow] of [
    ['/chat', 'GET', 'POST'],
    ['/events', 'POST', 'GET'],
    ['', 'DELETE', 'GET'],
    ['http://chat.example/healthz', 'POST', 'GET'],
  ] as const) {
    const response = await send(path, { method });
    assert.equal(response.headers.get('allow'), allow);
    assert.partialDeepStrictEqual(await problem(response), { status: 405, code: 'method_not_allowed' });
  }
  const unknown = await send('http://chat.example/v1/agents/nobody/chat', { body: sendBody('hi') });
  assert.partialDeepStrictEqual(await problem(unknown), { status: 404, code: 'agent_not_found' });
});

test('who opens the bare address in a browser comes to the dashboard, and to it alone', async (t) => {
  const { send } = await startServer(t);
  const headers = { accept: 'text/html,application/xhtml+xml;q=0.9' };
  const response = await send('http://chat.example/', { headers });
  assert.deepEqual([response.status, response.headers.get('location')], [302, '/dashboard/']);
  assert.equal((await send('http://chat.example/else', { headers })).status, 404);
});

const message = userMessage('hi', 'm');
const good = { id: 'c', messages: [message], trigger: 'submit-message' };
const misfits: readonly (readonly [string, unknown, string])[] = [
  ['no object', 'null', ''],
  ['JSON that breaks off', '{"id":', ''],
  ['no id', { ...good, id: undefined }, 'id'],
  ['an id with a space', { ...good, id: 'a b' }, 'id'],
  ['an id of 65 characters', { ...good, id: 'a'.repeat(65) }, 'id'],
  ['no messages', { ...good, messages: [] }, 'messages'],
  ['an unknown trigger', { ...good, trigger: 'shout' }, 'trigger'],
  [
    'a last message of the assistant',
    { ...good, messages: [message, { ...message, role: 'assistant' }] },
    'messages[1].role',
  ],
  ['a message of the system', { ...good, messages: [{ ...message, role: 'system' }] }, 'messages[0].role'],
  [
    'a file that was not uploaded',
    { ...good, messages: [{ ...message, parts: [{ type: 'file', url: 'data:,' }] }] },
    'messages[0].parts[0].url',
  ],
  [
    'a part of another type',
    { ...good, messages: [{ ...message, parts: [{ type: 'reasoning', text: 'x' }] }] },
    'messages[0].parts[0].type',
  ],
  ['no text', { ...good, messages: [{ ...message, parts: [] }] }, 'messages[0].parts'],
  ['blank text', { ...good, messages: [userMessage(' \n\t')] }, 'messages[0].parts'],
  [
    'text that is a number',
    { ...good, messages: [{ ...message, parts: [{ type: 'text', text: 7 }] }] },
    'messages[0].parts[0].text',
  ],
  ['a NUL character', { ...good, messages: [userMessage('a\0b')] }, 'messages[0].parts[0].text'],
  ['metadata that is a list', { ...good, metadata: [] }, 'metadata'],
];

for (const [what, body, path] of misfits) {
  test(`a body with ${what} is invalid_request at "${path}"`, async (t) => {
    const { send, agent } = await startServer(t);
    const response = await send('/chat', { session: newSession(), body });
    const { errors, ...rest } = (await problem(response)) as { errors?: { path: string }[] };
    assert.partialDeepStrictEqual(rest, { status: 422, code: 'invalid_request' });
    assert.equal(errors?.[0]?.path, path);
    assert.equal(agent.turns.length, 0);
  });
}

test('keys that the protocol does not name are passed over, as AI SDK clients send their own', async (t) => {
  const { send, agent } = await startServer(t);
  const foreign = {
    ...message,
    parts: [{ type: 'text', text: 'hi', state: 'done' }],
    metadata: { at: 1 },
    extra: true,
  };
  const body = { ...good, messages: [{ anything: 'at all' }, foreign], siteKey: 'pk_1' };
  await allFrames(await send('/chat', { session: newSession(), body }));
  assert.deepEqual(
    agent.turns[0]?.history.map(({ parts }) => parts),
    [[{ type: 'text', text: 'hi' }]],
  );
});

test('what is too large is told before it is parsed', async (t) => {
  const { send, agent, server } = await startServer(t);
  const session = newSession();
  const nest = (levels: number): unknown => (levels === 0 ? {} : { in: nest(levels - 1) });
  const bodies: unknown[] = [
    `${' '.repeat(256 * 1024)}1`,
    { ...good, messages: [userMessage('x'.repeat(8_001))] },
    { ...good, metadata: { data: 'x'.repeat(16 * 1024) } },
    { ...good, metadata: nest(8) },
    `{"id":"c","metadata":${'['.repeat(100_000)}${']'.repeat(100_000)}}`.replace('[', '{"a":[').replace(/\]\}$/, ']}}'),
  ];
  for (const body of bodies) {
    const response = await send('/chat', { session, body });
    assert.partialDeepStrictEqual(await problem(response), { status: 413, code: 'too_large' });
  }
  const token = `${'a'.repeat(8 * 1024)}.b.c`;
  const response = await send('/chat', { token, body: good });
  assert.partialDeepStrictEqual(await problem(response), { status: 413, code: 'too_large', reason: 'too_large' });
  const endless = new ReadableStream<Uint8Array>({ pull: (to) => to.enqueue(new Uint8Array(64 * 1024).fill(32)) });
  const streamed = new Request('http://chat.example/v1/agents/shop/chat', {
    method: 'POST',
    headers: { 'x-chat-session': session },
    body: endless,
    duplex: 'half',
  } as RequestInit);
  assert.partialDeepStrictEqual(await problem(await server.fetch(streamed)), { status: 413, code: 'too_large' });
  const largest = { ...good, messages: [userMessage('x'.repeat(8_000))], metadata: nest(7) };
  assert.equal((await send('/chat', { session, body: largest })).status, 200);
  assert.equal(agent.turns.length, 1);
});

test('a call without a token and without a session names the header that it needs', async (t) => {
  const { send } = await startServer(t);
  for (const session of [undefined, '', 'short', `${'a'.repeat(42)}!`, 'a'.repeat(44)]) {
    const response = await send('/conversations', { session });
    assert.partialDeepStrictEqual(await problem(response), {
      status: 422,
      code: 'invalid_request',
      errors: [{ path: 'X-Chat-Session' }],
    });
  }
});

test('more than a visitor may send is rate_limited, with when to come back; others go on', async (t) => {
  const rateLimits = { chatPerVisitor: 2, chatPerAddress: 4, otherPerAddress: 100 };
  const { send, sign } = await startServer(t, { config: { rateLimits } });
  const session = newSession();
  const ask = async (as: { session?: string; token?: string }) => {
    const response = await send('/chat', { ...as, body: sendBody('hi') });
    await response.body?.cancel();
    return response;
  };
  assert.deepEqual([(await ask({ session })).status, (await ask({ session })).status], [200, 200]);
  const refused = await send('/chat', { session, body: sendBody('hi') });
  const seconds = Number(refused.headers.get('retry-after'));
  assert.ok(seconds >= 1 && seconds <= 60);
  assert.partialDeepStrictEqual(await problem(refused), { status: 429, code: 'rate_limited' });
  assert.equal((await ask({ token: sign() })).status, 200);
  assert.equal((await ask({ token: sign({ sub: 'bob' }) })).status, 429);
  assert.equal((await send('/conversations', { session })).status, 200);
});

test('addresses are counted apart; the forwarded one only behind a proxy that is trusted', async (t) => {
  const rateLimits = { otherPerAddress: 1 };
  const ask = async (trustProxy: boolean) => {
    const { server } = await startServer(t, { config: { rateLimits, trustProxy } });
    const statuses: number[] = [];
    for (const [remoteAddress, forwarded] of [
      ['10.0.0.1', '1.1.1.1, 2.2.2.2'],
      ['10.0.0.1', '1.1.1.1, 3.3.3.3'],
      ['10.0.0.2', '9.9.9.9, 3.3.3.3'],
      ['2001:db8:1:2::a', '2001:db8::1'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8::2'],
    ] as const) {
      const headers = { 'x-forwarded-for': forwarded };
      const request = new Request('http://chat.example/v1/agents/shop', { headers });
      statuses.push((await server.fetch(request, { remoteAddress })).status);
    }
    return statuses;
  };
  assert.deepEqual(await ask(false), [200, 429, 200, 200, 429]);
  assert.deepEqual(await ask(true), [200, 200, 429, 200, 429]);
});
