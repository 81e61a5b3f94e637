import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createRefusalTally } from '../../src/identity/refusal-tally.ts';
import type { AuditEntry } from '../../src/storage/index.ts';

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const time = { now: 1_000 };
  const entries: AuditEntry[] = [];
  const store = { isDown: false };
  const append = async (entry: AuditEntry): Promise<void> => {
    if (store.isDown) throw new Error('down');
    entries.push(entry);
  };
  const tally = createRefusalTally({ append }, () => time.now);
  /** A minute, and what it sets off. */
  const passMinute = async (): Promise<void> => {
    time.now += 60_000;
    t.mock.timers.tick(60_000);
    await new Promise(setImmediate);
  };
  return { tally, entries, time, store, passMinute };
}

const refused = (agentId: string, reason: string, at: number, count: number) => ({
  agentId,
  at,
  kind: 'token-refused',
  reason,
  detail: { count },
});

test('W10 refused tokens are recorded once a minute for each agent and reason, with their number', async (t) => {
  const { tally, entries, time, passMinute } = setUp(t);
  for (let time = 0; time < 1_000; time++) tally.note('shop', 'malformed');
  time.now += 5;
  tally.note('shop', 'expired');
  tally.note('help', 'malformed');
  assert.deepEqual(entries, []);
  await passMinute();
  assert.deepEqual(entries.splice(0), [
    refused('shop', 'malformed', 1_000, 1_000),
    refused('shop', 'expired', 1_005, 1),
    refused('help', 'malformed', 1_005, 1),
  ]);
  await passMinute();
  assert.deepEqual(entries, []);
  tally.note('shop', 'malformed');
  await passMinute();
  assert.deepEqual(entries, [refused('shop', 'malformed', 121_005, 1)]);
});

test('what has been counted is recorded when the server goes down', async (t) => {
  const { tally, entries } = setUp(t);
  tally.note('shop', 'malformed');
  await tally.close();
  assert.deepEqual(entries, [refused('shop', 'malformed', 1_000, 1)]);
});

test('what a store did not take is recorded with the next minute', async (t) => {
  const { tally, entries, store, passMinute } = setUp(t);
  store.isDown = true;
  tally.note('shop', 'malformed');
  await passMinute();
  tally.note('shop', 'malformed');
  store.isDown = false;
  await passMinute();
  assert.deepEqual(entries, [refused('shop', 'malformed', 1_000, 2)]);
});
