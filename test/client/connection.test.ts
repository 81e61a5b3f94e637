import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/set-up.ts';
import { problemResponse, type Tab } from './support/world.ts';

const hourMs = 3_600_000;
const failures = ({ events }: Tab) => events.filter(({ name }) => name === 'failed').map(({ detail }) => detail);
const network = { code: 'network', retryable: true };

test('a server that never answered is said to be out of reach, and no connection to be lost', async (t) => {
  const { tab, world } = await setUp(t);
  world.intercept(
    () => true,
    () => Promise.reject(new TypeError('Failed to fetch')),
    Infinity,
  );
  tab.client.load();
  await tab.until(({ failure }) => failure?.code === 'network');
  await world.quiet();
  assert.deepEqual(failures(tab), [network]);
  assert.ok(tab.snapshots.every(({ connection }) => connection === 'online'));
});

test('a page that only identifies its visitor, and never opens the chat, is told that the server is out of reach', async (t) => {
  const { tab, world, sign } = await setUp(t);
  let isAway = true;
  world.intercept(
    () => isAway,
    (_, pass) => (isAway ? Promise.reject(new TypeError('Failed to fetch')) : pass()),
    Infinity,
  );
  const identified = tab.client.identify(sign());
  await tab.until(({ failure }) => failure !== undefined);
  assert.deepEqual(failures(tab), [network]);
  assert.ok(tab.snapshots.every(({ connection }) => connection === 'online'));
  // Nothing is left of it once there is an answer.
  isAway = false;
  assert.equal((await identified).state, 'verified');
  assert.equal(tab.client.snapshot.failure, undefined);
});

test('what the server has not answered in the end comes with its next answer', async (t) => {
  const { tab, world, sign } = await setUp(t);
  world.intercept(
    () => true,
    () => Promise.reject(new TypeError('Failed to fetch')),
    4,
  );
  tab.client.load();
  await tab.until(({ failure }) => failure?.code === 'network');
  await tab.client.identify(sign());
  await tab.until(({ agent }) => agent !== undefined);
});

test('a browser that is offline says so, and no server is blamed', async (t) => {
  const { tab, world } = await setUp(t);
  world.network.online = false;
  tab.client.load();
  await tab.until(({ connection }) => connection === 'offline');
  await world.quiet();
  assert.deepEqual(failures(tab), []);
});

test('a connection that was there is lost, and is back with the first answer, a refusal as well', async (t) => {
  const { tab, world, sign } = await setUp(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
  await tab.client.identify(sign());
  tab.client.load();
  await tab.until(({ history, agent }) => history === 'ready' && agent !== undefined);
  const isEvents = ({ url }: Request) => url.endsWith('/events');
  world.intercept(isEvents, () => Promise.reject(new TypeError('Failed to fetch')), 2);
  world.intercept(isEvents, async () => problemResponse(401, 'invalid_token', { reason: 'expired' }));
  world.network.visible = false;
  world.wake();
  world.network.visible = true;
  world.wake();
  await tab.until(({ connection }) => connection === 'reconnecting');
  await tab.until(({ identity }) => identity.state === 'expired');
  await world.quiet();
  assert.equal(tab.client.snapshot.connection, 'online');
});

test('a page that gives no new token has let a sign-in expire, and lost no connection', async (t) => {
  const { tab, world, sign, clock } = await setUp(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
  let gives = true;
  await tab.client.identify(async () => {
    if (!gives) throw new Error('the session of the page has ended');
    return sign({}, { lifetimeSeconds: 600 });
  });
  tab.client.load();
  await tab.until(({ history, agent }) => history === 'ready' && agent !== undefined);
  gives = false;
  clock.now += hourMs;
  const before = tab.snapshots.length;
  void tab.client.send('hello').catch(() => undefined);
  await tab.until(({ identity }) => identity.state === 'expired');
  await world.quiet();
  assert.ok(tab.snapshots.slice(before).every(({ connection }) => connection === 'online'));
});
