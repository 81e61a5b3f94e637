import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../../src/client/exchange.ts';
import { textOf } from '../../src/protocol/index.ts';
import { createModel } from './support/races/model.ts';
import { runSchedule } from './support/races/run-schedule.ts';
import type { Step } from './support/races/steps.ts';
import { isIdle, setUp } from './support/set-up.ts';
import { isSend, type Tab } from './support/world.ts';

const isList = (request: Request) => request.url.endsWith('/conversations');
const isEvents = (request: Request) => request.url.endsWith('/events');
const isRead = (request: Request) => request.method === 'GET' && request.url.endsWith('/messages');
const storedBy = (tab: Tab) => tab.texts().filter((text) => !text.startsWith('You said'));

test('a message that waits when a new conversation is begun leaves all the same, into its own', async (t) => {
  const { tab, world, agent } = await setUp(t);
  world.network.online = false;
  const sent = tab.client.send('typed in a tunnel');
  await tab.until(({ connection }) => connection === 'offline');
  const first = tab.client.snapshot.conversationId;
  tab.client.newConversation();
  world.network.online = true;
  world.wake();
  await sent;
  assert.equal(agent.turns.length, 1);
  assert.deepEqual(tab.texts(), []);
  tab.client.openConversation(first);
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['typed in a tunnel', 'You said: typed in a tunnel']);
});

test('two messages of a conversation that is left while the first is answered both arrive', async (t) => {
  const { tab, agent } = await setUp(t);
  const held = agent.hold();
  await tab.client.send('first');
  const second = tab.client.send('second');
  const { conversationId } = tab.client.snapshot;
  const reply = await held;
  tab.client.newConversation();
  tab.client.retry('');
  reply.finish();
  await second;
  tab.client.openConversation(conversationId);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  assert.deepEqual(storedBy(tab).filter(Boolean), ['first', 'second']);
  assert.equal(agent.turns.length, 2);
});

test('a message whose answer was lost is not sent again into another conversation that the history brings', async (t) => {
  const { tab, world, agent } = await setUp(t);
  await tab.client.send('yesterday');
  await tab.until(isIdle);
  const later = world.open();
  t.after(() => later.client.close());
  const { promise, resolve } = Promise.withResolvers<void>();
  world.intercept(isSend, async (_, pass) => {
    await pass();
    await promise;
    throw new TypeError('Failed to fetch');
  });
  const sent = later.client.send('today');
  while (agent.turns.length < 2) await new Promise(setImmediate);
  later.client.load();
  await later.until(({ conversations }) => conversations.length > 0);
  resolve();
  await sent;
  await later.until(isIdle);
  assert.equal(agent.turns.length, 2);
});

test('what was sent as nobody, and comes late, is not claimed by the next one who signs in', async (t) => {
  const { tab, world, sign, send } = await setUp(t);
  const { promise, resolve } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  world.intercept(isSend, async (request, pass) => {
    const late = new Request(request.url, { method: 'POST', headers: request.headers, body: await request.text() });
    await promise;
    const { headers } = late;
    const session = headers.get('x-chat-session') ?? undefined;
    await send('/chat', { session, body: await late.json() });
    arrive();
    return pass();
  });
  tab.client.send('of Ada, before she signed in').catch(() => undefined);
  while (!world.requests.some(isSend)) await new Promise(setImmediate);
  await tab.client.identify(sign({ sub: 'ada' }));
  resolve();
  await arrived;
  await tab.client.identify(sign({ sub: 'grace' }));
  await tab.until(({ history }) => history === 'ready');
  const list = await send('/conversations', { token: sign({ sub: 'grace' }) });
  assert.deepEqual(((await list.json()) as { conversations: unknown[] }).conversations, []);
});

test('what nobody typed is the owner’s from the sign-in on, also on the next page', async (t) => {
  const { tab, world, sign } = await setUp(t);
  world.intercept(isSend, () => new Promise(() => undefined), 9);
  tab.client.send('typed before the sign-in').catch(() => undefined);
  await tab.client.identify(sign({ sub: 'ada' }));
  tab.client.close();
  const before = world.requests.length;
  const next = world.open({ tab: tab.tab });
  t.after(() => next.client.close());
  next.client.load();
  await next.until(({ history }) => history === 'ready');
  assert.deepEqual(next.texts(), []);
  await next.client.identify(sign({ sub: 'grace' }));
  await next.until(({ history }) => history === 'ready');
  for (const request of world.requests.slice(before)) assert.doesNotMatch(await request.text(), /before the sign-in/);
  assert.equal(tab.tab.size, 0);
});

test('a message that arrives while the history is read again is not lost from the screen', async (t) => {
  const { tab, world } = await setUp(t);
  await tab.client.send('one');
  await tab.until(isIdle);
  const other = world.open();
  t.after(() => other.client.close());
  const { promise, resolve } = Promise.withResolvers<void>();
  other.client.load();
  await other.until(({ messages }) => messages.length === 2);
  world.intercept(isRead, async (_, pass) => {
    const page = await pass();
    await promise;
    return page;
  });
  other.client.openConversation(other.client.snapshot.conversationId);
  while (world.requests.filter(isRead).length < 2) await new Promise(setImmediate);
  await tab.client.send('two');
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  resolve();
  await other.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  assert.deepEqual(other.texts(), ['one', 'You said: one', 'two', 'You said: two']);
  assert.ok(world.requests.some(isList));
});

test('what is sent while the history is read again stays on the screen, in its order', async (t) => {
  const { tab, world } = await setUp(t);
  await tab.client.send('one');
  await tab.until(isIdle);
  const other = world.open();
  t.after(() => other.client.close());
  const [live, read] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  world.intercept(isEvents, (_, pass) => live.promise.then(pass));
  other.client.load();
  await other.until(({ messages }) => messages.length === 2);
  world.intercept(isRead, async (_, pass) => {
    const page = await pass();
    await read.promise;
    return page;
  });
  const reads = world.requests.filter(isRead).length;
  live.resolve();
  while (world.requests.filter(isRead).length === reads) await new Promise(setImmediate);
  await other.client.send('two');
  await other.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  read.resolve();
  await world.quiet();
  assert.deepEqual(other.texts(), ['one', 'You said: one', 'two', 'You said: two']);
});

test('a tab that hears of the last of several edits alone shows no more than that one', async (t) => {
  const { tab, world } = await setUp(t);
  const edit = async (before: string, after: string) => {
    const { id = '' } = tab.client.snapshot.messages.find((one) => textOf(one) === before) ?? {};
    await tab.client.editLast(id, after);
    await tab.until(isIdle);
  };
  await tab.client.send('one');
  await tab.until(isIdle);
  const other = world.open();
  t.after(() => other.client.close());
  other.client.load();
  await world.quiet();
  await tab.client.send('two');
  await other.until(({ messages }) => messages.length === 4);
  await world.quiet();
  // A server need not tell of what has been replaced by then.
  const drop = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, out) => void (new TextDecoder().decode(chunk).includes('three') || out.enqueue(chunk)),
  });
  world.intercept(isEvents, (_, pass) => pass().then(({ body }) => new Response(body?.pipeThrough(drop))));
  world.network.visible = false;
  world.wake();
  await edit('two', 'three');
  await edit('three', 'four');
  tab.client.close();
  world.network.visible = true;
  world.wake();
  await other.until(({ messages }) => messages.some((one) => textOf(one) === 'You said: four'));
  await world.quiet();
  assert.deepEqual(storedBy(other), ['one', 'four']);
});

test('what could not be read as live events began is read when the connection is back', async (t) => {
  const { tab, world } = await setUp(t);
  await tab.client.send('one');
  await tab.until(isIdle);
  const other = world.open();
  t.after(() => other.client.close());
  const live = Promise.withResolvers<void>();
  world.intercept(isEvents, (_, pass) => live.promise.then(pass));
  other.client.load();
  await other.until(({ messages }) => messages.length === 2);
  await tab.client.send('two');
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  const tries = 4;
  world.intercept(isRead, () => Promise.reject(new TypeError('Failed to fetch')), tries);
  const reads = world.requests.filter(isRead).length;
  live.resolve();
  while (world.requests.filter(isRead).length < reads + tries) await new Promise(setImmediate);
  await world.quiet();
  world.network.online = false;
  world.wake();
  world.network.online = true;
  world.wake();
  await other.until(({ messages }) => messages.length === 4);
  assert.deepEqual(storedBy(other), ['one', 'two']);
});

/** Schedules that have failed, each as short as it can be. */
const failed: { readonly [title: string]: readonly Step[] } = {
  'a tab whose provider gave nothing follows what the other tab says': [
    { do: 'identify', tab: 1, as: 'ada', how: 'provider' },
    { do: 'freeze', tab: 1 },
    { do: 'type', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'type', tab: 0 },
    { do: 'advance', seconds: 40 },
  ],
  'a message that was lost on the way is sent once, after a provider that gave nothing': [
    { do: 'type', tab: 0 },
    { do: 'type', tab: 1 },
    { do: 'deliver', index: 1, times: 1 },
    { do: 'lose', index: 0 },
    { do: 'identify', tab: 0, as: 'ada', how: 'provider' },
    { do: 'lose', index: 5 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'load', tab: 0 },
    { do: 'deliver', index: 2, times: 1 },
    { do: 'network', isOnline: true },
    { do: 'advance', seconds: 700 },
    { do: 'deliver', index: 5, times: 1 },
    { do: 'deliver', index: 5, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'load', tab: 0 },
  ],
  'a message whose conversation another tab has claimed twice can be tried again': [
    { do: 'type', tab: 1 },
    { do: 'type', tab: 1 },
    { do: 'identify', tab: 0, as: 'ada', how: 'token' },
    { do: 'lose', index: 0 },
    { do: 'network', isOnline: true },
    { do: 'deliver', index: 2, times: 1 },
    { do: 'freeze', tab: 0 },
    { do: 'advance', seconds: 1 },
    { do: 'advance', seconds: 40 },
    { do: 'identify', tab: 0, as: 'ada', how: 'token' },
  ],
  'what was sent on a page that was left is not claimed with the sign-in on the next': [
    { do: 'type', tab: 0 },
    { do: 'navigate', tab: 0 },
    { do: 'identify', tab: 0, as: 'ada', how: 'token' },
    { do: 'finishReply', index: 0 },
    { do: 'load', tab: 0 },
    { do: 'deliver', index: 2, times: 1 },
  ],
  'messages that fail side by side are not sent for ever': [
    { do: 'type', tab: 0 },
    { do: 'identify', tab: 0, as: 'ada', how: 'token' },
    { do: 'freeze', tab: 0 },
    { do: 'type', tab: 1 },
    { do: 'advance', seconds: 40 },
    { do: 'type', tab: 1 },
    { do: 'type', tab: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 2, times: 1 },
  ],
  'a message that failed for good keeps none of the other tab off the screen': [
    { do: 'identify', tab: 0, as: 'ada', how: 'token' },
    { do: 'navigate', tab: 0 },
    { do: 'attach', tab: 1 },
    { do: 'deliver', index: 7, times: 1 },
    { do: 'type', tab: 0 },
    { do: 'type', tab: 0 },
  ],
  'a history that was refused with one token is read with the next': [
    { do: 'type', tab: 1 },
    { do: 'identify', tab: 0, as: 'ada', how: 'token' },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 2, times: 1 },
    { do: 'identify', tab: 0, as: 'ada', how: 'forged' },
    { do: 'identify', tab: 1, as: 'ada', how: 'token' },
    { do: 'edit', tab: 0 },
    { do: 'type', tab: 0 },
  ],
  'a message of somebody waits for them beside a file that nobody may send any more': [
    { do: 'attach', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'identify', tab: 0, as: 'ada', how: 'token' },
    { do: 'type', tab: 0 },
    { do: 'navigate', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'edit', tab: 0 },
    { do: 'finishReply', index: 0 },
  ],
  'an edit takes the place of its message in the other tab, too': [
    { do: 'type', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 1, times: 1 },
    { do: 'load', tab: 0 },
    { do: 'edit', tab: 0 },
    { do: 'lose', index: 0 },
  ],
  'a tab whose session another one has taken along with a sign-in follows the next session': [
    { do: 'type', tab: 1 },
    { do: 'identify', tab: 0, as: 'ada', how: 'token' },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 4, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 4, times: 1 },
    { do: 'navigate', tab: 0 },
    { do: 'type', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'type', tab: 0 },
    { do: 'edit', tab: 0 },
  ],
  'a conversation that began here is read when live events begin later': [
    { do: 'type', tab: 0 },
    { do: 'lose', index: 0 },
    { do: 'freeze', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'attach', tab: 1 },
    { do: 'advance', seconds: 500 },
  ],
  'a tab that learns of a logout as it follows its session loses nothing that is typed after it': [
    { do: 'type', tab: 1 },
    { do: 'logout', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 2, times: 1 },
    { do: 'load', tab: 0 },
    { do: 'type', tab: 1 },
    { do: 'deliver', index: 0, times: 1 },
  ],
  'what nobody sent stays the session’s where the sign-in after it was over already': [
    { do: 'revoke', as: 'grace' },
    { do: 'type', tab: 1 },
    { do: 'identify', tab: 1, as: 'grace', how: 'again' },
    { do: 'deliver', index: 5, times: 1 },
    { do: 'deliver', index: 5, times: 1 },
    { do: 'navigate', tab: 1 },
  ],
  'what nobody sent before a sign-in that was over is the next one’s who signs in, from another tab too': [
    { do: 'type', tab: 0 },
    { do: 'identify', tab: 0, as: 'grace', how: 'token' },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'revoke', as: 'grace' },
    { do: 'load', tab: 0 },
    { do: 'deliver', index: 5, times: 1 },
    { do: 'identify', tab: 0, as: 'linus', how: 'provider' },
    { do: 'deliver', index: 1, times: 1 },
    { do: 'deliver', index: 6, times: 1 },
    { do: 'identify', tab: 1, as: 'linus', how: 'token' },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'advance', seconds: 1 },
    { do: 'lose', index: 0 },
  ],
  'A9 a second comment on an answer does not leave after a logout': [
    { do: 'type', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
    { do: 'deliver', index: 3, times: 1 },
    { do: 'deliver', index: 7, times: 1 },
    { do: 'comment', tab: 0 },
    { do: 'comment', tab: 0 },
    { do: 'logout', tab: 0 },
    { do: 'deliver', index: 0, times: 1 },
  ],
};
for (const [title, steps] of Object.entries(failed)) {
  test(title, async (t) => {
    t.mock.method(Math, 'random', () => 0.5);
    for (const holdsReplies of [true, false])
      await runSchedule({ onInvalidToken: 'block', steps, skewHours: 0, holdsReplies }, createModel('block'));
  });
}
