import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Backend } from './backend.ts';
import { createPostgresNotifier } from './postgres-notifier.ts';
import type { Tables } from './schema.ts';

/** int8 comes as text by default; times, positions and counts all fit a double exactly. */
const numbers = new pg.TypeOverrides();
numbers.setTypeParser(pg.types.builtins.INT8, Number);

/** Deadlock, serialization failure, unique violation: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const conflicts = new Set(['40P01', '40001', '23505']);

/** How much later than the server the client gives up: only where nothing comes from the server any more. */
const silenceMs = 5_000;

/** A pool of at most 10 connections and one more that listens. Lost connections are replaced, never thrown. */
export async function openPostgresBackend(
  databaseUrl: string,
  onError: (error: unknown) => void,
  statementTimeoutMs: number,
): Promise<Backend> {
  const settings = {
    connectionString: databaseUrl,
    types: numbers,
    connectionTimeoutMillis: 5_000,
    idle_in_transaction_session_timeout: 15_000,
    keepAlive: true,
    application_name: 'chat-widget-server',
  };
  const pool = openPool(
    {
      ...settings,
      max: 10,
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + silenceMs,
    },
    onError,
  );
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const notifier = createPostgresNotifier(databaseUrl, database, onError);
  await notifier.started;
  return {
    dialect: 'postgres',
    database,
    notifier,
    numberColumn: (table, column) =>
      table.addColumn(column, 'bigint', (definition) => definition.primaryKey().generatedAlwaysAsIdentity()),
    lockKey: async (trx, key) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
    },
    isConflict: (error) => error instanceof pg.DatabaseError && conflicts.has(error.code ?? ''),
    // On a connection of its own: an index on a large table takes longer than any request may.
    migrating: async (work) => {
      const dialect = new PostgresDialect({ pool: openPool({ ...settings, max: 1 }, onError) });
      const migrated = new Kysely<Tables>({ dialect });
      await work(migrated).finally(() => migrated.destroy());
    },
    close: async () => {
      await notifier.close();
      await database.destroy();
    },
  };
}

function openPool(config: pg.PoolConfig, onError: (error: unknown) => void): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('error', onError);
  // The pool listens to idle clients only. One that breaks inside a transaction, between two queries, would
  // otherwise raise an unhandled `error` event and end the process; its next query rejects all the same.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
