import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/set-up.ts';

test('B14 a provider whose tokens are refused is asked a second time and no more, whatever is open', async (t) => {
  const { tab, world, sign } = await setUp(t);
  let asked = 0;
  tab.client.load();
  const identifying = tab.client.identify(async () => {
    asked += 1;
    return sign({ jti: `${asked}` }, { secret: 'the-secret-of-another-shop-altogether' });
  });
  await assert.rejects(identifying);
  await tab.until(({ identity }) => identity.state === 'rejected');
  // Each is judged on its own, after whatever the ones before it have set going.
  for (const text of ['one', 'two', 'three', 'four']) await assert.rejects(tab.client.send(text));
  assert.ok(asked <= 2, `asked ${asked} times`);
  assert.ok(world.requests.length < 25, `${world.requests.length} requests`);
  assert.deepEqual(tab.client.snapshot.identity, { state: 'rejected', reason: 'invalid_signature' });
});
