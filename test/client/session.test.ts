import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIdle, setUp } from './support/set-up.ts';

test('whether a session is open can be seen in the storage before the client is fetched', async (t) => {
  const { tab, world } = await setUp(t);
  const key = 'chat-widget http://localhost:8787 shop session';
  assert.equal(world.shared.get(key), undefined);
  await tab.client.send('hello');
  await tab.until(isIdle);
  assert.match(world.shared.get(key) ?? '', /^[\w-]{43} \d+$/);
  await tab.client.logout();
  assert.equal(world.shared.get(key), undefined);
});
