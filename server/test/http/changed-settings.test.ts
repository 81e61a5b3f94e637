import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test, type TestContext } from 'node:test';
import { createTool, jsonOf } from '../cli/tool.ts';
import { openTestPostgres } from '../storage/test-stores.ts';
import {
  allFrames,
  framesOf,
  newSession,
  sendBody,
  startServer,
  textIn,
  type Harness,
  type HarnessOptions,
} from './harness.ts';

// What the command line changes beside running servers ends the streams that are open by what held before.

const postgres = await openTestPostgres();
const { missing } = postgres;
after(() => postgres.stop());

const masterKey = Buffer.alloc(32, 7);

type World = {
  /** Servers on one database: SQLite has one, Postgres two. */
  readonly servers: readonly Harness[];
  readonly here: Harness;
  readonly run: (...argv: string[]) => Promise<void>;
  readonly createKey: (id: string) => Promise<string>;
};

const databases: readonly (readonly [string, string | false, (t: TestContext) => Promise<World>])[] = [
  ['SQLite', false, async (t) => worldOf([await start(t, { server: { masterKey } })])],
  [
    'two servers on Postgres',
    missing,
    async (t) => {
      const databaseUrl = await postgres.createDatabase();
      const options = { databaseUrl, server: { masterKey } };
      return worldOf([await start(t, options), await start(t, options)], databaseUrl);
    },
  ],
];

/** An agent whose keys are in the store. */
function start(t: TestContext, options: HarnessOptions): Promise<Harness> {
  return startServer(t, { ...options, agent: { keys: undefined } });
}

function worldOf(servers: readonly Harness[], databaseUrl?: string): World {
  const here = servers[0] ?? assert.fail();
  const environment = {
    CHAT_MASTER_KEY: masterKey.toString('hex'),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
  const tool = createTool({ dataDirectory: here.dataDirectory, environment });
  return {
    servers,
    here,
    run: async (...argv) => assert.equal((await tool([...argv, '--agent', 'shop'])).error, ''),
    createKey: async (id) => {
      const create = tool(['keys', 'create', '--agent', 'shop', '--json', '--id', id]);
      return (await jsonOf<{ readonly secret: string }>(create)).secret;
    },
  };
}

/** Live events of one visitor at every server. */
function openEvents({ servers }: World, visitor: { readonly token?: string; readonly session?: string }) {
  return Promise.all(servers.map(({ send }) => send('/events', visitor)));
}

async function assertEnd(streams: readonly Response[], farewell: object): Promise<void> {
  for (const stream of streams) {
    assert.equal(stream.status, 200);
    assert.deepEqual(
      (await allFrames(stream)).map(({ event, data }) => [event, JSON.parse(data)]),
      [['identity', farewell]],
    );
  }
}

/** That they go on: a message of their visitor still arrives. */
async function assertOpen({ here }: World, streams: readonly Response[], visitor: object): Promise<void> {
  await allFrames(await here.send('/chat', { ...visitor, body: sendBody('still here') }));
  for (const stream of streams) {
    const frames = framesOf(stream);
    assert.equal((await frames.next()).value?.event, 'message');
    await frames.return(undefined);
  }
}

for (const [database, skip, openWorld] of databases) {
  describe(`open streams, with ${database}`, { skip, timeout: 30_000 }, () => {
    test('W8 end when the policy would refuse their token now, with the reason; tokens that still fit go on', async (t) => {
      const world = await openWorld(t);
      const secret = await world.createKey('one');
      const long = world.here.sign({ jti: 'long' }, { secret });
      const short = world.here.sign({ jti: 'short' }, { secret, lifetimeSeconds: 60 });
      const [ending, staying] = [await openEvents(world, { token: long }), await openEvents(world, { token: short })];
      await world.run('policy', 'set', 'maxLifetimeSeconds=600');
      await assertEnd(ending, { state: 'rejected', reason: 'lifetime_too_long' });
      await assertOpen(world, staying, { token: short });
    });

    test('Wo1 of anonymous visitors end when the agent is for verified ones now', async (t) => {
      const world = await openWorld(t);
      const secret = await world.createKey('one');
      const token = world.here.sign({}, { secret });
      const [ending, staying] = [
        await openEvents(world, { session: newSession() }),
        await openEvents(world, { token }),
      ];
      await world.run('policy', 'set', 'access=verified-only');
      await assertEnd(ending, { state: 'rejected' });
      await assertOpen(world, staying, { token });
    });

    test('end when their token names another person now', async (t) => {
      const world = await openWorld(t);
      const secret = await world.createKey('one');
      const ending = await openEvents(world, { token: world.here.sign({ email: 'ada@fernhill.com' }, { secret }) });
      await world.run('policy', 'set', 'identityClaim=email');
      await assertEnd(ending, { state: 'rejected' });
    });

    test('A14 end when their key is removed, also when one of the same id is made in the same moment', async (t) => {
      const world = await openWorld(t);
      const token = world.here.sign({}, { secret: await world.createKey('one') });
      const ending = await openEvents(world, { token });
      await world.run('keys', 'remove', 'one');
      await world.createKey('one');
      for (const stream of ending) {
        const last = JSON.parse((await allFrames(stream)).at(-1)?.data ?? '{}') as { state: string; reason: string };
        assert.equal(last.state, 'rejected');
        // A server that looks in between finds no key at all.
        assert.match(last.reason, /^(?:invalid_signature|not_configured)$/);
      }
    });

    test('A14 of a running reply end too, without the frame that says it is complete; it is finished and kept', async (t) => {
      const world = await openWorld(t);
      const secret = await world.createKey('one');
      const token = world.here.sign({}, { secret });
      const body = sendBody('go on');
      const holding = world.here.agent.hold();
      const first = await world.here.send('/chat', { token, body });
      const reply = await holding;
      const again = await Promise.all(world.servers.map(({ send }) => send(`/chat/${body.id}/stream`, { token })));
      await world.run('policy', 'set', 'audience=elsewhere');
      for (const stream of [first, ...again]) {
        assert.ok(!(await allFrames(stream)).some(({ data }) => data === '[DONE]'));
      }
      await world.run('policy', 'set', 'audience=');
      reply.say('to the end');
      reply.finish();
      const resumed = await world.here.send('/chat', { token, body });
      assert.equal(textIn(await allFrames(resumed)), 'to the end');
    });

    test('of a running reply outlive their token’s end, also when the policy is changed after it', async (t) => {
      const world = await openWorld(t);
      const secret = await world.createKey('one');
      const token = world.here.sign({}, { secret, lifetimeSeconds: 30 });
      const [events] = await openEvents(world, { token });
      const holding = world.here.agent.hold();
      const stream = await world.here.send('/chat', { token, body: sendBody('go on') });
      const reply = await holding;
      world.here.clock.now += 120_000;
      await world.run('policy', 'set', 'maxLifetimeSeconds=600');
      // Ended by the same change, or just before it by the clock.
      assert.equal((await allFrames(events ?? assert.fail())).at(-1)?.data, '{"state":"expired"}');
      reply.say('to the end');
      reply.finish();
      const frames = await allFrames(stream);
      assert.equal(textIn(frames), 'to the end');
      assert.equal(frames.at(-1)?.data, '[DONE]');
    });
  });
}

test('H3 live events are closed without a word on their visitor where keys cannot be read any more, and a request is told to wait', async (t) => {
  const world = worldOf([await start(t, { server: { masterKey } })]);
  const { dataDirectory, send, sign } = world.here;
  const token = sign({}, { secret: await world.createKey('one') });
  const stream = await send('/events', { token });
  const database = new DatabaseSync(join(dataDirectory, 'chat.sqlite'));
  database.exec(`update signing_keys set sealed_secret = replace(sealed_secret, 'v1.', 'v1.0')`);
  database.close();
  await world.run('policy', 'set', 'maxLifetimeSeconds=86000');
  assert.deepEqual(await allFrames(stream), []);
  assert.equal((await send('/conversations', { token })).status, 503);
});
