import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from '../../src/storage/backend.ts';
import { createInboxStore } from '../../src/storage/inbox-store.ts';
import { openStore, type InboxFilter, type InboxStore } from '../../src/storage/index.ts';
import type { Tables } from '../../src/storage/schema.ts';
import { NodeSqliteDialect, openSqliteFile } from '../../src/storage/sqlite-dialect.ts';
import { openTestPostgres, temporaryDirectory } from './test-stores.ts';

const postgres = await openTestPostgres();
after(() => postgres.stop());

/** What an operator may ask for. */
const filters: readonly Partial<InboxFilter>[] = [
  {},
  { agentIds: ['shop'] },
  { agentIds: ['shop', 'other'] },
  { verified: true },
  { status: 'closed', unread: true, feedback: 'down' },
  { agentIds: ['shop'], status: 'closed' },
  { assigneeId: 'olga' },
  { agentIds: ['shop'], handoff: 'requested' },
  { agentIds: ['shop'], subject: 'ada' },
  { from: 10, to: 20 },
  { query: 'fern' },
  { query: 'fern mo', agentIds: ['shop', 'other'], status: 'open', feedback: 'up' },
];

describe('what operators ask of SQLite', () => {
  const directory = temporaryDirectory();
  let database: Database;
  let tool: DatabaseSync;
  let inbox: InboxStore;
  let asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];

  before(async () => {
    await (await openStore({ dataDirectory: directory.path })).close();
    const file = path.join(directory.path, 'chat.sqlite');
    tool = new DatabaseSync(file);
    tool.exec(manyRows('char(97 + abs(random()) % 26)'));
    database = new Kysely<Tables>({
      dialect: new NodeSqliteDialect(openSqliteFile(file)),
      log: ({ query: { sql, parameters } }) => void asked.push({ sql, parameters }),
    });
    inbox = createInboxStore({ database, dialect: 'sqlite' } as Parameters<typeof createInboxStore>[0]);
  });
  after(async () => {
    tool.close();
    await database.destroy();
    directory.remove();
  });

  const plan = (sql: string, parameters: readonly unknown[]): string[] =>
    tool
      .prepare(`explain query plan ${sql}`)
      .all(...(parameters as string[]))
      .map(({ detail }) => String(detail));

  for (const filter of filters) {
    test(`reads by an index and never a whole table: ${JSON.stringify(filter)}`, async () => {
      asked = [];
      const first = await inbox.list({ agentIds: null, ...filter }, { limit: 20 });
      await inbox.list({ agentIds: null, ...filter }, { limit: 20, before: first.nextBefore ?? undefined });
      await inbox.contacts({ agentIds: filter.agentIds ?? null, query: filter.query }, { limit: 20 });
      assert.ok(asked.length > 1);
      for (const { sql, parameters } of asked) {
        for (const line of scansOfTables(plan(sql, parameters))) assert.ok(isBounded(line, sql), `${line}\n${sql}`);
      }
    });
  }

  /** Without those of tables that the statement makes itself, each of which it goes through once. */
  function scansOfTables(lines: readonly string[]): readonly string[] {
    const made = lines.flatMap((line) => /^(?:CO-ROUTINE|MATERIALIZE) (\w+)$/.exec(line)?.[1] ?? []);
    return lines.filter((line) => {
      const at = made.indexOf(/^SCAN (\w+)$/.exec(line)?.[1] ?? '');
      if (at >= 0) made.splice(at, 1);
      return at < 0 && line.startsWith('SCAN ');
    });
  }

  /** The words; and a walk along an index in its order, which a limit ends. */
  function isBounded(line: string, sql: string): boolean {
    if (line === 'SCAN CONSTANT ROW') return true;
    if (/^SCAN search_words VIRTUAL TABLE INDEX \d+:.*M/.test(line)) return true;
    return (
      /^SCAN (conversations|contacts) USING (COVERING )?INDEX (conversations|contacts)_newest$/.test(line) &&
      /limit/.test(sql)
    );
  }

  test('a word that nobody has said is not looked for among what was said', async () => {
    asked = [];
    const { rows, nextBefore } = await inbox.list({ agentIds: null, query: 'xylophone' }, { limit: 20 });
    assert.deepEqual([rows, nextBefore, asked.length], [[], null, 1]);
  });

  test('a filter that fits nothing ends after so many, and says where to go on', async () => {
    asked = [];
    let calls = 0;
    let before: string | undefined;
    do {
      const page = await inbox.list({ agentIds: null, status: 'closed', query: 'w' }, { limit: 20, before });
      assert.deepEqual(page.rows, []);
      before = page.nextBefore ?? undefined;
      calls += 1;
    } while (before !== undefined);
    assert.equal(calls, 2, 'of 6,000 messages with the word 4,000 at once');
    const steps = asked.filter(({ sql }) => sql.includes('match')).length;
    assert.ok(
      steps < 12,
      `each time that the words are asked for, all with the first letters are gathered: ${steps} times`,
    );
  });
});

/** 6,000 messages in 3,000 conversations. `letter`: a letter at random, as the database makes one. */
function manyRows(letter: string): string {
  return `
    insert into conversations (id, agent_id, owner_kind, owner_id, title, created_at, updated_at, last_message, next_position,
      read_position)
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 3000)
    select 'c' || n, case when n % 2 = 0 then 'shop' else 'other' end, 'subject', 'user-' || n, 'x', n, n, 'x', 3, 0 from numbers;
    insert into messages (conversation_id, id, position, role, body, created_at, pending, superseded, search_text)
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 6000)
    select 'c' || (1 + (n - 1) / 2), 'm' || n, 1 + n % 2, 'user', '{"parts":[]}', n, 0, 0, 'word ' || ${letter} from numbers;
    insert into search_entries (agent_id, conversation_id, message_id, words)
    select 'shop', conversation_id, id, search_text from messages order by created_at;
    insert into contacts (agent_id, subject, claims, first_seen_at, last_seen_at)
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 3000)
    select 'shop', 'user-' || n, '{}', n, n from numbers;`;
}

describe('what operators ask of Postgres', { skip: postgres.missing }, () => {
  let pool: pg.Pool;
  let database: Database;
  let inbox: InboxStore;
  let asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];

  before(async () => {
    const databaseUrl = await postgres.createDatabase();
    await (await openStore({ databaseUrl })).close();
    const types = new pg.TypeOverrides();
    types.setTypeParser(pg.types.builtins.INT8, Number);
    pool = new pg.Pool({ connectionString: databaseUrl, max: 1, types });
    // The pool lets go of a connection before it is closed, and the database may be stopped between.
    pool.on('connect', (client) => client.on('error', () => undefined));
    database = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool }),
      log: ({ query: { sql, parameters } }) => void asked.push({ sql, parameters }),
    });
    inbox = createInboxStore({ database, dialect: 'postgres' } as Parameters<typeof createInboxStore>[0]);
    await pool.query(manyRows('chr(97 + (random() * 25)::int)'));
    await pool.query(`insert into conversations (id, agent_id, owner_kind, owner_id, title, created_at, updated_at, last_message,
        next_position, read_position)
      select 'd' || n, 'shop', 'subject', 'user', 'x', n, n, 'x', 1, 0 from generate_series(1, 20000) as numbers (n)`);
    await pool.query(`insert into search_entries (agent_id, words)
      select 'shop', 'more ' || n from generate_series(1, 100000) as numbers (n)`);
    await pool.query(`update search_entries set terms = array_to_tsvector(array['fern']) where n in (7, 77)`);
    await pool.query('analyze');
  });
  after(async () => database?.destroy());

  const plansOf = async (filter: Partial<InboxFilter>, explain = 'explain') => {
    asked = [];
    const { rows } = await inbox.list({ agentIds: null, ...filter }, { limit: 20 });
    const plans: string[] = [];
    for (const { sql, parameters } of asked.filter(({ sql }) => filter.query === undefined || sql.includes('@@'))) {
      const lines = await pool.query<{ 'QUERY PLAN': string }>(`${explain} ${sql}`, [...parameters]);
      plans.push(lines.rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    for (const plan of plans) assert.doesNotMatch(plan, /Seq Scan/, plan);
    return { found: rows.length, plans };
  };

  test('is answered by the index of words, for a word that few have said and one that nobody has', async () => {
    for (const [query, count] of [
      ['fern', 2],
      ['xylophone', 0],
    ] as const) {
      const { found, plans } = await plansOf({ query });
      assert.equal(found, count);
      // Of the newest 20,000 entries it looks at each; all that are before them it asks for once.
      assert.equal(plans.length, 2);
      assert.match(plans[1] ?? '', /Bitmap Index Scan on search_entries_terms/, plans[1]);
    }
  });

  test('is read no further than to as many as are wanted, for a word that is everywhere', async () => {
    const { plans } = await plansOf({ query: 'more' }, 'explain (analyze, timing off)');
    const read = /Index Scan Backward using search_entries_pkey .*actual rows=(\d+)/.exec(plans[0] ?? '')?.[1];
    assert.equal(Number(read), 200, plans[0]);
    assert.ok(plans.length < 8, `4,000 were looked at in ${plans.length} steps`);
  });

  test('is told with a few statements which conversations stood on an earlier page', async () => {
    const filter = { agentIds: null, query: 'word' };
    const first = await inbox.list(filter, { limit: 50 });
    asked = [];
    const second = await inbox.list(filter, { limit: 50, before: first.nextBefore ?? undefined });
    assert.equal(second.rows.length, 50);
    assert.ok(asked.length < 10, `${asked.length} statements`);
  });

  for (const filter of [{ status: 'closed' }, { feedback: 'down' }, { assigneeId: null, unread: true }] as const) {
    test(`does not lead through all conversations: ${JSON.stringify(filter)}`, async () => {
      await plansOf(filter);
    });
  }
});
