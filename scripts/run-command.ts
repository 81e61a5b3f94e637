import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

export type CommandResult = {
  /** Undefined when the command could not be started or was killed. */
  readonly exitCode: number | undefined;
  /** Standard output and error, in the order of arrival. */
  readonly output: string;
  readonly durationMs: number;
};

export type CommandOptions = {
  /** Default: the repository's root. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Shows the output as it comes, besides returning it. */
  readonly echo?: boolean;
  /** The command and what it started are killed after this long. Default 10 minutes. */
  readonly timeoutMs?: number;
};

const repositoryFolder = path.resolve(import.meta.dirname, '..');
const bin = path.join(repositoryFolder, 'node_modules/.bin');
const defaultTimeoutMs = 10 * 60_000;

const running = new Set<ChildProcess>();

/** Runs a command, in the repository's root unless told otherwise, with its tools on the path, as a group of processes that ends with it. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd ?? repositoryFolder,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: bin + path.delimiter + (process.env['PATH'] ?? ''), ...options.env },
  });
  running.add(child);
  let output = '';
  const take = (chunk: string): void => {
    output += chunk;
    if (options.echo) process.stdout.write(chunk);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const timer = setTimeout(() => {
    take(`\n${command} did not end within ${timeoutMs / 1000} s and was stopped\n`);
    killGroup(child);
  }, timeoutMs);
  return new Promise((resolve) => {
    const end = (exitCode: number | undefined): void => {
      clearTimeout(timer);
      killGroup(child);
      running.delete(child);
      resolve({ exitCode, output, durationMs: performance.now() - startedAt });
    };
    child.once('error', (error) => {
      take(`${command}: ${error.message}\n`);
      end(undefined);
    });
    // Its own end, not its pipes': a grandchild that was left behind holds those open.
    child.once('exit', (code) => setImmediate(end, code ?? undefined));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

const killAll = (): void => running.forEach(killGroup);
process.once('exit', killAll);
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => {
    killAll();
    process.exit(exitCode);
  });
}
