import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { allFrames, json, newSession, sendBody, textIn } from '../http/harness.ts';
import { startDashboard, type DashboardHarness, type Desk } from './harness.ts';

type AgentBody = {
  readonly agent: {
    readonly id: string;
    readonly revision: string | null;
    readonly settings: { readonly [name: string]: unknown };
    readonly origins: { readonly [name: string]: string };
    readonly actions: readonly { readonly id: string | null; readonly origin: string; readonly settings: object }[];
    readonly problems: readonly { readonly path: string; readonly message: string }[];
  };
};

const bodyOf = ({ body }: { readonly body: unknown }) => (body as AgentBody).agent;
const fieldsOf = ({ body }: { readonly body: unknown }) => (body as { fields: { [name: string]: string } }).fields;
const show = async (desk: Desk, id = 'shop') => bodyOf(await desk.call(`/agents/${id}`));

async function patch(desk: Desk, changes: object, id = 'shop') {
  const { revision } = await show(desk, id);
  return desk.call(`/agents/${id}`, { method: 'PATCH', body: { revision, ...changes } });
}

const greetingOf = async ({ send }: DashboardHarness, id = 'shop') =>
  (await json<{ greeting?: string }>(await send(`http://chat.example/v1/agents/${id}`))).greeting;

async function articles(test: TestContext, ...folders: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'chat-agents-'));
  test.after(() => rm(root, { recursive: true, force: true }));
  for (const folder of folders) {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, 'delivery.md'), `# Delivery\n\nDelivery from ${folder} takes two days.\n`);
  }
  return root;
}

describe('an agent', () => {
  test('is changed for the next request, and goes back to what the file says', async (t) => {
    const harness = await startDashboard(t, { agent: { greeting: 'From the file', suggestions: ['One?'] } });
    const { admin } = harness;
    assert.deepEqual((await show(admin)).origins['greeting'], 'file');
    const changed = bodyOf(await patch(admin, { greeting: 'From the dashboard', maxMessageCharacters: 5 }));
    assert.deepEqual([changed.origins['greeting'], changed.origins['suggestions']], ['dashboard', 'file']);
    assert.equal(await greetingOf(harness), 'From the dashboard');
    const session = newSession();
    const { status } = await harness.send('/chat', { session, body: sendBody('longer than five') });
    assert.equal(status, 413);
    const reset = bodyOf(await patch(admin, { reset: ['greeting'] }));
    assert.deepEqual([reset.settings['greeting'], reset.origins['greeting']], ['From the file', 'file']);
    assert.equal(await greetingOf(harness), 'From the file');
  });

  test('is made, answers, and is gone once its name was typed', async (t) => {
    const harness = await startDashboard(t);
    const { admin, send } = harness;
    const made = await admin.call('/agents', { body: { name: 'Côte d’Azur help', greeting: 'Bonjour' } });
    assert.equal(made.status, 201, made.text);
    const { id, revision } = bodyOf(made);
    assert.equal(id, 'cote-d-azur-help');
    const again = await admin.call('/agents', { body: { name: 'Côte d’Azur help' } });
    assert.match(bodyOf(again).id, /^cote-d-azur-help-[0-9a-f]{4}$/);
    assert.equal(await greetingOf(harness, id), 'Bonjour');
    const session = newSession();
    const body = sendBody('hello');
    const reply = await send(`http://chat.example/v1/agents/${id}/chat`, { session, body });
    assert.equal(textIn(await allFrames(reply)), 'You said: hello');
    const remove = (confirm: string) => admin.call(`/agents/${id}`, { method: 'DELETE', body: { confirm, revision } });
    assert.match(fieldsOf(await remove('cote'))['confirm'] ?? '', /is not “Côte d’Azur help”/);
    assert.equal((await remove('Côte d’Azur help')).status, 204);
    const gone = await send(`http://chat.example/v1/agents/${id}/conversations`, { session });
    assert.equal(gone.status, 404);
    assert.equal((await json(gone))['code'], 'agent_not_found');
    assert.equal((await admin.call(`/agents/${id}`)).status, 404);
    // What visitors have said stays, and is there again with an agent of that id.
    await admin.call('/agents', { body: { id, name: 'Again' } });
    const kept = await json<{ conversations: { id: string }[] }>(
      await send(`http://chat.example/v1/agents/${id}/conversations`, { session }),
    );
    assert.deepEqual(
      kept.conversations.map((each) => each.id),
      [body.id],
    );
  });

  test('of the file cannot be removed here', async (t) => {
    const { admin } = await startDashboard(t);
    const { status, text } = await admin.call('/agents/shop', {
      method: 'DELETE',
      body: { confirm: 'Shop', revision: null },
    });
    assert.equal(status, 409);
    assert.match(text, /configuration file/);
  });

  test('keeps what somebody faster has set, and says who that was and what it is', async (t) => {
    const { admin } = await startDashboard(t);
    const { revision } = await show(admin);
    const first = await admin.call('/agents/shop', { method: 'PATCH', body: { revision, greeting: 'First' } });
    assert.equal(first.status, 200);
    const second = await admin.call('/agents/shop', { method: 'PATCH', body: { revision, name: 'Second' } });
    assert.equal(second.status, 409);
    assert.match(second.text, /Alma Admin has changed this agent meanwhile: greeting\./);
    assert.deepEqual((await show(admin)).settings['name'], 'Shop');
  });

  test('says beside each field what does not fit, and keeps nothing of it', async (t) => {
    const harness = await startDashboard(t);
    const { admin } = harness;
    const refused = await patch(admin, {
      name: '  ',
      greeting: 'Would fit',
      suggestions: ['a', 'b', ''],
      allowedOrigins: ['https://shop.example/path'],
      retentionDays: 0,
      answers: 'model',
      consent: { version: 'one two', text: 'Yes?' },
    });
    assert.equal(refused.status, 422);
    const fields = fieldsOf(refused);
    assert.deepEqual(Object.keys(fields).toSorted(), [
      'allowedOrigins.0',
      'consent.version',
      'name',
      'retentionDays',
      'suggestions.2',
    ]);
    assert.equal(fields['name'], 'Must not be empty.');
    assert.match(fields['allowedOrigins.0'] ?? '', /write it as browsers send it/i);
    assert.equal((await show(admin)).revision, null);
    assert.equal(await greetingOf(harness), 'Hello! How can we help?');
    assert.equal(fieldsOf(await patch(admin, { name: null }))['name'], 'Must not be empty.');
    const numbers = fieldsOf(
      await patch(admin, {
        suggestions: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
        maxMessageCharacters: 0,
        retentionDays: 'soon',
        instructions: 'x'.repeat(8_001),
      }),
    );
    assert.deepEqual(numbers, {
      suggestions: 'At most 6 in the list.',
      maxMessageCharacters: 'At least 1.',
      retentionDays: 'Write a whole number.',
      instructions: 'At most 8000 characters.',
    });
    assert.equal((await patch(admin, { colour: 'red' })).status, 422);
    assert.equal(
      fieldsOf(await admin.call('/agents', { body: { id: 'shop', name: 'x' } }))['id'],
      'There is an agent of this id already.',
    );
    assert.match(
      fieldsOf(await admin.call('/agents', { body: { id: '../x', name: 'x' } }))['id'] ?? '',
      /^Must be 1 to 64 .*\.$/,
    );
    assert.ok('name' in fieldsOf(await admin.call('/agents', { body: {} })));
  });

  test('is nobody else’s: another’s id answers as one that does not exist', async (t) => {
    const harness = await startDashboard(t);
    const { admin, deskOf } = harness;
    await admin.call('/agents', { body: { id: 'other', name: 'Other' } });
    const desk = await deskOf('admin', { agentIds: ['shop'] });
    const listed = (await desk.call('/agents')).body as { agents: { id: string }[]; mayCreate: boolean };
    assert.deepEqual([listed.agents.map(({ id }) => id), listed.mayCreate], [['shop'], false]);
    for (const [path, method, body] of [
      ['', 'GET', undefined],
      ['', 'PATCH', { revision: null }],
      ['', 'DELETE', { confirm: 'Other', revision: null }],
      ['/install', 'GET', undefined],
      ['/install/check', 'GET', undefined],
    ] as const) {
      const ask = (id: string) =>
        desk.call(`/agents/${id}${path}`, { method, ...(body === undefined ? {} : { body }) });
      const [other, none] = [await ask('other'), await ask('none')];
      assert.deepEqual([other.status, other.text], [404, none.text], `${method} ${path}`);
    }
    assert.equal((await desk.call('/agents', { body: { name: 'Mine' } })).status, 403);
  });

  test('W13 is no longer for a site that was taken from its list, also in a stream that is open', async (t) => {
    const harness = await startDashboard(t);
    const { admin, send } = harness;
    const origin = 'https://shop.example';
    const token = harness.sign();
    const stream = await send('/events', { token, origin });
    assert.equal(stream.status, 200);
    assert.equal((await patch(admin, { allowedOrigins: ['https://new.example'] })).status, 200);
    // It ends.
    assert.deepEqual(await allFrames(stream), []);
    assert.equal((await send('/conversations', { token, origin })).status, 403);
    assert.equal((await send('/conversations', { token, origin: 'https://new.example' })).status, 200);
  });

  test('is noted in the audit log with what it was before', async (t) => {
    const harness = await startDashboard(t);
    await patch(harness.admin, { greeting: 'Hi' });
    const { openStore } = await import('../../src/storage/index.ts');
    const store = await openStore({ dataDirectory: harness.dataDirectory }, { exclusive: false });
    t.after(() => store.close());
    const [entry] = await store.audit.list('shop', 1);
    assert.partialDeepStrictEqual(entry, {
      kind: 'agent-changed',
      operator: { name: 'Alma Admin' },
      detail: { changed: ['greeting'], before: { greeting: null }, after: { greeting: 'Hi' } },
    });
  });
});

describe('the knowledge folder of an agent', () => {
  test('changes with the next answer, and is read from allowed folders alone', async (t) => {
    const root = await articles(t, 'inside/one', 'inside/two', 'inside/.hidden', 'outside');
    await symlink(join(root, 'outside'), join(root, 'inside', 'link'));
    const harness = await startDashboard(t, {
      agent: { knowledge: 'one' },
      server: { agentFor: () => undefined, baseDirectory: join(root, 'inside') },
    });
    const { admin, send } = harness;
    const ask = async () =>
      textIn(await allFrames(await send('/chat', { session: newSession(), body: sendBody('How long is delivery?') })));
    assert.match(await ask(), /from inside\/one takes/);
    assert.equal((await patch(admin, { knowledge: 'two' })).status, 200);
    assert.match(await ask(), /from inside\/two takes/);
    for (const folder of ['../outside', join(root, 'outside'), 'link', '.hidden', 'two/../../outside', '/etc']) {
      const refused = await patch(admin, { knowledge: folder });
      assert.match(
        fieldsOf(refused)['knowledge'] ?? '',
        /^Must be in a folder that the configuration file allows/,
        folder,
      );
    }
    const missing = fieldsOf(await patch(admin, { knowledge: 'three' }))['knowledge'] ?? '';
    assert.equal(missing, 'The knowledge folder three does not exist or is not a folder.');
    const { knowledgeFolders } = (await admin.call('/agents')).body as { knowledgeFolders: readonly string[] };
    assert.deepEqual(knowledgeFolders, ['.', 'one', 'two']);
    const operator = (await (await harness.deskOf('operator')).call('/agents')).body;
    assert.deepEqual((operator as { knowledgeFolders: readonly string[] }).knowledgeFolders, []);
    assert.match(fieldsOf(await patch(admin, { knowledge: null }))['knowledge'] ?? '', /must name a folder/i);
    assert.match(await ask(), /from inside\/two takes/);
  });

  test('that goes away takes no running agent down, and is said', async (t) => {
    const root = await articles(t, 'one', 'two');
    const server = { agentFor: () => undefined, baseDirectory: root };
    const dataDirectory = await mkdtemp(join(tmpdir(), 'chat-agents-'));
    t.after(() => rm(dataDirectory, { recursive: true, force: true }));
    const first = await startDashboard(t, { agent: { knowledge: 'one' }, server, dataDirectory });
    await patch(first.admin, { knowledge: 'two', greeting: 'Still here' });
    await rm(join(root, 'two'), { recursive: true });
    const session = newSession();
    const body = sendBody('How long is delivery?');
    assert.match(textIn(await allFrames(await first.send('/chat', { session, body }))), /from two takes/);
    // Settings of another server, which had a folder that is not here.
    const { openStore } = await import('../../src/storage/index.ts');
    const store = await openStore({ dataDirectory }, { exclusive: false });
    const { revision = null, settings = '' } = (await store.agentSettings.find('shop')) ?? {};
    const elsewhere = settings.replace('"two"', '"three"').replace('Still here', 'Said elsewhere');
    await store.agentSettings.save({ id: 'shop', settings: elsewhere, before: revision, now: 0 });
    await store.close();
    while ((await greetingOf(first)) !== 'Said elsewhere') await new Promise((resolve) => setImmediate(resolve));
    const later = await first.send('/chat', { session, body: sendBody('How long is delivery?') });
    assert.match(textIn(await allFrames(later)), /from two takes/);
    const cookie = first.admin.cookie();
    await first.server.close();
    const { startServer } = await import('../http/harness.ts');
    const second = await startServer(t, { agent: { knowledge: 'one' }, server, dataDirectory });
    assert.equal((await json(await second.send('')))['greeting'], 'Said elsewhere');
    const shown = await second.server.fetch(
      new Request('https://chat.example/dashboard/api/agents/shop', { headers: { cookie: cookie ?? '' } }),
    );
    const { agent } = (await shown.json()) as AgentBody;
    assert.deepEqual(
      agent.problems.map(({ path, message }) => [path, /does not exist/.test(message)]),
      [['knowledge', true]],
    );
  });
});

describe('actions that operators make', () => {
  const settings = {
    name: 'order_status',
    description: 'Looks up an order',
    access: 'public',
    url: 'https://shop.example/order',
    phrases: ['where is my order'],
  };
  const signingSecret = 'the-secret-of-actions-that-is-never-shown';

  test('H3 keep their secret sealed, and show it nowhere', async (t) => {
    const harness = await startDashboard(t);
    const { admin } = harness;
    const made = await patch(admin, { actions: [{ settings, signingSecret }] });
    assert.equal(made.status, 200, made.text);
    const [action] = bodyOf(made).actions;
    assert.partialDeepStrictEqual(action, { origin: 'dashboard', settings: { name: 'order_status', method: 'POST' } });
    const changed = await patch(admin, {
      actions: [{ id: action?.id, settings: { ...settings, approval: true } }],
    });
    assert.partialDeepStrictEqual(bodyOf(changed).actions[0], { id: action?.id, settings: { approval: true } });
    const { openStore } = await import('../../src/storage/index.ts');
    const store = await openStore({ dataDirectory: harness.dataDirectory }, { exclusive: false });
    t.after(() => store.close());
    const stored = await store.agentSettings.find('shop');
    const everywhere = [made.text, changed.text, JSON.stringify(stored), harness.logged()].join();
    assert.match(stored?.settings ?? '', /"sealedSecret":"v1\./);
    assert.ok(!everywhere.includes(signingSecret));
    assert.ok(!JSON.stringify(await store.audit.list('shop', 9)).includes(signingSecret));
  });

  test('say what does not fit, and call nothing on the machine itself', async (t) => {
    const { admin } = await startDashboard(t, {
      agent: { actions: [{ ...settings, name: 'taken', access: 'public', signingSecret }] },
    });
    const refused = async (action: object) => fieldsOf(await patch(admin, { actions: [action] }));
    assert.match((await refused({ settings }))['actions.0.signingSecret'] ?? '', /Is needed/);
    assert.match((await refused({ settings, signingSecret: 'short' }))['actions.0.signingSecret'] ?? '', /32 bytes/);
    const local = { ...settings, url: 'http://localhost:9000/x' };
    assert.match((await refused({ settings: local, signingSecret }))['actions.0.url'] ?? '', /actionOrigins/);
    const plain = { ...settings, access: 'everybody' };
    assert.ok('actions.0.access' in (await refused({ settings: plain, signingSecret })));
    assert.match((await refused({ id: 'none', settings, signingSecret }))['actions.0.id'] ?? '', /no action/);
    assert.deepEqual(
      (await show(admin)).actions.map(({ origin }) => origin),
      ['file'],
    );
  });
});
