import assert from 'node:assert/strict';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { createChatServer } from '../../src/index.ts';
import { createTool, jsonOf } from '../cli/tool.ts';
import { openTestPostgres } from '../storage/test-stores.ts';
import {
  allFrames,
  json,
  newSession,
  problem,
  secret,
  sendBody,
  startServer,
  type Harness,
  type HarnessOptions,
} from './harness.ts';

type Created = { readonly key: { readonly id: string }; readonly secret: string };

const postgres = await openTestPostgres();
const { missing: skip } = postgres;
after(() => postgres.stop());

/** An agent whose keys are in the store. */
async function startOpen(t: TestContext, options: HarnessOptions = {}) {
  return startServer(t, { ...options, agent: { keys: undefined, ...options.agent } });
}

function toolFor({ dataDirectory }: Harness, environment: { readonly [name: string]: string } = {}) {
  const tool = createTool({ dataDirectory, environment });
  return {
    run: async (...argv: string[]) => {
      const answer = await tool([...argv, '--agent', 'shop']);
      assert.equal(answer.error, '');
      return answer;
    },
    create: (...flags: string[]) => jsonOf<Created>(tool(['keys', 'create', '--agent', 'shop', '--json', ...flags])),
  };
}

async function identify({ send }: Harness, token: string) {
  return json(await send('/identity', { method: 'POST', token }));
}

test('A14 H14 W8 beside a running server keys are made and retired, and the next request knows', async (t) => {
  const harness = await startOpen(t);
  const { run, create } = toolFor(harness);
  const early = harness.sign();
  assert.deepEqual(await identify(harness, early), { verified: false, reason: 'not_configured' });
  const { key, secret: made } = await create();
  assert.deepEqual(await identify(harness, early), { verified: false, reason: 'invalid_signature' });
  const token = harness.sign({}, { secret: made });
  assert.partialDeepStrictEqual(await identify(harness, token), { verified: true, subject: 'ada' });
  const second = await create();
  const newer = harness.sign({}, { secret: second.secret });
  for (const each of [token, newer]) assert.partialDeepStrictEqual(await identify(harness, each), { verified: true });
  await run('keys', 'retire', key.id);
  assert.deepEqual(await identify(harness, token), { verified: false, reason: 'invalid_signature' });
  assert.partialDeepStrictEqual(await identify(harness, newer), { verified: true });
  await run('keys', 'remove', second.key.id);
  assert.deepEqual(await identify(harness, newer), { verified: false, reason: 'not_configured' });
});

test('H14 a live stream ends when the key of its token is retired beside a running server', async (t) => {
  const harness = await startOpen(t);
  const { run, create } = toolFor(harness);
  const [first, second] = [await create(), await create()];
  const streamOf = (made: Created) => harness.send('/events', { token: harness.sign({}, { secret: made.secret }) });
  const [ending, staying] = [await streamOf(first), await streamOf(second)];
  await run('keys', 'retire', first.key.id);
  const frames = await allFrames(ending);
  assert.deepEqual(frames.at(-1)?.data, '{"state":"rejected","reason":"invalid_signature"}');
  await harness.server.close();
  assert.deepEqual(await allFrames(staying), []);
});

test('H4 the agent’s own key wins over the environment’s, which does not come back while one is retired', async (t) => {
  const harness = await startOpen(t, { server: { environmentSecret: secret } });
  const { run, create } = toolFor(harness);
  assert.partialDeepStrictEqual(await identify(harness, harness.sign()), { verified: true });
  const { key, secret: own } = await create();
  assert.partialDeepStrictEqual(await identify(harness, harness.sign({}, { secret: own })), { verified: true });
  assert.deepEqual(await identify(harness, harness.sign()), { verified: false, reason: 'invalid_signature' });
  await run('keys', 'retire', key.id);
  assert.deepEqual(await identify(harness, harness.sign()), { verified: false, reason: 'not_configured' });
  await run('keys', 'remove', key.id);
  assert.partialDeepStrictEqual(await identify(harness, harness.sign()), { verified: true });
});

test('keys that the configuration names are the ring, and stored ones are not used', async (t) => {
  const harness = await startServer(t);
  const { secret: stored } = await toolFor(harness).create();
  assert.deepEqual(await identify(harness, harness.sign({}, { secret: stored })), {
    verified: false,
    reason: 'invalid_signature',
  });
  assert.partialDeepStrictEqual(await identify(harness, harness.sign()), { verified: true });
});

test('the day of a key’s last use is kept', async (t) => {
  const harness = await startOpen(t);
  const { run, create } = toolFor(harness);
  const { secret: made } = await create();
  await identify(harness, harness.sign({}, { secret: made }));
  const day = new Date(harness.clock.now).toISOString().slice(0, 10);
  assert.match((await run('keys', 'list')).output, new RegExp(` ${day}\\n`));
});

test('Wo1 a policy that is set beside a running server holds for the next request', async (t) => {
  const { send, sign, dataDirectory, agent, ...rest } = await startServer(t);
  const { run } = toolFor({ send, sign, dataDirectory, agent, ...rest });
  const ask = async () => {
    const response = await send('/chat', { session: newSession(), body: sendBody('hello') });
    await response.text();
    return response.status;
  };
  assert.equal(await ask(), 200);
  await run('policy', 'set', 'access=verified-only');
  assert.equal(await ask(), 403);
  assert.partialDeepStrictEqual(await json(await send('')), { access: 'verified-only' });
  await run('policy', 'set', 'access=');
  assert.equal(await ask(), 200);
  await run('policy', 'set', 'wonderchat', 'onInvalidToken=block');
  assert.equal(await ask(), 403);
  const refused = await send('/conversations', { token: `${sign()}x` });
  assert.partialDeepStrictEqual(await problem(refused), { status: 401, code: 'invalid_token' });
});

test('what the configuration names wins over what is stored, setting by setting', async (t) => {
  const harness = await startServer(t, { agent: { policy: { onInvalidToken: 'deny' } } });
  await toolFor(harness).run('policy', 'set', 'onInvalidToken=anonymous', 'maxLifetimeSeconds=60');
  const refused = await harness.send('/conversations', { token: harness.sign() });
  assert.partialDeepStrictEqual(await problem(refused), { status: 403, reason: 'lifetime_too_long' });
});

test(
  'H14 A14 two servers on one Postgres know of a change of keys and policy with the next request',
  { skip },
  async (t) => {
    const databaseUrl = await postgres.createDatabase();
    const masterKey = Buffer.alloc(32, 7);
    const options = { databaseUrl, server: { masterKey } };
    const [here, there] = [await startOpen(t, options), await startOpen(t, options)];
    const environment = { DATABASE_URL: databaseUrl, CHAT_MASTER_KEY: masterKey.toString('hex') };
    const { run, create } = toolFor(here, environment);
    const { key, secret: made } = await create();
    const token = here.sign({}, { secret: made });
    for (const server of [here, there])
      assert.partialDeepStrictEqual(await identify(server, token), { verified: true });
    const live = await there.send('/events', { token });
    await run('keys', 'retire', key.id);
    for (const server of [here, there]) {
      assert.deepEqual(await identify(server, token), { verified: false, reason: 'not_configured' });
    }
    assert.deepEqual(
      (await allFrames(live)).map(({ event, data }) => [event, data]),
      [['identity', '{"state":"rejected","reason":"not_configured"}']],
    );
    await run('policy', 'set', 'access=verified-only');
    for (const server of [here, there]) {
      assert.equal((await server.send('/conversations', { session: newSession() })).status, 403);
    }
  },
);

test('H3 with Postgres the master key has to be set, and the message says how', { skip }, async () => {
  const tool = createTool({ environment: { DATABASE_URL: await postgres.createDatabase() } });
  const { error } = await tool(['keys', 'create', '--agent', 'demo']);
  assert.match(error, /set CHAT_MASTER_KEY before keys are stored: .*openssl rand -hex 32/);
});

test('H3 while its master key is away an agent judges no token, and says nothing wrong of one', async (t) => {
  const harness = await startOpen(t);
  const { create } = toolFor(harness);
  const { dataDirectory, send, sign, logged } = harness;
  const { secret: made } = await create();
  const token = sign({}, { secret: made });
  const file = join(dataDirectory, 'master.key');
  await rename(file, `${file}.away`);
  assert.partialDeepStrictEqual(await problem(await send('/conversations', { token })), { status: 503 });
  assert.match(logged(), /the master key is missing: set CHAT_MASTER_KEY/);
  const anonymous = await send('/chat', { session: newSession(), body: sendBody('hello') });
  assert.equal(anonymous.status, 200);
  await anonymous.text();
  await rename(`${file}.away`, file);
  assert.equal((await send('/conversations', { token })).status, 200);
});

test('H3 the first start makes a master key that its owner alone may read, and later starts keep it', async (t) => {
  const { server, dataDirectory, agent } = await startOpen(t);
  await server.close();
  const file = join(dataDirectory, 'master.key');
  const made = await readFile(file, 'utf8');
  assert.match(made, /^[0-9a-f]{64}\n$/);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const config = { agents: [{ id: 'shop', name: 'Shop' }] };
  const logDestination = { write: () => undefined };
  const again = createChatServer({ config, store: { dataDirectory }, agentFor: () => agent, logDestination });
  await again.ready;
  await again.close();
  assert.equal(await readFile(file, 'utf8'), made);
});

test('H3 a server does not start over keys that it cannot decrypt', async (t) => {
  const harness = await startOpen(t);
  await toolFor(harness).create();
  await harness.server.close();
  const { dataDirectory } = harness;
  const file = join(dataDirectory, 'master.key');
  const right = await readFile(file, 'utf8');
  const config = { agents: [{ id: 'shop', name: 'Shop' }] };
  const begin = (masterKey?: Uint8Array) =>
    createChatServer({
      config,
      masterKey,
      store: { dataDirectory },
      agentFor: () => harness.agent,
      logDestination: { write: () => undefined },
    });
  await assert.rejects(begin(Buffer.alloc(32, 9)).ready, /encrypted with another master key/);
  await rm(file);
  await assert.rejects(begin().ready, /the master key is missing/);
  await writeFile(file, 'not a key', { mode: 0o600 });
  await assert.rejects(begin().ready, /holds no master key/);
  await writeFile(file, right);
  const server = begin();
  await server.ready;
  await server.close();
});
