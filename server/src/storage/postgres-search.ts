import { sql } from 'kysely';
import type { Database } from './backend.ts';
import type { Hit, SearchIndex } from './search-index.ts';

/** So many of the newest entries are gone through one by one, or, where more is wanted, so many for each hit. */
const walked = 20_000;
const walkedForHit = 100;
/** How many times as many the index is then asked for, and again. */
const stepFactor = 64;

/** A GIN index over `tsvector`, made of our own words: no parser or dictionary of the database changes them. */
export function createPostgresSearch(): SearchIndex {
  return {
    async create(database) {
      const statements = [
        `create table search_entries (
           n bigint primary key generated always as identity, agent_id text not null, conversation_id text,
           message_id text, subject text, words text, terms tsvector,
           foreign key (conversation_id) references conversations (id) on delete cascade,
           foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade,
           foreign key (agent_id, subject) references contacts (agent_id, subject) on delete cascade)`,
        `create index search_entries_terms on search_entries using gin (terms)`,
        `create or replace function search_entries_fill() returns trigger language plpgsql as $$
           begin
             new.terms := array_to_tsvector(string_to_array(new.words, ' '));
             new.words := null;
             return new;
           end $$`,
        `create trigger search_entries_added before insert on search_entries
           for each row execute function search_entries_fill()`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(database);
    },
    /**
     * GIN gathers all entries that have a word that begins so, wherever they stand, and gives them in no order: a word of every third
     * message costs it the same for one page as for all. Such a word is found soon among the newest entries, without the
     * index. One that is not found there is rare: the index is asked for as few steps as may be, in which it has not too many to sort.
     */
    async hits(database, { words, oneOf, below, limit }) {
      const newest = await sql<{ n: number | null }>`select max(n) as n from search_entries`.execute(database);
      let high = Math.min(below, (newest.rows[0]?.n ?? 0) + 1);
      let step = Math.max(walked, walkedForHit * limit);
      const terms = termsOf(words, oneOf);
      const found = [...(await walk(database, { terms, high, low: high - step, limit }))];
      for (high -= step; high > 1 && found.length < limit; high -= step) {
        step *= stepFactor;
        found.push(...(await ask(database, { terms, high, low: high - step, limit: limit - found.length })));
      }
      return found;
    },
    async holding(database, { conversations, words, from }) {
      // One by one, each by the index of its entries to the first that fits: joined, the planner may read all entries of all.
      const { rows } = await sql<{ id: string }>`
        select id from unnest(${conversations}::text[]) as wanted (id) cross join lateral (
          select 1 from search_entries as entries
          left join messages on messages.conversation_id = entries.conversation_id and messages.id = entries.message_id
          where entries.conversation_id = wanted.id and entries.n >= ${from} and entries.terms @@ ${termsOf(words, null)}::tsquery
            and (entries.message_id is null or messages.superseded = 0)
          limit 1) as later`.execute(database);
      return new Set(rows.map(({ id }) => id));
    },
  };
}

function termsOf(words: readonly string[], oneOf: readonly string[] | null): string {
  const all = words.map((word) => `'${word}':*`);
  const one = oneOf === null ? [] : [`(${oneOf.map((word) => `'${word}'`).join(' | ')})`];
  return [...all, ...one].join(' & ');
}

/** From `low` on and below `high`. */
type Step = { readonly terms: string; readonly high: number; readonly low: number; readonly limit: number };

async function walk(database: Database, { terms, high, low, limit }: Step): Promise<readonly Hit[]> {
  // `offset 0` keeps the words out of the inner query, and the index of words with them.
  const { rows } = await sql<Hit>`
    select n, conversation_id, message_id, agent_id, subject
    from (select * from search_entries where n < ${high} and n >= ${low} order by n desc offset 0) as newest
    where terms @@ ${terms}::tsquery order by n desc limit ${limit}`.execute(database);
  return rows;
}

async function ask(database: Database, { terms, high, low, limit }: Step): Promise<readonly Hit[]> {
  // Materialized: with the limit in sight the planner may go through all rows in their order, in the hope of finding some soon.
  const { rows } = await sql<Hit>`
    with matches as materialized (
      select n, conversation_id, message_id, agent_id, subject from search_entries
      where n < ${high} and n >= ${low} and terms @@ ${terms}::tsquery)
    select * from matches order by n desc limit ${limit}`.execute(database);
  return rows;
}
