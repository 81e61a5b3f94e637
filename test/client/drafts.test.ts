import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIdle, setUp } from './support/set-up.ts';
import type { Tab } from './support/world.ts';

const keep = ({ client }: Tab, text: string) => client.keepDraft(client.snapshot.conversationId, text);
const draft = ({ client }: Tab) => client.draft(client.snapshot.conversationId);
const stored = ({ tab }: Tab) => [...tab.values()].join();

test('a draft is kept for each conversation over a reload of the page, in its tab alone', async (t) => {
  const { tab, world, clock } = await setUp(t);
  await tab.client.send('first');
  await tab.until(isIdle);
  clock.now += 1000;
  const first = tab.client.snapshot.conversationId;
  tab.client.newConversation();
  await tab.client.send('second');
  await tab.until(isIdle);
  await tab.client.searchConversations('');
  keep(tab, 'to the second');
  tab.client.keepDraft(first, 'to the first');
  const later = world.open({ tab: tab.tab });
  t.after(() => later.client.close());
  later.client.load();
  await later.until(({ messages }) => messages.length === 2);
  assert.deepEqual([draft(later), later.client.draft(first)], ['to the second', 'to the first']);
  const other = world.open();
  t.after(() => other.client.close());
  assert.equal(other.client.draft(first), '');
  assert.doesNotMatch([...world.shared.values()].join(), /to the/);
});

test('what was typed into a conversation that has not begun is there after a reload, and goes where the screen goes', async (t) => {
  const { tab, world } = await setUp(t);
  keep(tab, 'half a question');
  const again = world.open({ tab: new Map(tab.tab) });
  t.after(() => again.client.close());
  again.client.load();
  assert.equal(draft(again), 'half a question');
  await tab.client.send('first');
  await tab.until(isIdle);
  tab.client.newConversation();
  keep(tab, 'another one');
  const later = world.open({ tab: tab.tab });
  t.after(() => later.client.close());
  later.client.load();
  await later.until(({ messages }) => messages.length === 2);
  assert.equal(draft(later), 'another one');
  later.client.newConversation();
  assert.equal(draft(later), '');
});

test('sending, and an empty draft, take the draft away; nothing is left in the storage', async (t) => {
  const { tab } = await setUp(t);
  keep(tab, 'hello');
  await tab.client.send('hello');
  await tab.until(isIdle);
  assert.equal(draft(tab), '');
  keep(tab, 'and now');
  keep(tab, '');
  assert.equal(stored(tab), '');
});

test('no more than twenty drafts are kept, the newest', async (t) => {
  const { tab } = await setUp(t);
  for (let n = 0; n < 22; n++) {
    tab.client.openConversation(`c${n}`);
    await tab.until(({ history }) => history !== 'loading');
    tab.client.keepDraft(`c${n}`, `draft ${n}`);
  }
  assert.match(stored(tab), /"draft 21".*"draft 2"/);
  assert.doesNotMatch(stored(tab), /"draft 1"/);
});

test('A8 a draft stays over a refresh and a sign-in, and is gone with a switch and a logout', async (t) => {
  const { tab, sign, world } = await setUp(t);
  await tab.client.send('hello');
  await tab.until(isIdle);
  keep(tab, 'of nobody yet');
  await tab.client.identify(sign());
  await tab.until(({ history }) => history === 'ready');
  assert.equal(draft(tab), 'of nobody yet');
  keep(tab, 'of ada');
  await tab.client.identify(sign({ jti: 'fresh' }));
  assert.equal(draft(tab), 'of ada');
  const reloaded = world.open({ tab: new Map(tab.tab) });
  t.after(() => reloaded.client.close());
  const { conversationId } = tab.client.snapshot;
  assert.equal(reloaded.client.draft(conversationId), '');
  await reloaded.client.identify(sign({ jti: 'again' }));
  await reloaded.until(({ history }) => history === 'ready');
  assert.equal(draft(reloaded), 'of ada');
  const eves = world.open({ tab: new Map(tab.tab) });
  t.after(() => eves.client.close());
  await eves.client.identify(sign({ sub: 'eve' }));
  assert.equal(eves.client.draft(conversationId), '');
  assert.doesNotMatch(stored(eves), /of ada/);
  await tab.client.identify(sign({ sub: 'eve', jti: 'e' }));
  tab.client.keepDraft(conversationId, 'late words of ada');
  assert.equal(stored(tab), '');
  keep(tab, 'of eve');
  const left = new Map(tab.tab);
  await tab.client.logout();
  assert.equal(stored(tab), '');
  assert.equal(draft(tab), '');
  const afterwards = world.open({ tab: left });
  t.after(() => afterwards.client.close());
  assert.equal(stored(afterwards), '');
});

test('Wo18 a tab that could not hear of a logout keeps nothing of the old draft when it wakes', async (t) => {
  const { tab, sign, world } = await setUp(t);
  await tab.client.identify(sign());
  keep(tab, 'of ada');
  const { conversationId } = tab.client.snapshot;
  const other = world.open();
  t.after(() => other.client.close());
  await other.client.identify(sign({ jti: 'other' }));
  world.network.hears = false;
  await other.client.logout();
  tab.client.keepDraft(conversationId, 'more of ada');
  assert.equal(tab.client.draft(conversationId), '');
  assert.doesNotMatch(stored(tab), /ada/);
});

test('nonsense in the storage is no draft', async (t) => {
  const { world } = await setUp(t);
  const key = 'chat-widget http://localhost:8787 shop notes';
  for (const nonsense of ['0 {', '0 7', '0 null', '0 {"drafts":7,"form":7}', '0 {"drafts":[null,{"text":1}]}', '']) {
    const tab = world.open({ tab: new Map([[key, nonsense]]) });
    t.after(() => tab.client.close());
    assert.equal(draft(tab), '');
    assert.equal(tab.client.snapshot.identity.state, 'anonymous');
  }
});
