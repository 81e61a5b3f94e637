import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { bearerOf, isIdle, setUp } from './support/set-up.ts';

const isLogout = (request: Request): boolean => request.url.endsWith('/logout');
const soon = () => new Promise(setImmediate);

/** Signed in, and logged out where nothing reaches the server. */
async function withLostLogout(t: TestContext) {
  const setting = await setUp(t);
  const { tab, world, sign } = setting;
  const token = sign({ jti: 'of the site’s session' });
  await tab.client.identify(token);
  world.network.online = false;
  void tab.client.logout();
  await tab.until(({ connection }) => connection === 'offline');
  // The next try comes due, and passes: timers fire in the order of their times.
  await new Promise((resolve) => void setTimeout(resolve, 10));
  return { ...setting, token };
}

test('A9 a logout that has not reached the server is tried once more as the page is left', async (t) => {
  const { tab, world, send, token } = await withLostLogout(t);
  // The connection is back, and the page is left before the next try is due.
  world.network.online = true;
  assert.equal(world.requests.filter(isLogout).length, 1);
  // A page that is left is hidden by that.
  world.network.visible = false;
  world.wake();
  await soon();
  const [, last] = world.requests.filter(isLogout);
  assert.ok(last, 'the last try');
  assert.equal(last.keepalive, true);
  assert.equal(bearerOf(last), token);
  await tab.until(({ connection }) => connection === 'online');
  assert.equal((await send('/conversations', { token })).status, 401);
});

test('A9 a page that is left offline leaves no token behind; the site can end it by another with the same jti', async (t) => {
  const { tab, world, send, sign, token, clock } = await withLostLogout(t);
  world.leave();
  tab.client.close();
  const next = world.open({ tab: tab.tab });
  assert.deepEqual(next.texts(), []);
  assert.doesNotMatch([...world.shared.values(), ...tab.tab.values()].join(), /eyJ|[\w-]{43}/);
  next.client.close();
  // What the page could not say, the route that signs the visitor out can.
  assert.equal((await send('/conversations', { token })).status, 200);
  const another = sign({ jti: 'of the site’s session', said: 'by the site' });
  assert.notEqual(another, token);
  await send('/logout', { method: 'POST', token: another });
  for (const laterMs of [0, 3_500_000]) {
    clock.now += laterMs;
    const answer = await send('/conversations', { token });
    assert.equal(((await answer.json()) as { reason: string }).reason, 'revoked');
  }
});

test('a page that is kept for Back lets go of the reply’s stream, and reads on where it was', async (t) => {
  const { tab, world, agent } = await setUp(t);
  const held = agent.hold();
  await tab.client.send('a long story please');
  const reply = await held;
  reply.say('Once upon ');
  await tab.until(({ reply: phase }) => phase === 'streaming');
  world.network.online = false;
  world.leave();
  await tab.until(({ connection }) => connection === 'offline');
  reply.say('a time');
  world.network.online = true;
  world.wake();
  await tab.until(({ connection }) => connection === 'online');
  reply.finish();
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['a long story please', 'Once upon a time']);
  const resumed = world.requests.filter(({ url }) => url.endsWith('/stream'));
  assert.ok(resumed.some(({ headers }) => /:\d+$/.test(headers.get('last-event-id') ?? '')));
});
