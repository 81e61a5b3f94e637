import type { Database } from './backend.ts';
import { contactTexts } from './contact-texts.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { queryWords } from './found-words.ts';
import type { InboxContact, InboxFilter, InboxPage } from './inbox-stores.ts';
import type { ContactTable } from './schema.ts';
import { contactWord, type SearchIndex } from './search-index.ts';
import type { Page } from './store.ts';
import { escapeKey, unescapeKey } from './text.ts';

type Filter = Pick<InboxFilter, 'agentIds' | 'query'>;

export function toContact(row: ContactTable): InboxContact {
  return {
    agentId: unescapeKey(row.agent_id),
    subject: unescapeKey(row.subject),
    ...contactTexts(row.claims),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
  };
}

export function listContacts(
  database: Database,
  index: SearchIndex,
  filter: Filter,
  page: Page,
): Promise<InboxPage<InboxContact>> {
  return filter.query === undefined
    ? newestContacts(database, filter, page)
    : searchContacts(database, index, filter, page);
}

/** Of each agent so many as are wanted: an index has them in their order, and one of several agents would not. */
async function newestContacts(database: Database, { agentIds }: Filter, page: Page) {
  const agents = agentIds === null ? [undefined] : [...new Set(agentIds)];
  const lists = await Promise.all(agents.map((agentId) => newestOf(database, agentId, page)));
  const rows = lists.flat().toSorted(
    // Those of one agent are in the database's order already.
    (left, right) => right.last_seen_at - left.last_seen_at || right.agent_id.localeCompare(left.agent_id, 'en'),
  );
  return cut(rows, page.limit, (row) => ({ at: row.last_seen_at, id: placeOf(row) }));
}

/** No key has a line break: it is stored escaped. */
function placeOf({ agent_id: agentId, subject }: Pick<ContactTable, 'agent_id' | 'subject'>): string {
  return `${agentId}\n${subject}`;
}

function newestOf(database: Database, agentId: string | undefined, page: Page) {
  let query = database
    .selectFrom('contacts')
    .selectAll()
    .orderBy('last_seen_at', 'desc')
    .orderBy('agent_id', 'desc')
    .orderBy('subject', 'desc')
    .limit(page.limit + 1);
  if (agentId !== undefined) query = query.where('agent_id', '=', escapeKey(agentId));
  if (page.before === undefined) return query.execute();
  const { at, id } = decodeCursor(page.before);
  // Keys stand there as they are stored: whatever else somebody puts there is read as the key that it would be.
  const [agent = '', subject = ''] = id.split('\n').map((key) => key.replaceAll('\0', '').toWellFormed());
  return query
    .where('last_seen_at', '<=', at)
    .where(({ and, eb, or }) =>
      or([
        eb('last_seen_at', '<', at),
        eb('agent_id', '<', agent),
        and([eb('agent_id', '=', agent), eb('subject', '<', subject)]),
      ]),
    )
    .execute();
}

async function searchContacts(database: Database, index: SearchIndex, { agentIds, query = '' }: Filter, page: Page) {
  const words = queryWords(query);
  const oneOf = agentIds === null ? [contactWord()] : agentIds.map((agentId) => contactWord(agentId));
  if (words.length === 0 || oneOf.length === 0) return { rows: [], nextBefore: null };
  const below = page.before === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(page.before).at;
  const hits = await index.hits(database, { words, oneOf, below, limit: page.limit + 1 });
  const rows = await Promise.all(
    hits.map(async ({ n, agent_id: agentId, subject }) => {
      const row = await database
        .selectFrom('contacts')
        .selectAll()
        .where('agent_id', '=', agentId)
        .where('subject', '=', subject ?? '')
        .executeTakeFirst();
      return row === undefined ? [] : [{ ...row, n }];
    }),
  );
  return cut(rows.flat(), page.limit, (row) => ({ at: row.n, id: '' }));
}

function cut<Row extends ContactTable>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => { readonly at: number; readonly id: string },
): InboxPage<InboxContact> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    rows: kept.map(toContact),
    nextBefore: rows.length > limit && last !== undefined ? encodeCursor(place(last)) : null,
  };
}
