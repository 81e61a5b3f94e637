import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { bearerOf, code, isIdle, setUp } from './support/set-up.ts';
import { createWorld, isIdentity, isSend } from './support/world.ts';

const hourMs = 3_600_000;

/** A client whose provider signs tokens of this lifetime, and counts how often it was asked. */
async function withProvider(t: TestContext, lifetimeSeconds: number) {
  const setting = await setUp(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
  const provider = {
    asked: 0,
    give: () => Promise.resolve(setting.sign({ jti: `${provider.asked}` }, { lifetimeSeconds })),
  };
  const identify = () =>
    setting.tab.client.identify(() => {
      provider.asked += 1;
      return provider.give();
    });
  return { ...setting, provider, identify };
}

for (const [lifetimeSeconds, dueSeconds] of [
  [1000, 800],
  [200, 140],
  [100, 80],
] as const) {
  test(`W1 Wo18 a token of ${lifetimeSeconds} s is renewed after ${dueSeconds} s, and the message after it goes with the new one`, async (t) => {
    const { tab, world, provider, identify } = await withProvider(t, lifetimeSeconds);
    await identify();
    world.advance((dueSeconds - 1) * 1000);
    assert.equal(provider.asked, 1);
    world.advance(2_000);
    assert.equal(provider.asked, 2);
    while (world.requests.filter(isIdentity).length < 2) await new Promise(setImmediate);
    await tab.client.send('hello');
    const [first, second] = world.requests.filter(isIdentity).map(bearerOf);
    assert.notEqual(first, second);
    assert.deepEqual(world.requests.filter(isSend).map(bearerOf), [second]);
  });
}

test('Wo18 a page that slept past the time asks for a token when it wakes, also where its timer never fired', async (t) => {
  const { world, provider, identify, clock } = await withProvider(t, 1000);
  await identify();
  clock.now += 900_000;
  assert.equal(provider.asked, 1);
  world.wake();
  assert.equal(provider.asked, 2);
});

test('Wo18 a page that slept past the end sends the kept message once, with a new token', async (t) => {
  const { tab, agent, world, provider, identify, clock } = await withProvider(t, 1000);
  await identify();
  clock.now += 9 * hourMs;
  const sent = tab.client.send('good morning');
  world.wake();
  await sent;
  await tab.until(isIdle);
  assert.equal(agent.turns.length, 1);
  assert.equal(provider.asked, 2);
  assert.equal(tab.client.snapshot.identity.state, 'verified');
});

for (const hours of [-7, 9]) {
  test(`Wo18 a clock that is wrong by ${hours} hours changes nothing: the server’s counts`, async (t) => {
    const { server, sign, clock } = await setUp(t);
    const wrong = {
      get now() {
        return clock.now + hours * hourMs;
      },
      set now(value) {
        clock.now = value - hours * hourMs;
      },
    };
    const world = createWorld((request) => server.fetch(request), wrong);
    const tab = world.open();
    let asked = 0;
    await tab.client.identify(async () => {
      asked += 1;
      return sign({}, { lifetimeSeconds: 1000 });
    });
    assert.equal(tab.client.snapshot.identity.state, 'verified');
    world.wake();
    world.advance(799_000);
    assert.equal(asked, 1);
    world.advance(2_000);
    assert.equal(asked, 2);
    tab.client.close();
  });
}

test('many refused requests ask the provider once', async (t) => {
  const { tab, agent, world, provider, identify, clock } = await withProvider(t, 60);
  tab.client.load();
  await identify();
  await tab.client.send('one');
  await tab.until(isIdle);
  clock.now += 61_000;
  const { promise, resolve } = Promise.withResolvers<string>();
  const give = provider.give;
  provider.give = () => promise;
  const sent = tab.client.send('two');
  tab.client.regenerate(tab.client.snapshot.messages.at(-1)?.id ?? '');
  tab.client.openConversation(tab.client.snapshot.conversationId);
  await tab.until(({ identity }) => identity.state === 'verifying');
  world.wake();
  resolve(await give());
  await sent;
  assert.equal(provider.asked, 2);
  assert.equal(agent.turns.length, 2);
});

test('a provider whose new token is refused as well is asked once: the message fails, is kept, and goes when one is good', async (t) => {
  const { tab, agent, provider, identify, clock, sign } = await withProvider(t, 60);
  tab.client.load();
  await identify();
  clock.now += 61_000;
  provider.give = async () =>
    sign({ jti: `${provider.asked}` }, { secret: 'a-secret-that-this-server-does-not-have-at-all' });
  await assert.rejects(tab.client.send('hello'), code('invalid_token'));
  assert.deepEqual(tab.client.snapshot.identity, { state: 'rejected', reason: 'invalid_signature' });
  const asked = provider.asked;
  assert.ok(asked <= 3, `${asked}`);
  assert.equal(agent.turns.length, 0);
  await tab.client.identify(sign());
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
  assert.equal(agent.turns.length, 1);
});

test('a provider that gives the refused token again leaves no message waiting for ever', async (t) => {
  const { tab, provider, identify, clock, sign } = await withProvider(t, 60);
  const stale = sign({ jti: 'stale' }, { lifetimeSeconds: 60 });
  provider.give = () => Promise.resolve(stale);
  await identify();
  clock.now += 61_000;
  await assert.rejects(tab.client.send('hello'), code('invalid_token'));
  assert.equal(tab.client.snapshot.identity.state, 'expired');
  assert.equal(tab.client.snapshot.messages[0]?.delivery, 'failed');
});

test('a provider that gives nothing but bad tokens is not asked over and over', async (t) => {
  const { tab, provider, identify, sign } = await withProvider(t, 60);
  tab.client.load();
  provider.give = async () =>
    sign({ jti: `${provider.asked}` }, { secret: 'a-secret-that-this-server-does-not-have-at-all' });
  await assert.rejects(identify(), code('invalid_token'));
  await tab.until(({ history }) => history !== 'loading');
  assert.equal(provider.asked, 1);
});

test('a token that expires while its provider is down ends as expired, and the page is told', async (t) => {
  const { tab, world, provider, identify, clock } = await withProvider(t, 60);
  await identify();
  await tab.client.send('hello');
  await tab.until(isIdle);
  provider.give = () => Promise.reject(new Error('down'));
  clock.now += 61_000;
  const { identity } = await tab.until((snapshot) => snapshot.identity.state === 'expired');
  assert.deepEqual(identity, { state: 'expired' });
  assert.deepEqual(tab.events.at(-1), { name: 'identity-changed', detail: { state: 'expired' } });
  assert.ok(tab.events.some(({ name }) => name === 'failed'));
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
  assert.ok(world.requests.length > 0);
});

test('Wo18 without a provider the page is told that the token will expire, that it has, and of the new one', async (t) => {
  const { tab, world, sign } = await setUp(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
  const expiresAt = Math.floor(world.clock.now / 1000) * 1000 + 1_000_000;
  await tab.client.identify(sign({}, { lifetimeSeconds: 1000 }));
  world.advance(801_000);
  world.advance(200_000);
  await tab.until(({ identity }) => identity.state === 'expired');
  await tab.client.identify(sign());
  assert.deepEqual(
    tab.events.filter(({ name }) => /identity|expiring/.test(name)).map(({ name, detail }) => [name, detail]),
    [
      ['identity-changed', { state: 'verifying' }],
      ['identity-changed', { state: 'verified' }],
      ['token-expiring', { expiresAt }],
      ['identity-changed', { state: 'expired' }],
      ['identity-changed', { state: 'verifying' }],
      ['identity-changed', { state: 'verified' }],
    ],
  );
});

test('Wo10 a call with nonsense takes nothing back of what was said before', async (t) => {
  const { tab, sign } = await setUp(t);
  const { promise, resolve } = Promise.withResolvers<string>();
  const identified = tab.client.identify(() => promise);
  await assert.rejects(tab.client.identify(7 as unknown as string), TypeError);
  resolve(sign());
  assert.equal((await identified).state, 'verified');
});

test('the same token, said again while the client waits for a fresh one, has an answer', async (t) => {
  const { tab, world, provider, identify, clock, sign } = await withProvider(t, 60);
  const stale = sign({}, { lifetimeSeconds: 60 });
  provider.give = () => Promise.resolve(stale);
  await identify();
  clock.now += 61_000;
  provider.give = () => new Promise(() => undefined);
  tab.client.send('hello').catch(() => undefined);
  await tab.until(({ identity }) => identity.state === 'verifying');
  const identified = tab.client.identify(stale);
  // A provider that says nothing is given up after 30 s.
  world.advance(31_000);
  await assert.rejects(identified, code('invalid_token'));
});
