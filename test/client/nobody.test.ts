import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenSource } from '../../src/client/index.ts';
import { code, isIdle, setUp } from './support/set-up.ts';
import { isIdentity, isSend, type Tab } from './support/world.ts';

const nobody = ['', null, undefined] as const;
const failed = ({ events }: Tab) => events.filter(({ name }) => name === 'failed');
const isLogout = ({ url }: Request) => url.endsWith('/logout');

for (const nothing of nobody) {
  const said = JSON.stringify(nothing) ?? 'undefined';
  for (const [how, source] of [
    [`identify(${said})`, nothing],
    [`a provider that gives ${said}`, () => Promise.resolve(nothing)],
  ] as const satisfies readonly (readonly [string, TokenSource])[]) {
    test(`${how} says that nobody is signed in: the visitor chats as anonymous, and nothing has failed`, async (t) => {
      const { tab, world } = await setUp(t);
      assert.deepEqual(await tab.client.identify(source), { state: 'anonymous' });
      await tab.client.send('hello');
      await tab.until(isIdle);
      assert.deepEqual(failed(tab), []);
      assert.equal(world.requests.filter(isIdentity).length, 0);
      assert.equal(world.requests.find(isSend)?.headers.get('authorization'), null);
    });
  }

  test(`identify(${said}) signs nobody out: that is what logout() is for`, async (t) => {
    const { tab, world, sign } = await setUp(t);
    await tab.client.identify(sign({ sub: 'ada' }));
    await assert.rejects(tab.client.identify(nothing), /TypeError.*logout\(\)/);
    assert.equal(tab.client.snapshot.identity.state, 'verified');
    assert.equal(world.requests.filter(isLogout).length, 0);
  });
}

test('what a page says of its visitor without proof stands where a provider knows of nobody', async (t) => {
  const { tab } = await setUp(t);
  tab.client.update({ userName: 'Ada' });
  await tab.client.identify(() => Promise.resolve(null));
  assert.deepEqual(tab.client.snapshot.identity, { state: 'self-reported', name: 'Ada' });
});

test('a provider that comes to say null has signed its visitor out, here and on the server', async (t) => {
  const { tab, world, sign } = await setUp(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
  let isSignedIn = true;
  await tab.client.identify(async () => (isSignedIn ? sign({ sub: 'ada' }, { lifetimeSeconds: 1000 }) : null));
  await tab.client.send('hello');
  await tab.until(isIdle);
  isSignedIn = false;
  world.advance(801_000);
  await tab.until(({ identity }) => identity.state === 'anonymous');
  assert.deepEqual(tab.texts(), []);
  while (!world.requests.some(isLogout)) await new Promise(setImmediate);
  assert.deepEqual(failed(tab), []);
});

test('another provider that says null ends the sign-in of the one before it', async (t) => {
  const { tab, sign } = await setUp(t);
  await tab.client.identify(sign({ sub: 'ada' }));
  assert.deepEqual(await tab.client.identify(() => Promise.resolve(null)), { state: 'anonymous' });
});

for (const nothing of ['', undefined]) {
  test(`a provider that comes to say ${JSON.stringify(nothing) ?? 'undefined'} has gone wrong, and signs nobody out`, async (t) => {
    const { tab, world, sign } = await setUp(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
    let hasToken = true;
    await tab.client.identify(async () => (hasToken ? sign({ sub: 'ada' }, { lifetimeSeconds: 1000 }) : nothing));
    hasToken = false;
    world.advance(801_000);
    while (failed(tab).length === 0) await new Promise(setImmediate);
    assert.deepEqual(failed(tab)[0]?.detail, { code: 'token_provider', retryable: true });
    assert.equal(tab.client.snapshot.identity.state, 'verified');
  });
}

test('a provider that throws has failed, whoever is there', async (t) => {
  const { tab } = await setUp(t);
  await assert.rejects(
    tab.client.identify(() => Promise.reject(new Error('no'))),
    code('token_provider'),
  );
  assert.equal(failed(tab).length, 1);
});

test('Wo10 the latest call counts: nobody, while a provider is still being asked', async (t) => {
  const { tab, world, sign } = await setUp(t);
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = tab.client.identify(() => promise);
  assert.deepEqual(await tab.client.identify(null), { state: 'anonymous' });
  resolve(sign());
  await assert.rejects(first, code('superseded'));
  assert.equal(tab.client.snapshot.identity.state, 'anonymous');
  assert.equal(world.requests.filter(isIdentity).length, 0);
});
