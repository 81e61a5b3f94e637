import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { openStore } from '../../src/storage/index.ts';
import { password, startDashboard, type Called, type DashboardHarness, type Desk } from './harness.ts';
import { storedText } from './stored-text.ts';

type Key = {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly standing: string;
  readonly preview: string | null;
  readonly isRevealable: boolean;
  readonly lastUsedDay: string | null;
};

const keysOf = async (desk: Desk, agentId = 'shop') =>
  (await desk.call(`/agents/${agentId}/keys`)).body as { keys: Key[]; mayStore: boolean; problem: string | null };
const standings = async (desk: Desk) =>
  Object.fromEntries((await keysOf(desk)).keys.map(({ name, standing }) => [name, standing]));
const fieldsOf = ({ body }: Called) => (body as { fields?: { [field: string]: string } }).fields ?? {};
const codeOf = ({ body }: Called) => (body as { code?: string }).code;

type Made = {
  readonly key: { readonly id: string; readonly name: string };
  readonly secret: string;
  replaced: string[];
};

async function create(desk: Desk, name: string): Promise<Made> {
  const called = await desk.call('/agents/shop/keys', { body: { name } });
  assert.equal(called.status, 201, called.text);
  return called.body as Made;
}

/** An agent whose keys are in the database. */
const start = (t: TestContext, policy: object = {}): Promise<DashboardHarness> =>
  startDashboard(t, { agent: { keys: undefined, policy } });

const stateOf = async ({ send, sign }: DashboardHarness, secret: string) => {
  const response = await send('/identity', { method: 'POST', token: sign({}, { secret }) });
  const body = (await response.json()) as { verified?: boolean; reason?: string };
  return body.verified === true ? 'verified' : body.reason;
};

test('H2 H3 Wo3 a key has 64 hex digits, counts at once, is shown in one answer and then masked', async (t) => {
  const harness = await start(t);
  const { admin, logged, dataDirectory } = harness;
  const made = await admin.call('/agents/shop/keys', { body: { name: 'Backend' } });
  const { secret, key } = made.body as Made;
  assert.match(secret, /^[0-9a-f]{64}$/);
  assert.equal(made.headers.get('cache-control'), 'no-store');
  assert.equal(await stateOf(harness, secret), 'verified');
  const { keys } = await keysOf(admin);
  assert.partialDeepStrictEqual(keys, [
    { id: key.id, name: 'Backend', source: 'stored', standing: 'accepted', preview: `••••${secret.slice(-4)}` },
  ]);
  assert.match(keys[0]?.lastUsedDay ?? '', /^\d{4}-\d\d-\d\dT00:00:00/);
  const later = await admin.call('/agents/shop/keys');
  const everything = later.text + logged() + (await storedText(dataDirectory));
  assert.ok(!everything.includes(secret));
});

test('B8 Wo3 three keys are active at once; one that is retired is refused from the next request on', async (t) => {
  const harness = await start(t);
  const { admin } = harness;
  const first = await create(admin, 'First');
  await create(admin, 'Second');
  await create(admin, 'Third');
  const fourth = await admin.call('/agents/shop/keys', { body: { name: 'Fourth' } });
  assert.equal(fourth.status, 409);
  assert.match(fourth.text, /retire one first/);
  assert.equal(await stateOf(harness, first.secret), 'verified');
  const retired = await admin.call(`/agents/shop/keys/${first.key.id}/retire`, { body: {} });
  assert.deepEqual((retired.body as { countsAgain: string[] }).countsAgain, []);
  assert.equal(await stateOf(harness, first.secret), 'invalid_signature');
  assert.deepEqual(await standings(admin), { First: 'retired', Second: 'accepted', Third: 'accepted' });
  await create(admin, 'Fourth');
});

test('Wo4 where one key may be active, a new one says whose place it has taken', async (t) => {
  const harness = await start(t, { maxActiveKeys: 1 });
  const { admin } = harness;
  const old = await create(admin, 'Old');
  const made = await create(admin, 'New');
  assert.deepEqual(made.replaced, [old.key.id]);
  assert.equal(await stateOf(harness, old.secret), 'invalid_signature');
  assert.equal(await stateOf(harness, made.secret), 'verified');
});

test('Wo3 a key is removed when its name was typed, and what was typed wrong removes nothing', async (t) => {
  const harness = await start(t);
  const { admin } = harness;
  const { key, secret } = await create(admin, 'Backend');
  const remove = (confirm: unknown) =>
    admin.call(`/agents/shop/keys/${key.id}`, { method: 'DELETE', body: { confirm } });
  for (const wrong of ['backend', '', 7]) {
    assert.deepEqual(Object.keys(fieldsOf(await remove(wrong))), ['confirm']);
  }
  assert.equal(await stateOf(harness, secret), 'verified');
  assert.equal((await remove(' Backend ')).status, 200);
  assert.equal(await stateOf(harness, secret), 'not_configured');
  assert.deepEqual((await keysOf(admin)).keys, []);
});

test('A2 Wo3 a secret is revealed where the policy says so, to whoever says their password again, and that is audited', async (t) => {
  const harness = await start(t, { revealableKeys: true });
  const { admin, dataDirectory } = harness;
  const { key, secret } = await create(admin, 'Backend');
  const reveal = (word: unknown) => admin.call(`/agents/shop/keys/${key.id}/reveal`, { body: { password: word } });
  const refused = await reveal('not the password');
  assert.equal(refused.status, 422);
  assert.equal(fieldsOf(refused)['password'], 'This is not your password.');
  assert.deepEqual(Object.keys(fieldsOf(await reveal(undefined))), ['password']);
  assert.deepEqual((await reveal(password)).body, { secret });
  await harness.server.close();
  const kinds = (await auditOf(dataDirectory)).filter(({ kind }) => kind === 'key-revealed');
  assert.partialDeepStrictEqual(kinds, [{ detail: { keyId: key.id }, operator: { name: 'Alma Admin' } }]);
});

test('A2 H3 where the policy does not say so, no password reveals a secret', async (t) => {
  const { admin } = await start(t);
  const { key, secret } = await create(admin, 'Backend');
  const refused = await admin.call(`/agents/shop/keys/${key.id}/reveal`, { body: { password } });
  assert.equal(refused.status, 409);
  assert.match(refused.text, /shown once/);
  assert.ok(!refused.text.includes(secret));
  assert.equal((await keysOf(admin)).keys[0]?.isRevealable, false);
});

test('whoever guesses the password to see a secret has to wait', async (t) => {
  const { admin } = await start(t, { revealableKeys: true });
  const { key } = await create(admin, 'Backend');
  const reveal = (word: string) => admin.call(`/agents/shop/keys/${key.id}/reveal`, { body: { password: word } });
  for (let tries = 0; tries < 10; tries++) assert.equal((await reveal('wrong')).status, 422);
  assert.equal((await reveal(password)).status, 429);
});

test('a secret and a public key can be brought along; what does not fit is said beside its field', async (t) => {
  const harness = await start(t, { algorithms: ['HS256', 'ES256'] });
  const { admin } = harness;
  const add = (body: object) => admin.call('/agents/shop/keys/import', { body });
  const brought = 'a-secret-that-was-made-elsewhere-0123456789';
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const refusals: readonly (readonly [body: object, field: string])[] = [
    [{ kind: 'secret', secret: 'short' }, 'secret'],
    [{ kind: 'secret', secret: '' }, 'secret'],
    [{ kind: 'secret', secret: pem }, 'secret'],
    [{ kind: 'secret', secret: brought, name: brought }, 'name'],
    [{ kind: 'secret', secret: brought, id: 'a/b' }, 'id'],
    [{ kind: 'public', algorithm: 'ES256', publicKey: 'nonsense' }, 'publicKey'],
    [{ kind: 'public', algorithm: 'ES256', publicKey: privatePem }, 'publicKey'],
    [{ kind: 'public', algorithm: 'RS256', publicKey: pem }, 'publicKey'],
    [{ kind: 'public', algorithm: 'HS256', publicKey: pem }, 'algorithm'],
    [{ kind: 'jwks' }, 'kind'],
  ];
  for (const [body, field] of refusals) {
    const called = await add(body);
    assert.deepEqual([called.status, Object.keys(fieldsOf(called))], [422, [field]], called.text);
    assert.ok(!called.text.includes(brought) && !called.text.includes(privatePem.slice(30, 80)), called.text);
  }
  assert.deepEqual((await keysOf(admin)).keys, [], 'nothing half-saved');
  assert.equal((await add({ kind: 'secret', name: 'Ours', secret: brought })).status, 201);
  assert.equal((await add({ kind: 'public', name: 'Pair', algorithm: 'ES256', publicKey: pem })).status, 201);
  assert.equal(await stateOf(harness, brought), 'verified');
  assert.deepEqual(Object.keys(fieldsOf(await add({ kind: 'secret', secret: brought }))), ['secret'], 'there already');
  assert.deepEqual(Object.keys(fieldsOf(await add({ kind: 'public', algorithm: 'ES256', publicKey: pem }))), [
    'publicKey',
  ]);
  assert.ok(!harness.logged().includes(brought));
});

test('a key of an algorithm that the policy does not allow is not stored', async (t) => {
  const { admin } = await start(t);
  const { publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const body = { kind: 'public', algorithm: 'EdDSA', publicKey: pem };
  const called = await admin.call('/agents/shop/keys/import', { body });
  assert.deepEqual(Object.keys(fieldsOf(called)), ['algorithm']);
  assert.deepEqual((await keysOf(admin)).keys, []);
});

test('keys of the configuration file and of the environment are listed as such, and the former win', async (t) => {
  const environmentSecret = 'the-secret-of-the-environment-0123456789';
  const inFile = await startDashboard(t, { server: { environmentSecret } });
  assert.deepEqual(await standings(inFile.admin), { k1: 'accepted', WIDGET_JWT_HMAC_SECRET: 'others-win' });
  assert.equal((await keysOf(inFile.admin)).mayStore, false);
  const refused = await inFile.admin.call('/agents/shop/keys', { body: { name: 'Mine' } });
  assert.deepEqual([refused.status, codeOf(refused)], [409, 'conflict']);

  const beside = await startDashboard(t, { agent: { keys: undefined }, server: { environmentSecret } });
  assert.deepEqual(await standings(beside.admin), { WIDGET_JWT_HMAC_SECRET: 'accepted' });
  const { replaced } = await create(beside.admin, 'Own');
  assert.deepEqual(replaced, ['environment']);
  assert.deepEqual(await standings(beside.admin), { Own: 'accepted', WIDGET_JWT_HMAC_SECRET: 'others-win' });
  const again = await beside.admin.call('/agents/shop/keys/import', {
    body: { kind: 'secret', secret: environmentSecret },
  });
  assert.deepEqual(Object.keys(fieldsOf(again)), ['secret']);
  const text = (await beside.admin.call('/agents/shop/keys')).text + beside.logged();
  assert.ok(!text.includes(environmentSecret));
});

test('W10 each change of a key is audited with who did it, and what it was before', async (t) => {
  const { admin, server, dataDirectory } = await start(t);
  const { key, secret } = await create(admin, 'Backend');
  const at = `/agents/shop/keys/${key.id}`;
  assert.deepEqual(Object.keys(fieldsOf(await admin.call(at, { method: 'PATCH', body: { name: ' ' } }))), ['name']);
  assert.equal((await admin.call(at, { method: 'PATCH', body: { name: 'Shop backend' } })).status, 204);
  await admin.call(`${at}/retire`, { body: {} });
  await admin.call(at, { method: 'DELETE', body: { confirm: 'Shop backend' } });
  await server.close();
  const entries = (await auditOf(dataDirectory)).toReversed();
  const what = { name: 'Backend', algorithm: 'HS256' };
  assert.deepEqual(
    entries.map(({ kind, detail }) => [kind, detail]),
    [
      ['key-created', { keyId: key.id, after: what }],
      ['key-renamed', { keyId: key.id, before: 'Backend', after: 'Shop backend' }],
      ['key-retired', { keyId: key.id }],
      ['key-removed', { keyId: key.id, before: { ...what, name: 'Shop backend', state: 'retired' } }],
    ],
  );
  assert.ok(entries.every(({ operator }) => operator?.name === 'Alma Admin'));
  assert.ok(!JSON.stringify(entries).includes(secret));
});

async function auditOf(dataDirectory: string) {
  const store = await openStore({ dataDirectory });
  try {
    return await store.audit.list('shop', 100);
  } finally {
    await store.close();
  }
}

test('keys of another agent do not exist for whoever may not see it, nor under another agent’s address', async (t) => {
  const harness = await startDashboard(t, {
    agent: { keys: undefined },
    moreAgents: [{ id: 'help', name: 'Help', policy: { revealableKeys: true } }],
  });
  const { admin } = harness;
  const limited = await harness.deskOf('admin', { agentIds: ['help'] });
  const { key, secret } = await create(admin, 'Backend');
  const attempts: readonly (readonly [Desk, string])[] = [
    [limited, '/agents/shop/keys'],
    [admin, '/agents/help/keys'],
    [admin, '/agents/none/keys'],
  ];
  for (const [desk, at] of attempts) {
    const calls = [
      await desk.call(`${at}/${key.id}`, { method: 'PATCH', body: { name: 'Stolen' } }),
      await desk.call(`${at}/${key.id}/retire`, { body: {} }),
      await desk.call(`${at}/${key.id}/reveal`, { body: { password } }),
      await desk.call(`${at}/${key.id}`, { method: 'DELETE', body: { confirm: 'Backend' } }),
    ];
    assert.deepEqual(
      calls.map(({ status }) => status),
      [404, 404, 404, 404],
      calls.map(({ text }) => text).join(),
    );
  }
  assert.equal((await limited.call('/agents/shop/keys')).status, 404);
  assert.equal((await limited.call('/agents/shop/keys', { body: {} })).status, 404);
  assert.equal(await stateOf(harness, secret), 'verified');
});
