import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { isIdle, setUp } from './support/set-up.ts';
import type { World } from './support/world.ts';

const dayMs = 86_400_000;

function fallAsleep({ network, wake }: World): void {
  network.visible = false;
  wake();
}

function awake({ network, wake }: World): void {
  network.visible = true;
  wake();
}

test('a page that slept for longer than live events are kept has all that was said meanwhile', async (t) => {
  const { tab, world, sign, dataDirectory } = await setUp(t);
  const other = world.open({ shared: new Map() });
  t.after(() => other.client.close());
  for (const { client } of [tab, other]) await client.identify(async () => sign());
  await tab.client.send('before');
  await tab.until(isIdle);
  const { conversationId } = tab.client.snapshot;
  fallAsleep(world);
  other.client.openConversation(conversationId);
  await other.client.send('said elsewhere');
  await other.until(({ messages, reply }) => reply === 'idle' && messages.length === 4);
  // What housekeeping does with them after a day.
  const database = new DatabaseSync(join(dataDirectory, 'chat.sqlite'));
  database.exec('delete from events');
  database.close();
  awake(world);
  await tab.until(({ messages }) => messages.length === 4);
  assert.deepEqual(tab.texts(), other.texts());
});

test('a conversation that was deleted while a page slept leaves it when it wakes', async (t) => {
  const retention = {
    agent: { retentionDays: 1, policy: { maxLifetimeSeconds: null } },
    server: { retentionEveryMs: 20 },
  };
  const { tab, world, sign, send } = await setUp(t, retention);
  const token = sign({}, { lifetimeSeconds: 10 * 86_400 });
  await tab.client.identify(token);
  await tab.client.send('words that are to go');
  await tab.until(isIdle);
  const { conversationId } = tab.client.snapshot;
  fallAsleep(world);
  world.clock.now += 2 * dayMs;
  for (let status = 200; status !== 404;) {
    ({ status } = await send(`/conversations/${conversationId}/messages`, { token }));
  }
  awake(world);
  await tab.until(({ messages }) => messages.length === 0);
  assert.notEqual(tab.client.snapshot.conversationId, conversationId);
  assert.deepEqual(tab.client.snapshot.conversations, []);
  await tab.client.send('words that stay');
  await tab.until(isIdle);
  assert.equal(tab.texts()[0], 'words that stay');
});
