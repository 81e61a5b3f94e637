import { sql } from 'kysely';
import type { Database } from './backend.ts';

/** So many pages of the index are written in one step, and nothing else can be done meanwhile. */
const pagesAtOnce = 16;

/**
 * A row that is deleted is overwritten at once (`secure_delete`). The index of words keeps a deleted entry's words until its parts
 * are merged, and the write-ahead log keeps older pages until it starts anew.
 * https://www.sqlite.org/fts5.html#the_merge_command https://www.sqlite.org/wal.html
 */
export async function scrubSqlite(database: Database): Promise<void> {
  // Negative: also what is not yet due to be merged.
  await merge(database, -pagesAtOnce);
  while ((await merge(database, pagesAtOnce)) > 1) await breath();
  await sql`pragma wal_checkpoint(truncate)`.execute(database);
}

/** How many rows that changed: fewer than two says that there is nothing left to merge. */
function merge(database: Database, pages: number): Promise<number> {
  return database.transaction().execute(async (trx) => {
    const before = await totalChanges(trx);
    await sql`insert into search_words (search_words, rank) values ('merge', ${sql.lit(pages)})`.execute(trx);
    return (await totalChanges(trx)) - before;
  });
}

async function totalChanges(database: Database): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`select total_changes() as count`.execute(database);
  return rows[0]?.count ?? 0;
}

const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
