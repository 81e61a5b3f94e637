import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import pg from 'pg';
import { openStore, type Store } from '../../src/storage/index.ts';
import { describeStore } from './store-contract.ts';
import {
  eventually,
  openTestPostgres,
  sessionOwner,
  startOfTime,
  subjectOwner,
  submitTurn,
  userMessage,
} from './test-stores.ts';

const postgres = await openTestPostgres();
after(() => postgres.stop());

describeStore('a store on Postgres', postgres.missing, async () => {
  const databaseUrl = await postgres.createDatabase();
  const store = await openStore({ databaseUrl });
  const tool = new pg.Client({ connectionString: databaseUrl });
  await tool.connect();
  return {
    store,
    reopen: async () => (await openStore({ databaseUrl })).close(),
    query: async (statement) => (await tool.query(statement)).rows,
    close: async () => {
      await tool.end();
      await store.close();
    },
  };
});

describe('several servers on one Postgres', { skip: postgres.missing }, () => {
  async function withStores(count: number, work: (stores: readonly Store[], url: string) => Promise<void>) {
    const databaseUrl = await postgres.createDatabase();
    // All at once: they also race for the migrations.
    const stores = await Promise.all(Array.from({ length: count }, () => openStore({ databaseUrl })));
    try {
      await work(stores, databaseUrl);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  }

  test('begin one reply for one message, whichever of them is asked', async () => {
    await withStores(3, async (stores) => {
      const turn = { owner: sessionOwner(), conversationId: randomUUID(), message: userMessage('Hello') };
      const results = await Promise.all(
        Array.from({ length: 8 }, () => stores.map((store) => store.conversations.beginTurn(submitTurn(turn)))).flat(),
      );
      const outcomes = results.map(({ outcome }) => outcome).toSorted();
      assert.deepEqual(outcomes, ['begun', ...Array<string>(23).fill('exists')]);
    });
  });

  test('hear each other', async () => {
    await withStores(2, async ([here, there]) => {
      const heard = Promise.withResolvers<string>();
      there?.notifier.subscribe('revoked:demo', heard.resolve);
      await here?.notifier.publish('revoked:demo', 'jti:1');
      assert.equal(await heard.promise, 'jti:1');
    });
  });

  test('survive the loss of all connections: calls work again, and subscribers are woken as they may have missed something', async () => {
    await withStores(1, async ([store], url) => {
      assert.ok(store !== undefined);
      const wakes: string[] = [];
      store.notifier.subscribe('owner:x', (payload) => void wakes.push(payload));
      await postgres.cutConnections(url);
      await eventually(async () => wakes.length > 0);
      assert.deepEqual(wakes, ['']);
      await eventually(() =>
        store.notifier.publish('owner:x', 'again').then(
          () => true,
          () => false,
        ),
      );
      await eventually(async () => wakes.includes('again'));
      const turn = submitTurn({ owner: subjectOwner(), conversationId: randomUUID() });
      assert.equal((await store.conversations.beginTurn(turn)).outcome, 'begun');
    });
  });

  test('lose a connection in the middle of many turns without losing or doubling one', async () => {
    await withStores(1, async ([store], url) => {
      assert.ok(store !== undefined);
      const owner = subjectOwner();
      const turns = Array.from({ length: 30 }, (_, index) => ({
        owner,
        conversationId: randomUUID(),
        message: userMessage(`Message ${index}`),
      }));
      const firstTry = turns.map((turn) => store.conversations.beginTurn(submitTurn(turn)).catch(() => undefined));
      await postgres.cutConnections(url);
      await Promise.all(firstTry);
      for (const turn of turns) {
        await eventually(() => store.conversations.beginTurn(submitTurn(turn)).catch(() => undefined));
        const { messages } = await store.conversations.messages(turn.conversationId, { limit: 10 });
        assert.equal(messages.length, 2);
      }
    });
  });

  test('notice a reply of another one that died, only after its heart stopped', async () => {
    await withStores(2, async ([here, there]) => {
      const [owner, conversationId] = [subjectOwner(), randomUUID()];
      await here?.conversations.beginTurn(submitTurn({ owner, conversationId }));
      assert.deepEqual(await there?.replies.interruptStale(startOfTime, startOfTime), []);
      assert.equal((await there?.replies.interruptStale(startOfTime + 1, startOfTime + 1))?.length, 1);
    });
  });

  test('fail instead of hanging where a table is locked, and work again afterwards', { timeout: 20_000 }, async () => {
    const databaseUrl = await postgres.createDatabase();
    const store = await openStore({ databaseUrl }, { statementTimeoutMs: 200 });
    const locker = new pg.Client({ connectionString: databaseUrl });
    await locker.connect();
    try {
      await locker.query('begin; lock table sessions, conversations in access exclusive mode');
      const owner = sessionOwner();
      const turn = submitTurn({ owner, conversationId: randomUUID() });
      await assert.rejects(store.sessions.touch('demo', owner.sessionHash, startOfTime), /statement timeout/);
      await assert.rejects(store.conversations.beginTurn(turn), /statement timeout/);
      await locker.query('rollback');
      assert.equal((await store.conversations.beginTurn(turn)).outcome, 'begun');
    } finally {
      await locker.end();
      await store.close();
    }
  });

  test('wait for migrations as long as they take', { timeout: 20_000 }, async () => {
    const databaseUrl = await postgres.createDatabase();
    await openStore({ databaseUrl }).then((store) => store.close());
    const [locker, watcher] = [
      new pg.Client({ connectionString: databaseUrl }),
      new pg.Client({ connectionString: databaseUrl }),
    ];
    await Promise.all([locker.connect(), watcher.connect()]);
    try {
      await locker.query('begin; lock table kysely_migration in access exclusive mode');
      const opening = openStore({ databaseUrl }, { statementTimeoutMs: 50 });
      const hasWaited = async (): Promise<boolean> => {
        const { rowCount } = await watcher.query(
          "select 1 from pg_stat_activity where wait_event_type = 'Lock' and now() - query_start > interval '300 ms'",
        );
        return rowCount === 1;
      };
      await Promise.race([eventually(hasWaited), opening]);
      await locker.query('rollback');
      await (await opening).close();
    } finally {
      await Promise.all([locker.end(), watcher.end()]);
    }
  });

  test('cannot be opened on a database that is not there', async () => {
    const url = new URL(await postgres.createDatabase());
    url.pathname = '/nothing_here';
    await assert.rejects(openStore({ databaseUrl: url.href }), /does not exist/);
  });
});
