import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { code, isIdle, setUp } from './support/set-up.ts';
import { problemResponse, type Tab } from './support/world.ts';

const isRename = (request: Request) => request.method === 'PATCH';
const isSearch = (request: Request) => request.url.includes('/conversations?');
const titles = ({ client }: Tab) => client.snapshot.conversations.map(({ title }) => title);

async function threeConversations(t: TestContext) {
  const all = await setUp(t);
  const { tab, clock, sign } = all;
  await tab.client.identify(sign());
  for (const text of ['red shoes', 'blue shoes', 'green hat']) {
    clock.now += 1000;
    tab.client.newConversation();
    await tab.client.send(text);
    await tab.until(isIdle);
  }
  await tab.client.searchConversations('');
  return all;
}

test('an empty query reads the list anew; a query finds what holds all its words', async (t) => {
  const { tab } = await threeConversations(t);
  assert.deepEqual(titles(tab), ['green hat', 'blue shoes', 'red shoes']);
  const { conversations: found } = await tab.client.searchConversations(' SHOES blue ');
  assert.deepEqual(
    found.map(({ title }) => title),
    ['blue shoes'],
  );
  assert.deepEqual(titles(tab), ['green hat', 'blue shoes', 'red shoes']);
});

test('the list is read page by page, whole, and without doubles where a page is read twice', async (t) => {
  const { tab, world, server } = await threeConversations(t);
  world.intercept(
    (request) => /\/conversations(\?|$)/.test(request.url) && request.method === 'GET',
    ({ url, headers }) => server.fetch(new Request(`${url}${url.includes('?') ? '&' : '?'}limit=2`, { headers })),
    3,
  );
  const { nextBefore } = await tab.client.searchConversations('');
  assert.deepEqual(titles(tab), ['green hat', 'blue shoes']);
  assert.ok(nextBefore !== null);
  for (let time = 0; time < 2; time++) {
    assert.equal((await tab.client.searchConversations('', nextBefore)).nextBefore, null);
    assert.deepEqual(titles(tab), ['green hat', 'blue shoes', 'red shoes']);
  }
});

test('what a search finds is read page by page, and leaves the list as it is', async (t) => {
  const { tab, world, server } = await threeConversations(t);
  world.intercept(isSearch, ({ url, headers }) => server.fetch(new Request(`${url}&limit=1`, { headers })), 2);
  const { conversations, nextBefore } = await tab.client.searchConversations('shoes');
  const next = await tab.client.searchConversations('shoes', nextBefore ?? assert.fail());
  assert.deepEqual(
    [...conversations, ...next.conversations].map(({ title }) => title),
    ['blue shoes', 'red shoes'],
  );
  assert.equal(next.nextBefore, null);
  assert.deepEqual(titles(tab), ['green hat', 'blue shoes', 'red shoes']);
});

test('of two searches the latest counts, also where the earlier answer comes last', async (t) => {
  const { tab, world } = await threeConversations(t);
  world.intercept(isSearch, () => new Promise<Response>(() => undefined));
  const early = assert.rejects(tab.client.searchConversations('shoes'), code('superseded'));
  while (!world.requests.some(isSearch)) await new Promise(setImmediate);
  const { conversations: late } = await tab.client.searchConversations('hat');
  await early;
  assert.deepEqual(
    late.map(({ title }) => title),
    ['green hat'],
  );
});

test('A8 a search that was asked as one visitor brings nothing to the next', async (t) => {
  const { tab, world, sign } = await threeConversations(t);
  const answer = Promise.withResolvers<void>();
  world.intercept(isSearch, async (_, pass) => {
    await answer.promise;
    return pass();
  });
  const asked = assert.rejects(tab.client.searchConversations('shoes'), code('superseded'));
  while (!world.requests.some(isSearch)) await new Promise(setImmediate);
  await Promise.all([tab.client.identify(sign({ sub: 'eve' })), asked]);
  answer.resolve();
  await tab.until(({ history, identity }) => history === 'ready' && identity.state === 'verified');
  assert.deepEqual(titles(tab), []);
});

test('a conversation is renamed at once, and has its old name where the server refuses', async (t) => {
  const { tab, world } = await threeConversations(t);
  const { conversations } = tab.client.snapshot;
  const [{ id } = { id: '' }] = conversations;
  const renamed = tab.client.renameConversation(id, ' My hat ');
  await tab.until(() => titles(tab)[0] === 'My hat');
  await renamed;
  await tab.client.searchConversations('');
  assert.equal(titles(tab)[0], 'My hat');
  world.intercept(isRename, async () => problemResponse(422, 'invalid_request'));
  await assert.rejects(tab.client.renameConversation(id, 'x'.repeat(200)), code('invalid_request'));
  assert.equal(titles(tab)[0], 'My hat');
});

test('a transcript holds every message, however many pages there are', async (t) => {
  const { tab, world, server } = await setUp(t);
  for (let n = 0; n < 5; n++) {
    await tab.client.send(`question ${n}`);
    await tab.until(isIdle);
  }
  // The server's pages are of a hundred: the test's are of three.
  world.intercept(
    (request) => request.url.includes('limit=100'),
    ({ url, headers }) => server.fetch(new Request(url.replace('limit=100', 'limit=3'), { headers })),
    9,
  );
  const { conversationId } = tab.client.snapshot;
  const all = await tab.client.allMessages(conversationId);
  assert.deepEqual(
    all.map(({ id }) => id),
    tab.client.snapshot.messages.map(({ id }) => id),
  );
  assert.equal(world.requests.filter(({ url }) => url.includes('limit=100')).length, 4);
  await assert.rejects(tab.client.allMessages('nobody-knows'), code('conversation_not_found'));
});
