import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { startPostgres } from '../scripts/postgres.ts';
import { openStore, type Store } from '../server/src/storage/index.ts';

type Value = string | number;

/** A database with our tables, and what the two of them differ in. */
export type Measured = {
  readonly store: Store;
  /** One statement, past the store. */
  query(statement: string, values?: readonly Value[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** How a statement names its nth value, from 1 on. */
  placeholder(n: number): string;
  /** Milliseconds, and of what. */
  now(): number;
  readonly unit: string;
  /** Compares texts without regard to case. */
  readonly like: 'like' | 'ilike';
  /** What the database's own upkeep does after much was written. */
  readonly upkeep: string;
  /** `bytes` of the whole database. */
  readonly size: string;
};

export async function withSqlite(work: (measured: Measured) => Promise<void>): Promise<void> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'chat-search-'));
  const store = await openStore({ dataDirectory });
  const database = new DatabaseSync(path.join(dataDirectory, 'chat.sqlite'));
  try {
    database.exec('pragma synchronous = off');
    await work({
      store,
      query: async (statement, values = []) => database.prepare(statement).all(...values),
      placeholder: () => '?',
      // It runs in this process, whose processor time stays what it is on a machine that does other things as well.
      now: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1_000;
      },
      unit: 'processor time',
      like: 'like',
      upkeep: 'pragma optimize',
      size: 'select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()',
    });
  } finally {
    database.close();
    await store.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

/** With `TEST_DATABASE_URL` in that database, which should be an empty one. */
export async function withPostgres(work: (measured: Measured) => Promise<void>): Promise<void> {
  const { url, reason, stop } = await startPostgres();
  if (url === null) throw new Error(reason);
  const store = await openStore({ databaseUrl: url });
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await work({
      store,
      query: async (statement, values = []) =>
        (await client.query<Record<string, unknown>>(statement, [...values])).rows,
      placeholder: (n) => `$${n}`,
      now: () => performance.now(),
      unit: 'time on the clock',
      like: 'ilike',
      upkeep: 'vacuum analyze',
      size: 'select pg_database_size(current_database()) as bytes',
    });
  } finally {
    await client.end();
    await store.close();
    await stop();
  }
}
