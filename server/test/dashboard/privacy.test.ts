import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { fileBody } from '../http/attachment-harness.ts';
import { allFrames, framesOf, newSession, origin, sendBody } from '../http/harness.ts';
import { eventually } from '../storage/test-stores.ts';
import { startDashboard, type DashboardHarness } from './harness.ts';

const files = { attachments: { types: ['text/plain', 'image/*'] } };

async function startShop(t: TestContext) {
  const other = { id: 'other', name: 'Other', allowedOrigins: [origin], keys: [] };
  const harness = await startDashboard(t, { moreAgents: [other], config: files });
  return { ...harness, attach: (token: string) => attach(harness, token) };
}

async function attach({ server }: DashboardHarness, token: string): Promise<string> {
  const uploaded = await server.fetch(
    new Request('http://chat.example/v1/agents/shop/attachments?filename=bill.txt', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain', origin },
      body: 'content of canary',
    }),
  );
  return ((await uploaded.json()) as { url: string }).url;
}

async function chat({ send }: DashboardHarness, who: { token?: string; session?: string }, body = sendBody('Hello')) {
  const response = await send('/chat', { ...who, body, origin });
  assert.equal(response.status, 200, await response.clone().text());
  await allFrames(response);
  return String((body as { id?: unknown }).id);
}

test('a contact is handed out as one file: claims, conversations, files with their content, and what the log says', async (t) => {
  const harness = await startShop(t);
  const { admin, sign } = harness;
  const token = sign({ sub: 'user/1 ü', name: 'Ada' });
  const conversation = await chat(harness, { token }, fileBody('See canary', [await harness.attach(token)]));
  const path = `/export/contacts/shop/${encodeURIComponent('user/1 ü')}.json`;
  const { status, headers, body } = await admin.call(path);
  assert.equal(status, 200);
  assert.match(
    headers.get('content-disposition') ?? '',
    /^attachment; filename="contact-user_1_-\d{4}-\d\d-\d\d\.json"$/,
  );
  const exported = body as { attachments: { link: string; base64: string }[]; conversations: { id: string }[] };
  assert.partialDeepStrictEqual(exported, {
    agentId: 'shop',
    subject: 'user/1 ü',
    contact: { claims: { name: 'Ada' } },
  });
  assert.deepEqual(
    exported.conversations.map(({ id }) => id),
    [conversation],
  );
  const [file] = exported.attachments;
  assert.equal(Buffer.from(file?.base64 ?? '', 'base64').toString(), 'content of canary');
  const linked = await admin.call((file?.link ?? '').replace('https://chat.example/dashboard/api', ''));
  assert.equal(linked.text, 'content of canary');
  const { text } = await admin.call('/audit?kind=contact-exported');
  assert.match(text, /"subject":"user\/1 ü"/);
  for (const missing of [
    '/export/contacts/shop/nobody.json',
    '/export/contacts/shop/nobody',
    '/export/contacts/none/x.json',
  ]) {
    assert.equal((await admin.call(missing)).status, 404, missing);
  }
});

test('a contact is removed once its subject is typed; nothing of it is found afterwards, and the log does not name it', async (t) => {
  const harness = await startShop(t);
  const { admin, sign, send } = harness;
  const token = sign({ sub: 'subject-canary', name: 'Name canary' });
  const id = await chat(harness, { token }, fileBody('Words of canary', [await harness.attach(token)]));
  const bert = await chat(harness, { token: sign({ sub: 'bert' }) });
  await admin.call(`/conversations/${id}/notes`, { body: { id: randomUUID(), text: 'Note of canary' } });
  const path = '/contacts/shop/subject-canary';
  for (const [body, field] of [
    [{}, 'confirm'],
    [{ confirm: 'somebody' }, 'confirm'],
    [{ confirm: 'subject-canary', more: 1 }, ''],
  ] as const) {
    const refused = await admin.call(path, { method: 'DELETE', body });
    assert.equal(refused.status, 422);
    assert.ok(field in (refused.body as { fields: object }).fields);
  }
  assert.equal((await admin.call(`/conversations/${id}`)).status, 200, 'nothing was removed');
  const removed = await admin.call(path, { method: 'DELETE', body: { confirm: 'subject-canary' } });
  assert.deepEqual(
    [removed.status, removed.body],
    [200, { removed: { conversations: 1, attachments: 1, filesPending: false } }],
  );
  for (const gone of [path, `/conversations/${id}`, `/conversations/${id}/messages`, `/export${path}.json`]) {
    const answer = await admin.call(gone);
    assert.equal(answer.status, 404, gone);
  }
  for (const list of [
    '/conversations',
    '/conversations?query=canary',
    '/contacts?query=canary',
    '/export/audit.jsonl',
    '/export/conversations.jsonl',
  ]) {
    assert.doesNotMatch((await admin.call(list)).text, /canary/, list);
  }
  assert.equal((await admin.call(`/conversations/${bert}`)).status, 200);
  const { text } = await admin.call('/audit?kind=contact-removed');
  assert.match(text, /"detail":\{"conversations":1,"attachments":1\}.*"name":"Alma Admin"/);
  const again = await admin.call(path, { method: 'DELETE', body: { confirm: 'subject-canary' } });
  assert.equal(again.status, 404);
  // Their token is as good as before: who comes back begins with nothing.
  const mine = await send('/conversations', { token, origin });
  assert.deepEqual(((await mine.json()) as { conversations: unknown[] }).conversations, []);
});

test('another tenant’s contacts and conversations can be neither handed out nor removed', async (t) => {
  const harness = await startShop(t);
  const id = await chat(harness, { token: harness.sign({ sub: 'ada' }) });
  const there = await harness.deskOf('admin', { agentIds: ['other'] });
  const calls = [
    ['GET', '/export/contacts/shop/ada.json', '/export/contacts/shop/nobody.json'],
    ['DELETE', '/contacts/shop/ada', '/contacts/shop/nobody'],
    ['DELETE', `/conversations/${id}`, `/conversations/${randomUUID()}`],
  ] as const;
  for (const [method, foreign, missing] of calls) {
    const ask = (path: string) =>
      there.call(path, { method, ...(method === 'GET' ? {} : { body: { confirm: path.split('/').at(-1) } }) });
    const [refused, nothing] = [await ask(foreign), await ask(missing)];
    assert.deepEqual([refused.status, refused.text], [404, nothing.text], foreign);
  }
  assert.equal((await harness.admin.call(`/conversations/${id}`)).status, 200);
  assert.equal((await harness.admin.call('/contacts/shop/ada')).status, 200);
});

test('a conversation of somebody unknown is removed; its visitor’s open page is told, and what runs in it ends', async (t) => {
  const harness = await startShop(t);
  const { admin, send, agent } = harness;
  const session = newSession();
  const id = await chat(harness, { session });
  const events = framesOf(await send('/events', { session, origin }));
  const holding = agent.hold();
  const reply = await send('/chat', { session, body: sendBody('More', { id }), origin });
  const held = await holding;
  held.say('Too early');
  const removal = admin.call(`/conversations/${id}`, { method: 'DELETE' });
  const told: unknown[] = [];
  for await (const { event, data } of events) {
    told.push([event, JSON.parse(data)]);
    if (event === 'removed') break;
  }
  assert.deepEqual(told.at(-1), ['removed', { conversationId: id }]);
  assert.equal((await removal).status, 200);
  assert.ok(held.turn.signal.aborted);
  await allFrames(reply);
  assert.equal((await send(`/conversations/${id}/messages`, { session, origin })).status, 404);
  assert.equal((await admin.call(`/conversations/${id}`)).status, 404);
  const { text } = await admin.call('/audit?kind=conversation-removed');
  assert.match(text, new RegExp(`"conversationId":"${id}"`));
});

test('a server removes by itself what its agents keep no longer, by what was set for them last', async (t) => {
  const other = { id: 'other', name: 'Other', allowedOrigins: [origin] };
  const options = { moreAgents: [other], server: { retentionEveryMs: 20 }, agent: { retentionDays: 365 } };
  const harness = await startDashboard(t, options);
  const { admin, clock } = harness;
  const old = await chat(harness, { session: newSession() });
  clock.now += 6 * 86_400_000;
  const fresh = await chat(harness, { session: newSession() });
  const { body } = await admin.call('/agents/shop');
  const { revision } = (body as { agent: { revision: string | null } }).agent;
  assert.equal((await admin.call(`/conversations/${old}`)).status, 200);
  const changed = await admin.call('/agents/shop', { method: 'PATCH', body: { revision, retentionDays: 5 } });
  assert.equal(changed.status, 200, changed.text);
  await eventually(async () => (await admin.call(`/conversations/${old}`)).status === 404);
  const run = () => admin.call('/audit?kind=retention-run');
  const { text } = await eventually(async () => ((await run()).text.includes('"days":5') ? run() : undefined));
  assert.match(text, /"conversations":1,"contacts":0/);
  assert.equal((await admin.call(`/conversations/${fresh}`)).status, 200);
});
