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
    // Nobody has said that the chat is open.
    ['message-sending', 'message-sent', 'unread-changed', 'message-received'],
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

test('a conversation that is begun while the history is on its way stays on the screen', async (t) => {
  const { tab, world } = await setUp(t);
  await tab.client.send('long ago');
  await tab.until(isIdle);
  const later = world.open();
  const listed = Promise.withResolvers<void>();
  world.intercept(
    (request) => request.url.endsWith('/conversations'),
    async (_, pass) => {
      await listed.promise;
      return pass();
    },
  );
  later.client.load();
  later.client.newConversation();
  const { conversationId } = later.client.snapshot;
  listed.resolve();
  await later.until(({ conversations }) => conversations.length === 1);
  await later.client.send('today');
  await later.until(isIdle);
  assert.equal(later.client.snapshot.conversationId, conversationId);
  assert.deepEqual(later.texts(), ['today', 'You said: today']);
  later.client.close();
});

test('a panel that asks twice loads once', async (t) => {
  const { tab, world } = await setUp(t);
  tab.client.load();
  tab.client.load();
  await tab.until(({ agent }) => agent !== undefined);
  assert.equal(world.requests.filter(({ url }) => url.endsWith('/agents/shop')).length, 1);
});

test('what is typed before the history has come goes into the conversation that comes', async (t) => {
  const { tab, world, agent } = await setUp(t);
  await tab.client.send('yesterday');
  await tab.until(isIdle);
  tab.client.close();
  const reloaded = world.open();
  reloaded.client.load();
  await reloaded.client.send('today');
  await reloaded.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  assert.deepEqual(reloaded.texts(), ['yesterday', 'You said: yesterday', 'today', 'You said: today']);
  assert.equal(agent.turns.at(-1)?.history.length, 3);
  reloaded.client.close();
});

test('a message that is typed in a second tab waits for the reply that runs, and is sent then', async (t) => {
  const { tab, world, agent, clock } = await setUp(t);
  await tab.client.send('zero');
  await tab.until(isIdle);
  const other = world.open();
  other.client.load();
  await other.until(({ messages }) => messages.length === 2);
  const held = agent.hold();
  await tab.client.send('one');
  const reply = await held;
  const sent = other.client.send('two');
  reply.say('first answer');
  clock.now += 1000;
  reply.finish();
  await sent;
  await other.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 6);
  assert.deepEqual(other.texts().slice(2), ['one', 'first answer', 'two', 'You said: two']);
  other.client.close();
});

test('a new conversation begins with an empty screen, and both are there to be opened', async (t) => {
  const { tab, world, clock } = await setUp(t);
  await tab.client.send('first');
  await tab.until(isIdle);
  clock.now += 1000;
  tab.client.newConversation();
  assert.deepEqual(tab.texts(), []);
  await tab.client.send('second');
  await tab.until(isIdle);
  const reloaded = world.open();
  reloaded.client.load();
  await reloaded.until(({ messages }) => messages.length === 2);
  assert.deepEqual(reloaded.texts(), ['second', 'You said: second']);
  const [, older] = reloaded.client.snapshot.conversations;
  reloaded.client.openConversation(older?.id ?? '');
  await reloaded.until(({ messages }) => messages.length === 2);
  assert.deepEqual(reloaded.texts(), ['first', 'You said: first']);
  reloaded.client.close();
});

test('a reply that runs while another conversation is opened does not show there', async (t) => {
  const { tab, agent } = await setUp(t);
  const held = agent.hold();
  await tab.client.send('a long question');
  const reply = await held;
  reply.say('a long ');
  await tab.until(({ reply: phase }) => phase === 'streaming');
  tab.client.newConversation();
  reply.say('answer');
  reply.finish();
  await tab.client.send('something else');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['something else', 'You said: something else']);
});
