import type { Database } from './backend.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { excerpt } from './excerpt.ts';
import { countUnread, leadCondition, otherConditions, timeConditions, toInbox } from './inbox-query.ts';
import type { InboxConversation, InboxFilter, InboxPage } from './inbox-stores.ts';
import { toMessage, wordsOfMessage } from './rows.ts';
import { agentWord, type Hit, type SearchIndex } from './search-index.ts';
import type { Page } from './store.ts';
import { escapeKey, unescapeKey } from './text.ts';

/** In the first step; one that follows takes so many more than were looked at before it, to a bound: a step costs more than its hits. */
const hitsAtOnce = 200;
const maxHitsAtOnce = 1_000;
/** So many hits are looked at in one call: a filter may fit none of them. */
const maxLooked = 4_000;

type Found = { readonly hit: Hit; readonly row: InboxConversation };

/** Conversations in which words occur, by the newest message that has all of them. */
export async function searchInbox(
  database: Database,
  index: SearchIndex,
  { filter, words, page }: { readonly filter: InboxFilter; readonly words: readonly string[]; readonly page: Page },
): Promise<InboxPage<InboxConversation>> {
  const oneOf = filter.agentIds === null ? null : filter.agentIds.map(agentWord);
  if (words.length === 0 || oneOf?.length === 0) return { rows: [], nextBefore: null };
  const start = page.before === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(page.before).at;
  const found: Found[] = [];
  const passed = new Set<string>();
  let below = start;
  let looked = 0;
  while (looked < maxLooked) {
    const limit = Math.min(looked + hitsAtOnce, maxHitsAtOnce, maxLooked - looked);
    const hits = await index.hits(database, { words, oneOf, below, limit });
    looked += limit;
    const conversations = await shownConversations(database, { hits, passed, filter });
    const before = await onEarlierPages(database, index, { conversations, words, start });
    for (const each of conversations) {
      if (before.has(escapeKey(each.row.id))) continue;
      found.push(each);
      if (found.length > page.limit) return pageOf(database, words, found.slice(0, page.limit), true);
    }
    below = hits.at(-1)?.n ?? 0;
    if (hits.length < limit) return pageOf(database, words, found, false);
    await new Promise(setImmediate);
  }
  const { rows } = await pageOf(database, words, found, false);
  return { rows, nextBefore: encodeCursor({ at: below, id: '' }) };
}

type Earlier = { readonly conversations: readonly Found[]; readonly words: readonly string[]; readonly start: number };

/** Ids of those that stood on a page before the one that begins at `start`, because of a later message. */
async function onEarlierPages(database: Database, index: SearchIndex, { conversations, words, start }: Earlier) {
  if (start === Number.MAX_SAFE_INTEGER || conversations.length === 0) return new Set<string>();
  const ids = conversations.map(({ row }) => escapeKey(row.id));
  return index.holding(database, { conversations: ids, words, from: start });
}

type Hits = { readonly hits: readonly Hit[]; readonly passed: Set<string>; readonly filter: InboxFilter };

/** In the order of the hits, each conversation once, where the filter fits it and the message is shown to its visitor. */
async function shownConversations(database: Database, { hits, passed, filter }: Hits): Promise<readonly Found[]> {
  const shown = await shownHits(database, hits);
  const first = new Map<string, Hit>();
  for (const hit of hits) {
    const id = hit.conversation_id;
    if (id === null || passed.has(id) || !shown.has(hit.n)) continue;
    passed.add(id);
    first.set(id, hit);
  }
  if (first.size === 0) return [];
  const rows = await database
    .selectFrom('conversations')
    .selectAll('conversations')
    .select((expression) => countUnread(expression).as('unread_count'))
    .where('conversations.id', 'in', [...first.keys()])
    .where((expression) =>
      expression.and([
        leadCondition(expression, filter),
        ...otherConditions(expression, filter),
        ...timeConditions(expression, filter),
      ]),
    )
    .execute();
  const byId = new Map(rows.map((row) => [row.id, toInbox(row)]));
  return [...first].flatMap(([id, hit]) => {
    const row = byId.get(id);
    return row === undefined ? [] : [{ hit, row }];
  });
}

/** Those whose message has not been replaced by another one. */
async function shownHits(database: Database, hits: readonly Hit[]): Promise<ReadonlySet<number>> {
  if (hits.length === 0) return new Set();
  const rows = await database
    .selectFrom('search_entries')
    .leftJoin('messages', (join) =>
      join
        .onRef('messages.conversation_id', '=', 'search_entries.conversation_id')
        .onRef('messages.id', '=', 'search_entries.message_id'),
    )
    .select(['search_entries.n', 'search_entries.message_id', 'messages.superseded'])
    .where(
      'search_entries.n',
      'in',
      hits.map(({ n }) => n),
    )
    .execute();
  return new Set(rows.filter((row) => row.message_id === null || row.superseded === 0).map(({ n }) => n));
}

async function pageOf(database: Database, words: readonly string[], found: readonly Found[], isCut: boolean) {
  const texts = await foundTexts(database, found);
  const rows: InboxConversation[] = [];
  for (const { hit, row } of found) {
    const text = texts.get(hit.n);
    const place = text !== undefined && hit.message_id !== null ? unescapeKey(hit.message_id) : undefined;
    rows.push(place === undefined ? row : { ...row, found: { messageId: place, text: excerpt(text ?? '', words) } });
    // Some milliseconds where a visitor has written what is slow to read: others are answered between.
    await new Promise(setImmediate);
  }
  const last = found.at(-1);
  return { rows, nextBefore: isCut && last !== undefined ? encodeCursor({ at: last.hit.n, id: '' }) : null };
}

/** By the hits' numbers. */
async function foundTexts(database: Database, found: readonly Found[]): Promise<ReadonlyMap<number, string>> {
  if (found.length === 0) return new Map();
  const rows = await database
    .selectFrom('search_entries')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.conversation_id', '=', 'search_entries.conversation_id')
        .onRef('messages.id', '=', 'search_entries.message_id'),
    )
    .select(['search_entries.n', 'messages.id', 'messages.role', 'messages.body'])
    .where(
      'search_entries.n',
      'in',
      found.map(({ hit }) => hit.n),
    )
    .execute();
  return new Map(rows.map(({ n, ...row }) => [n, wordsOfMessage(toMessage(row))]));
}
