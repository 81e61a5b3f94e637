import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIdle, setUp } from './support/set-up.ts';
import { isIdentity } from './support/world.ts';

test('B5 where the e-mail is the person, another one under the same sub is a switch before the server has judged', async (t) => {
  const { tab, sign, world, agent } = await setUp(t, { agent: { policy: { identityClaim: 'email' } } });
  const [ada, bob] = ['ada', 'bob'].map((name) => sign({ sub: 'tenant-1', email: `${name}@mail.dev` }));
  await tab.client.identify(ada ?? '');
  await tab.client.send('of Ada alone');
  await tab.until(isIdle);
  world.intercept(isIdentity, () => new Promise(() => undefined));
  tab.client.identify(bob ?? '').catch(() => undefined);
  assert.equal(tab.client.snapshot.identity.state, 'verifying');
  assert.deepEqual(tab.texts(), []);
  assert.equal(agent.turns.length, 1);
});

test('B5 what was kept of Ada’s when her token ended is not sent as Bob’s of the same sub', async (t) => {
  const { tab, sign, world, clock, agent } = await setUp(t, {
    agent: { policy: { identityClaim: 'email', clockToleranceSeconds: 0 } },
  });
  await tab.client.identify(sign({ sub: 'tenant-1', email: 'ada@mail.dev' }, { lifetimeSeconds: 200 }));
  clock.now += 201_000;
  await assert.rejects(tab.client.send('of Ada alone'));
  await tab.client.identify(sign({ sub: 'tenant-1', email: 'bob@mail.dev' }));
  await world.quiet();
  assert.equal(agent.turns.length, 0);
  assert.deepEqual(tab.texts(), []);
});

test('A4 where sub is the person, an e-mail that has changed is a refresh: the conversation and what runs go on', async (t) => {
  const { tab, sign } = await setUp(t);
  await tab.client.identify(sign({ email: 'ada@mail.dev' }));
  await tab.client.send('hello');
  await tab.until(isIdle);
  const { epoch } = tab.client.snapshot;
  await tab.client.identify(sign({ email: 'countess@mail.dev' }));
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
  assert.equal(tab.client.snapshot.epoch, epoch);
});
