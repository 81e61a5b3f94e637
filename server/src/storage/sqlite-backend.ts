import { Kysely } from 'kysely';
import type { Backend } from './backend.ts';
import { openDataDirectory, visitDataDirectory } from './data-directory.ts';
import type { Tables } from './schema.ts';
import { NodeSqliteDialect, openSqliteFile } from './sqlite-dialect.ts';
import { createSubscriptions } from './subscriptions.ts';

/** SQLite in a directory; notifications stay in the process. `exclusive`: it is this process's alone. */
export function openSqliteBackend(dataDirectory: string, onError: (error: unknown) => void, exclusive = true): Backend {
  const directory = exclusive ? openDataDirectory(dataDirectory) : visitDataDirectory(dataDirectory);
  try {
    const database = new Kysely<Tables>({ dialect: new NodeSqliteDialect(openSqliteFile(directory.databaseFile)) });
    const { subscribe, deliver } = createSubscriptions(onError);
    return {
      dialect: 'sqlite',
      database,
      // Delivered later, as with Postgres: a listener never runs inside the publisher's own step.
      notifier: {
        publish: async (channel, payload = '') => queueMicrotask(() => deliver(channel, payload)),
        subscribe,
      },
      numberColumn: (table, column) =>
        table.addColumn(column, 'integer', (definition) => definition.primaryKey().autoIncrement()),
      // One connection: transactions wait for each other anyway.
      lockKey: async () => {},
      isConflict: () => false,
      migrating: (work) => work(database),
      close: async () => {
        await database.destroy();
        directory.release();
      },
    };
  } catch (error) {
    directory.release();
    throw error;
  }
}
