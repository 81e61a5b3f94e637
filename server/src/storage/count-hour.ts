import { sql } from 'kysely';
import type { Backend, Database, Trx } from './backend.ts';
import { toMessage } from './rows.ts';
import type { HourStatistics } from './statistics-stores.ts';
import { escapeKey, unescapeKey } from './text.ts';
import { timeBucket } from './time-buckets.ts';

export const hourMs = 60 * 60 * 1_000;

type Histogram = { [key: string]: number };
export type HourRow = { -readonly [Field in keyof HourStatistics]: HourStatistics[Field] } & {
  readonly refusals: Histogram;
  readonly replyTimes: Histogram;
  readonly humanTimes: Histogram;
};

/** Finds or makes the row of an agent, by its stored name. */
type RowOf = (agentId: string) => HourRow;

type Range = { readonly from: number; readonly to: number };

/** What happened in the hour that begins at `hour`, for each agent at which something did; of `agentIds` alone where they are named. */
export async function countHour(
  database: Database | Trx,
  dialect: Backend['dialect'],
  hour: number,
  agentIds?: readonly string[],
): Promise<readonly HourRow[]> {
  const rows = new Map<string, HourRow>();
  const rowOf: RowOf = (agentId) => {
    const row = rows.get(agentId) ?? emptyRow(unescapeKey(agentId), hour);
    rows.set(agentId, row);
    return row;
  };
  const range = { from: hour, to: hour + hourMs };
  await countMessages(database, range, rowOf);
  await countConversations(database, range, rowOf);
  await countRatings(database, range, rowOf);
  await countReplyTimes(database, range, rowOf);
  await countHumanTimes(database, range, rowOf);
  await countRefusals(database, dialect, range, rowOf);
  return agentIds === undefined ? [...rows.values()] : agentIds.flatMap((id) => rows.get(escapeKey(id)) ?? []);
}

function emptyRow(agentId: string, hour: number): HourRow {
  const counts = { messages: 0, conversations: 0, verified: 0, handedOver: 0, ratedUp: 0, ratedDown: 0 };
  return { agentId, hour, ...counts, refusals: {}, replyTimes: {}, humanTimes: {} };
}

// Words of the partial indexes stand in the statements themselves: SQLite takes an index only where it sees them. And it
// reads cross joins in the order in which they stand: first what an index finds by its time.
const isAsked = sql<boolean>`messages.role = 'user' and messages.superseded = 0`;

const count = sql<number>`count(*)`.as('count');

async function countMessages(database: Database | Trx, { from, to }: Range, rowOf: RowOf): Promise<void> {
  const found = await database
    .selectFrom('messages')
    .crossJoin('conversations')
    .whereRef('conversations.id', '=', 'messages.conversation_id')
    .select(['conversations.agent_id', count])
    .where(isAsked)
    .where('messages.created_at', '>=', from)
    .where('messages.created_at', '<', to)
    .groupBy('conversations.agent_id')
    .execute();
  for (const row of found) rowOf(row.agent_id).messages = row.count;
}

async function countConversations(database: Database | Trx, { from, to }: Range, rowOf: RowOf): Promise<void> {
  const found = await database
    .selectFrom('conversations')
    .select([
      'agent_id',
      count,
      sql<number>`sum(case when owner_kind = 'subject' then 1 else 0 end)`.as('verified'),
      sql<number>`sum(case when handoff_state <> 'none' then 1 else 0 end)`.as('handed_over'),
    ])
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .groupBy('agent_id')
    .execute();
  for (const row of found) {
    const { count: conversations, verified, handed_over: handedOver } = row;
    Object.assign(rowOf(row.agent_id), { conversations, verified, handedOver });
  }
}

/** In the JSON a quotation mark of a comment is escaped: only the rating itself is written so. */
async function countRatings(database: Database | Trx, { from, to }: Range, rowOf: RowOf): Promise<void> {
  const found = await database
    .selectFrom('messages')
    .crossJoin('conversations')
    .whereRef('conversations.id', '=', 'messages.conversation_id')
    .select([
      'conversations.agent_id',
      sql<number>`sum(case when messages.feedback like '%"rating":"up"%' then 1 else 0 end)`.as('up'),
      sql<number>`sum(case when messages.feedback like '%"rating":"down"%' then 1 else 0 end)`.as('down'),
    ])
    .where(sql<boolean>`messages.feedback is not null`)
    .where('messages.created_at', '>=', from)
    .where('messages.created_at', '<', to)
    .groupBy('conversations.agent_id')
    .execute();
  for (const row of found) {
    Object.assign(rowOf(row.agent_id), { ratedUp: row.up, ratedDown: row.down });
  }
}

/** A turn that a person has answered instead ends in the millisecond in which it begins, and is no reply. */
async function countReplyTimes(database: Database | Trx, { from, to }: Range, rowOf: RowOf): Promise<void> {
  // To ten milliseconds: fewer rows, and finer than any piece of the histogram.
  const duration = sql<number>`(replies.ended_at - replies.started_at) / 10`;
  const found = await database
    .selectFrom('replies')
    .crossJoin('conversations')
    .whereRef('conversations.id', '=', 'replies.conversation_id')
    .select(['conversations.agent_id', duration.as('duration'), count])
    .where('replies.started_at', '>=', from)
    .where('replies.started_at', '<', to)
    .where('replies.state', '=', 'complete')
    .whereRef('replies.ended_at', '>', 'replies.started_at')
    .groupBy(['conversations.agent_id', duration])
    .execute();
  for (const row of found) add(rowOf(row.agent_id).replyTimes, timeBucket(row.duration * 10), row.count);
}

function add(histogram: Histogram, key: string | number, number: number): void {
  histogram[key] = (histogram[key] ?? 0) + number;
}

/** More of an hour's hand-offs is not read: words of people, and marks of where one was asked for. */
const maxHumanMessages = 20_000;

async function countHumanTimes(database: Database | Trx, { from, to }: Range, rowOf: RowOf): Promise<void> {
  const messages = await database
    .selectFrom('conversations')
    .crossJoin('messages')
    .whereRef('messages.conversation_id', '=', 'conversations.id')
    .select(['conversations.agent_id', 'messages.conversation_id', 'messages.created_at'])
    .select(['messages.id', 'messages.role', 'messages.body'])
    .where('conversations.created_at', '>=', from)
    .where('conversations.created_at', '<', to)
    .where(sql<boolean>`conversations.handoff_state <> 'none'`)
    .where('messages.role', '=', 'assistant')
    .where('messages.superseded', '=', 0)
    // Few of the bodies have to be read; what they say is looked at below.
    .where(sql<boolean>`(messages.body like '%"type":"data-handoff"%' or messages.body like '%"kind":"operator"%')`)
    .orderBy('messages.conversation_id')
    .orderBy('messages.position')
    .limit(maxHumanMessages)
    .execute();
  const waiting = new Map<string, number | 'answered'>();
  for (const row of messages) {
    const { conversation_id: id, created_at: at } = row;
    const { parts, metadata } = toMessage(row);
    const since = waiting.get(id);
    if (since === undefined && parts.some(({ type }) => type === 'data-handoff')) waiting.set(id, at);
    else if (typeof since === 'number' && metadata?.author?.kind === 'operator') {
      add(rowOf(row.agent_id).humanTimes, timeBucket(at - since), 1);
      waiting.set(id, 'answered');
    }
  }
}

async function countRefusals(
  database: Database | Trx,
  dialect: Backend['dialect'],
  { from, to }: Range,
  rowOf: RowOf,
): Promise<void> {
  const refused =
    dialect === 'sqlite'
      ? sql<number>`sum(json_extract(detail, '$.count'))`
      : sql<number | string>`sum((detail::json ->> 'count')::bigint)`;
  const found = await database
    .selectFrom('audit')
    .select(['agent_id', 'reason', refused.as('count')])
    .where(sql<boolean>`kind = 'token-refused'`)
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('reason', 'is not', null)
    .groupBy(['agent_id', 'reason'])
    .execute();
  for (const row of found) add(rowOf(row.agent_id).refusals, unescapeKey(row.reason ?? ''), Number(row.count));
}
