import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort } from '../scripts/start/ports.ts';

const repositoryFolder = path.resolve(import.meta.dirname, '..');
const startTimeoutMs = 30_000;
const pollEveryMs = 50;

export type RunningServer = { readonly url: string; stop(): Promise<void> };

/** Starts the chat server as an operator does, with its agent `demo`, on a free port and an empty data directory. */
export async function startChatServer(): Promise<RunningServer> {
  const data = await mkdtemp(path.join(tmpdir(), 'chat-widget-bench-'));
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  const args = ['server/bin/chat-widget-server.mjs', 'serve', '--port', String(port), '--data', data];
  const child = spawn(process.execPath, args, {
    cwd: repositoryFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: cleanEnvironment(),
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  process.once('exit', () => child.kill('SIGKILL'));
  try {
    await Promise.race([untilReady(url), ended.then(() => Promise.reject(new Error('The chat server ended at once')))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** Measured is what the repository holds, not what somebody's shell points at. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const isSetting = (name: string): boolean => name.startsWith('CHAT_') || name === 'DATABASE_URL' || name === 'PORT';
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isSetting(name)));
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, pollEveryMs));
  }
  throw new Error(`The chat server was not ready within ${startTimeoutMs / 1000} s`);
}
