import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, isIdle, setUp } from './support/set-up.ts';
import { createWorld } from './support/world.ts';

test('an anonymous visitor sends a message and reads the answer as it comes', async (t) => {
  const { tab, agent } = await setUp(t);
  const held = agent.hold();
  const deltas: string[] = [];
  tab.client.onTextDelta(({ delta }) => deltas.push(delta));
  tab.client.load();
  await tab.until((snapshot) => snapshot.agent !== undefined);
  await tab.client.send('Where is my order?');
  const reply = await held;
  reply.say('It is ');
  await tab.until(({ reply: phase }) => phase === 'streaming');
  const snapshotsBefore = tab.snapshots.length;
  reply.say('on its way.');
  while (deltas.length < 2) await new Promise(setImmediate);
  assert.deepEqual(deltas, ['It is ', 'on its way.']);
  assert.equal(tab.snapshots.length, snapshotsBefore, 'a delta makes no snapshot');
  assert.deepEqual(tab.texts(), ['Where is my order?', 'It is on its way.']);
  reply.finish();
  await tab.until(isIdle);
  assert.deepEqual(
    tab.events.map(({ name }) => name),
    ['message-sending', 'message-sent', 'message-received'],
  );
});

test('A10 a verified visitor finds the history of every session; an anonymous one only that of the own', async (t) => {
  const { tab, world, sign, server, clock } = await setUp(t);
  await tab.client.identify(sign());
  await tab.client.send('on my phone');
  await tab.until(isIdle);

  const elsewhere = createWorld((request) => server.fetch(request), clock);
  const stranger = elsewhere.open();
  stranger.client.load();
  await stranger.until(({ history }) => history === 'ready');
  assert.deepEqual(stranger.texts(), []);
  await stranger.client.identify(sign());
  await stranger.until((snapshot) => snapshot.messages.length === 2);
  assert.deepEqual(stranger.texts(), ['on my phone', 'You said: on my phone']);

  const visitor = world.open();
  visitor.client.load();
  await visitor.until(({ history }) => history === 'ready');
  assert.deepEqual(visitor.texts(), []);
  for (const { client } of [stranger, visitor]) client.close();
});

test('A10 an anonymous visitor finds the conversation again after a reload', async (t) => {
  const { tab, world } = await setUp(t);
  await tab.client.send('before the reload');
  await tab.until(isIdle);
  tab.client.close();
  const reloaded = world.open({ tab: tab.tab });
  reloaded.client.load();
  await reloaded.until(({ messages }) => messages.length === 2);
  assert.deepEqual(reloaded.texts(), ['before the reload', 'You said: before the reload']);
  reloaded.client.close();
});

test('messages that are typed while a reply runs wait for it and leave in order', async (t) => {
  const { tab, agent } = await setUp(t);
  const held = agent.hold();
  await tab.client.send('first');
  const reply = await held;
  const sent = [tab.client.send('second'), tab.client.send('third')];
  assert.equal(agent.turns.length, 1);
  reply.finish();
  await Promise.all(sent);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 6);
  assert.deepEqual(
    agent.turns.map(({ history }) => JSON.stringify(history.at(-1)?.parts)),
    ['first', 'second', 'third'].map((text) => JSON.stringify([{ type: 'text', text }])),
  );
});

test('a page may keep a message from being sent', async (t) => {
  const { world, agent } = await setUp(t);
  const tab = world.open({ answerEvent: (name) => name !== 'message-sending' });
  await assert.rejects(tab.client.send('not this one'), code('not_sent'));
  assert.equal(agent.turns.length, 0);
  assert.deepEqual(tab.texts(), []);
  tab.client.close();
});

test('older messages are loaded page by page', async (t) => {
  const { tab, world } = await setUp(t);
  for (let n = 0; n < 27; n++) {
    await tab.client.send(`question ${n}`);
    await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 2 * (n + 1));
  }
  const later = world.open();
  later.client.load();
  await later.until(({ history, messages }) => history === 'ready' && messages.length > 0);
  assert.equal(later.client.snapshot.messages.length, 50);
  assert.equal(later.client.snapshot.hasOlder, true);
  await later.client.loadOlder();
  assert.equal(later.texts()[0], 'question 0');
  assert.equal(later.texts().length, 54);
  assert.equal(later.client.snapshot.hasOlder, false);
  later.client.close();
});

test('a panel that asks twice loads once', async (t) => {
  const { tab, world } = await setUp(t);
  tab.client.load();
  tab.client.load();
  await tab.until(({ agent }) => agent !== undefined);
  assert.equal(world.requests.filter(({ url }) => url.endsWith('/agents/shop')).length, 1);
});
