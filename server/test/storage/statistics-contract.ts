import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { timeOfBucket, type HourStatistics } from '../../src/storage/index.ts';
import { countHour } from '../../src/storage/count-hour.ts';
import type { Tables } from '../../src/storage/schema.ts';
import type { OpenedStore } from './session-rows-contract.ts';
import { assistantMessage, sessionOwner, subjectOwner, submitTurn, userMessage } from './test-stores.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Apart from the time of the other tests. */
const start = Date.UTC(2028, 2, 1, 10);

/** The statements that count an hour, with their values in them. */
async function statementsFor(dialect: 'sqlite' | 'postgres', hour: number): Promise<readonly string[]> {
  const statements: string[] = [];
  const recording = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query: { sql, parameters } }) => {
      const value = (number: string): string => {
        const parameter = parameters[Number(number) - 1];
        return typeof parameter === 'number' ? `${parameter}` : `'${String(parameter)}'`;
      };
      statements.push(sql.replaceAll(/\$(\d+)/g, (_, number: string) => value(number)));
    },
  });
  await countHour(recording, dialect, hour);
  return statements;
}

type PostgresPlan = {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PostgresPlan[];
};

const allOf = (plan: PostgresPlan): readonly PostgresPlan[] => [plan, ...(plan.Plans ?? []).flatMap(allOf)];

/** What happened, by agent and hour. */
export function describeStatistics(opened: () => OpenedStore): void {
  const query = (statement: string) => opened().query(statement);

  /** A conversation that began at a time, with an answer after so many milliseconds. */
  async function converse(agentId: string, at: number, tookMs: number, isVerified = false) {
    const { conversations, replies } = opened().store;
    const owner = isVerified ? subjectOwner(randomUUID(), agentId) : sessionOwner(randomUUID(), agentId);
    const base = { owner, conversationId: randomUUID(), now: at };
    const begun = await conversations.beginTurn(submitTurn(base));
    assert.equal(begun.outcome, 'begun');
    const messageId = begun.outcome === 'begun' ? begun.reply.messageId : '';
    await replies.finish(messageId, 'complete', assistantMessage('Here', messageId), at + tookMs);
    return { ...base, messageId };
  }

  async function countAll(now: number): Promise<number> {
    let hours = 0;
    while (await opened().store.statistics.countNext(now)) hours++;
    return hours;
  }

  async function read(agentId: string, now: number, from = start - dayMs, to = start + 30 * dayMs) {
    const { hours, countedUntil } = await opened().store.statistics.read({ agentIds: [agentId], from, to, now });
    return { hours: hours.toSorted((one, two) => one.hour - two.hour), countedUntil };
  }

  /** Each once, and at most 5 % off. */
  function assertTimes(counts: HourStatistics['replyTimes'] | undefined, timesMs: readonly number[]): void {
    const found = Object.entries(counts ?? {}).map(([bucket, count]) => ({ ms: timeOfBucket(Number(bucket)), count }));
    assert.equal(found.length, timesMs.length);
    for (const [at, { ms, count }] of found.entries()) {
      assert.equal(count, 1);
      assert.ok(Math.abs(ms / (timesMs[at] ?? 0) - 1) <= 0.05, `${ms} for ${timesMs[at]}`);
    }
  }

  describe('numbers by hour', () => {
    beforeEach(async () => {
      await query('delete from hourly_statistics');
      await query('delete from statistics_progress');
    });

    test('are of the messages, conversations, replies and refusals of one agent, each in its hour', async () => {
      const agentId = `shop-\0-${randomUUID()}`;
      await converse(agentId, start, 4_000);
      const base = await converse(agentId, start + hourMs - 1, 30_000, true);
      await opened().store.conversations.beginTurn(
        submitTurn({ ...base, message: userMessage('And this?'), now: start + hourMs }),
      );
      await converse('another', start, 4_000);
      const refuse = {
        agentId,
        at: start + 5,
        kind: 'token-refused',
        reason: 'exp\0ired',
        detail: { count: 3 },
      } as const;
      await opened().store.audit.append(refuse);
      await countAll(start + 3 * hourMs);
      const { hours, countedUntil } = await read(agentId, start + 3 * hourMs);
      assert.equal(countedUntil, start + 3 * hourMs);
      assert.equal(hours.length, 2);
      assert.partialDeepStrictEqual(hours[0], {
        agentId,
        hour: start,
        messages: 2,
        conversations: 2,
        verified: 1,
        handedOver: 0,
        refusals: { 'exp\0ired': 3 },
      });
      assertTimes(hours[0]?.replyTimes, [4_000, 30_000]);
      assert.partialDeepStrictEqual(hours[1], { hour: start + hourMs, messages: 1, conversations: 0, refusals: {} });
    });

    test('of an hour that is not over, or not counted, are there all the same', async () => {
      const agentId = randomUUID();
      const later = start + 40 * dayMs;
      await countAll(later);
      await converse(agentId, later + 1_000, 500);
      const { hours, countedUntil } = await read(agentId, later + 2_000, start, later + dayMs);
      assert.deepEqual(
        hours.map(({ hour, messages }) => ({ hour, messages })),
        [{ hour: later, messages: 1 }],
      );
      assert.equal(countedUntil, later + 2_000);
    });

    test('of many hours that nobody has counted yet are left out, and it is said from when on', async () => {
      const agentId = randomUUID();
      const later = start + 80 * dayMs;
      await countAll(later);
      await converse(agentId, later + 2 * dayMs, 500);
      const now = later + 3 * dayMs;
      assert.deepEqual(await read(agentId, now, later, now), { hours: [], countedUntil: later + 2 * dayMs });
      assert.equal(await countAll(now), 1, 'empty hours are not counted one by one');
      assert.equal((await read(agentId, now, later, now)).hours.length, 1);
    });

    test('are counted again a day and a week later: ratings, sign-ins and hand-offs come late', async () => {
      const agentId = randomUUID();
      const at = start + 120 * dayMs;
      const { owner, conversationId, messageId } = await converse(agentId, at, 1_000);
      await countAll(at + 2 * hourMs);
      const { store } = opened();
      const subject = subjectOwner(randomUUID(), agentId);
      assert.equal(owner.kind === 'session' && (await store.conversations.claim(owner, subject, at + hourMs)), 1);
      await query(`update messages set feedback = '{"rating":"up"}' where id = '${messageId}'`);
      const hand = (state: 'requested' | 'active', now: number) =>
        store.handoffs.change({
          conversationId,
          from: ['none', 'requested'],
          to: { state },
          message: () => ({
            ...assistantMessage('', randomUUID()),
            parts: [{ type: 'data-handoff', data: { state } }],
          }),
          now,
        });
      await hand('requested', at + hourMs);
      await hand('active', at + hourMs + 10_000);
      const said = assistantMessage('Hello', randomUUID());
      const author = { kind: 'operator', name: 'Grace' } as const;
      await store.handoffs.say(
        conversationId,
        { ...said, metadata: { status: 'complete', author } },
        at + hourMs + 60_000,
      );
      const before = (await read(agentId, at + 5 * hourMs, at, at + dayMs)).hours[0];
      assert.partialDeepStrictEqual(before, { verified: 0, ratedUp: 0, handedOver: 0 });
      await countAll(at + dayMs + 2 * hourMs);
      const after = (await read(agentId, at + dayMs + 2 * hourMs, at, at + dayMs)).hours[0];
      assert.partialDeepStrictEqual(after, { conversations: 1, verified: 1, ratedUp: 1, ratedDown: 0, handedOver: 1 });
      assertTimes(after?.humanTimes, [60_000]);
    });

    test('stay when their conversations are removed', async () => {
      const agentId = randomUUID();
      const at = start + 160 * dayMs;
      const { conversationId } = await converse(agentId, at, 1_000);
      await converse(agentId, at, 1_000);
      await countAll(at + 2 * hourMs);
      await opened().store.conversations.remove(conversationId);
      await countAll(at + 8 * dayMs);
      assert.partialDeepStrictEqual((await read(agentId, at + 8 * dayMs, at, at + dayMs)).hours, [
        { conversations: 2, messages: 2 },
      ]);
    });

    test('are not of what is removed before its hour was counted', async () => {
      const agentId = randomUUID();
      const at = start + 180 * dayMs;
      const { conversationId } = await converse(agentId, at, 1_000);
      await converse(agentId, at, 1_000);
      await countAll(at + hourMs);
      await opened().store.conversations.remove(conversationId);
      await countAll(at + hourMs + 2 * 60_000);
      assert.partialDeepStrictEqual((await read(agentId, at + 2 * hourMs, at, at + dayMs)).hours, [
        { conversations: 1, messages: 1 },
      ]);
    });

    test('are counted once each, however many processes count', async () => {
      const agentId = randomUUID();
      const at = start + 200 * dayMs;
      for (let hour = 0; hour < 6; hour++) await converse(agentId, at + hour * hourMs, 1_000);
      const counted = await Promise.all(
        Array.from({ length: 12 }, () => opened().store.statistics.countNext(at + 12 * hourMs)),
      );
      assert.ok(counted.filter(Boolean).length >= 6);
      const { hours } = await read(agentId, at + 12 * hourMs, at, at + dayMs);
      assert.deepEqual(
        hours.map(({ messages }) => messages),
        [1, 1, 1, 1, 1, 1],
      );
    });

    test('are read from the rows of their hour alone, however many there are', async () => {
      const at = start + 400 * dayMs;
      for (let others = 0; others < 20; others++) await converse(randomUUID(), at, 1_000);
      const { conversationId } = await converse(randomUUID(), at, 1_000);
      await query(
        `insert into messages (conversation_id, id, position, role, body, created_at, pending, superseded)
         with recursive numbers(n) as (select 100 union all select n + 1 from numbers where n < 30000)
         select '${conversationId}', 'more-' || n, n, 'user', '{"parts":[]}', ${at} + cast(n as bigint) * ${hourMs}, 0, 0 from numbers`,
      );
      await query('analyze');
      const { dialect } = opened().store;
      const statements = await statementsFor(dialect, at + 500 * hourMs);
      assert.equal(statements.length, 6);
      for (const statement of statements) {
        const [read, most] = dialect === 'sqlite' ? [await scansOf(statement), 0] : [await rowsReadBy(statement), 1];
        assert.ok(read <= most, `${read}: ${statement}`);
      }
    });
  });

  /** How many tables SQLite would read as a whole. */
  async function scansOf(statement: string): Promise<number> {
    const plan = (await query(`explain query plan ${statement}`)) as readonly { readonly detail: string }[];
    return plan.filter(({ detail }) => detail.startsWith('SCAN')).length;
  }

  /** How many messages Postgres has read. */
  async function rowsReadBy(statement: string): Promise<number> {
    const [row] = await query(`explain (analyze, format json) ${statement}`);
    const [{ Plan: plan }] = (row as { 'QUERY PLAN': readonly [{ readonly Plan: PostgresPlan }] })['QUERY PLAN'];
    return allOf(plan)
      .filter((node) => node['Relation Name'] === 'messages')
      .reduce(
        (sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
        0,
      );
  }
}
