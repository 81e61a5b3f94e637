import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { repositoryFolder } from '../../../scripts/build.ts';

export type ChatServerOptions = {
  /** 0 for any free one. */
  readonly port: number;
  readonly dataFolder: string;
  readonly configFile: string;
  /** Beside what this process has. */
  readonly environment: Readonly<Record<string, string>>;
};

/** The real server, as its command line starts it, in a process of its own. */
export type ChatServerProcess = {
  readonly url: string;
  readonly port: number;
  /** All that it has said so far. */
  readonly log: () => string;
  /** Ends it as a power cut would. Resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** Asks it to stop, as Ctrl-C and service managers do. Resolves with its exit code. */
  readonly stop: () => Promise<number | null>;
};

/** Resolves when the server says that it is ready; rejects with what it said instead. */
export async function startChatServer(options: ChatServerOptions): Promise<ChatServerProcess> {
  const child = spawn(process.execPath, commandLine(options), {
    cwd: repositoryFolder,
    env: { ...process.env, DATABASE_URL: '', CHAT_MODEL_URL: '', CHAT_MODEL: '', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  const log = (): string => lines.join('\n');
  const closed = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const ready = /is ready at (http:[\w:/.]+)/.exec(line)?.[1];
        if (ready !== undefined) resolve(ready);
      });
    }
    void closed.then(() => reject(new Error(`The chat server ended:\n${log()}`)));
  });
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return closed;
  };
  return {
    url,
    port: Number(new URL(url).port),
    log,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

function commandLine({ port, dataFolder, configFile }: ChatServerOptions): string[] {
  // The server goes when this process goes, also when that was killed.
  const stopWithParent = pathToFileURL(path.join(repositoryFolder, 'scripts/start/stop-with-parent.mjs')).href;
  const program = path.join(repositoryFolder, 'server/bin/chat-widget-server.mjs');
  const serve = ['serve', '--port', `${port}`, '--data', dataFolder, '--config', configFile];
  return ['--import', stopWithParent, program, ...serve];
}
