import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { openTestPostgres } from '../storage/test-stores.ts';
import { password, startDashboard } from './harness.ts';
import { haveConversation, isKind, openEvents } from './live-harness.ts';

const postgres = await openTestPostgres();
const { missing: skip } = postgres;
after(() => postgres.stop());

test('operators are told of what happens by ids, and never of what was said', async (t) => {
  const harness = await startDashboard(t);
  const { admin, send } = harness;
  const events = await openEvents(admin);
  const { id, at, session, say } = await haveConversation(harness, 'a secret question');
  const first = await events.until(isKind('message', id));
  assert.deepEqual(first, [{ type: 'conversation', agentId: 'shop', conversationId: id, kind: 'message' }]);
  await admin.call(at('take-over'), { body: {} });
  await events.until(isKind('assignee', id));
  await say('another secret');
  await send(`/conversations/${id}/typing`, { session, body: { typing: true } });
  const typing = (await events.until(({ type }) => type === 'typing')).at(-1);
  assert.deepEqual(typing, { type: 'typing', agentId: 'shop', conversationId: id, typing: true });
  const told: object[] = [];
  const expect = async (kind: string, call: Promise<unknown>) => {
    await call;
    told.push(...(await events.until(isKind(kind, id))));
  };
  await expect('message', admin.call(at('reply'), { body: { id: randomUUID(), text: 'a secret answer' } }));
  await expect('note', admin.call(at('notes'), { body: { id: randomUUID(), text: 'a secret note' } }));
  await expect('handoff', admin.call(at('hand-back'), { method: 'POST' }));
  await expect('status', admin.call(at('close'), { method: 'POST' }));
  await admin.call(at('presence'), { body: {} });
  told.push(...(await events.until(({ type }) => type === 'presence')));
  assert.ok(!JSON.stringify([first, told]).includes('secret'));
  await events.close();
});

test('an operator is told of their agents only', async (t) => {
  const harness = await startDashboard(t, { moreAgents: [{ id: 'other', name: 'Other' }] });
  const outsider = await harness.deskOf('operator', { agentIds: ['other'] });
  const theirs = await openEvents(outsider);
  const all = await openEvents(harness.admin);
  const { id } = await haveConversation(harness);
  await all.until(isKind('message', id));
  const elsewhere = await harness.send('http://chat.example/v1/agents/other/chat', {
    session: 's'.repeat(43),
    body: {
      id: randomUUID(),
      messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'x' }] }],
      trigger: 'submit-message',
    },
  });
  await elsewhere.text();
  assert.equal((await theirs.next())?.['agentId'], 'other', 'the first that they hear of');
  await Promise.all([theirs.close(), all.close()]);
});

test('the events end when the session is revoked, when it is over, and when the server goes', async (t) => {
  const harness = await startDashboard(t);
  const { admin, newDesk, clock, server } = harness;
  const other = newDesk();
  await other.call('/session', { body: { email: 'admin@example.com', password } });
  const theirs = await openEvents(other);
  const mine = await openEvents(admin);
  const { body } = await admin.call('/account/sessions');
  const found = (body as { sessions: { id: string; isCurrent: boolean }[] }).sessions.find(
    ({ isCurrent }) => !isCurrent,
  );
  await admin.call(`/account/sessions/${found?.id}`, { method: 'DELETE' });
  assert.deepEqual(await theirs.next(), { type: 'signed-out' });
  assert.equal(await theirs.next(), undefined);
  assert.equal((await other.fetch('/events')).status, 401);
  clock.now += 8 * 24 * 60 * 60 * 1_000;
  assert.deepEqual(await mine.next(), { type: 'signed-out' });
  await admin.call('/session', { body: { email: 'admin@example.com', password } });
  const last = await openEvents(admin);
  const ended = last.next();
  await server.close();
  assert.equal(await ended, undefined);
});

test('one operator has 16 streams at once: one more ends the oldest', async (t) => {
  const { admin } = await startDashboard(t);
  const oldest = await openEvents(admin);
  const others = [];
  for (let count = 0; count < 16; count++) others.push(await openEvents(admin));
  assert.equal(await oldest.next(), undefined);
  await Promise.all(others.map(({ close }) => close()));
});

test('a stream that nobody reads keeps no more than that something was missed', async (t) => {
  const harness = await startDashboard(t);
  const { id, at } = await haveConversation(harness);
  const events = await openEvents(harness.admin);
  for (let count = 0; count < 130; count++) {
    await harness.admin.call(at(count % 2 === 0 ? 'close' : 'reopen'), { method: 'POST' });
    await harness.admin.call(at('assign'), { body: { operatorId: null } });
    await harness.admin.call(at('presence'), { body: { typing: count % 2 === 0 } });
  }
  const seen = await events.until(({ type }) => type === 'resumed');
  assert.ok(seen.length < 10, `${seen.length} events of ${id}`);
  await events.close();
});

test('operators at two server processes hear of the same things and see each other', { skip }, async (t) => {
  const databaseUrl = await postgres.createDatabase();
  const here = await startDashboard(t, { databaseUrl });
  const there = await startDashboardAt(t, databaseUrl, here.admin.cookie());
  const events = await openEvents(there.desk);
  const { id, at } = await haveConversation(here);
  await events.until(isKind('message', id));
  const called = await Promise.all([
    here.admin.call(at('take-over'), { body: {} }),
    there.operator.call(at('take-over'), { body: {} }),
  ]);
  assert.deepEqual(new Set(called.map(({ status }) => status)), new Set([200, 409]));
  await events.until(isKind('handoff', id));
  await here.admin.call(at('presence'), { body: { typing: true } });
  await events.until(({ type }) => type === 'presence');
  const { body } = await there.operator.call(at('presence'), { body: {} });
  assert.partialDeepStrictEqual(body, { operators: [{ name: 'Alma Admin', typing: true }] });
  await there.desk.call('/session', { method: 'DELETE' });
  assert.deepEqual((await events.until(({ type }) => type === 'signed-out')).at(-1), { type: 'signed-out' });
});

type Test = Parameters<typeof startDashboard>[0];

/** A second process on the same database, with the first one's administrator and an operator of its own. */
async function startDashboardAt(t: Test, databaseUrl: string, cookie: string | undefined) {
  const { startServer } = await import('../http/harness.ts');
  const { createDesk } = await import('./harness.ts');
  const publicUrl = 'https://chat.example';
  const harness = await startServer(t, { databaseUrl, config: { publicUrl } });
  const desk = createDesk(harness, publicUrl);
  desk.useCookie(cookie);
  const invited = await desk.call('/operators', {
    body: { name: 'Otto', email: 'otto@example.com', role: 'operator', agentIds: null },
  });
  const operator = createDesk(harness, publicUrl);
  const token = (invited.body as { link: string }).link.split('#')[1];
  assert.equal((await operator.call('/invitations/accept', { body: { token, password } })).status, 200);
  const own = createDesk(harness, publicUrl);
  await own.call('/session', { body: { email: 'admin@example.com', password } });
  return { desk: own, operator };
}
