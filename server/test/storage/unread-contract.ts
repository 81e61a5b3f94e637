import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { countUnread } from '../../src/storage/count-unread.ts';
import type { Tables } from '../../src/storage/schema.ts';
import type { OpenedStore } from './session-rows-contract.ts';
import { startOfTime, subjectOwner, submitTurn } from './test-stores.ts';

/** The statement that counts, as any database reads it: it has no parameter but the limit. */
function statementFor(conversationId: string): string {
  const compiling = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const query = compiling
    .selectFrom('conversations')
    .select((expression) => countUnread(expression).as('unread_count'))
    .where('id', '=', conversationId);
  const { sql, parameters } = query.compile();
  return sql.replaceAll(/\$(\d+)/g, (_, number: string) => {
    const value = parameters[Number(number) - 1];
    return typeof value === 'number' ? `${value}` : `'${String(value)}'`;
  });
}

type PostgresPlan = {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PostgresPlan[];
};

const allOf = (plan: PostgresPlan): readonly PostgresPlan[] => [plan, ...(plan.Plans ?? []).flatMap(allOf)];

/** What counting costs is bounded, whatever has been written and read. */
export function describeUnread(opened: () => OpenedStore): void {
  const query = (statement: string) => opened().query(statement);

  /** A conversation with so many messages after the first, of which every tenth is an answer that counts. */
  async function fill(count: number) {
    const [owner, conversationId] = [subjectOwner(), randomUUID()];
    await opened().store.conversations.beginTurn(submitTurn({ owner, conversationId }));
    await query(
      `insert into messages (conversation_id, id, position, role, body, created_at, pending, superseded)
       with recursive numbers(n) as (select 100 union all select n + 1 from numbers where n < ${99 + count})
       select '${conversationId}', 'more-' || n, n, case when n % 10 < 5 then 'assistant' else 'user' end,
         '{"parts":[]}', ${startOfTime}, case when n % 10 = 1 then 1 else 0 end, case when n % 10 in (2, 3, 4) then 1 else 0 end
       from numbers`,
    );
    return { owner, conversationId };
  }

  const unreadOf = async (owner: ReturnType<typeof subjectOwner>) =>
    (await opened().store.conversations.list(owner, { limit: 1 })).rows[0]?.unreadCount;

  describe('unread answers', () => {
    test('are counted up to a hundred, in a conversation of 100,000 messages', async () => {
      const { owner, conversationId } = await fill(100_000);
      assert.equal(await unreadOf(owner), 100);
      await query(`update conversations set read_position = 99900 where id = '${conversationId}'`);
      assert.equal(await unreadOf(owner), 19, 'what is running or was replaced does not count');
    });

    test('are counted from an index of theirs, without reading what does not count', async () => {
      const { conversationId } = await fill(20_000);
      await query('analyze');
      const statement = statementFor(conversationId);
      const isPostgres =
        (await query('select 1 as one from sqlite_schema limit 1').catch(() => undefined)) === undefined;
      if (isPostgres) {
        const [row] = await query(`explain (analyze, format json) ${statement}`);
        const [{ Plan: plan }] = (row as { readonly 'QUERY PLAN': readonly [{ readonly Plan: PostgresPlan }] })[
          'QUERY PLAN'
        ];
        const scans = allOf(plan).filter((node) => node['Relation Name'] === 'messages');
        const read = scans.reduce((sum, node) => sum + node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0), 0);
        assert.equal(read, 100, JSON.stringify(plan));
      } else {
        const plan = (await query(`explain query plan ${statement}`)) as readonly { readonly detail: string }[];
        const messages = plan.map(({ detail }) => detail).filter((detail) => detail.includes('messages'));
        assert.deepEqual(messages, ['SEARCH messages USING INDEX messages_answers (conversation_id=? AND position>?)']);
      }
    });
  });
}
