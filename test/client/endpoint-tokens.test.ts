import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUpEndpoint, sign } from './support/endpoint.ts';
import { code, isIdle } from './support/set-up.ts';

const stored = (tab: ReadonlyMap<string, string>) => [...tab.values()].join();

test('a token that does not say whose it is is taken for another visitor’s each time', async (t) => {
  const { tab, world, open } = await setUpEndpoint(t, 'openai');
  assert.deepEqual(await tab.client.identify('opaque-1').catch(String), { state: 'forwarded' });
  await tab.client.identify('opaque-1');
  assert.equal(tab.client.snapshot.epoch, 1, 'the same one again is no event');
  tab.client.identify('opaque-2').catch(() => undefined);
  assert.equal(tab.client.snapshot.epoch, 2);
  await tab.client.logout();
  await tab.client.identify('opaque-3');
  const frames = 'data: {"choices":[{"delta":{"content":"noted"},"finish_reason":"stop"}]}\n\n';
  world.intercept(
    () => true,
    async () => new Response(frames, { headers: { 'content-type': 'text/event-stream' } }),
  );
  await tab.client.send('a secret of somebody');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['a secret of somebody', 'noted']);
  for (const token of ['opaque-3', 'opaque-4']) {
    const reloaded = open({ tab: new Map(tab.tab) });
    t.after(() => reloaded.client.close());
    await reloaded.client.identify(token);
    reloaded.client.load();
    await reloaded.until(({ history, agent }) => history === 'ready' && agent !== undefined);
    assert.deepEqual(reloaded.texts(), []);
    assert.ok(!stored(reloaded.tab).includes('secret'));
  }
});

test('a backend that says why it refuses a token is repeated; one that says "revoked" ends what was shown', async (t) => {
  const { tab, world, ask } = await setUpEndpoint(t, 'openai');
  await tab.client.identify(sign('ada'));
  await ask('a secret of Ada', 'noted');
  const refusing = (reason: string) => async () =>
    Response.json({ code: 'invalid_token', reason, detail: 'the key of 2025' }, { status: 401 });
  world.intercept(() => true, refusing('invalid_signature'));
  await assert.rejects(tab.client.send('One more'), code('invalid_token'));
  assert.deepEqual(tab.client.snapshot.identity, { state: 'rejected', reason: 'invalid_signature' });
  assert.equal(tab.texts().length, 3);
  await tab.client.identify(sign('ada'));
  world.intercept(() => true, refusing('revoked'));
  await tab.until(({ identity }) => identity.state === 'rejected' && identity.reason === 'revoked');
  assert.deepEqual(tab.texts(), []);
  assert.ok(!stored(tab.tab).includes('secret'));
  assert.ok(!JSON.stringify(tab.snapshots).includes('2025'));
});
