import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');
const keptLines = 40;

export type ChatServerOptions = {
  readonly port: number;
  readonly dataFolder: string;
  readonly secret: string;
  /** What the server's agents are. Default: the server's own. */
  readonly configFile?: string;
  readonly logFile: string;
  /** Shows the server's log in the terminal too. */
  readonly verbose: boolean;
  /** The program to run. Default: this repository's `chat-widget-server`. */
  readonly program?: string;
};

export type ChatServer = {
  /** Resolves when the server takes requests; with a problem for the terminal when it ended or took too long. */
  readonly ready: (timeoutMs: number) => Promise<string | undefined>;
  /** Resolves when the process has ended, with what it said about the reason. */
  readonly ended: Promise<string>;
  /** Asks it to stop, once; resolves when it has ended. */
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
};

/** Runs the chat server as a child process whose structured log goes to a file. */
export function startChatServer(options: ChatServerOptions): ChatServer {
  const child = spawnServer(options);
  const { lines, written } = collectLines(child, options);
  // Not 'exit': the last lines may still be in the pipe then.
  const closed = once(child, 'close').then(async ([code, signal]) => {
    await written;
    return describeEnd(lines, code, signal);
  });
  const failed = once(child, 'error').then(([error]) => `The chat server could not be run: ${String(error)}`);
  const ended = Promise.race([closed, failed]);
  let stopping = false;

  return {
    ended,
    ready: (timeoutMs) => Promise.race([ended, waitUntilReady(options.port, timeoutMs, ended)]),
    async stop() {
      if (!stopping) child.kill('SIGTERM');
      stopping = true;
      await ended;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function spawnServer({ port, dataFolder, secret, configFile, program }: ChatServerOptions): ChildProcess {
  const stopWithParent = pathToFileURL(join(import.meta.dirname, 'stop-with-parent.mjs')).href;
  const server = program ?? join(root, 'server/bin/chat-widget-server.mjs');
  // The server takes a folder that is named on its command line for the wish to use it, instead of DATABASE_URL.
  const storage = process.env['DATABASE_URL'] ? [] : ['--data', dataFolder];
  const environment = { ...process.env, WIDGET_JWT_HMAC_SECRET: secret };
  const agents = configFile === undefined ? [] : ['--config', configFile];
  const serve = ['serve', '--port', String(port), ...storage, ...agents];
  return spawn(process.execPath, ['--import', stopWithParent, server, ...serve], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: a Ctrl-C in the terminal reaches us alone, and we pass it on once.
    detached: true,
  });
}

type Collected = {
  /** The last ones. */
  readonly lines: readonly string[];
  /** Resolves when the log file is complete, or has failed. */
  readonly written: Promise<void>;
};

function collectLines(child: ChildProcess, { logFile, verbose }: ChatServerOptions): Collected {
  const lines: string[] = [];
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  // A log that cannot be written (a full disk) is no reason to end a chat.
  log.on('error', (error) => console.error(`The log cannot be written: ${error.message}`));
  const written = new Promise<void>((resolve) => log.once('close', () => resolve()));
  child.once('close', () => log.end());
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      if (verbose) console.log(line);
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
    });
  }
  return { lines, written };
}

/** What the server said in plain words; else its last log entries of level "error" and above; else how it ended. */
function describeEnd(lines: readonly string[], code: number | null, signal: NodeJS.Signals | null): string {
  const said = lines.map(readLogLine);
  const plain = said.filter(({ kind }) => kind === 'plain').map(({ text }) => text);
  const grave = said.filter(({ kind }) => kind === 'grave').map(({ text }) => text);
  const words = (plain.length > 0 ? plain : grave).join('\n').trim();
  return words || `The chat server ended unexpectedly (${signal ?? `exit code ${code}`}).`;
}

function readLogLine(line: string): { kind: 'plain' | 'entry' | 'grave'; text: string } {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('level' in entry)) return { kind: 'plain', text: line };
    const text = 'msg' in entry ? String(entry.msg) : line;
    return { kind: entry.level === 'error' || entry.level === 'fatal' ? 'grave' : 'entry', text };
  } catch {
    return { kind: 'plain', text: line };
  }
}

async function waitUntilReady(port: number, timeoutMs: number, ended: Promise<unknown>): Promise<string | undefined> {
  const deadline = Date.now() + timeoutMs;
  const over = new AbortController();
  void ended.then(() => over.abort());
  while (Date.now() < deadline && !over.signal.aborted) {
    const answer = await fetch(`http://localhost:${port}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(
      () => undefined,
    );
    await answer?.body?.cancel();
    if (answer?.ok) return undefined;
    await delay(50);
  }
  return `The chat server was not ready after ${timeoutMs / 1000} seconds.`;
}
