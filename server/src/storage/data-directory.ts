import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataDirectoryInUseError, type StoreLocation } from './store.ts';

/** A data directory that belongs to this process until `release`. */
export type DataDirectory = { readonly databaseFile: string; release(): void };

const databaseName = 'chat.sqlite';

/** Whether opening a store there would find a database, not make one. Of Postgres the server there decides. */
export function hasDatabase(location: StoreLocation): boolean {
  return 'databaseUrl' in location || existsSync(path.join(location.dataDirectory, databaseName));
}

/**
 * Makes the directory where needed (mode 0700, files 0600) and takes its lock: an exclusive transaction that stays open on
 * a small SQLite file of its own. The operating system drops it with the process, also after SIGKILL, so there is no stale
 * lock to clean up, and `chat.sqlite` itself stays open to backups and inspection.
 *
 * @throws DataDirectoryInUseError when another server holds it.
 */
export function openDataDirectory(directory: string): DataDirectory {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(privateFile(directory, 'server.lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new DataDirectoryInUseError(directory) : error;
  }
  return { databaseFile: privateFile(directory, databaseName), release: () => lock.close() };
}

/** The same directory without its lock, beside a server that may be running. SQLite makes the two wait for each other. */
export function visitDataDirectory(directory: string): DataDirectory {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return { databaseFile: privateFile(directory, databaseName), release: () => {} };
}

/** SQLite gives `-wal` and `-shm` the mode of the database file, so that it has to be right before SQLite sees it. */
function privateFile(directory: string, name: string): string {
  const file = path.join(directory, name);
  try {
    closeSync(openSync(file, 'wx', 0o600));
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return file;
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
