import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import {
  allFrames,
  json,
  newSession,
  problem,
  secret,
  sendBody,
  startServer,
  temporaryDirectory,
  textIn,
  type Harness,
} from './harness.ts';

type Page = { readonly conversations: readonly { readonly id: string }[] };

const anonymousPolicy = { agent: { policy: { onInvalidToken: 'anonymous' } } } as const;

async function say(send: Harness['send'], text: string, as: { token?: string; session?: string }): Promise<string> {
  const body = sendBody(text);
  await allFrames(await send('/chat', { ...as, body }));
  return body.id;
}

async function conversationsOf(send: Harness['send'], as: { token?: string; session?: string }): Promise<string[]> {
  const page = await json<Page>(await send('/conversations', as));
  return page.conversations.map(({ id }) => id);
}

test('H9 the identity call answers the claims of a good token, and the server’s clock', async (t) => {
  const { send, sign, clock } = await startServer(t);
  const response = await send('/identity', { method: 'POST', token: sign({ name: 'Ada', email: 'ada@shop.example' }) });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-chat-identity-source'), 'verified');
  assert.partialDeepStrictEqual(await json(response), {
    verified: true,
    source: 'verified',
    subject: 'ada',
    claims: { sub: 'ada', name: 'Ada', email: 'ada@shop.example' },
    expiresAt: clock.now + 3_600_000,
    claimedConversations: 0,
    now: clock.now,
  });
});

test('H9 verify-jwt takes the token in the body, beside the bot that it is for', async (t) => {
  const { send, sign } = await startServer(t);
  const url = 'http://chat.example/api/widget/verify-jwt';
  const good = await send(url, { body: { token: sign({ name: 'Ada' }), botId: 'shop', organizationId: 'org_1' } });
  assert.partialDeepStrictEqual(await json(good), { verified: true, claims: { sub: 'ada', name: 'Ada' } });
  const bad = await send(url, { body: { token: 'nonsense', botId: 'shop' } });
  assert.equal(bad.status, 200);
  assert.deepEqual(await json(bad), { verified: false, reason: 'malformed' });
  const unknown = await send(url, { body: { token: sign(), botId: 'nobody' } });
  assert.partialDeepStrictEqual(await problem(unknown), { status: 404, code: 'agent_not_found' });
  const absent = await send(url, { body: { botId: 'shop' } });
  assert.partialDeepStrictEqual(await problem(absent), { status: 422, code: 'invalid_request' });
});

for (const source of ['anonymous', 'self-reported'] as const) {
  test(`the identity call without a token answers ${source}, as the widget says`, async (t) => {
    const { send } = await startServer(t);
    const response = await send('/identity', { method: 'POST', headers: { 'x-chat-identity-source': source } });
    assert.equal(response.headers.get('x-chat-identity-source'), source);
    assert.deepEqual(await json(response), { verified: false, source });
  });
}

test('H12 each reason is said in the answer of the identity call, under every policy', async (t) => {
  for (const onInvalidToken of ['block', 'anonymous', 'deny'] as const) {
    const { send, sign } = await startServer(t, { agent: { policy: { onInvalidToken, access: 'verified-only' } } });
    const other = 'another-secret-that-this-server-never-saw';
    const tokens = {
      invalid_signature: sign({}, { secret: other }),
      expired: sign({}, { lifetimeSeconds: -120 }),
      malformed: 'a.b',
      missing_claim: sign({ sub: undefined }),
      lifetime_too_long: sign({}, { lifetimeSeconds: 100_000 }),
    };
    for (const [reason, token] of Object.entries(tokens)) {
      const response = await send('/identity', { method: 'POST', token });
      assert.equal(response.status, 200);
      assert.deepEqual(await json(response), { verified: false, reason });
    }
  }
});

test('H12 not_configured is said where the agent has no key', async (t) => {
  const { send, sign } = await startServer(t, { agent: { keys: [] } });
  const response = await send('/chat', { token: sign(), body: sendBody('hello') });
  assert.partialDeepStrictEqual(await problem(response), {
    status: 401,
    code: 'invalid_token',
    reason: 'not_configured',
  });
});

test('B11 the token comes as Authorization: Bearer, and each answer says how its sender was judged', async (t) => {
  const { send, sign } = await startServer(t);
  const response = await send('/conversations', { token: sign() });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-chat-identity-source'), 'verified');
});

test('H10 a sender who says "verified" without proof is judged anonymous', async (t) => {
  const { send, agent } = await startServer(t);
  const headers = { 'x-chat-identity-source': 'verified' };
  const response = await send('/chat', { session: newSession(), headers, body: sendBody('it is me') });
  assert.equal(response.headers.get('x-chat-identity-source'), 'anonymous');
  await allFrames(response);
  assert.equal(agent.turns[0]?.user.verified, false);
});

test('B12 a visitor without a token is answered as anonymous', async (t) => {
  const { send, agent } = await startServer(t);
  const response = await send('/chat', { session: newSession(), body: sendBody('hello') });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-chat-identity-source'), 'anonymous');
  assert.equal(textIn(await allFrames(response)), 'You said: hello');
  assert.deepEqual(agent.turns[0]?.user, { verified: false, selfReported: {} });
});

test('B14 an expired or tampered token is refused on every personal call, and never passes as anonymous', async (t) => {
  const { send, sign, agent } = await startServer(t);
  const [head, , signature] = sign().split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'eve', exp: 9_999_999_999 })).toString('base64url');
  const tokens = { expired: sign({}, { lifetimeSeconds: -61 }), invalid_signature: `${head}.${claims}.${signature}` };
  const calls = [
    ['/chat', { body: sendBody('hello') }],
    ['/conversations', {}],
    ['/conversations/c/messages', {}],
    ['/conversations/c/read', { body: { messageId: 'm' } }],
    ['/chat/c/stream', {}],
    ['/chat/c/stop', { method: 'POST' }],
    ['/events', {}],
  ] as const;
  for (const [reason, token] of Object.entries(tokens)) {
    for (const [path, sent] of calls) {
      const response = await send(path, { ...sent, token, session: newSession() });
      const challenge = `Bearer error="invalid_token", error_description="${reason}"`;
      assert.equal(response.headers.get('www-authenticate'), challenge);
      assert.partialDeepStrictEqual(await problem(response), { status: 401, code: 'invalid_token', reason });
    }
  }
  assert.equal(agent.turns.length, 0);
});

for (const id of ['H13', 'W12']) {
  test(`${id} under policy "anonymous" the chat goes on without the claims, and the answer says why`, async (t) => {
    const { send, sign, agent } = await startServer(t, anonymousPolicy);
    const token = id === 'H13' ? 'not.a.token' : sign({ name: 'Ada' }, { lifetimeSeconds: -120 });
    const session = newSession();
    const response = await send('/chat', { token, session, body: sendBody('hello') });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-chat-identity-source'), 'anonymous');
    assert.equal(response.headers.get('x-chat-identity-reason'), id === 'H13' ? 'malformed' : 'expired');
    await allFrames(response);
    assert.equal(agent.turns[0]?.user.verified, false);
    assert.equal((await conversationsOf(send, { session })).length, 1);
  });
}

for (const id of ['H15', 'Wo5']) {
  test(`${id} HS256 alone is accepted: not "none" in any spelling, and no other algorithm`, async (t) => {
    const { send } = await startServer(t, anonymousPolicy);
    const exp = Math.floor(Date.now() / 1000) + 600;
    const unsigned = new UnsecuredJWT({ sub: 'ada', exp }).encode();
    const key = new TextEncoder().encode(secret);
    const stronger = await new SignJWT({ sub: 'ada', exp }).setProtectedHeader({ alg: 'HS512' }).sign(key);
    const spelled = ['none', 'None', 'NONE', 'nOnE'].map((alg) => {
      const head = Buffer.from(JSON.stringify({ alg })).toString('base64url');
      return `${head}.${unsigned.split('.')[1]}.`;
    });
    for (const token of [stronger, ...spelled]) {
      const response = await send('/identity', { method: 'POST', token });
      assert.deepEqual(await json(response), { verified: false, reason: 'unsupported_algorithm' });
    }
  });
}

test('A10 a verified visitor sees the conversations of all sessions, an anonymous one those of this session', async (t) => {
  const { send, sign } = await startServer(t);
  const [here, elsewhere] = [newSession(), newSession()];
  const first = await say(send, 'from the phone', { token: sign(), session: here });
  const second = await say(send, 'from the desk', { token: sign({ jti: 'other' }), session: elsewhere });
  const mine = await say(send, 'who am I', { session: here });
  assert.deepEqual((await conversationsOf(send, { token: sign() })).toSorted(), [first, second].toSorted());
  assert.deepEqual(await conversationsOf(send, { session: here }), [mine]);
  assert.deepEqual(await conversationsOf(send, { session: elsewhere }), []);
  assert.deepEqual(await conversationsOf(send, { token: sign({ sub: 'bob' }) }), []);
});

test('A11 for a verified visitor the claims stand in place of what the page says of context and groups', async (t) => {
  const { send, sign, agent } = await startServer(t, { agent: { policy: { claimsToAgent: 'all' } } });
  const metadata = { context: { plan: 'enterprise' }, groups: ['admin'], data: { cart: 3 } };
  const token = sign({ name: 'Ada', plan: 'free' });
  await allFrames(await send('/chat', { token, body: sendBody('hello', { metadata }) }));
  assert.deepEqual(agent.turns[0]?.metadata, { data: { cart: 3 }, context: { name: 'Ada', plan: 'free' } });
  assert.partialDeepStrictEqual(agent.turns[0].user, { verified: true, subject: 'ada', name: 'Ada' });
});

test('A12 all other metadata passes as it is, for everybody', async (t) => {
  const { send, sign, agent } = await startServer(t);
  const others = { data: { a: [1, { b: null }] }, source: 'footer', platform: 'web', state: { step: 2 }, own: true };
  await allFrames(await send('/chat', { token: sign(), body: sendBody('one', { metadata: others }) }));
  const anonymous = { ...others, context: { name: 'Eve' }, groups: ['vip'] };
  await allFrames(await send('/chat', { session: newSession(), body: sendBody('two', { metadata: anonymous }) }));
  assert.deepEqual(agent.turns[0]?.metadata, { ...others, context: {} });
  assert.deepEqual(agent.turns[1]?.metadata, anonymous);
  assert.deepEqual(agent.turns[1].user, { verified: false, selfReported: { name: 'Eve' } });
});

test('a session’s conversations become the subject’s on proof of both, once', async (t) => {
  const { send, sign } = await startServer(t);
  const session = newSession();
  const id = await say(send, 'before signing in', { session });
  const claim = () => send('/identity', { method: 'POST', token: sign(), session });
  assert.equal((await json(await claim()))['claimedConversations'], 1);
  assert.equal((await json(await claim()))['claimedConversations'], 0);
  assert.deepEqual(await conversationsOf(send, { token: sign() }), [id]);
  assert.deepEqual(await conversationsOf(send, { session }), []);
});

test('nothing is claimed where the policy says so, nor with a token that is not accepted', async (t) => {
  const off = await startServer(t, { agent: { policy: { claimAnonymousConversations: false } } });
  const session = newSession();
  await say(off.send, 'mine', { session });
  await off.send('/identity', { method: 'POST', token: off.sign(), session });
  assert.equal((await conversationsOf(off.send, { session })).length, 1);
  const on = await startServer(t);
  await say(on.send, 'mine', { session });
  await on.send('/identity', { method: 'POST', token: on.sign({}, { lifetimeSeconds: -90 }), session });
  assert.equal((await conversationsOf(on.send, { session })).length, 1);
});

test('A9 logout revokes the token and closes the session on the server', async (t) => {
  const { send, sign } = await startServer(t);
  const token = sign();
  const session = newSession();
  await say(send, 'a secret', { session });
  const logout = () => send('/logout', { method: 'POST', token, session });
  assert.equal((await logout()).status, 204);
  const refused = await send('/conversations', { token, session });
  assert.partialDeepStrictEqual(await problem(refused), { status: 401, code: 'invalid_token', reason: 'revoked' });
  const closed = await problem(await send('/conversations', { session }));
  assert.partialDeepStrictEqual(closed, {
    status: 422,
    code: 'invalid_request',
    errors: [{ path: 'X-Chat-Session', message: 'this session was closed' }],
  });
  assert.equal((await logout()).status, 204);
  assert.equal((await send('/conversations', { token: sign({ jti: 'fresh' }) })).status, 200);
});

test('A9 nobody can claim a conversation after logout', async (t) => {
  const { send, sign } = await startServer(t);
  const session = newSession();
  await say(send, 'a secret', { session });
  await send('/logout', { method: 'POST', session });
  const answer = await json(await send('/identity', { method: 'POST', token: sign({ sub: 'eve' }), session }));
  assert.equal(answer['claimedConversations'], 0);
  assert.deepEqual(await conversationsOf(send, { token: sign({ sub: 'eve' }) }), []);
});

test('A9 a message whose body is still on its way at the logout is refused', async (t) => {
  const { send, server, sign } = await startServer(t);
  const token = sign();
  const reading = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
  const init = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: new ReadableStream<Uint8Array>({ pull: (body) => reading.resolve(body) }, { highWaterMark: 0 }),
    duplex: 'half',
  };
  const answer = server.fetch(new Request('http://chat.example/v1/agents/shop/chat', init));
  const body = await reading.promise;
  await send('/logout', { method: 'POST', token });
  body.enqueue(new TextEncoder().encode(JSON.stringify(sendBody('typed before the logout'))));
  body.close();
  assert.partialDeepStrictEqual(await problem(await answer), { status: 401, reason: 'revoked' });
  assert.deepEqual(await conversationsOf(send, { token: sign({ jti: 'the next one' }) }), []);
});

test('logout answers 204 whatever it is sent', async (t) => {
  const { send, sign } = await startServer(t, {
    agent: { policy: { access: 'verified-only', onInvalidToken: 'deny' } },
  });
  const tokens = [undefined, '', 'nonsense', sign({}, { lifetimeSeconds: -900 }), sign({}, { secret: 'x'.repeat(32) })];
  for (const token of tokens) {
    for (const session of [undefined, newSession(), 'too short']) {
      assert.equal((await send('/logout', { method: 'POST', token, session })).status, 204);
    }
  }
});

for (const id of ['W8', 'Wo12']) {
  test(`${id} the token is verified anew on every request`, async (t) => {
    const { send, sign, clock } = await startServer(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
    const token = sign({}, { lifetimeSeconds: 10 });
    assert.equal((await send('/conversations', { token })).status, 200);
    clock.now += 9_999;
    assert.equal((await send('/conversations', { token })).status, 200);
    clock.now += 1;
    assert.equal((await send('/conversations', { token })).status, 401);
  });
}

test('Wo17 a token is accepted until 60 seconds after its exp', async (t) => {
  const { send, sign, clock } = await startServer(t);
  const token = sign({}, { lifetimeSeconds: 10 });
  clock.now += 69_999;
  assert.equal((await send('/conversations', { token })).status, 200);
  clock.now += 1;
  assert.partialDeepStrictEqual(await problem(await send('/conversations', { token })), {
    status: 401,
    reason: 'expired',
  });
});

test('Wo18 a token that expires in mid-conversation fails the next message, and a new one goes on with it', async (t) => {
  const { send, sign, clock } = await startServer(t);
  const token = sign({}, { lifetimeSeconds: 60 });
  const body = sendBody('first');
  await allFrames(await send('/chat', { token, body }));
  clock.now += 600_000;
  const next = sendBody('second', { id: body.id });
  assert.equal((await send('/chat', { token, body: next })).status, 401);
  const again = await send('/chat', { token: sign(), body: next });
  assert.equal(textIn(await allFrames(again)), 'You said: second');
  const { messages } = await json<{ messages: unknown[] }>(
    await send(`/conversations/${body.id}/messages`, { token: sign() }),
  );
  assert.equal(messages.length, 4);
});

test('Wo16 a verified-only agent answers 403 no_permission to visitors who are not', async (t) => {
  const { send, sign } = await startServer(t, {
    agent: { policy: { access: 'verified-only', onInvalidToken: 'anonymous' } },
  });
  const anonymous = await send('/chat', { session: newSession(), body: sendBody('hello') });
  assert.partialDeepStrictEqual(await problem(anonymous), { status: 403, code: 'no_permission' });
  const invalid = await send('/chat', { token: 'bad', session: newSession(), body: sendBody('hello') });
  assert.partialDeepStrictEqual(await problem(invalid), { status: 403, code: 'no_permission', reason: 'malformed' });
  assert.equal((await send('/conversations', { token: sign() })).status, 200);
  const info = await json(await send(''));
  assert.equal(info['access'], 'verified-only');
});

test('Wo16 policy "deny" answers 403 no_permission with the reason', async (t) => {
  const { send } = await startServer(t, { agent: { policy: { onInvalidToken: 'deny' } } });
  const response = await send('/conversations', { token: 'bad', session: newSession() });
  assert.partialDeepStrictEqual(await problem(response), { status: 403, code: 'no_permission', reason: 'malformed' });
});

test('H4 an agent without keys takes the secret of the environment; one with keys does not', async (t) => {
  const environmentSecret = 'the-secret-of-the-whole-deployment';
  const { send, sign } = await startServer(t, {
    server: { environmentSecret },
    moreAgents: [{ id: 'plain', name: 'Plain' }],
  });
  const token = sign({}, { secret: environmentSecret });
  const plain = await send('http://chat.example/v1/agents/plain/identity', { method: 'POST', token });
  assert.equal((await json(plain))['verified'], true);
  assert.deepEqual(await json(await send('/identity', { method: 'POST', token })), {
    verified: false,
    reason: 'invalid_signature',
  });
});

test('H14 tokens of a secret that was replaced fail at once, and the history stays', async (t) => {
  const dataDirectory = await temporaryDirectory(t);
  const before = await startServer(t, { dataDirectory });
  const token = before.sign();
  const id = await say(before.send, 'hello', { token });
  await before.server.close();
  const next = 'the-new-secret-after-the-regeneration';
  const after = await startServer(t, { dataDirectory, agent: { keys: [{ id: 'k2', secret: next }] } });
  assert.partialDeepStrictEqual(await problem(await after.send('/conversations', { token })), {
    status: 401,
    reason: 'invalid_signature',
  });
  assert.deepEqual(await conversationsOf(after.send, { token: after.sign({}, { secret: next }) }), [id]);
});

test('B15 an e-mail on a reserved domain is anonymous under every policy, and the answer says so', async (t: TestContext) => {
  const { send, sign } = await startServer(t, { agent: { policy: { identityClaim: 'email' } } });
  const token = sign({ email: 'ada@shop.local' });
  const response = await send('/conversations', { token, session: newSession() });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-chat-identity-source'), 'anonymous');
  assert.equal(response.headers.get('x-chat-identity-reason'), 'reserved_domain');
});
