import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { json, type Sent } from '../../server/test/http/harness.ts';
import { code, isIdle, setUp } from './support/set-up.ts';
import { isSend, problemResponse } from './support/world.ts';

/** What the presets `hilal` and `widgent` say of refused tokens. */
const openToAll = { agent: { policy: { onInvalidToken: 'anonymous', clockToleranceSeconds: 0 } } } as const;

type World = Awaited<ReturnType<typeof setUp>>;

/** A visitor who is Ada, on a page that hears of nothing but answers. */
async function setUpAda(t: TestContext): Promise<World & { token: string }> {
  const all = await setUp(t, openToAll);
  all.world.network.visible = false;
  all.tab.client.load();
  const token = all.sign({ jti: 'of ada' }, { lifetimeSeconds: 300 });
  await all.tab.client.identify(token);
  return { ...all, token };
}

async function said({ send }: Pick<World, 'send'>, as: Sent): Promise<string[]> {
  const { conversations = [] } = await json<{ conversations?: { id: string }[] }>(await send('/conversations', as));
  const pages = await Promise.all(
    conversations.map(async ({ id }) =>
      json<{ messages: { role: string; parts: { text: string }[] }[] }>(
        await send(`/conversations/${id}/messages`, as),
      ),
    ),
  );
  return pages.flatMap(({ messages }) =>
    messages.flatMap(({ role, parts }) => (role === 'user' ? parts.map(({ text }) => text) : [])),
  );
}

const secretOf = ({ world }: Pick<World, 'world'>): string =>
  [...world.shared].find(([key]) => key.endsWith(' session'))?.[1].split(' ')[0] ?? '';

/** What the next visitors of this browser find: an anonymous one, and Bob. */
async function othersFind({ world, sign }: World): Promise<string[]> {
  world.network.visible = true;
  const next = world.open();
  next.client.load();
  await world.quiet();
  const found = next.texts();
  next.client.close();
  const bob = world.open();
  await bob.client.identify(sign({ sub: 'bob' }));
  bob.client.load();
  await world.quiet();
  found.push(...bob.texts());
  bob.client.close();
  return found;
}

for (const before of [[], ['hello']]) {
  test(`W12 what Ada types when her token has ended unseen is kept, told to nobody, and hers when she is back (after ${before.length} messages)`, async (t) => {
    const all = await setUpAda(t);
    const { tab, clock, sign, world } = all;
    for (const text of before) {
      await tab.client.send(text);
      await tab.until(isIdle);
    }
    clock.now += 301_000;
    await assert.rejects(tab.client.send('of Ada alone'), code('invalid_token'));
    assert.equal(tab.client.snapshot.identity.state, 'expired');
    assert.partialDeepStrictEqual(tab.client.snapshot.messages.at(-1), {
      delivery: 'failed',
      failure: { code: 'invalid_token', reason: 'expired' },
    });
    await world.quiet();
    assert.deepEqual(await said(all, { session: secretOf(all) }), []);
    await tab.client.identify(sign());
    await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 2 * before.length + 2);
    assert.deepEqual(await said(all, { token: sign() }), [...before, 'of Ada alone']);
    assert.deepEqual(await othersFind(all), []);
  });
}

test('W12 what Ada sends in the moment that she is signed out elsewhere is read by nobody after her', async (t) => {
  const all = await setUpAda(t);
  const { tab, send, token } = all;
  await tab.client.send('hello');
  await tab.until(isIdle);
  await send('/logout', { method: 'POST', token });
  await assert.rejects(tab.client.send('of Ada alone'), code('superseded'));
  assert.deepEqual(tab.texts(), []);
  tab.client.close();
  assert.deepEqual(await othersFind(all), []);
});

test('W12 what Ada sent offline is not delivered without her name when the page wakes and her token has ended', async (t) => {
  const all = await setUp(t, openToAll);
  const { tab, world, sign, clock } = all;
  tab.client.load();
  await tab.client.identify(sign({}, { lifetimeSeconds: 300 }));
  await world.quiet();
  world.network.online = false;
  const sending = assert.rejects(tab.client.send('of Ada alone'), code('invalid_token'));
  await world.quiet();
  clock.now += 301_000;
  world.network.online = true;
  world.wake();
  await sending;
  await world.quiet();
  assert.deepEqual(await said(all, { session: secretOf(all) }), []);
  assert.deepEqual(tab.texts(), ['of Ada alone']);
});

test('W12 with a provider what was sent offline leaves as Ada’s, under the fresh token', async (t) => {
  const all = await setUp(t, openToAll);
  const { tab, world, sign, clock } = all;
  tab.client.load();
  await tab.client.identify(async () => sign({}, { lifetimeSeconds: 300 }));
  await world.quiet();
  world.network.online = false;
  const sending = tab.client.send('of Ada alone');
  await world.quiet();
  clock.now += 301_000;
  world.network.online = true;
  world.wake();
  await sending;
  assert.deepEqual(await said(all, { token: sign() }), ['of Ada alone']);
  assert.deepEqual(await said(all, { session: secretOf(all) }), []);
});

test('W12 what was typed while the token was judged is not delivered without a name when it is refused; the next message is', async (t) => {
  const all = await setUp(t, openToAll);
  const { tab, world, sign } = all;
  tab.client.load();
  await world.quiet();
  const identifying = assert.rejects(tab.client.identify(sign({}, { lifetimeSeconds: -10 })), code('invalid_token'));
  await assert.rejects(tab.client.send('of Ada alone'), code('invalid_token'));
  await identifying;
  await tab.client.send('as nobody');
  await tab.until(isIdle);
  assert.deepEqual(await said(all, { session: secretOf(all) }), ['as nobody']);
  await tab.client.identify(sign());
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  assert.deepEqual((await said(all, { token: sign() })).toSorted(), ['as nobody', 'of Ada alone']);
});

test('W12 what was said after the sign-in had ended is not claimed by somebody else on the same page', async (t) => {
  const all = await setUpAda(t);
  const { tab, clock, sign, world } = all;
  await tab.client.send('hello');
  await tab.until(isIdle);
  clock.now += 301_000;
  await assert.rejects(tab.client.send('of Ada alone'));
  await tab.client.send('as nobody');
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 2);
  assert.deepEqual(tab.texts(), ['as nobody', 'You said: as nobody']);
  await tab.client.identify(sign({ sub: 'bob' }));
  await world.quiet();
  assert.deepEqual(tab.texts(), []);
  assert.deepEqual(await said(all, { token: sign({ sub: 'bob' }) }), []);
});

test('an answer that names a refused token neither moves a message nor sends it again, whatever its status says', async (t) => {
  const { tab, world } = await setUpAda(t);
  await tab.client.send('hello');
  await tab.until(isIdle);
  const { conversationId } = tab.client.snapshot;
  const refusal = { 'x-chat-identity-source': 'anonymous', 'x-chat-identity-reason': 'expired' };
  world.intercept(isSend, async () => problemResponse(404, 'conversation_not_found', {}, refusal), 9);
  const before = world.requests.filter(isSend).length;
  await assert.rejects(tab.client.send('of Ada alone'), code('invalid_token'));
  assert.equal(world.requests.filter(isSend).length, before + 1);
  assert.equal(tab.client.snapshot.conversationId, conversationId);
  assert.deepEqual(tab.texts().slice(2), ['of Ada alone']);
});

for (const when of ['while her token is judged', 'before her token has ended unseen']) {
  test(`W12 a file that Ada attaches ${when} is not sent without her name`, async (t) => {
    const all = await setUp(t, { ...openToAll, config: { attachments: {} } });
    const { tab, world, sign, clock } = all;
    world.network.visible = false;
    tab.client.load();
    await world.quiet();
    const isJudged = when.startsWith('while');
    const identifying = tab.client.identify(sign({}, { lifetimeSeconds: isJudged ? -10 : 300 })).catch(() => undefined);
    if (!isJudged) await identifying;
    const attaching = tab.client.attach(new Blob(['of Ada alone'], { type: 'text/plain' }), 'ada.txt');
    if (isJudged) await assert.rejects(attaching, code('invalid_token'));
    else {
      const attachments = [await attaching];
      clock.now += 301_000;
      await assert.rejects(tab.client.send('', { attachments }), code('invalid_token'));
      // Once more, with the sign-in known to be over.
      await assert.rejects(tab.client.send('of Ada alone', { attachments }), code('invalid_token'));
    }
    const { conversations } = await json<{ conversations: unknown[] }>(
      await all.send('/conversations', { session: secretOf(all) }),
    );
    assert.deepEqual(conversations, []);
  });
}

test('W12 a file that Ada attached is not sent without her name where the connection was lost as her token was refused', async (t) => {
  const all = await setUp(t, { ...openToAll, config: { attachments: {} } });
  const { tab, world, sign } = all;
  const isUpload = ({ url }: Request) => url.includes('/attachments');
  tab.client.load();
  await world.quiet();
  world.intercept(isUpload, () => {
    world.network.online = false;
    return Promise.reject(new TypeError('Failed to fetch'));
  });
  void tab.client.identify(sign({}, { lifetimeSeconds: -10 })).catch(() => undefined);
  // Its code is there: it is begun while the token is judged.
  const attaching = tab.client.attach(new Blob(['of Ada alone'], { type: 'text/plain' }), 'ada.txt');
  const refused = assert.rejects(attaching, code('invalid_token'));
  await tab.until(({ connection }) => connection === 'offline');
  world.network.online = true;
  world.wake();
  await refused;
  const sources = world.requests.filter(isUpload).map(({ headers }) => headers.get('x-chat-identity-source'));
  assert.deepEqual(sources, ['verified', 'verified']);
});
