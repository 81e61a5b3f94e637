import type { CreateTableBuilder, Kysely, Transaction } from 'kysely';
import type { Tables } from './schema.ts';
import type { Notifier } from './store.ts';

export type Database = Kysely<Tables>;
export type Trx = Transaction<Tables>;

/** Everything in which the two databases differ. Queries, schema and migrations know nothing else about them. */
export type Backend = {
  readonly dialect: 'sqlite' | 'postgres';
  readonly database: Database;
  readonly notifier: Notifier;
  /** Makes a column the table's growing number, never given twice. */
  readonly numberColumn: NumberColumn;
  /** Makes the transactions that name the same key wait for each other until they end. */
  lockKey(trx: Trx, key: string): Promise<void>;
  /** Whether a transaction failed only because of another one, so that trying again can help. */
  isConflict(error: unknown): boolean;
  /** Calls `work` with a database whose statements may take as long as they like. */
  migrating(work: (database: Database) => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

export type NumberColumn = <Name extends string, Columns extends string>(
  table: CreateTableBuilder<Name, Columns>,
  column: string,
) => CreateTableBuilder<Name, Columns>;

const maxAttempts = 5;

/** One transaction, tried again when another one was in its way. */
export async function transact<Result>(backend: Backend, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await backend.database.transaction().execute(work);
    } catch (error) {
      if (attempt === maxAttempts || !backend.isConflict(error)) throw error;
    }
  }
}
