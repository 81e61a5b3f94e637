import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allFrames, newSession, origin, sendBody, userMessage } from '../http/harness.ts';
import { parseCsv } from './parse-csv.ts';
import { startDashboard, type DashboardHarness, type Desk } from './harness.ts';

type Row = { readonly id: string; readonly [field: string]: unknown };
type Listed = { readonly conversations: readonly Row[]; readonly nextBefore: string | null };

const files = { attachments: { types: ['text/plain', 'image/*'] } };

/** A shop with what visitors have said in it, and another one beside. */
async function openShop(t: TestContext) {
  const other = { id: 'other', name: 'Other', allowedOrigins: [origin] };
  const harness = await startDashboard(t, { moreAgents: [other], config: files });
  return { ...harness, chat: (said: Said) => chat(harness, said), list: (query: string) => list(harness.admin, query) };
}

type Said = {
  readonly text?: string;
  readonly token?: string;
  readonly session?: string;
  readonly agent?: string;
  readonly id?: string;
  readonly metadata?: object;
  readonly parts?: readonly object[];
};

async function chat({ send, clock }: DashboardHarness, said: Said): Promise<string> {
  const { text = 'Hello', token, agent = 'shop', id = randomUUID(), metadata = {}, parts = [] } = said;
  const session = said.session ?? (token === undefined ? newSession() : undefined);
  clock.now += 1_000;
  const message = userMessage(text);
  const body = sendBody('', { id, metadata, messages: [{ ...message, parts: [...message.parts, ...parts] }] });
  const address = `http://chat.example/v1/agents/${agent}/chat`;
  const response = await send(address, { token, session, body, origin });
  assert.equal(response.status, 200, await response.clone().text());
  await allFrames(response);
  return id;
}

async function list(desk: Desk, query: string): Promise<Listed> {
  const { status, body, text } = await desk.call(`/conversations?${query}`);
  assert.equal(status, 200, text);
  return body as Listed;
}

const idsOf = ({ conversations }: Listed) => conversations.map(({ id }) => id);

test('H11 the list says of each conversation whether its visitor is verified, and who they are', async (t) => {
  const { chat, list, sign } = await openShop(t);
  const known = await chat({ token: sign({ sub: 'user-1', name: 'Ada', email: 'ada@example.com' }), text: 'Where?' });
  const metadata = { context: { name: 'Boss', email: 'boss@example.com' } };
  const unknown = await chat({ metadata, text: 'I am the boss' });
  const { conversations } = await list('');
  assert.deepEqual(
    conversations.map(({ id, verified, subject, contactName, contactEmail, site, agentName, unreadCount }) => [
      ...[id, verified, subject, contactName, contactEmail, site, agentName, unreadCount],
    ]),
    [
      [unknown, false, null, 'Boss', 'boss@example.com', origin, 'Shop', 1],
      [known, true, 'user-1', 'Ada', 'ada@example.com', origin, 'Shop', 1],
    ],
  );
  assert.equal(conversations[0]?.['lastMessage'], 'You said: I am the boss');
  assert.match(String(conversations[0]?.['updatedAt']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('a name that nobody has proved is never that of a verified visitor', async (t) => {
  const { chat, admin, sign } = await openShop(t);
  const metadata = { context: { name: 'The Boss' } };
  const id = await chat({ token: sign({ sub: 'user-1' }), metadata });
  const { body } = await admin.call(`/conversations/${id}`);
  assert.partialDeepStrictEqual(body, { conversation: { contactName: null, user: { userName: null } } });
});

test('Wo19 a conversation says who its visitor is by the names of the log', async (t) => {
  const { chat, admin, sign } = await openShop(t);
  const claims = { sub: 'u1', name: 'Ada', email: 'a@example.com', phoneNumber: '+1 555', custom: { plan: 'gold' } };
  const id = await chat({ token: sign(claims) });
  const { body } = await admin.call(`/conversations/${id}`);
  assert.deepEqual((body as { conversation: { user: object } }).conversation.user, {
    identityVerified: true,
    userId: 'u1',
    userName: 'Ada',
    userEmail: 'a@example.com',
    userPhoneNumber: '+1 555',
    customIdentifiers: { plan: 'gold' },
  });
});

test('filters are combined, and page by page nothing is lost while others write', async (t) => {
  const { chat, list, sign, admin } = await openShop(t);
  const ids: string[] = [];
  for (const sub of ['a', 'b', 'c', 'd', 'e']) ids.unshift(await chat({ token: sign({ sub }), text: `Fern ${sub}` }));
  await chat({ text: 'Fern x' });
  await admin.call(`/conversations/${ids[0]}/close`, { method: 'POST' });
  const first = await list('verified=true&limit=2');
  assert.deepEqual(idsOf(first), ids.slice(0, 2));
  await chat({ token: sign({ sub: 'e' }), id: ids[0] ?? '', text: 'More' });
  const second = await list(`verified=true&limit=2&before=${first.nextBefore}`);
  const third = await list(`verified=true&limit=2&before=${second.nextBefore}`);
  assert.deepEqual([...idsOf(first), ...idsOf(second), ...idsOf(third)], ids);
  await admin.call(`/conversations/${ids[1]}/close`, { method: 'POST' });
  assert.deepEqual(idsOf(await list('status=closed')), [ids[1]], 'a visitor who writes again opens it again');
  assert.deepEqual(idsOf(await list('status=open&query=fern&verified=false')).length, 1);
  assert.deepEqual(idsOf(await list('agent=shop&query=fern%20c')), [ids[2]]);
  assert.deepEqual(idsOf(await list('agent=shop&subject=c')), [ids[2]]);
  assert.deepEqual(idsOf(await list('agent=other')), []);
  assert.deepEqual(idsOf(await list('from=2020-01-01&to=2020-12-31')), []);
});

test('what is no filter is refused beside its name', async (t) => {
  const { admin } = await openShop(t);
  const wrong = {
    verified: 'yes',
    unread: '1',
    status: 'gone',
    handoff: 'x',
    feedback: 'meh',
    from: 'yesterday',
    to: '2026-13-01',
    limit: '1000',
    before: 'x',
    query: 'x'.repeat(501),
  };
  for (const [name, value] of Object.entries(wrong)) {
    const { status, body } = await admin.call(`/conversations?${new URLSearchParams({ [name]: value })}`);
    assert.equal(status, 422, name);
    assert.deepEqual(Object.keys((body as { fields: object }).fields), [name]);
  }
});

test('a search shows what was found, and takes hostile syntax for words', async (t) => {
  const { chat, list } = await openShop(t);
  const id = await chat({ text: 'My parcel <b>4711</b> is late' });
  const { conversations } = await list('query=4711');
  assert.equal(conversations[0]?.id, id);
  assert.match(JSON.stringify(conversations[0]?.['found']), /My parcel <b>4711<\/b> is late/);
  for (const query of ['"', "'; drop table messages; --", 'late" OR "x', '4711 NEAR/2 late', '*', '😀']) {
    await list(new URLSearchParams({ query }).toString());
  }
  assert.deepEqual(idsOf(await list('query=parcel%20late')), [id]);
});

test('messages are as their visitor sees them; files are read here, saved and never opened', async (t) => {
  const { chat, admin, server } = await openShop(t);
  const session = newSession();
  const headers = { 'x-chat-session': session, 'content-type': 'text/plain', origin };
  const uploaded = await server.fetch(
    new Request('http://chat.example/v1/agents/shop/attachments?filename=a%22b.html', {
      method: 'POST',
      headers,
      body: '<script>alert(1)</script>',
    }),
  );
  const { url, filename, mediaType } = (await uploaded.json()) as { url: string; filename: string; mediaType: string };
  const id = await chat({ session, text: 'See', parts: [{ type: 'file', url, filename, mediaType }] });
  const { body } = await admin.call(`/conversations/${id}/messages`);
  const { messages } = body as { messages: { role: string; parts: { type: string; url?: string }[] }[] };
  assert.deepEqual(
    messages.map(({ role }) => role),
    ['user', 'assistant'],
  );
  const file = messages[0]?.parts.find(({ type }) => type === 'file')?.url ?? '';
  assert.match(file, new RegExp(`^/dashboard/api/conversations/${id}/attachments/[0-9a-f-]{36}$`));
  const response = await admin.fetch(file.replace('/dashboard/api', ''));
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-disposition') ?? '', /^attachment;/);
  assert.match(response.headers.get('content-security-policy') ?? '', /^sandbox/);
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(await response.text(), '<script>alert(1)</script>');
  const elsewhere = await chat({});
  const attachmentId = file.split('/').at(-1);
  assert.equal((await admin.call(`/conversations/${elsewhere}/attachments/${attachmentId}`)).status, 404);
  assert.equal((await admin.call(`/conversations/${id}/attachments/..%2f..%2fchat.sqlite`)).status, 404);
});

test('another agent’s conversations and contacts are not there, in no list, search, export or address', async (t) => {
  const harness = await openShop(t);
  const { chat, sign, deskOf } = harness;
  const id = await chat({ token: sign({ sub: 'ada', name: 'Ada' }), text: 'Fern' });
  const mine = await chat({ agent: 'other', text: 'Fern too' });
  const desk = await deskOf('operator', { agentIds: ['other'] });
  for (const query of ['', 'query=fern', 'verified=false', 'unread=true']) {
    assert.deepEqual(idsOf(await list(desk, query)), [mine], query);
  }
  const nowhere = await desk.call(`/conversations/${randomUUID()}`);
  for (const path of ['', '/messages', `/attachments/${randomUUID()}`]) {
    const called = await desk.call(`/conversations/${id}${path}`);
    assert.equal(called.status, 404, path);
    if (path === '') assert.equal(called.text, nowhere.text);
  }
  assert.equal((await desk.call('/conversations?agent=shop')).status, 404);
  assert.equal((await desk.call('/contacts/shop/ada')).status, 404);
  for (const query of ['', '?query=ada']) {
    assert.deepEqual((await desk.call(`/contacts${query}`)).body, { contacts: [], nextBefore: null });
  }
  const text = await (await desk.fetch('/export/conversations.jsonl')).text();
  assert.deepEqual(
    text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { conversationId: string }).conversationId),
    [mine, mine],
  );
  assert.equal((await desk.call('/export/conversations.csv?agent=shop')).status, 404);
});

test('a contact has the newest claims, what changed in them, and all their conversations', async (t) => {
  const { chat, sign, admin, clock } = await openShop(t);
  const sub = 'user/1 ü';
  await chat({ token: sign({ sub, name: 'Ada', plan: 'silver' }) });
  clock.now += 120_000;
  await chat({ token: sign({ sub, name: 'Ada L.', plan: 'gold' }) });
  const { body } = await admin.call('/contacts?query=ada');
  assert.partialDeepStrictEqual(body, { contacts: [{ agentId: 'shop', subject: sub, name: 'Ada L.' }] });
  const { body: one, status } = await admin.call(`/contacts/shop/${encodeURIComponent(sub)}`);
  assert.equal(status, 200);
  const { contact, claimsHistory } = one as { contact: { claims: object }; claimsHistory: { claims: string[] }[] };
  assert.partialDeepStrictEqual(contact.claims, { sub, name: 'Ada L.', plan: 'gold' });
  assert.deepEqual(
    claimsHistory.map(({ claims }) => claims.toSorted()),
    [['name', 'plan']],
  );
  const found = await list(admin, `agent=shop&subject=${encodeURIComponent(sub)}`);
  assert.equal(found.conversations.length, 2);
});

test('Wo20 the log is exported with the documented fields, and the filters of the list', async (t) => {
  const { chat, sign, admin, agent } = await openShop(t);
  const claims = { sub: 'u1', name: 'Ada', email: 'a@example.com', custom: { plan: 'gold' } };
  const id = await chat({ token: sign(claims), text: 'Where, "when"\r\nand why?' });
  await chat({ text: 'Another' });
  assert.ok(agent.turns.length > 0);
  const { headers, ...response } = await readBytes(admin, '/export/conversations.csv?verified=true');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(response.bytes);
  assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="conversations-\d{4}-\d\d-\d\d\.csv"$/);
  assert.equal(text.codePointAt(0), 0xfe_ff);
  const [names = [], ...rows] = parseCsv(text.slice(1));
  const records = rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
  assert.equal(records.length, 2);
  assert.partialDeepStrictEqual(records[0], {
    ...{ conversationId: id, agentId: 'shop', site: origin, status: 'open', author: 'visitor' },
    ...{ identityVerified: 'true', userId: 'u1', userName: 'Ada', userEmail: 'a@example.com', userPhoneNumber: '' },
    ...{ customIdentifiers: '{"plan":"gold"}', text: 'Where, "when"\r\nand why?' },
  });
  assert.equal(records[1]?.['author'], 'agent');
  const lines = (await (await admin.fetch('/export/conversations.jsonl?query=where')).text()).trim().split('\n');
  const record = JSON.parse(lines[0] ?? '') as { [field: string]: unknown };
  assert.deepEqual(Object.keys(record).toSorted(), names.toSorted());
  assert.partialDeepStrictEqual(record, { identityVerified: true, customIdentifiers: { plan: 'gold' } });
});

async function readBytes(desk: Desk, path: string) {
  const response = await desk.fetch(path);
  return { headers: response.headers, bytes: await response.arrayBuffer() };
}

test('no cell of an export can start a formula', async (t) => {
  const { chat, sign, admin } = await openShop(t);
  const starts = ['=', '+', '-', '@', '\t=', '\r='];
  for (const start of starts) {
    const name = `${start.trim() || '='}cmd|' /C calc'!A0`;
    await chat({
      token: sign({ sub: `${name} ${starts.indexOf(start)}`, name }),
      text: `${start}HYPERLINK("https://evil.example")`,
    });
  }
  const { text } = await admin.call('/export/conversations.csv');
  const rows = parseCsv(text);
  assert.ok(rows.length > starts.length);
  for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
  assert.ok(rows.flat().some((cell) => cell.startsWith("'=HYPERLINK")));
});

test('an export is made as it is read, and ends with its reader', async (t) => {
  const { chat, sign, admin, server } = await openShop(t);
  for (let count = 0; count < 5; count++) await chat({ token: sign({ sub: `u${count}` }) });
  const response = await admin.fetch('/export/conversations.jsonl');
  const reader = response.body?.getReader();
  const first = await reader?.read();
  const line = new TextDecoder().decode(first?.value);
  assert.equal(line.trim().split('\n').length, 2, 'one conversation, not all five');
  await reader?.cancel();
  await server.close();
  assert.equal((await admin.call('/session').catch(() => undefined))?.status === 200, false);
});

test('an export is audited, without what was searched for', async (t) => {
  const { admin, server, dataDirectory } = await openShop(t);
  await (await admin.fetch('/export/conversations.csv?agent=shop&query=somebody')).text();
  await server.close();
  const { openStore } = await import('../../src/storage/index.ts');
  const store = await openStore({ dataDirectory });
  t.after(() => store.close());
  const [entry] = await store.audit.list('shop', 1);
  assert.equal(entry?.kind, 'conversations-exported');
  assert.equal(entry?.operator?.name, 'Alma Admin');
  assert.deepEqual(entry?.detail, { format: 'csv', filters: ['agentIds', 'query'] });
});

test('a conversation that waits for a person is listed with what its visitor wrote, not with the answer to it', async (t) => {
  const knowledge = fileURLToPath(new URL('../../../demo/articles', import.meta.url));
  const harness = await startDashboard(t, { agent: { knowledge }, server: { agentFor: () => undefined } });
  const waiting = await chat(harness, { text: 'Can I talk to a human?' });
  const { conversations } = await list(harness.admin, 'handoff=requested');
  assert.deepEqual(
    conversations.map(({ id, lastMessage }) => [id, lastMessage]),
    [[waiting, 'Can I talk to a human?']],
  );
});
