import { sql } from 'kysely';
import type { Database } from './backend.ts';
import { holdsWords } from './found-words.ts';
import type { Hit, SearchIndex } from './search-index.ts';
import { unescapeKey } from './text.ts';

/**
 * FTS5 without a copy of the text, and without places of words: what is asked for is which texts have which words. Its
 * tokenizer `ascii` takes our words as they are (letters and digits of ASCII, and all characters beyond), with prefixes of up to
 * three characters in an index of their own. https://www.sqlite.org/fts5.html#contentless_delete_tables
 */
export function createSqliteSearch(): SearchIndex {
  return {
    async create(database) {
      const statements = [
        `create table search_entries (
           n integer primary key autoincrement, agent_id text not null, conversation_id text, message_id text,
           subject text, words text,
           foreign key (conversation_id) references conversations (id) on delete cascade,
           foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade,
           foreign key (agent_id, subject) references contacts (agent_id, subject) on delete cascade)`,
        `create virtual table search_words using fts5(
           words, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='1 2 3')`,
        // The words go where they are looked for; the entry keeps none.
        `create trigger search_entries_added after insert on search_entries begin
           insert into search_words (rowid, words) values (new.n, new.words);
           update search_entries set words = null where n = new.n;
         end`,
        `create trigger search_entries_removed after delete on search_entries begin
           delete from search_words where rowid = old.n;
         end`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(database);
    },
    async hits(database, { words, oneOf, below, limit }) {
      const all = words.map((word) => `"${word}" *`);
      const one = oneOf === null ? [] : [`(${oneOf.map((word) => `"${word}"`).join(' OR ')})`];
      const { rows } = await sql<Hit>`
        select entries.n, entries.conversation_id, entries.message_id, entries.agent_id, entries.subject
        from search_words cross join search_entries as entries on entries.n = search_words.rowid
        where search_words match ${[...all, ...one].join(' AND ')} and search_words.rowid < ${below}
        order by search_words.rowid desc limit ${limit}`.execute(database);
      return rows;
    },
    async holding(database, { conversations, words, from }) {
      const holding = new Set<string>();
      for (const id of conversations) {
        if (await holdsLater(database, { id, words, from })) holding.add(id);
        // What SQLite does is done in this thread: others get their turn.
        await new Promise(setImmediate);
      }
      return holding;
    },
  };
}

/** Of one conversation; so many of its entries are looked at. */
const maxLater = 1_000;

/** By the texts: FTS5 gathers all entries that have the words before it says whether one of them is a certain one. */
async function holdsLater(
  database: Database,
  { id, words, from }: { readonly id: string; readonly words: readonly string[]; readonly from: number },
): Promise<boolean> {
  const later = await database
    .selectFrom('search_entries')
    .leftJoin('messages', (join) =>
      join
        .onRef('messages.conversation_id', '=', 'search_entries.conversation_id')
        .onRef('messages.id', '=', 'search_entries.message_id'),
    )
    .innerJoin('conversations', 'conversations.id', 'search_entries.conversation_id')
    .select([
      'search_entries.message_id',
      'messages.superseded',
      'messages.search_text',
      'conversations.owner_kind',
      'conversations.owner_id',
      'conversations.contact_name',
      'conversations.contact_email',
    ])
    .where('search_entries.conversation_id', '=', id)
    .where('search_entries.n', '>=', from)
    .limit(maxLater)
    .execute();
  return later.some((row) => {
    if (row.message_id !== null) return row.superseded === 0 && holdsWords(row.search_text ?? '', words);
    const subject = row.owner_kind === 'subject' ? unescapeKey(row.owner_id) : '';
    return holdsWords([row.contact_name, row.contact_email, subject].join(' '), words);
  });
}
