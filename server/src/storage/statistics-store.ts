import { sql } from 'kysely';
import { type Backend, type Database, transact, type Trx } from './backend.ts';
import { countHour, hourMs, type HourRow } from './count-hour.ts';
import type { HourlyStatisticsTable } from './statistics-schema.ts';
import type { Counts, HourStatistics, StatisticsStore } from './statistics-stores.ts';
import { escapeKey, unescapeKey } from './text.ts';

const minuteMs = 60_000;
const dayMs = 24 * hourMs;
/** How long after its end an hour is counted, in each round. The first waits for what processes note once a minute. */
const delaysMs = [2 * minuteMs, dayMs, 7 * dayMs] as const;
/** What is older when counting begins is not counted: the dashboard shows 90 days, and the 90 before. */
const countedBackMs = 185 * dayMs;
const maxUncounted = 3;
const countingLock = 'statistics';

export function createStatisticsStore(backend: Backend): StatisticsStore {
  return {
    countNext: (now) => transact(backend, (trx) => countNext(backend, trx, now)),
    read: (question) => read(backend, question),
  };
}

const startOfHour = (time: number): number => Math.floor(time / hourMs) * hourMs;

async function countNext(backend: Backend, trx: Trx, now: number): Promise<boolean> {
  await backend.lockKey(trx, countingLock);
  for (const [round, delayMs] of delaysMs.entries()) {
    const last = startOfHour(now - delayMs) - hourMs;
    const progress = await progressOf(trx, round);
    const from = progress ?? startOfHour(now - (round === 0 ? countedBackMs : delayMs));
    const hour = from > last ? undefined : await firstHourSince(trx, from);
    const isDue = hour !== undefined && hour <= last;
    if (isDue) await keepHour(trx, await countHour(trx, backend.dialect, hour));
    const next = Math.max(from, (isDue ? hour : last) + hourMs);
    if (next !== progress) await setProgress(trx, round, next);
    if (isDue) return true;
  }
  return false;
}

async function progressOf(database: Database | Trx, round: number): Promise<number | undefined> {
  const found = await database
    .selectFrom('statistics_progress')
    .select('next_hour')
    .where('round', '=', round)
    .executeTakeFirst();
  return found?.next_hour;
}

async function setProgress(trx: Trx, round: number, nextHour: number): Promise<void> {
  await trx
    .insertInto('statistics_progress')
    .values({ round, next_hour: nextHour })
    .onConflict((conflict) => conflict.column('round').doUpdateSet({ next_hour: nextHour }))
    .execute();
}

/** The first hour in which something happened: empty ones cost nothing. */
async function firstHourSince(database: Database | Trx, from: number): Promise<number | undefined> {
  const found = await sql<{ at: number | null }>`
    select min(created_at) as at from conversations where created_at >= ${from}
    union all select min(created_at) from messages where role = 'user' and superseded = 0 and created_at >= ${from}
    union all select min(started_at) from replies where started_at >= ${from}
    union all select min(at) from audit where kind = 'token-refused' and at >= ${from}`.execute(database);
  const times = found.rows.flatMap(({ at }) => (at === null ? [] : [at]));
  return times.length === 0 ? undefined : startOfHour(Math.min(...times));
}

/** Where there is less of an agent than was counted before, something was removed since: what was counted stays. */
async function keepHour(trx: Trx, rows: readonly HourRow[]): Promise<void> {
  for (const row of rows) {
    const stored = toStored(row);
    const { agent_id: _agent, hour: _hour, ...counted } = stored;
    await trx
      .insertInto('hourly_statistics')
      .values(stored)
      .onConflict((conflict) =>
        conflict
          .columns(['agent_id', 'hour'])
          .doUpdateSet(counted)
          .where('hourly_statistics.messages', '<=', stored.messages)
          .where('hourly_statistics.conversations', '<=', stored.conversations),
      )
      .execute();
  }
}

async function read(backend: Backend, { agentIds, from, to, now }: Parameters<StatisticsStore['read']>[0]) {
  const { database, dialect } = backend;
  const uncounted = (await progressOf(database, 0)) ?? startOfHour(now - countedBackMs);
  const stored = await readStored(database, { agentIds, from, to: Math.min(to, uncounted) });
  const first = await firstHourSince(database, uncounted);
  if (first === undefined) return { hours: stored, countedUntil: now };
  if (now - first > maxUncounted * hourMs) return { hours: stored, countedUntil: first };
  const hours: HourStatistics[] = [...stored];
  for (let hour = Math.max(first, startOfHour(from)); hour <= now && hour < to; hour += hourMs) {
    hours.push(...(await countHour(database, dialect, hour, agentIds)));
  }
  return { hours, countedUntil: now };
}

type StoredQuestion = { readonly agentIds: readonly string[]; readonly from: number; readonly to: number };

async function readStored(database: Database, { agentIds, from, to }: StoredQuestion): Promise<HourStatistics[]> {
  if (agentIds.length === 0) return [];
  const rows = await database
    .selectFrom('hourly_statistics')
    .selectAll()
    .where('agent_id', 'in', agentIds.map(escapeKey))
    .where('hour', '>=', from)
    .where('hour', '<', to)
    .execute();
  return rows.map(fromStored);
}

function toStored(row: HourRow): HourlyStatisticsTable {
  const { agentId, hour, messages, conversations, verified, handedOver, ratedUp, ratedDown } = row;
  return {
    agent_id: escapeKey(agentId),
    hour,
    messages,
    conversations,
    verified,
    handed_over: handedOver,
    rated_up: ratedUp,
    rated_down: ratedDown,
    refusals: JSON.stringify(row.refusals),
    reply_times: JSON.stringify(row.replyTimes),
    human_times: JSON.stringify(row.humanTimes),
  };
}

function fromStored(row: HourlyStatisticsTable): HourStatistics {
  const { hour, messages, conversations, verified } = row;
  return {
    agentId: unescapeKey(row.agent_id),
    hour,
    messages,
    conversations,
    verified,
    handedOver: row.handed_over,
    ratedUp: row.rated_up,
    ratedDown: row.rated_down,
    refusals: JSON.parse(row.refusals) as Counts,
    replyTimes: JSON.parse(row.reply_times) as Counts,
    humanTimes: JSON.parse(row.human_times) as Counts,
  };
}
