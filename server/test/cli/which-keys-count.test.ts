import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { CompactSign } from 'jose';
import { createKeyVault } from '../../src/identity/index.ts';
import { signUserToken } from '../../src/sign/index.ts';
import { openStore } from '../../src/storage/index.ts';
import { json, startServer, temporaryDirectory } from '../http/harness.ts';
import { jwkOf, startJwksHost } from '../vectors/jwks-host.ts';
import { createTool, jsonOf } from './tool.ts';

const masterKey = Buffer.alloc(32, 9);
const shared = 'a-secret-that-came-into-the-ring-twice-over';

type Listed = { readonly keys: readonly { readonly id: string; readonly standing: string }[] };

async function newPlace(t: TestContext, environment: { readonly [name: string]: string } = {}) {
  const dataDirectory = join(await temporaryDirectory(t), 'data');
  const clock = { now: Date.now() };
  const settings = {
    dataDirectory,
    clock: () => (clock.now += 1_000),
    environment: { CHAT_MASTER_KEY: masterKey.toString('hex'), ...environment },
  };
  const tool = createTool(settings);
  const run = (words: string, input?: string) => tool([...words.split(' '), '--agent', 'demo'], input);
  return {
    dataDirectory,
    run,
    secretOf: async (id: string) =>
      (await jsonOf<{ readonly secret: string }>(run(`keys create --id ${id} --json`))).secret,
    standings: async () =>
      Object.fromEntries(
        (await jsonOf<Listed>(run('keys list --json'))).keys.map(({ id, standing }) => [id, standing]),
      ),
  };
}

for (const [words, undo] of [
  ['maxActiveKeys=1', 'maxActiveKeys=3'],
  ['hilal', 'maxActiveKeys=3'],
  ['widgent', 'maxActiveKeys=3'],
] as const) {
  test(`"policy set ${words}" names the keys that stop being accepted, and how to take it back`, async (t) => {
    const { run, secretOf, standings } = await newPlace(t);
    for (const id of ['a', 'b', 'c']) await secretOf(id);
    const { notes, code } = await run(`policy set ${words}`);
    assert.equal(code, 0);
    assert.match(notes, /^No longer accepted: "b" and "a" \(maxActiveKeys=1: only the newest count\)\./);
    assert.match(notes, /refused from the next request on\. Left: "c"\. .*policy set maxActiveKeys=3\n$/);
    const beyond = 'beyond-max-active-keys';
    assert.deepEqual(await standings(), { a: beyond, b: beyond, c: 'accepted' });
    const { output } = await run('keys list');
    assert.match(output, /^a .* active, beyond maxActiveKeys: not accepted /m);
    assert.match(output, /^c .* HS256 +active +••••/m);
    assert.match(output, /maxActiveKeys=1: of the active keys only the newest count/);
    assert.equal((await run(`policy set ${undo}`)).notes, '');
    assert.deepEqual(await standings(), { a: 'accepted', b: 'accepted', c: 'accepted' });
  });
}

test('the warning agrees with what the running server does', async (t) => {
  const { send, dataDirectory } = await startServer(t, { agent: { keys: undefined } });
  const clock = { now: Date.now() };
  const tool = createTool({ dataDirectory, clock: () => (clock.now += 1_000) });
  const run = (...words: string[]) => tool([...words, '--agent', 'shop']);
  const tokens = new Map<string, string>();
  for (const id of ['a', 'b', 'c']) {
    await run('keys', 'create', '--id', id);
    tokens.set(id, (await run('token', 'sign', '--sub', 'ada', '--key', id)).output.trim());
  }
  await run('policy', 'set', 'maxActiveKeys=2');
  const { keys } = await jsonOf<Listed>(run('keys', 'list', '--json'));
  for (const { id, standing } of keys) {
    const { verified } = await json(await send('/identity', { method: 'POST', token: tokens.get(id) ?? '' }));
    assert.equal(verified, standing === 'accepted', id);
  }
});

test('a policy that leaves all keys as they are warns of nothing', async (t) => {
  const { run, secretOf } = await newPlace(t);
  await secretOf('a');
  assert.equal((await run('policy set maxActiveKeys=1')).notes, '');
});

test('a narrower list of algorithms names the keys that it silences', async (t) => {
  const { run, secretOf, standings } = await newPlace(t);
  await secretOf('a');
  const { notes } = await run('policy set algorithms=RS256');
  assert.match(
    notes,
    /^No longer accepted: "a" \(their algorithm is not allowed\)\..* No key is left\. .*algorithms=RS256,HS256/,
  );
  assert.deepEqual(await standings(), { a: 'algorithm-not-allowed' });
  assert.match((await run('keys list')).output, /^a .* active, algorithm not allowed: not accepted /m);
});

test('Wo15 a token of a key beyond maxActiveKeys is debugged as such', async (t) => {
  const { run, secretOf } = await newPlace(t);
  const old = await secretOf('old');
  await secretOf('new');
  await run('policy set maxActiveKeys=1');
  for (const keyId of [undefined, 'old']) {
    const token = await signUserToken({ secret: old, subject: 'ada', keyId });
    const { output } = await run('token debug -', token);
    assert.match(
      output,
      /invalid_signature\nhint     signed with key "old": it is active, but beyond maxActiveKeys \(1\)/,
    );
    assert.match(output, /only the newest count \("new"\)/);
  }
  const foreign = await signUserToken({ secret: shared, subject: 'ada', keyId: 'old' });
  assert.match(
    (await run('token debug -', foreign)).output,
    /kid names a key that does not count: .*beyond maxActiveKeys/,
  );
});

test('the same secret is imported once, also when the first one is retired', async (t) => {
  const { run, standings } = await newPlace(t);
  assert.equal((await run('keys import --secret-file - --id one', shared)).code, 0);
  const twice = await run('keys import --secret-file - --id two', shared);
  assert.deepEqual([twice.code, twice.output], [1, '']);
  assert.equal(twice.error, 'Agent "demo" has this secret already, as key "one": one key is enough.');
  await run('keys retire one');
  assert.match((await run('keys import --secret-file -', shared)).error, /as key "one": it is retired/);
  assert.deepEqual(await standings(), { one: 'retired' });
});

test('the same public key is imported once, whatever its line breaks', async (t) => {
  const { run } = await newPlace(t);
  await run('policy set algorithms=HS256,ES256');
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  const words = 'keys import --public-key - --algorithm ES256';
  assert.equal((await run(`${words} --id one`, pem.toString())).code, 0);
  const { error } = await run(words, pem.toString().replaceAll('\n', '\r\n'));
  assert.match(error, /has this public key already, as key "one"/);
});

test('the secret of the environment is not imported beside it', async (t) => {
  const { run, standings } = await newPlace(t, { WIDGET_JWT_HMAC_SECRET: shared });
  const { code, error } = await run('keys import --secret-file -', shared);
  assert.equal(code, 1);
  assert.match(error, /secret of WIDGET_JWT_HMAC_SECRET.*take that variable out of the environment/);
  assert.ok(!error.includes(shared));
  await run('policy set access=');
  assert.deepEqual(await standings(), {});
});

/** As rows were stored before the same secret was refused. */
async function storeTwice(dataDirectory: string): Promise<void> {
  const store = await openStore({ dataDirectory }, { exclusive: false });
  const vault = createKeyVault({ find: () => masterKey, obtain: () => masterKey });
  for (const [at, id] of ['one', 'two'].entries()) {
    const sealedSecret = vault.seal(shared, { agentId: 'demo', keyId: id }, []);
    const row = { agentId: 'demo', id, name: id, algorithm: 'HS256', publicKey: null, preview: '', sealedSecret };
    await store.keys.add({ ...row, createdAt: at }, { maxActive: 3, replace: false });
  }
  await store.close();
}

for (const verb of ['retire', 'remove']) {
  test(`"keys ${verb}" says which other key holds the same secret and goes on accepting`, async (t) => {
    const { run, dataDirectory } = await newPlace(t);
    await storeTwice(dataDirectory);
    const token = await signUserToken({ secret: shared, subject: 'ada' });
    const first = await run(`keys ${verb} one`);
    assert.match(
      first.output,
      new RegExp(`^Key "one" is ${verb}d, but its tokens GO ON BEING ACCEPTED: "two" holds the same`),
    );
    assert.equal((await run('token debug -', token)).code, 0);
    const second = await run(`keys ${verb} two`);
    assert.equal(second.output, `Key "two" is ${verb}d: its tokens are refused from the next request on.\n`);
    assert.equal((await run('token debug -', token)).code, 1);
  });
}

test('a key that takes the place of another says so, imported ones and the one of the environment included', async (t) => {
  const { run, secretOf } = await newPlace(t, { WIDGET_JWT_HMAC_SECRET: 'the-secret-of-the-environment-of-this-host' });
  const first = await run('keys create --id first');
  assert.match(first.notes, /taken the place of WIDGET_JWT_HMAC_SECRET, whose tokens are refused from now on/);
  await secretOf('second');
  await run('policy set maxActiveKeys=1');
  const { notes } = await run('keys import --secret-file - --id third', shared);
  assert.match(notes, /^It has taken the place of "second", whose tokens/);
});

test('removing the last key says that the one of the environment counts again', async (t) => {
  const { run, secretOf } = await newPlace(t, { WIDGET_JWT_HMAC_SECRET: shared });
  await secretOf('a');
  assert.doesNotMatch((await run('keys retire a')).output, /counts again/);
  assert.match((await run('keys remove a')).output, /that of WIDGET_JWT_HMAC_SECRET counts again/);
  assert.equal((await run('token debug -', await signUserToken({ secret: shared, subject: 'ada' }))).code, 0);
});

test('retiring the newest key says which older one counts again', async (t) => {
  const { run, secretOf } = await newPlace(t);
  await secretOf('old');
  await secretOf('new');
  await run('policy set maxActiveKeys=1');
  assert.match((await run('keys retire new')).output, /In its place "old" counts again/);
});

test('a key that cannot be imported is not called by a name that nobody gave it', async (t) => {
  const { run } = await newPlace(t);
  await run('policy set algorithms=HS256,ES256');
  const publicKey = 'keys import --public-key - --algorithm ES256';
  const errors = [(await run('keys import --secret-file -', 'short')).error, (await run(publicKey, 'nonsense')).error];
  assert.match(errors[0] ?? '', /^The secret of the imported key is shorter than 32 bytes/);
  assert.match(errors[1] ?? '', /^The imported key is not one public key in PEM/);
  assert.match((await run(`${publicKey} --id mine`, 'nonsense')).error, /^Signing key "mine" is not/);
});

test('the keys of a JWKS are listed by their kid, and named by it in the debugger', async (t) => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const other = generateKeyPairSync('ed25519');
  const keys = [
    jwkOf(pair.publicKey, { kid: 'host-2026', alg: 'RS256' }),
    jwkOf(other.publicKey, { kid: 'host\u001b[2J' }),
  ];
  const host = await startJwksHost(t, (response) => void response.end(JSON.stringify({ keys })));
  const { run, secretOf } = await newPlace(t);
  await secretOf('shared');
  await run(`policy set algorithms=RS256 jwksUrl=${host.url}/keys`);
  const { output } = await run('keys list');
  assert.match(output, /^host-2026 +- +RS256 +from JWKS +[\w-]{16} /m);
  assert.match(output, /^host\\u001b\[2J +- +EdDSA +from JWKS, algorithm not allowed: not accepted /m);
  const sign = (kid: string) =>
    new CompactSign(Buffer.from(JSON.stringify({ sub: 'ada', exp: Math.floor(Date.now() / 1000) + 600 })))
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(pair.privateKey);
  assert.match((await run('token debug -', await sign('host-2026'))).output, /^key {6}host-2026 \(from JWKS, jwks:/m);
  const { output: unknown } = await run('token debug -', await sign('host-2025'));
  assert.match(unknown, /kid names no active key \(there are: "host-2026" from JWKS\)/);
  assert.doesNotMatch(unknown, /"shared"/);
});
