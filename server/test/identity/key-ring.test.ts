import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import {
  createKeyRing,
  createKeyVault,
  createPolicyBook,
  createProfileSource,
  importHmacKey,
  KeyRingError,
  KeysUnavailableError,
  PolicyError,
  type AgentIdentity,
} from '../../src/identity/index.ts';
import { openStore } from '../../src/storage/index.ts';
import { temporaryDirectory } from '../storage/test-stores.ts';
import { nowMs, otherSecret, secret } from './fixtures.ts';

const agent: AgentIdentity = { agentId: 'shop', settings: {}, keys: undefined, environmentKeys: [] };
const configured: AgentIdentity = { ...agent, keys: [importHmacKey({ id: 'k', secret })] };

function vaultOf(masterKey: Uint8Array) {
  return createKeyVault({ find: () => masterKey, obtain: () => masterKey });
}

async function openRing(t: TestContext) {
  const directory = temporaryDirectory();
  const store = await openStore({ dataDirectory: directory.path });
  t.after(async () => {
    await store.close();
    directory.remove();
  });
  const vault = vaultOf(Buffer.alloc(32, 1));
  const remoteKeys = () => assert.fail('no address of keys was given');
  const profiles = createProfileSource({ keys: store.keys, vault, remoteKeys });
  const told: string[] = [];
  store.notifier.subscribe('revoked:shop', (payload) => void told.push(payload));
  const clock = () => nowMs;
  const ring = createKeyRing({ store, vault, profiles, clock });
  return { store, profiles, ring, book: createPolicyBook(store, clock), told };
}

const place = { agentId: 'shop', keyId: 'a' };

test('H3 a sealed secret opens in its own place, under its own master key, as a whole, and nowhere else', () => {
  const vault = vaultOf(Buffer.alloc(32, 1));
  const sealed = vault.seal(secret, place, []);
  assert.equal(vault.open(sealed, place), secret);
  assert.match(sealed, /^v1\.[0-9a-f]{16}\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
  assert.notEqual(vault.seal(secret, place, []), sealed, 'no two are alike');
  const attempts = [
    () => vault.open(sealed, { ...place, agentId: 'help' }),
    () => vault.open(sealed, { ...place, keyId: 'b' }),
    () => vaultOf(Buffer.alloc(32, 2)).open(sealed, place),
    () => vault.open(sealed.replace('v1.', 'v2.'), place),
    () => vault.open(sealed.slice(0, -22), place),
    () => vault.open(sealed.split('.').slice(0, 4).join('.'), place),
    ...[2, 3, 4].map((at) => () => vault.open(flipped(sealed, at), place)),
  ];
  for (const attempt of attempts) {
    assert.throws(attempt, (error: Error) => error instanceof KeysUnavailableError && !error.message.includes(secret));
  }
});

function flipped(sealed: string, part: number): string {
  const parts = sealed.split('.');
  const first = parts[part] ?? '';
  parts[part] = (first.startsWith('A') ? 'B' : 'A') + first.slice(1);
  return parts.join('.');
}

test('H3 a row that was moved to another agent is not used there', async (t) => {
  const { ring, store, profiles } = await openRing(t);
  await ring.create(agent, { id: 'a' });
  const [row] = await store.keys.list('shop');
  assert.ok(row !== undefined);
  await store.keys.add({ ...row, agentId: 'help' }, { maxActive: 3, replace: false });
  const profile = await profiles.read({ ...agent, agentId: 'help' });
  assert.match(profile.keysProblem?.message ?? '', /"a" of agent "help" was changed or moved/);
  assert.deepEqual(profile.keys, []);
});

test('W10 each change of a key is told to all processes, and audited without the secret', async (t) => {
  const { ring, store, told } = await openRing(t);
  const { secret: made } = await ring.create(agent, { id: 'a' });
  await ring.import(agent, { id: 'b', secret: otherSecret });
  await ring.rename('shop', 'a', 'A');
  await ring.retire('shop', 'a');
  await ring.retire('shop', 'a');
  await ring.remove('shop', 'a');
  const audit = await store.audit.list('shop', 10);
  assert.deepEqual(audit.map(({ kind, detail }) => `${kind} ${String(detail?.['keyId'])}`).toReversed(), [
    'key-created a',
    'key-imported b',
    'key-renamed a',
    'key-retired a',
    'key-removed a',
  ]);
  assert.deepEqual(told, ['', '', '', '', '']);
  const shown = JSON.stringify([audit, await ring.list('shop')]);
  assert.ok(!shown.includes(made) && !shown.includes(otherSecret));
});

test('what cannot be done to a key is told apart by its code', async (t) => {
  const { ring, book } = await openRing(t);
  await ring.create(agent, { id: 'a' });
  const attempts: readonly (readonly [KeyRingError['code'], () => Promise<unknown>])[] = [
    ['key_exists', () => ring.create(agent, { id: 'a' })],
    ['keys_are_configured', () => ring.create(configured)],
    ['invalid_name', () => ring.create(agent, { id: 'a/b' })],
    ['invalid_name', () => ring.rename('shop', 'a', ' ')],
    ['invalid_name', () => ring.rename('shop', 'a', 'a\nb')],
    ['key_not_found', () => ring.rename('shop', 'b', 'B')],
    ['key_not_found', () => ring.retire('shop', 'b')],
    ['key_not_found', () => ring.remove('help', 'a')],
    ['key_not_found', () => ring.reveal(agent, 'b')],
    ['not_revealable', () => ring.reveal(agent, 'a')],
  ];
  for (const [code, attempt] of attempts) {
    await assert.rejects(attempt, (error: unknown) => error instanceof KeyRingError && error.code === code, code);
  }
  await book.set(agent, { algorithms: ['ES256'] });
  await assert.rejects(ring.create(agent), { code: 'algorithm_not_allowed' });
});

test('Wo4 when the policy allows fewer keys than are active, the newest count', async (t) => {
  const { ring, book, profiles } = await openRing(t);
  await ring.create(agent, { id: 'a' });
  await ring.create(agent, { id: 'b' });
  await book.set(agent, { maxActiveKeys: 1 });
  const [{ id } = assert.fail(), ...others] = (await profiles.read(agent)).keys;
  assert.deepEqual([id, others], [(await ring.list('shop'))[0]?.id, []]);
});

test('a policy is set as a preset and what is different, shown with who has said so, and audited', async (t) => {
  const { book, store, told } = await openRing(t);
  await book.set(agent, { audience: 'here', maxLifetimeSeconds: 60 });
  await book.set(agent, { preset: 'hilal', access: 'verified-only' });
  const here: AgentIdentity = { ...agent, settings: { expiry: 'recommended' } };
  const { policy, origins, stored } = await book.show(here);
  assert.deepEqual(stored, { preset: 'hilal', access: 'verified-only' });
  assert.partialDeepStrictEqual(policy, {
    access: 'verified-only',
    onInvalidToken: 'anonymous',
    audience: null,
    expiry: 'recommended',
  });
  assert.partialDeepStrictEqual(origins, {
    access: 'stored',
    maxActiveKeys: 'stored',
    audience: 'default',
    expiry: 'configuration',
  });
  await book.set(agent, { access: undefined });
  assert.equal((await book.show(agent)).policy.access, 'open');
  for (const wrong of [{ access: 'closed' }, { acces: 'open' }, { preset: 'intercom' }, { maxActiveKeys: 4 }]) {
    await assert.rejects(book.set(agent, wrong), PolicyError);
  }
  assert.equal((await store.audit.list('shop', 10)).filter(({ kind }) => kind === 'policy-changed').length, 3);
  assert.deepEqual(told, ['', '', '']);
});

test('a stored policy that this version cannot read closes the agent, and opens nothing', async (t) => {
  const { profiles, store } = await openRing(t);
  await store.keys.setPolicy('shop', null, '{"access":"members-of-the-moon"}');
  await assert.rejects(profiles.read(agent), KeysUnavailableError);
});

test('keys are decrypted once for each change, and asked for with each request', async (t) => {
  const { profiles, ring, book } = await openRing(t);
  await ring.create(agent);
  const profile = await profiles.read(agent);
  assert.equal(await profiles.read(agent), profile);
  await book.set(agent, { access: 'verified-only' });
  const changed = await profiles.read(agent);
  assert.notEqual(changed, profile);
  assert.equal(changed.policy.access, 'verified-only');
});

test('a ring that the configuration names is not added to by a stored address of keys', async (t) => {
  const { profiles, store } = await openRing(t);
  const settings = { algorithms: ['HS256', 'ES256'], jwksUrl: 'https://host.example/jwks' } as const;
  assert.ok(await store.keys.setPolicy('shop', null, JSON.stringify(settings)));
  // openRing() fails the test when an address is asked.
  const profile = await profiles.read(configured);
  assert.equal(profile.remoteKeys, undefined);
});

test('W10 what an operator changes is audited as theirs, with the keys whose place a new one has taken', async (t) => {
  const { ring, book, store } = await openRing(t);
  const operator = { id: 'o1', name: 'Alma' };
  await ring.create(agent, { id: 'a' });
  await book.by(operator).set(agent, { maxActiveKeys: 1 });
  await ring.by(operator).create(agent, { id: 'b', name: 'New' });
  const [created, policy, first] = await store.audit.list('shop', 3);
  const after = { name: 'New', algorithm: 'HS256' };
  assert.deepEqual(created?.detail, { keyId: 'b', after, retired: ['a'] });
  assert.deepEqual(policy?.detail, { before: {}, after: { maxActiveKeys: 1 } });
  assert.deepEqual([created?.operator, policy?.operator, first?.operator], [operator, operator, undefined]);
});

test('a policy that is looked at before it is set changes nothing, and null puts nothing in its place', async (t) => {
  const { book, store, told } = await openRing(t);
  await book.set(agent, { preset: 'hilal', audience: 'here' });
  const preview = await book.preview(agent, { preset: null });
  assert.deepEqual([preview.stored, preview.policy.onInvalidToken], [{}, 'block']);
  await assert.rejects(book.preview(agent, { access: 'closed' }), PolicyError);
  assert.deepEqual((await book.show(agent)).stored, { preset: 'hilal', audience: ['here'] });
  assert.deepEqual([(await store.audit.list('shop', 9)).length, told.length], [1, 1]);
  assert.deepEqual((await book.set(agent, { preset: null })).stored, {});
});
