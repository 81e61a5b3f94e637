import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { auditKinds } from '../../src/storage/index.ts';
import { describeEntry, kindLabels } from '../../../server/dashboard/src/audit/sentences.ts';
import { allFrames, origin, sendBody, type Harness } from '../http/harness.ts';
import { eventually } from '../storage/test-stores.ts';
import { parseCsv } from './parse-csv.ts';
import { password, startDashboard, type Desk } from './harness.ts';

type Entry = {
  readonly id: string;
  readonly at: string;
  readonly agentId: string | null;
  readonly kind: string;
  readonly subject: string | null;
  readonly reason: string | null;
  readonly detail: { readonly [name: string]: unknown } | null;
  readonly operator: { readonly id: string; readonly name: string } | null;
};

async function entriesOf(desk: Desk, query = ''): Promise<readonly Entry[]> {
  const { status, body, text } = await desk.call(`/audit?${query}`);
  assert.equal(status, 200, text);
  return (body as { entries: readonly Entry[] }).entries;
}

const kindsOf = (entries: readonly Entry[]) => entries.map(({ kind }) => kind);

async function startShop(t: TestContext, keys?: []) {
  const other = { id: 'other', name: 'Other', allowedOrigins: [origin] };
  return startDashboard(t, { moreAgents: [other], ...(keys === undefined ? {} : { agent: { keys } }) });
}

async function chat({ send, sign }: Harness, subject: string): Promise<void> {
  const response = await send('/chat', { token: sign({ sub: subject }), body: sendBody('Hello'), origin });
  assert.equal(response.status, 200);
  await allFrames(response);
}

test('W10 what operators do is said with who did it, the latest first, page by page', async (t) => {
  const { admin } = await startShop(t);
  await admin.call('/account', { method: 'PATCH', body: { name: 'Alma B.' } });
  const invited = await admin.call('/operators', { body: { name: 'Otto', email: 'otto@example.com', role: 'viewer' } });
  const { operator } = invited.body as { operator: { id: string } };
  await admin.call(`/operators/${operator.id}`, { method: 'PATCH', body: { role: 'operator' } });
  const entries = await entriesOf(admin);
  const [changed] = entries;
  assert.partialDeepStrictEqual(changed, {
    kind: 'operator-changed',
    agentId: null,
    detail: { operatorId: operator.id, before: { role: 'viewer' }, after: { role: 'operator' } },
    operator: { name: 'Alma B.' },
  });
  assert.match(changed?.at ?? '', /^\d{4}-\d\d-\d\dT/);
  const seen: string[] = [];
  for (let before = ''; ;) {
    const { body } = await admin.call(`/audit?limit=2&before=${before}`);
    const page = body as { entries: readonly Entry[]; nextBefore: string | null };
    assert.ok(page.entries.length <= 2);
    seen.push(...page.entries.map(({ id }) => id));
    if (page.nextBefore === null) break;
    before = page.nextBefore;
  }
  assert.deepEqual(
    seen,
    entries.map(({ id }) => id),
  );
});

test('the first use of a key each day, and refused tokens by their reason, stand in it', async (t) => {
  const harness = await startShop(t);
  await chat(harness, 'ada');
  await chat(harness, 'bert');
  const used = async () =>
    (await entriesOf(harness.admin, 'kind=key-used')).map(({ reason, at }) => [reason, at.slice(0, 10)]);
  const day = (now: number) => new Date(now).toISOString().slice(0, 10);
  const today = day(harness.clock.now);
  assert.deepEqual(await used(), [['k1', today]]);
  harness.clock.now += 86_400_000;
  await chat(harness, 'ada');
  await chat(harness, 'ada');
  assert.deepEqual(await used(), [
    ['k1', day(harness.clock.now)],
    ['k1', today],
  ]);
  await harness.send('/identity', { method: 'POST', token: 'nonsense', origin });
  await harness.server.close();
  const database = new DatabaseSync(join(harness.dataDirectory, 'chat.sqlite'), { readOnly: true });
  t.after(() => database.close());
  const refused = database.prepare("select reason, detail from audit where kind = 'token-refused'").all();
  assert.deepEqual(
    refused.map((row) => ({ ...row })),
    [{ reason: 'malformed', detail: '{"count":1}' }],
  );
});

test('filters are combined; what is no filter is refused beside its name', async (t) => {
  const harness = await startShop(t);
  const { admin } = harness;
  const operator = await harness.deskOf('operator');
  await operator.call('/account', { method: 'PATCH', body: { name: 'Otto' } });
  const { body } = await operator.call('/session');
  const { id } = (body as { operator: { id: string } }).operator;
  assert.deepEqual(kindsOf(await entriesOf(admin, `operator=${id}&kind=operator-changed`)), ['operator-changed']);
  assert.deepEqual(await entriesOf(admin, `operator=${id}&kind=operator-removed`), []);
  const today = new Date(harness.clock.now).toISOString().slice(0, 10);
  assert.notEqual((await entriesOf(admin, `from=${today}&to=${today}`)).length, 0);
  assert.deepEqual(await entriesOf(admin, 'to=2020-01-01'), []);
  for (const [query, field] of [
    ['kind=nonsense', 'kind'],
    ['from=yesterday', 'from'],
    ['limit=101', 'limit'],
    ['before=nonsense', 'before'],
    [`subject=${'x'.repeat(1_001)}`, 'subject'],
  ] as const) {
    const refused = await admin.call(`/audit?${query}`);
    assert.equal(refused.status, 422, query);
    assert.ok(field in ((refused.body as { fields: object }).fields ?? {}), query);
  }
});

test('another tenant’s entries are in no list and no export; those of no agent are for administrators of all', async (t) => {
  const harness = await startShop(t);
  await chat(harness, 'subject-canary');
  const here = await harness.deskOf('operator', { agentIds: ['shop'] });
  const there = await harness.deskOf('operator', { agentIds: ['other'] });
  const halfAdmin = await harness.deskOf('admin', { agentIds: ['other'] });
  const all = await harness.deskOf('operator');
  assert.deepEqual(kindsOf(await entriesOf(here)), ['key-used']);
  assert.deepEqual(kindsOf(await entriesOf(all)), ['key-used']);
  for (const desk of [there, halfAdmin]) {
    assert.deepEqual(await entriesOf(desk), []);
    assert.deepEqual(await entriesOf(desk, 'subject=subject-canary'), []);
    const refused = await desk.call('/audit?agent=shop');
    const missing = await desk.call('/audit?agent=nowhere');
    assert.deepEqual([refused.status, refused.text], [404, missing.text]);
    assert.equal((await desk.call('/export/audit.csv?agent=shop')).status, 404);
    assert.doesNotMatch((await desk.call('/export/audit.jsonl')).text, /"shop"|operator-/);
  }
  assert.ok(kindsOf(await entriesOf(harness.admin)).includes('operator-created'));
});

test('the log is exported with the documented fields, and no cell of it can start a formula', async (t) => {
  const harness = await startShop(t);
  await harness.admin.call('/account', { method: 'PATCH', body: { name: '=HYPERLINK("https://evil.example")' } });
  const csv = await harness.admin.call('/export/audit.csv?kind=operator-changed');
  assert.match(csv.headers.get('content-disposition') ?? '', /^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
  const [head, row] = parseCsv(csv.text);
  assert.deepEqual(head, ['at', 'agentId', 'kind', 'operatorId', 'operatorName', 'subject', 'reason', 'detail']);
  assert.equal(row?.[4], 'Alma Admin', 'as it was then');
  const later = await harness.admin.call('/export/audit.csv?kind=audit-exported');
  assert.equal(parseCsv(later.text)[1]?.[4], '\'=HYPERLINK("https://evil.example")');
  const lines = (await harness.admin.call('/export/audit.jsonl')).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  assert.ok(lines.length > 3);
  for (const line of lines) assert.deepEqual(Object.keys(line), head);
});

test('no entry holds a password, a token, a link or a key, whatever was done', async (t) => {
  const harness = await startShop(t, []);
  const { admin, dataDirectory } = harness;
  const secrets = [password];
  const wrong = 'a wrong password of canary';
  await harness.newDesk().call('/session', { body: { email: 'admin@example.com', password: wrong } });
  await admin.call('/account', {
    method: 'PATCH',
    body: { currentPassword: password, password: 'a new password of mine' },
  });
  const invited = await admin.call('/operators', { body: { name: 'Otto', email: 'otto@example.com', role: 'viewer' } });
  const { link } = invited.body as { link: string };
  secrets.push(wrong, 'a new password of mine', link.split('#')[1] ?? assert.fail('no link'));
  const made = await admin.call('/agents/other/keys', { body: { name: 'First' } });
  const { secret } = made.body as { secret?: string };
  if (made.status < 300) secrets.push(secret ?? assert.fail(made.text));
  assert.ok(made.status < 300, made.text);
  secrets.push(admin.cookie()?.split('=')[1] ?? assert.fail('no cookie'));
  const exported = (await admin.call('/export/audit.jsonl')).text;
  assert.match(exported, /key-created/);
  for (const each of secrets) assert.ok(!exported.includes(each), `${each.slice(0, 8)}…`);
  const file = await eventually(async () =>
    (await readFile(join(dataDirectory, 'chat.sqlite-wal')).catch(() => Buffer.alloc(0))).toString('latin1'),
  );
  assert.ok(!file.includes(wrong));
});

test('an entry says what a person can read, and no id that nothing is found by', () => {
  const bare = { id: '1', at: '', agentId: null, agentName: null, subject: null, reason: null };
  const describe = (kind: string, detail: object) =>
    describeEntry({ ...bare, kind, detail: { ...detail }, operator: { id: 'o1', name: 'Olga' } }, { o1: 'Olga' });
  const mine = describe('conversation-assigned', { conversationId: 'c', before: null, after: 'o1' });
  assert.equal(mine.sentence, 'Olga took care of a conversation');
  assert.deepEqual(describe('note-added', { noteId: 'n' }).facts, []);
  assert.deepEqual(describe('agent-changed', { revision: 'r', changed: [] }).facts, []);
  const reply = describe('canned-reply-created', { cannedReplyId: 'r', shortcut: 'thanks' });
  assert.deepEqual([reply.sentence, reply.facts], ['Olga made the saved reply “thanks”', []]);
  assert.equal(kindLabels['canned-reply-changed'], 'Saved reply changed');
  assert.equal(
    describe('key-removed', { keyId: 'k', before: { name: 'Shop' } }).sentence,
    'Olga removed the key “Shop”',
  );
});

test('there is a sentence for each kind of entry, and no other', () => {
  assert.deepEqual(Object.keys(kindLabels).toSorted(), auditKinds.toSorted());
  for (const kind of auditKinds) {
    const bare = { id: '1', at: '', agentId: null, agentName: null, kind, subject: null, reason: null, detail: null };
    const sentence = describeEntry({ ...bare, operator: { id: 'o1', name: 'Grace' } }).sentence;
    assert.match(sentence, /^[A-Z].*[^.]$/, `${kind}: ${sentence}`);
    assert.doesNotMatch(sentence, /undefined|null|object/, kind);
    assert.doesNotMatch(describeEntry({ ...bare, operator: null }).sentence, /undefined|null/, kind);
  }
});
