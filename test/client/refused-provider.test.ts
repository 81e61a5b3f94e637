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
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  assert.ok(asked <= 2, `asked ${asked} times`);
  assert.ok(world.requests.length < 15, `${world.requests.length} requests`);
  assert.deepEqual(tab.client.snapshot.identity, { state: 'rejected', reason: 'invalid_signature' });
});
