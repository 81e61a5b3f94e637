import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPolicy } from '../../src/identity/index.ts';
import { newSession, problem, secret, sendBody, startServer } from './harness.ts';

test('A1 an agent with strict authentication talks to verified visitors alone', async (t) => {
  const { send, sign, agent } = await startServer(t, { agent: { policy: { access: 'verified-only' } } });
  const anonymous = await send('/chat', { session: newSession(), body: sendBody('hello') });
  assert.partialDeepStrictEqual(await problem(anonymous), { status: 403, code: 'no_permission' });
  assert.equal(agent.turns.length, 0);
  const verified = await send('/chat', { token: sign(), body: sendBody('hello') });
  assert.equal(verified.status, 200);
  await verified.text();
  assert.equal(agent.turns.length, 1);
});

test('A1 an agent without strict authentication talks to everybody', async (t) => {
  const { send, agent } = await startServer(t);
  const anonymous = await send('/chat', { session: newSession(), body: sendBody('hello') });
  assert.equal(anonymous.status, 200);
  await anonymous.text();
  assert.equal(agent.turns.length, 1);
});

test('A2 a key is revealed by no call of the wire, and the setting to reveal keys is off unless it is set', async (t) => {
  const { send, sign, logged } = await startServer(t);
  const token = sign();
  const answers = [
    await send(''),
    await send('/identity', { method: 'POST', token }),
    await send('/conversations', { token }),
    await send('http://chat.example/metrics'),
    await send('/identity', { method: 'POST', token: `${token}x` }),
  ];
  for (const answer of answers) {
    assert.ok(!(await answer.text()).includes(secret));
    assert.ok(!JSON.stringify([...answer.headers]).includes(secret));
  }
  assert.ok(!logged().includes(secret));
  assert.equal(defaultPolicy.revealableKeys, false);
});

test('B6 a user_id is optional, and kept as a claim like any other', async (t) => {
  const { send, sign, agent } = await startServer(t, { agent: { policy: { claimsToAgent: 'all' } } });
  const answer = await send('/identity', { method: 'POST', token: sign({ user_id: 'customer-42' }) });
  assert.partialDeepStrictEqual(await answer.json(), { verified: true, claims: { user_id: 'customer-42' } });
  await (await send('/chat', { token: sign({ user_id: 'customer-42' }), body: sendBody('hello') })).text();
  await (await send('/chat', { token: sign(), body: sendBody('hello') })).text();
  const claims = agent.turns.map(({ user }) => user.verified && user.claims['user_id']);
  assert.deepEqual(claims, ['customer-42', undefined]);
});
