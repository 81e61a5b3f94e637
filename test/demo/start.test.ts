import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { readDemoSecrets } from '../../scripts/start/demo-secret.ts';
import { findFreePort } from '../../scripts/start/ports.ts';
import { renderScreen } from '../../scripts/start/screen.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const root = join(import.meta.dirname, '../..');

function makeFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function takePort(context: TestContext, host: string, wanted: number): Promise<number> {
  const server = createServer().listen(wanted, host);
  await once(server, 'listening');
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** The port after it could be had a moment ago. */
async function takePortBeforeFree(context: TestContext, host: string): Promise<number> {
  const port = await takePort(context, host, await findFreePort());
  const next = createServer().listen(port + 1);
  const isFree = await Promise.race([once(next, 'listening').then(() => true), once(next, 'error').then(() => false)]);
  if (!isFree) return takePortBeforeFree(context, host);
  next.close();
  await once(next, 'close');
  return port;
}

async function runStart(context: TestContext, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
    env: { ...process.env, CHAT_PORT: '0', DEMO_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ends it where it starts although it should not have, and the test's time is over.
    signal: context.signal,
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { output, errors: errors.trim(), code: Number(code) };
}

for (const { variable, other, host, server } of [
  { variable: 'CHAT_PORT', other: 'DEMO_PORT', host: '127.0.0.1', server: 'the chat server' },
  { variable: 'DEMO_PORT', other: 'CHAT_PORT', host: hasIpv6 ? '::1' : '0.0.0.0', server: 'the demo shop' },
]) {
  test(`a taken port (${host}) is named together with ${variable} and a free one, before anything is built or written`, async (context) => {
    const folder = join(makeFolder(context), 'data');
    const port = await takePortBeforeFree(context, host);
    // The next port is meant for our other server.
    const environment = { [variable]: String(port), [other]: String(port + 1), CHAT_DATA_DIR: folder };
    const { output, errors, code } = await runStart(context, environment);
    assert.equal(code, 1);
    const [first, second = ''] = errors.split('\n');
    assert.equal(first, `Port ${port} is taken by another program, and ${server} needs it.`);
    const said = /^Stop that program, or choose another port: (\w+)=(\d+) npm start$/.exec(second);
    assert.equal(said?.[1], variable);
    assert.ok(Number(said?.[2]) > port + 1, second);
    await takePort(context, host, Number(said?.[2]));
    assert.equal(output, '');
    assert.equal(existsSync(folder), false);
  });
}

test('one port for both servers is refused', async (context) => {
  const { errors, code } = await runStart(context, { CHAT_PORT: '4000', DEMO_PORT: '4000' });
  assert.equal(errors, 'CHAT_PORT and DEMO_PORT are both 4000. Give them different ports.');
  assert.equal(code, 1);
});

test('a port that is no port is refused in one line', async (context) => {
  const { errors, code } = await runStart(context, { DEMO_PORT: '70000' });
  assert.equal(errors, 'DEMO_PORT must be a whole number from 0 to 65535.');
  assert.equal(code, 1);
});

test('the demo keys are made once, for this account only, and found again', (context) => {
  const folder = makeFolder(context);
  const secrets = readDemoSecrets({}, folder);
  assert.notEqual(secrets.visitors, secrets.actions);
  assert.deepEqual(readDemoSecrets({ WIDGET_JWT_HMAC_SECRET: '', CHAT_ACTIONS_SECRET: '' }, folder), secrets);
  for (const [name, secret] of [
    ['demo-secret', secrets.visitors],
    ['demo-actions-secret', secrets.actions],
  ] as const) {
    const file = join(folder, name);
    assert.match(secret, /^[0-9a-f]{64}$/);
    assert.equal(readFileSync(file, 'utf8').trim(), secret);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }
});

test('keys from the environment are used and not written down; a short one is refused', (context) => {
  const folder = makeFolder(context);
  const given = { WIDGET_JWT_HMAC_SECRET: 'a'.repeat(32), CHAT_ACTIONS_SECRET: 'b'.repeat(32) };
  assert.deepEqual(readDemoSecrets(given, folder), { visitors: 'a'.repeat(32), actions: 'b'.repeat(32) });
  assert.deepEqual(readdirSync(folder), []);
  for (const variable of ['WIDGET_JWT_HMAC_SECRET', 'CHAT_ACTIONS_SECRET']) {
    const short = { ...given, [variable]: 'a'.repeat(31) };
    assert.throws(() => readDemoSecrets(short, folder), new RegExp(`^TypeError: ${variable}.*at least 32 bytes`));
  }
});

test('the start screen says where everything is, who can sign in, and how to stop', () => {
  const facts = {
    shopUrl: 'http://localhost:3000',
    chatUrl: 'http://localhost:8787',
    dashboard: { url: 'http://localhost:8787/dashboard/setup#a-token', isOneTime: true },
    dataFolder: '.data',
    logFile: '.data/server.log',
    users: [{ id: '1', name: 'Ada', email: 'ada@fernhill.shop', plan: 'free', password: 'pass-word' }],
    model: undefined,
    databaseHost: undefined,
  } as const;
  const screen = renderScreen(facts);
  for (const part of [
    'localhost:3000/script',
    '/account',
    '/app',
    '/playground',
    '/themes',
    '/clinic',
    '/drop-in',
    'localhost:8787',
    '/dashboard/setup#a-token',
    'works once',
    'ada@fernhill.shop',
    'pass-word',
    '.data/server.log',
    'Ctrl-C',
    'CHAT_MODEL_URL',
  ]) {
    assert.ok(screen.includes(part), part);
  }
  assert.match(
    renderScreen({ ...facts, model: 'some-model', databaseHost: 'db:5432' }),
    /by the model some-model[^]*Postgres on db:5432/,
  );
});

test('an old Node is told what is missing', async () => {
  const pretend =
    'data:text/javascript,' +
    encodeURIComponent(
      `Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } });
       Object.defineProperty(process, 'version', { value: 'v20.19.0' });`,
    );
  const child = spawn(process.execPath, ['--import', pretend, join(root, 'scripts/require-node.mjs')]);
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  assert.match(errors, /^chat-widget needs Node 22\.18 or newer .*v20\.19\.0/);
  assert.match(errors, /npm rebuild node/);
  assert.equal(code, 1);
});
