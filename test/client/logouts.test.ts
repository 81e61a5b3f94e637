import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { code, isIdle, setUp } from './support/set-up.ts';

/** Two tabs of Ada's, each with a token of its own, and a secret on both screens. */
async function twoTabs(t: TestContext) {
  const setting = await setUp(t);
  const { tab, world, sign } = setting;
  const other = world.open();
  t.after(() => other.client.close());
  await tab.client.identify(sign({ jti: 'first' }));
  await tab.client.send('a secret of Ada');
  await tab.until(isIdle);
  const otherToken = sign({ jti: 'second' });
  await other.client.identify(otherToken);
  await other.until(({ messages }) => messages.length === 2);
  // A tab that has nothing more to ask for looks for no logout by itself.
  while (world.requests.filter(({ url }) => url.endsWith('/events')).length < 2) await new Promise(setImmediate);
  await world.quiet();
  return { ...setting, other, otherToken };
}

test('A9 a tab that was frozen during the logout is empty as it wakes, before anything else happens', async (t) => {
  const { tab, other, world } = await twoTabs(t);
  world.network.hears = world.network.visible = false;
  world.wake();
  await tab.client.logout();
  assert.equal(other.client.snapshot.identity.state, 'verified');
  world.network.visible = true;
  world.wake();
  assert.deepEqual(other.client.snapshot.identity, { state: 'anonymous' });
  assert.deepEqual(other.texts(), []);
});

test('A9 a frozen tab sends nothing more of the old user, though its timer fires before it hears that it is awake', async (t) => {
  const { tab, other, world } = await twoTabs(t);
  world.network.hears = false;
  world.network.online = false;
  const kept = other.client.send('typed before the logout');
  await other.until(({ connection }) => connection === 'offline');
  world.network.online = true;
  const before = world.requests.length;
  void tab.client.logout();
  other.client.retry('');
  await assert.rejects(
    Promise.race([kept, new Promise((resolve) => void setTimeout(resolve, 100, undefined))]),
    code('superseded'),
  );
  for (const request of world.requests.slice(before)) {
    assert.doesNotMatch(await request.text(), /typed before the logout/);
  }
  assert.doesNotMatch([...other.tab.values()].join(), /typed before/);
});

test('A9 from the first moment of a logout on nothing that was the old user’s is drawn once more', async (t) => {
  const { tab } = await twoTabs(t);
  const drawn: number[] = [];
  tab.client.subscribe(({ messages }) => drawn.push(messages.length));
  void tab.client.logout();
  assert.ok(drawn.length > 0);
  assert.ok(
    drawn.every((count) => count === 0),
    drawn.join(),
  );
});

test('A9 a logout ends the tokens of the other tabs on the server, too', async (t) => {
  const { tab, other, otherToken, send } = await twoTabs(t);
  await tab.client.logout();
  await other.until(({ identity }) => identity.state === 'anonymous');
  while ((await send('/conversations', { token: otherToken })).status !== 401) await new Promise(setImmediate);
});

test('A9 what an earlier page of a tab left is gone after a logout in another tab', async (t) => {
  const { tab, other, world } = await twoTabs(t);
  world.network.online = false;
  other.client.send('typed in a tunnel').catch(() => undefined);
  other.client.close();
  assert.match([...other.tab.values()].join(), /tunnel/);
  void tab.client.logout();
  const later = world.open({ tab: other.tab });
  assert.deepEqual(later.texts(), []);
  assert.equal(other.tab.size, 0);
  later.client.close();
  world.network.online = true;
  world.wake();
});

test('W7 who signs in right after a logout in another tab stays, whenever that is heard of', async (t) => {
  const { tab, other, world, sign } = await twoTabs(t);
  world.network.hears = false;
  await tab.client.logout();
  const state = await other.client.identify(sign({ sub: 'grace' }));
  assert.equal(state.state === 'verified' && state.subject, 'grace');
  assert.deepEqual(other.texts(), []);
  world.network.hears = true;
  world.wake();
  assert.equal(other.client.snapshot.identity.state, 'verified');
});

test('A9 a token that a page asked for before the logout in another tab signs nobody in', async (t) => {
  const { tab, other, world, sign } = await twoTabs(t);
  world.network.hears = false;
  const { promise, resolve } = Promise.withResolvers<string>();
  const identified = other.client.identify(() => promise);
  await tab.client.logout();
  resolve(sign({ jti: 'third' }));
  await assert.rejects(identified, code('superseded'));
  assert.equal(other.client.snapshot.identity.state, 'anonymous');
});

test('A9 a token that never came is of before the logout in another tab, too: nothing of the next visitor is shown', async (t) => {
  const { tab, world } = await setUp(t);
  const other = world.open();
  t.after(() => other.client.close());
  world.network.hears = false;
  const { promise, reject } = Promise.withResolvers<string>();
  other.client.load();
  const identified = other.client.identify(() => promise);
  await tab.client.logout();
  await tab.client.send('of the next visitor');
  await tab.until(isIdle);
  reject(new Error('no token'));
  await assert.rejects(identified, code('token_provider'));
  await world.quiet();
  assert.deepEqual(other.texts(), []);
  assert.equal(other.client.snapshot.identity.state, 'anonymous');
});

test('A9 where storage is blocked the other tabs hear of each logout, once', async (t) => {
  const { world, sign } = await setUp(t);
  const [one, two] = [world.open({ shared: new Map() }), world.open({ shared: new Map() })];
  for (let round = 0; round < 2; round++) {
    await two.client.identify(sign({ jti: `${round}` }));
    await one.client.logout();
    await two.until(({ identity }) => identity.state === 'anonymous');
  }
  await two.client.identify(sign({ jti: 'last' }));
  world.wake();
  assert.equal(two.client.snapshot.identity.state, 'verified');
  for (const { client } of [one, two]) client.close();
});

for (const mark of ['Infinity', '1e300', `${Number.MAX_SAFE_INTEGER}`, '-1', '1.5', '{}']) {
  test(`A9 a mark that no logout has made (${mark}) keeps none from reaching the other tabs`, async (t) => {
    const { tab, other, world } = await twoTabs(t);
    const key =
      [...world.shared.keys()].find((name) => name.endsWith(' session'))?.replace(/ session$/, ' logout') ?? '';
    world.shared.set(key, mark);
    world.network.hears = false;
    await tab.client.logout();
    assert.match(world.shared.get(key) ?? '', /^\d{13}$/);
    world.network.hears = true;
    world.wake();
    assert.deepEqual(other.client.snapshot.identity, { state: 'anonymous' });
    assert.deepEqual(other.texts(), []);
  });
}

test('A9 the mark of a logout is a time: no token, no name', async (t) => {
  const { tab, world } = await twoTabs(t);
  await tab.client.logout();
  const marks = [...world.shared].filter(([key]) => key.endsWith(' logout'));
  assert.equal(marks.length, 1);
  assert.match(marks[0]?.[1] ?? '', /^\d{13}$/);
});

test('A9 a tab that slept while the sign-in was ended on another device is empty once it has looked', async (t) => {
  const { tab, world, send, sign } = await setUp(t);
  const token = sign();
  await tab.client.identify(token);
  await tab.client.send('a secret of Ada');
  await tab.until(isIdle);
  world.network.visible = false;
  world.wake();
  await send('/logout', { token, method: 'POST' });
  world.network.visible = true;
  world.wake();
  const { identity } = await tab.until(({ messages }) => messages.length === 0);
  assert.deepEqual(identity, { state: 'rejected', reason: 'revoked' });
});

test('A9 a page may answer the event of a logout with the next visitor’s token', async (t) => {
  const { world, sign } = await setUp(t);
  const grace = sign({ sub: 'grace' });
  let next = (): void => undefined;
  const tab = world.open({
    answerEvent: (name) => {
      if (name === 'identity-changed' && tab.client.snapshot.identity.state === 'anonymous') next();
      return true;
    },
  });
  await tab.client.identify(sign());
  const sessionOfAda = [...world.shared.values()].join();
  next = () => {
    next = () => undefined;
    void tab.client.identify(grace);
  };
  await tab.client.logout();
  await tab.until(({ identity }) => identity.state === 'verified' && identity.subject === 'grace');
  assert.notEqual([...world.shared.values()].join(), sessionOfAda);
  tab.client.close();
});

test('W7 without a logout two tabs of one site may have two users, and neither disturbs the other', async (t) => {
  const { tab, other, world, sign } = await twoTabs(t);
  const texts = tab.texts();
  const page = world.open({ tab: other.tab });
  other.client.close();
  await page.client.identify(sign({ sub: 'grace' }));
  await page.client.send('I am Grace');
  await page.until(isIdle);
  world.wake();
  await tab.client.send('still Ada');
  await tab.until(isIdle);
  assert.deepEqual(page.texts(), ['I am Grace', 'You said: I am Grace']);
  assert.deepEqual(tab.texts(), [...texts, 'still Ada', 'You said: still Ada']);
  page.client.close();
});

test('A9 a tab that learns of a logout as it is verified follows what is said from then on', async (t) => {
  const { tab, world, sign } = await setUp(t);
  const other = world.open();
  t.after(() => other.client.close());
  const held = Promise.withResolvers<() => void>();
  world.intercept(
    ({ url }) => url.endsWith('/identity'),
    async (_, pass) => {
      const response = await pass();
      await new Promise<void>((resolve) => held.resolve(resolve));
      return response;
    },
  );
  world.network.hears = false;
  void other.client.identify(sign()).catch(() => undefined);
  other.client.load();
  const answer = await held.promise;
  await tab.client.logout();
  await tab.client.send('one');
  await tab.until(isIdle);
  answer();
  await other.until(({ messages }) => messages.length === 2);
  await world.quiet();
  await tab.client.send('two');
  await other.until(({ messages }) => messages.length === 4);
});
