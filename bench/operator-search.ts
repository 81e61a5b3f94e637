// `node bench/operator-search.ts [messages]`: how long a search of operators takes among a million messages, on SQLite and on Postgres, beside
// a plain `like` over the same table in the same run. It asserts nothing; that no search reads a whole table is a test of its own.
import { createHash } from 'node:crypto';
import type { InboxStore } from '../server/src/storage/index.ts';
import { quantile } from './first-byte.ts';
import {
  messagesPerConversation,
  type Search,
  searches,
  type SeedConversation,
  seedConversations,
  wordsPerMessage,
} from './search-data.ts';
import { type Measured, withPostgres, withSqlite } from './search-databases.ts';

const messageCount = Number(process.argv[2] ?? 1_000_000);
const runs = 40;
const likeRuns = 5;
const limit = 50;
const conversationsAtOnce = 100;

async function fill({ query, placeholder, upkeep }: Measured): Promise<void> {
  const insert = (table: string, rows: readonly Readonly<Record<string, string | number>>[]): Promise<unknown> => {
    const columns = Object.keys(rows[0] ?? {});
    const lines = rows.map((_, row) => columns.map((__, n) => placeholder(row * columns.length + n + 1)).join(', '));
    const statement = `insert into ${table} (${columns.join(', ')}) values (${lines.join('), (')})`;
    return query(statement, rows.flatMap(Object.values));
  };
  const waiting: SeedConversation[] = [];
  const write = async (): Promise<void> => {
    const conversations = waiting.splice(0);
    await query('begin');
    await insert('conversations', conversations.map(conversationRow));
    await insert('messages', conversations.flatMap(messageRows));
    await insert('search_entries', conversations.flatMap(entryRows));
    await query('commit');
  };
  for (const conversation of seedConversations(messageCount)) {
    waiting.push(conversation);
    if (waiting.length === conversationsAtOnce) await write();
  }
  if (waiting.length > 0) await write();
  await query(upkeep);
}

const conversationRow = ({ id, agentId, startedAt, texts }: SeedConversation) => ({
  id,
  agent_id: agentId,
  owner_kind: 'subject',
  owner_id: `user-${id}`,
  title: 'A question',
  search_title: 'a question',
  created_at: startedAt,
  updated_at: startedAt + texts.length,
  last_message: 'An answer',
  next_position: texts.length + 1,
  read_position: 0,
});

const messageRows = ({ id, startedAt, texts }: SeedConversation) =>
  texts.map((text, n) => ({
    conversation_id: id,
    id: `m${startedAt + n}`,
    position: n + 1,
    role: n % 2 === 0 ? 'user' : 'assistant',
    body: JSON.stringify({ parts: [{ type: 'text', text }] }),
    created_at: startedAt + n,
    pending: 0,
    superseded: 0,
    search_text: text,
  }));

/** As server/src/storage/search-index.ts has it; the texts here are words of letters and digits already. */
const agentWord = (agentId: string): string =>
  `\uE000${createHash('sha256').update(agentId).digest('hex').slice(0, 16)}`;

const entryRows = ({ id, agentId, startedAt, texts }: SeedConversation) =>
  texts.map((text, n) => ({
    agent_id: agentId,
    conversation_id: id,
    message_id: `m${startedAt + n}`,
    words: `${agentWord(agentId)} ${text}`,
  }));

type Times = { readonly median: number; readonly p95: number };

async function time(now: () => number, times: number, work: () => Promise<unknown>): Promise<Times> {
  const values: number[] = [];
  for (let run = 0; run < times; run++) {
    const start = now();
    await work();
    values.push(now() - start);
  }
  return { median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

/** Where a page of a search begins; nothing for the first one. */
async function placeOf(inbox: InboxStore, { filter, page = 1 }: Search): Promise<string | undefined> {
  let before: string | undefined;
  for (let n = 1; n < page; n++) before = (await inbox.list(filter, { limit, before })).nextBefore ?? undefined;
  return before;
}

const ms = (value: number): string => value.toFixed(1).padStart(9);

async function measure(measured: Measured): Promise<void> {
  const { store, query, now, unit, like } = measured;
  const start = performance.now();
  await fill(measured);
  const seconds = (performance.now() - start) / 1_000;
  const [size] = await query(measured.size);
  console.log(
    `\n${store.dialect}: ${messageCount} messages of ${wordsPerMessage} words in ${messageCount / messagesPerConversation} ` +
      `conversations, ${(Number(size?.['bytes']) / 2 ** 20).toFixed(0)} MiB, written in ${seconds.toFixed(0)} s. ` +
      `Milliseconds of ${unit}:\n${''.padEnd(46)}   median      p95     like    like ÷ search`,
  );
  const plain = (words: string): Promise<unknown> => {
    const conditions = words.split(' ').map((word) => `search_text ${like} '%${word}%'`);
    return query(
      `select conversation_id from messages where ${conditions.join(' and ')} and superseded = 0 limit ${limit + 1}`,
    );
  };
  for (const search of searches) {
    const { what, filter } = search;
    const page = { limit, before: await placeOf(store.inbox, search) };
    const found = await store.inbox.list(filter, page);
    const { median, p95 } = await time(now, runs, () => store.inbox.list(filter, page));
    const words = asksForWordsAlone(search) ? filter.query : undefined;
    const other = words === undefined ? undefined : await time(now, likeRuns, () => plain(words));
    const ratio = other === undefined ? '' : ms(other.median) + `${(other.median / median).toFixed(1)} ×`.padStart(17);
    console.log(`${what.padEnd(46)}${ms(median)}${ms(p95)}${ratio.padEnd(26)}  (${found.rows.length} rows)`);
  }
}

/** Where a plain `like` asks for the same. */
const asksForWordsAlone = ({ filter, page }: Search): boolean =>
  page === undefined && filter.agentIds === null && filter.status === undefined;

await withSqlite(measure);
await withPostgres(measure);
