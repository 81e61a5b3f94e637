import assert from 'node:assert/strict';
import { test } from 'node:test';
import { framesOf, newSession, problem, sendBody, startServer } from './harness.ts';

const patience = { status: 429, code: 'rate_limited' };

test('an address has so many open streams of all kinds; one more is refused before a turn begins, until one has ended', async (t) => {
  const { send, agent } = await startServer(t, { config: { rateLimits: { streamsPerAddress: 2 } } });
  const session = newSession();
  const events = await send('/events', { session });
  const holding = agent.hold();
  const body = sendBody('hello');
  const reply = await send('/chat', { session, body });
  const held = await holding;
  const refusals = [
    await send('/chat', { session: newSession(), body: sendBody('one more') }),
    await send('/events', { session: newSession() }),
    await send(`/chat/${body.id}/stream`, { session }),
  ];
  for (const refused of refusals) {
    assert.equal(refused.headers.get('retry-after'), '5');
    assert.partialDeepStrictEqual(await problem(refused), patience);
  }
  assert.equal(agent.turns.length, 1);
  await events.body?.cancel();
  const resumed = await send(`/chat/${body.id}/stream`, { session });
  assert.equal(resumed.status, 200);
  await resumed.body?.cancel();
  const next = await send('/chat', { session: newSession(), body: sendBody('now') });
  assert.equal(next.status, 200);
  await next.body?.cancel();
  held.finish();
  await reply.text();
});

test('a message that is refused for another reason takes up no stream of its address', async (t) => {
  const { send } = await startServer(t, { config: { rateLimits: { streamsPerAddress: 1 } } });
  const session = newSession();
  const missing = { id: 'nothing', trigger: 'regenerate-message', messageId: 'nothing' };
  for (let time = 0; time < 3; time++) assert.equal((await send('/chat', { session, body: missing })).status, 404);
  assert.equal((await send('/chat', { session, body: sendBody('hello') })).status, 200);
});

test('streams of other addresses are counted apart', async (t) => {
  const { server } = await startServer(t, { config: { rateLimits: { streamsPerAddress: 1 } } });
  const open = async (remoteAddress: string) => {
    const headers = { 'x-chat-session': newSession() };
    const request = new Request('http://chat.example/v1/agents/shop/events', { headers });
    return (await server.fetch(request, { remoteAddress })).status;
  };
  const addresses = ['10.0.0.1', '10.0.0.1', '10.0.0.2', '2001:db8:1:2::a', '2001:db8:1:2:3:4:5:6'];
  const statuses: number[] = [];
  for (const address of addresses) statuses.push(await open(address));
  assert.deepEqual(statuses, [200, 429, 200, 200, 429]);
});

test('one address that hangs up on its replies takes no room of others, also not of one network’s many addresses', async (t) => {
  const { server, agent, sign } = await startServer(t, {
    config: { rateLimits: { repliesPerAddress: 2, repliesPerProcess: 4 } },
  });
  const say = async (remoteAddress: string, who: { readonly [header: string]: string }) => {
    const headers = { 'content-type': 'application/json', ...who };
    const body = JSON.stringify(sendBody('hello'));
    const request = new Request('http://chat.example/v1/agents/shop/chat', { method: 'POST', headers, body });
    const response = await server.fetch(request, { remoteAddress });
    await response.body?.cancel();
    return response.status;
  };
  const anybody = () => ({ 'x-chat-session': newSession() });
  const statuses: number[] = [];
  for (const address of ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8::4', '198.51.100.9']) {
    void agent.hold();
    statuses.push(await say(address, anybody()));
  }
  assert.deepEqual(statuses, [200, 200, 429, 429, 200]);
  assert.equal(await say('198.51.100.9', { authorization: `Bearer ${sign()}` }), 200);
});

test(
  'a visitor who opens live events once too often loses the oldest stream, without a word about identity',
  { timeout: 5_000 },
  async (t) => {
    const { send } = await startServer(t, { config: { rateLimits: { eventStreamsPerVisitor: 1 } } });
    const session = newSession();
    const forgotten = framesOf(await send('/events', { session }));
    const newest = await send('/events', { session });
    assert.equal(newest.status, 200);
    assert.equal((await forgotten.next()).done, true);
    await newest.body?.cancel();
  },
);

test('a visitor has so many running replies; one more is refused, and says when to come back', async (t) => {
  const { send, agent } = await startServer(t, { config: { rateLimits: { repliesPerVisitor: 1 } } });
  const session = newSession();
  const holding = agent.hold();
  const reply = await send('/chat', { session, body: sendBody('hello') });
  const held = await holding;
  const refused = await send('/chat', { session, body: sendBody('one more') });
  assert.equal(refused.headers.get('retry-after'), '5');
  assert.partialDeepStrictEqual(await problem(refused), patience);
  const other = await send('/chat', { session: newSession(), body: sendBody('mine') });
  assert.equal(other.status, 200);
  await other.text();
  held.finish();
  await reply.text();
});

test('a server that writes as many replies as it can is unavailable, and says when to come back', async (t) => {
  const { send, agent } = await startServer(t, { config: { rateLimits: { repliesPerProcess: 1 } } });
  const holding = agent.hold();
  const reply = await send('/chat', { session: newSession(), body: sendBody('hello') });
  const held = await holding;
  const refused = await send('/chat', { session: newSession(), body: sendBody('one more') });
  assert.equal(refused.headers.get('retry-after'), '5');
  assert.partialDeepStrictEqual(await problem(refused), { status: 503, code: 'unavailable' });
  held.finish();
  await reply.text();
});

test('A9 an address that has spent its other calls can still log out', async (t) => {
  const rateLimits = { otherPerAddress: 1, chatPerAddress: 1, logoutPerAddress: 3 };
  const { send, sign } = await startServer(t, { config: { rateLimits } });
  const token = sign();
  const statuses = [(await send('/conversations', { token })).status, (await send('/conversations', { token })).status];
  for (let time = 0; time < 4; time++) statuses.push((await send('/logout', { method: 'POST', token })).status);
  assert.deepEqual(statuses, [200, 429, 204, 204, 204, 429]);
});

test('logging out spends nothing of the other calls', async (t) => {
  const { send } = await startServer(t, { config: { rateLimits: { otherPerAddress: 1 } } });
  const session = newSession();
  for (let time = 0; time < 3; time++) await send('/logout', { method: 'POST', session: newSession() });
  assert.equal((await send('/conversations', { session })).status, 200);
});
