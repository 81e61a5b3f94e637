import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { json, startServer, type Harness } from '../http/harness.ts';
import { openTestPostgres } from '../storage/test-stores.ts';
import { startDashboard } from './harness.ts';

// Two chat servers on one Postgres database stand in for two processes: they share nothing else.
const postgres = await openTestPostgres();
const { missing: skip } = postgres;
after(() => postgres.stop());

const infoOf = async ({ send }: Harness, id: string) => {
  const response = await send(`http://chat.example/v1/agents/${id}`);
  return { status: response.status, body: await json<{ greeting?: string }>(response) };
};

/** @returns how long it took, in milliseconds */
async function becomes(isThere: () => Promise<boolean>): Promise<number> {
  const startedMs = performance.now();
  while (!(await isThere())) {
    if (performance.now() - startedMs > 10_000) throw new Error('It never came to be.');
    await new Promise((resolve) => setImmediate(resolve));
  }
  return performance.now() - startedMs;
}

test('what is changed at one server holds at the other within a second', { skip }, async (t) => {
  const databaseUrl = await postgres.createDatabase();
  // As seldom as in production: it is the notification that has to tell.
  const server = { streamCheckMs: 60_000, masterKey: new Uint8Array(32).fill(7) };
  const here = await startDashboard(t, { databaseUrl, server });
  const there = await startServer(t, { databaseUrl, server });
  const { admin } = here;

  const made = await admin.call('/agents', { body: { id: 'garden', name: 'Garden', greeting: 'One' } });
  assert.equal(made.status, 201, made.text);
  const { revision } = (made.body as { agent: { revision: string } }).agent;
  assert.equal((await infoOf(here, 'garden')).body.greeting, 'One');
  const took = [await becomes(async () => (await infoOf(there, 'garden')).status === 200)];

  const body = { revision, greeting: 'Two', allowedOrigins: ['https://garden.example'] };
  const changed = await admin.call('/agents/garden', { method: 'PATCH', body });
  assert.equal(changed.status, 200, changed.text);
  took.push(await becomes(async () => (await infoOf(there, 'garden')).body.greeting === 'Two'));
  const page = await there.send('http://chat.example/v1/agents/garden', { origin: 'https://garden.example' });
  assert.equal(page.status, 200);

  const removal = {
    confirm: 'Garden',
    revision: (changed.body as { agent: { revision: string } }).agent.revision,
  };
  assert.equal((await admin.call('/agents/garden', { method: 'DELETE', body: removal })).status, 204);
  took.push(await becomes(async () => (await infoOf(there, 'garden')).status === 404));
  for (const ms of took) assert.ok(ms < 1_000, `${ms} ms`);
});

test('of two administrators at two servers one is told of the other', { skip }, async (t) => {
  const databaseUrl = await postgres.createDatabase();
  const server = { streamCheckMs: 60_000, masterKey: new Uint8Array(32).fill(7) };
  const here = await startDashboard(t, { databaseUrl, server });
  const second = await startServer(t, { databaseUrl, server, config: { publicUrl: 'https://chat.example' } });
  const cookie = here.admin.cookie() ?? '';
  const there = async (greeting: string): Promise<number> => {
    const response = await second.server.fetch(
      new Request('https://chat.example/dashboard/api/agents/shop', {
        method: 'PATCH',
        headers: {
          cookie,
          origin: 'https://chat.example',
          'x-chat-dashboard': '1',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ revision: null, greeting }),
      }),
    );
    return response.status;
  };
  const call = here.admin.call('/agents/shop', { method: 'PATCH', body: { revision: null, greeting: 'Here' } });
  const statuses = await Promise.all([call.then(({ status }) => status), there('There')]);
  assert.deepEqual(
    statuses.toSorted((one, other) => one - other),
    [200, 409],
  );
  const winner = statuses[0] === 200 ? 'Here' : 'There';
  await becomes(async () => (await infoOf(here, 'shop')).body.greeting === winner);
  await becomes(async () => (await infoOf(second, 'shop')).body.greeting === winner);
});
