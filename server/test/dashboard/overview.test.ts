import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { countStatistics } from '../../src/dashboard/statistics/count-statistics.ts';
import { openStore } from '../../src/storage/index.ts';
import { sendBody } from '../http/harness.ts';
import { eventually } from '../storage/test-stores.ts';
import { startDashboard, type DashboardHarness, type Desk } from './harness.ts';

type Overview = {
  readonly countedUntil: string;
  readonly agents: readonly { readonly id: string }[];
  readonly days: readonly { readonly day: string; readonly messages: number; readonly conversations: number }[];
  readonly total: { readonly [name: string]: unknown };
  readonly before: { readonly [name: string]: unknown };
};

const secret = 'a-secret-of-the-other-that-nobody-else-knows';
const other = { id: 'other', name: 'Other', allowedOrigins: ['https://other.example'], keys: [{ id: 'k1', secret }] };
const dayMs = 24 * 60 * 60 * 1_000;

async function overview(desk: Desk, query = ''): Promise<Overview> {
  const { status, body, text } = await desk.call(`/overview${query}`);
  assert.equal(status, 200, text);
  return body as Overview;
}

/** What a visitor asks at an agent, and the whole answer. */
async function ask({ send }: DashboardHarness, agentId: string, token?: string): Promise<void> {
  const session = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  const who = token === undefined ? { session } : { token };
  const address = `http://chat.example/v1/agents/${agentId}/chat`;
  const response = await send(address, { ...who, body: sendBody('Where is my order?') });
  assert.equal(response.status, 200);
  await response.text();
}

async function startBoth(t: TestContext) {
  const harness = await startDashboard(t, { moreAgents: [other] });
  // A Friday, 20:30 UTC: Saturday in Sydney.
  harness.clock.now = Date.UTC(2027, 10, 19, 20, 30);
  const { admin, newDesk } = harness;
  const desk = newDesk();
  await desk.call('/session', { body: { email: 'admin@example.com', password: 'a password for the tests' } });
  admin.useCookie(desk.cookie());
  return harness;
}

test('W10 the overview has each day, the whole, and the same time before', async (t) => {
  const harness = await startBoth(t);
  const { clock, sign } = harness;
  await ask(harness, 'shop');
  clock.now += 8 * dayMs;
  await ask(harness, 'shop', sign());
  await ask(harness, 'other');
  const desk = await freshAdmin(harness);
  const uncounted = await overview(desk, '?days=7&timeZone=UTC');
  assert.equal(uncounted.countedUntil, '2027-11-19T20:00:00.000Z');
  await count(t, harness);
  const found = await overview(desk, '?days=7&timeZone=UTC');
  assert.equal(found.countedUntil, '2027-11-27T20:30:00.000Z');
  assert.equal(found.days.length, 7);
  assert.equal(found.days.at(-1)?.day, '2027-11-27');
  assert.partialDeepStrictEqual(found.days.at(-1), { messages: 2, conversations: 2 });
  assert.partialDeepStrictEqual(found.total, { messages: 2, conversations: 2, verified: 1, withoutHuman: 2 });
  assert.partialDeepStrictEqual(found.before, { messages: 1, conversations: 1, verified: 0 });
  const one = await overview(desk, '?days=7&agent=other');
  assert.partialDeepStrictEqual(one.total, { messages: 1, verified: 0 });
});

/** What another process counts, in the minute after its start. */
async function count(t: TestContext, { clock, dataDirectory }: DashboardHarness): Promise<void> {
  const store = await openStore({ dataDirectory }, { exclusive: false });
  t.after(() => store.close());
  t.mock.timers.enable({ apis: ['setInterval'] });
  const log = pino({ level: 'silent' });
  const stop = countStatistics({ store, clock: () => clock.now, log });
  t.mock.timers.tick(60_000);
  t.mock.timers.reset();
  const question = { agentIds: ['shop'], from: 0, to: clock.now, now: clock.now };
  await eventually(async () => (await store.statistics.read(question)).countedUntil === clock.now);
  stop();
}

/** Sessions end after a week. */
async function freshAdmin({ newDesk }: DashboardHarness): Promise<Desk> {
  const desk = newDesk();
  await desk.call('/session', { body: { email: 'admin@example.com', password: 'a password for the tests' } });
  return desk;
}

test('days are those of the time zone that is asked for', async (t) => {
  const harness = await startBoth(t);
  await ask(harness, 'shop');
  const { admin } = harness;
  const lastDay = async (timeZone: string) =>
    (await overview(admin, `?days=7&timeZone=${encodeURIComponent(timeZone)}`)).days.at(-1);
  assert.partialDeepStrictEqual(await lastDay('Australia/Sydney'), { day: '2027-11-20', messages: 1 });
  assert.partialDeepStrictEqual(await lastDay('America/New_York'), { day: '2027-11-19', messages: 1 });
  for (const [query, field] of [
    ['timeZone=Mars%2FOlympus', 'timeZone'],
    ['days=8', 'days'],
  ] as const) {
    const { status, body } = await admin.call(`/overview?${query}`);
    assert.equal(status, 422);
    assert.deepEqual(Object.keys((body as { fields: object }).fields), [field]);
  }
});

test('who sees some agents only reads numbers of those alone', async (t) => {
  const harness = await startBoth(t);
  await ask(harness, 'shop');
  await ask(harness, 'other');
  const desk = await harness.deskOf('viewer', { agentIds: ['other'] });
  const found = await overview(desk);
  assert.deepEqual(
    found.agents.map(({ id }) => id),
    ['other'],
  );
  assert.partialDeepStrictEqual(found.total, { messages: 1 });
  const hidden = await desk.call('/overview?agent=shop');
  const missing = await desk.call('/overview?agent=nothing');
  assert.equal(hidden.status, 404);
  assert.deepEqual(hidden.body, missing.body);
});
