import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { code, isIdle, setUp } from './support/set-up.ts';
import { cutAfter, isSend, problemResponse, type Tab } from './support/world.ts';

async function say(t: TestContext, ...texts: string[]) {
  const all = await setUp(t);
  for (const text of texts) {
    await all.tab.client.send(text);
    await all.tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.at(-1)?.status === 'complete');
  }
  return all;
}

const lastOwn = ({ client }: Tab) => client.snapshot.messages.findLast(({ role }) => role === 'user')?.id ?? '';

test('an edited message takes the place of the old one and its answer, here at once, then on the server and in other tabs', async (t) => {
  const { tab, world, agent } = await say(t, 'first', 'where is my odrer');
  const other = world.open();
  t.after(() => other.client.close());
  other.client.load();
  await other.until(({ messages }) => messages.length === 4);
  const edited = tab.client.editLast(lastOwn(tab), 'where is my order');
  assert.deepEqual(tab.texts(), ['first', 'You said: first', 'where is my order']);
  await edited;
  await tab.until(isIdle);
  const whole = ['first', 'You said: first', 'where is my order', 'You said: where is my order'];
  assert.deepEqual(tab.texts(), whole);
  await other.until(
    ({ messages }) => messages.at(-1)?.parts.some((part) => 'text' in part && part.text === whole[3]) === true,
  );
  assert.deepEqual(other.texts(), whole);
  const later = world.open();
  t.after(() => later.client.close());
  later.client.load();
  await later.until(({ messages }) => messages.length > 0);
  assert.deepEqual(later.texts(), whole);
  assert.equal(agent.turns.length, 3);
});

test('an edit that the server refuses is kept as not sent, and the old message and its answer are back', async (t) => {
  const { tab, world } = await say(t, 'old');
  world.intercept(isSend, async () => problemResponse(409, 'message_conflict'));
  await assert.rejects(tab.client.editLast(lastOwn(tab), 'new'), code('message_conflict'));
  assert.deepEqual(tab.texts(), ['old', 'You said: old', 'new']);
  const [, , failed] = tab.client.snapshot.messages;
  assert.equal(failed?.delivery, 'failed');
  assert.equal(tab.client.discard(failed?.id ?? ''), 'new');
  assert.deepEqual(tab.texts(), ['old', 'You said: old']);
});

test('an edit that was typed offline, and after that the page loaded again, leaves once with its own id', async (t) => {
  const { tab, world, agent } = await say(t, 'old');
  world.network.online = false;
  tab.client.editLast(lastOwn(tab), 'new').catch(() => undefined);
  await tab.until(({ connection }) => connection === 'offline');
  assert.deepEqual(tab.texts(), ['new']);
  tab.client.close();
  world.network.online = true;
  const later = world.open({ tab: tab.tab });
  t.after(() => later.client.close());
  later.client.load();
  await later.until((snapshot) => isIdle(snapshot) && later.texts()[0] === 'new');
  assert.deepEqual(later.texts(), ['new', 'You said: new']);
  const bodies = await Promise.all(
    world.requests.filter(isSend).map(async (request) => (await request.json()) as { messages: { id: string }[] }),
  );
  assert.equal(new Set(bodies.slice(1).map(({ messages }) => messages[0]?.id)).size, 1);
  assert.equal(agent.turns.length, 2);
});

test('an edit whose answer is lost on the way is sent again and is stored once', async (t) => {
  const { tab, world, agent } = await say(t, 'old');
  world.intercept(isSend, async (_, pass) => {
    await (await pass()).body?.cancel();
    throw new TypeError('Failed to fetch');
  });
  await tab.client.editLast(lastOwn(tab), 'new');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['new', 'You said: new']);
  assert.equal(agent.turns.length, 2);
});

test('an edit whose answer breaks off is read on', async (t) => {
  const { tab, world } = await say(t, 'old');
  world.intercept(isSend, async (_, pass) => cutAfter(await pass(), 120));
  await tab.client.editLast(lastOwn(tab), 'new');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['new', 'You said: new']);
});

test('only the last message is edited, not to nothing, and not while its answer comes', async (t) => {
  const { tab, agent } = await say(t, 'first', 'second');
  const [first] = tab.client.snapshot.messages;
  await assert.rejects(tab.client.editLast(first?.id ?? '', 'x'), code('message_conflict'));
  await assert.rejects(tab.client.editLast('unknown', 'x'), code('message_conflict'));
  await assert.rejects(tab.client.editLast(lastOwn(tab), '  '), code('not_sent'));
  const held = agent.hold();
  await tab.client.send('third');
  await assert.rejects(tab.client.editLast(lastOwn(tab), 'x'), code('conversation_busy'));
  (await held).finish();
  await tab.until(isIdle);
  assert.equal(tab.texts().length, 6);
});

test('A8 an edit that could not leave is gone with its writer', async (t) => {
  const { tab, world, sign } = await setUp(t);
  await tab.client.identify(sign());
  await tab.client.send('of ada');
  await tab.until(isIdle);
  world.network.online = false;
  const edited = tab.client.editLast(lastOwn(tab), 'secret of ada');
  await Promise.all([
    assert.rejects(edited, code('superseded')),
    tab.client.identify(sign({ sub: 'eve' })).catch(() => undefined),
    goOnline(),
  ]);
  await tab.until(({ identity, history }) => identity.state === 'verified' && history === 'ready');
  assert.deepEqual(tab.texts(), []);
  assert.equal([...tab.tab.values()].join().includes('secret'), false);
  for (const request of world.requests.filter(isSend)) {
    const isEdit = (await request.clone().text()).includes('secret');
    assert.ok(!isEdit || request.headers.get('authorization') === null || !request.url.includes('eve'));
  }

  async function goOnline(): Promise<void> {
    await new Promise(setImmediate);
    world.network.online = true;
    world.wake();
  }
});
