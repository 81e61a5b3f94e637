import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createMasterKeySource } from '../../src/config/index.ts';
import { temporaryDirectory } from '../http/harness.ts';
import { createTool, jsonOf } from './tool.ts';

type Created = { readonly key: { readonly id: string; readonly preview: string }; readonly secret: string };
type Listed = { readonly keys: readonly { readonly id: string; readonly name: string; readonly state: string }[] };

async function newPlace(t: TestContext, environment: { readonly [name: string]: string } = {}) {
  const dataDirectory = join(await temporaryDirectory(t), 'data');
  const tool = createTool({ dataDirectory, environment });
  return {
    dataDirectory,
    tool,
    create: (...flags: string[]) => jsonOf<Created>(tool(['keys', 'create', '--agent', 'demo', '--json', ...flags])),
    list: () => jsonOf<Listed>(tool(['keys', 'list', '--agent', 'demo', '--json'])),
  };
}

async function filesOf(directory: string): Promise<string> {
  const names = await readdir(directory);
  return (await Promise.all(names.map((name) => readFile(join(directory, name), 'latin1')))).join('');
}

test('H2 H3 B9 a key has 64 hex digits, is encrypted at rest, shown once and then masked', async (t) => {
  const { create, tool, dataDirectory } = await newPlace(t);
  const { key, secret } = await create('--name', 'Backend');
  assert.match(secret, /^[0-9a-f]{64}$/);
  const { output } = await tool(['keys', 'list', '--agent', 'demo']);
  assert.match(output, new RegExp(`${key.id} +Backend +HS256 +active +••••${secret.slice(-4)} `));
  assert.ok(!output.includes(secret));
  const stored = await filesOf(dataDirectory);
  assert.ok(stored.includes(key.id) && !stored.includes(secret));
  assert.ok(!stored.includes(Buffer.from(secret, 'hex').toString('latin1')));
  const { error, code } = await tool(['keys', 'reveal', '--agent', 'demo', key.id]);
  assert.match(error, /shown once/);
  assert.equal(code, 1);
});

test('A2 Wo3 a key is revealed where the policy says so', async (t) => {
  const { create, tool } = await newPlace(t);
  const { key, secret } = await create();
  await tool(['policy', 'set', '--agent', 'demo', 'revealableKeys=true']);
  assert.equal((await tool(['keys', 'reveal', '--agent', 'demo', key.id])).output, `${secret}\n`);
});

test('B8 three keys can be active, and a fourth one when one of them was retired', async (t) => {
  const { create, tool, list } = await newPlace(t);
  const first = await create();
  await create();
  await create();
  const fourth = await tool(['keys', 'create', '--agent', 'demo']);
  assert.match(fourth.error, /3 active keys, as many as its policy allows: retire one first/);
  assert.equal((await tool(['keys', 'retire', '--agent', 'demo', first.key.id])).code, 0);
  assert.equal((await tool(['keys', 'create', '--agent', 'demo'])).code, 0);
  assert.deepEqual((await list()).keys.map(({ state }) => state).toSorted(), ['active', 'active', 'active', 'retired']);
});

test('Wo4 A14 where one key may be active, creating one retires the other at once, and says so', async (t) => {
  const { create, tool, list } = await newPlace(t);
  await tool(['policy', 'set', '--agent', 'demo', 'maxActiveKeys=1']);
  const { key } = await create();
  const second = await tool(['keys', 'create', '--agent', 'demo', '--id', 'second']);
  assert.match(second.notes, new RegExp(`taken the place of "${key.id}"`));
  assert.deepEqual(
    new Map((await list()).keys.map(({ id, state }) => [id, state])),
    new Map([
      ['second', 'active'],
      [key.id, 'retired'],
    ]),
  );
});

test('Wo3 keys are renamed and removed at any time', async (t) => {
  const { create, tool, list } = await newPlace(t);
  await create('--id', 'a');
  await tool(['keys', 'rename', '--agent', 'demo', 'a', 'The web shop']);
  assert.equal((await list()).keys[0]?.name, 'The web shop');
  await tool(['keys', 'remove', '--agent', 'demo', 'a']);
  assert.deepEqual((await list()).keys, []);
  const gone = await tool(['keys', 'remove', '--agent', 'demo', 'a']);
  assert.match(gone.error, /Agent "demo" has no stored key "a"/);
});

test('a secret is imported from a file or from standard input, never from the command line', async (t) => {
  const { tool, dataDirectory, list } = await newPlace(t);
  const file = `${dataDirectory}-secret.txt`;
  await writeFile(file, 'a-secret-that-the-backend-has-already\n');
  assert.equal((await tool(['keys', 'import', '--agent', 'demo', '--secret-file', file, '--id', 'f'])).code, 0);
  const piped = ['keys', 'import', '--agent', 'demo', '--secret-file', '-', '--id', 'p'];
  assert.equal((await tool(piped, 'another-secret-that-the-backend-has\n')).code, 0);
  assert.equal((await list()).keys.length, 2);
  const refusals = [
    await tool([...piped.slice(0, -1), 'q'], 'short'),
    await tool(['keys', 'import', '--agent', 'demo', '--secret', 'x']),
  ];
  assert.match(refusals[0]?.error ?? '', /shorter than 32 bytes/);
  assert.equal(refusals[1]?.code, 2);
});

test('H15 a private key, a weak one, and one of another kind are not imported', async (t) => {
  const { tool } = await newPlace(t);
  await tool(['policy', 'set', '--agent', 'demo', 'algorithms=HS256,RS256,ES256']);
  const pem = (pair: { publicKey: import('node:crypto').KeyObject }) =>
    pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const importAs = (algorithm: string, text: string) =>
    tool(['keys', 'import', '--agent', 'demo', '--public-key', '-', '--algorithm', algorithm], text);
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privateText = elliptic.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  assert.match((await importAs('ES256', privateText)).error, /is a private key/);
  assert.match(
    (await importAs('RS256', pem(generateKeyPairSync('rsa', { modulusLength: 1024 })))).error,
    /at least 2048/,
  );
  assert.match((await importAs('RS256', pem(elliptic))).error, /no RSA key/);
  assert.match((await importAs('ES256', 'nonsense')).error, /not one public key in PEM/);
  assert.match((await importAs('PS256', pem(elliptic))).error, /PS256/);
  assert.equal((await importAs('ES256', pem(elliptic))).code, 0);
});

test('an algorithm that the policy does not allow is named, with what to set', async (t) => {
  const { tool } = await newPlace(t);
  const { publicKey } = generateKeyPairSync('ed25519');
  const text = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const { error } = await tool(
    ['keys', 'import', '--agent', 'demo', '--public-key', '-', '--algorithm', 'EdDSA'],
    text,
  );
  assert.match(error, /allows HS256 only; set algorithms=HS256,EdDSA first/);
});

test('where the configuration file names keys, the command says that stored ones do not count', async (t) => {
  const { tool, dataDirectory } = await newPlace(t);
  const path = `${dataDirectory}-config.json`;
  const keys = [{ id: 'k', secret: 'a-secret-that-stands-in-the-config-file' }];
  await writeFile(
    path,
    JSON.stringify({ agents: [{ id: 'shop', name: 'Shop', knowledge: '.', keys, policy: 'hilal' }] }),
  );
  const place = ['--agent', 'shop', '--config', path];
  assert.match((await tool(['keys', 'create', ...place])).error, /configuration file names the keys of agent "shop"/);
  assert.match((await tool(['keys', 'list', ...place])).output, /configuration file names this agent's keys \(k\)/);
  const { notes, output } = await tool(['policy', 'set', ...place, 'access=verified-only', 'audience=here']);
  assert.match(notes, /configuration file names these, and wins: access\.\n/);
  assert.match(output, /access +open +configuration\n[^]*audience +here +stored\n/);
  assert.match((await tool(['keys', 'list', '--agent', 'shp', '--config', path])).error, /has no agent "shp"/);
});

test('H3 the master key is a file of its own that nobody else may read, made when it is needed', async (t) => {
  const { tool, create, dataDirectory } = await newPlace(t);
  const file = join(dataDirectory, 'master.key');
  await tool(['policy', 'set', '--agent', 'demo', 'access=']);
  await tool(['keys', 'list', '--agent', 'demo']);
  assert.deepEqual(
    (await readdir(dataDirectory)).filter((name) => name.includes('master')),
    [],
  );
  await create();
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  await chmod(file, 0o644);
  assert.match((await tool(['keys', 'create', '--agent', 'demo'])).error, /chmod 600/);
});

test('Wo2 keys are in the hands of who may open the data directory, and of nobody else', async (t) => {
  const { create, dataDirectory } = await newPlace(t);
  await create();
  assert.equal((await stat(dataDirectory)).mode & 0o777, 0o700);
  for (const name of await readdir(dataDirectory)) {
    assert.equal((await stat(join(dataDirectory, name))).mode & 0o077, 0, name);
  }
});

test('H3 two commands that need a master key share the one that was made first', async (t) => {
  const dataDirectory = join(await temporaryDirectory(t), 'data');
  const sources = [1, 2].map(() => createMasterKeySource({ environmentKey: undefined, dataDirectory }));
  // Both have looked before either has made one.
  assert.deepEqual(
    sources.map((source) => source.find()),
    [undefined, undefined],
  );
  const [one, other] = sources.map((source) => source.obtain());
  assert.equal(one?.byteLength, 32);
  assert.deepEqual(one, other);
  assert.deepEqual(await readdir(dataDirectory), ['master.key']);
});

test('H3 another master key is named, and nothing is stored beside what it cannot open', async (t) => {
  const { create, dataDirectory, list } = await newPlace(t);
  await create();
  const environment = { CHAT_MASTER_KEY: Buffer.alloc(32, 1).toString('hex') };
  const wrong = createTool({ dataDirectory, environment });
  assert.match((await wrong(['keys', 'create', '--agent', 'demo'])).error, /encrypted with another master key/);
  assert.equal((await list()).keys.length, 1);
});

for (const argv of [
  ['keys'],
  ['keys', 'make', '--agent', 'demo'],
  ['keys', 'retire', '--agent', 'demo'],
  ['keys', 'create', '--agent', ''],
  ['keys', 'create', '--agent', 'a/b'],
  ['keys', 'create', 'more', '--agent', 'demo'],
  ['keys', 'create', '--secret', 'x'],
  ['keys', 'import', '--agent', 'demo'],
  ['policy', 'set', '--agent', 'demo'],
  ['policy', 'drop', '--agent', 'demo'],
  ['token', 'debug', '--agent', 'demo'],
  ['token', 'sign', '--agent', 'demo', '--expires', 'soon', '--sub', 'a'],
]) {
  test(`"${argv.join(' ')}" is not understood, and changes nothing`, async (t) => {
    const { tool, list } = await newPlace(t);
    await tool(['policy', 'set', '--agent', 'demo', 'access=']);
    const { code, error } = await tool(argv);
    assert.equal(code, 2);
    assert.notEqual(error, '');
    assert.deepEqual((await list()).keys, []);
  });
}
