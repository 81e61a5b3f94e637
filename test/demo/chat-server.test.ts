import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { type ChatServer, startChatServer } from '../../scripts/start/chat-server.ts';
import { findFreePort } from '../../scripts/start/ports.ts';

const program = join(import.meta.dirname, 'fixtures/fake-chat-server.mjs');
const readyTimeoutMs = 60_000;

async function startFake(
  context: TestContext,
  fake: string,
): Promise<ChatServer & { readLog: () => string; logFile: string }> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'start-'));
  const logFile = join(dataFolder, 'server.log');
  process.env['FAKE'] = fake;
  const server = startChatServer({
    port: await findFreePort(),
    dataFolder,
    secret: 'the key',
    logFile,
    verbose: false,
    program,
  });
  context.after(async () => {
    server.kill();
    await server.ended;
    rmSync(dataFolder, { recursive: true });
  });
  return { ...server, logFile, readLog: () => readFileSync(logFile, 'utf8') };
}

test('the chat server is ready when it says so, and its log goes to a file for this account only', async (context) => {
  const server = await startFake(context, 'ready');
  assert.equal(await server.ready(readyTimeoutMs), undefined);
  await server.stop();
  assert.match(server.readLog(), /"pid \d+"/);
  assert.equal(statSync(server.logFile).mode & 0o777, 0o600);
});

test('however often it is asked to stop, the chat server gets one signal', async (context) => {
  const server = await startFake(context, 'ready');
  await server.ready(readyTimeoutMs);
  await Promise.all([server.stop(), server.stop()]);
  assert.equal(server.readLog().match(/got SIG/g)?.length, 1);
});

test('what the chat server says in plain words is the problem, not its log entries', async (context) => {
  const server = await startFake(context, 'locked');
  assert.equal(await server.ready(readyTimeoutMs), 'The data directory ./x is in use by another server (process 42).');
});

test('without plain words the gravest log entries are the problem', async (context) => {
  const server = await startFake(context, 'broken');
  assert.equal(await server.ready(readyTimeoutMs), 'The database is not readable.');
});

test('a chat server that is killed is said to have ended', async (context) => {
  const server = await startFake(context, 'ready');
  await server.ready(readyTimeoutMs);
  server.kill();
  assert.equal(await server.ended, 'The chat server ended unexpectedly (SIGKILL).');
});

test('a chat server that never gets ready is given up', async (context) => {
  const server = await startFake(context, 'ready');
  assert.equal(await server.ready(0), 'The chat server was not ready after 0 seconds.');
});

test('the chat server stops when the starting process is killed without a chance to stop it', async (context) => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'start-'));
  context.after(() => rmSync(dataFolder, { recursive: true }));
  const options = { port: await findFreePort(), dataFolder, secret: 'k', logFile: join(dataFolder, 'log'), program };
  const starter = spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '--eval',
      starterSource(join(import.meta.dirname, '../../scripts/start/chat-server.ts'), options),
    ],
    { env: { ...process.env, FAKE: 'ready' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(createInterface({ input: starter.stdout }), 'line');
  const pid = Number(/pid (\d+)/.exec(String(line))?.[1]);
  starter.kill('SIGKILL');
  await once(starter, 'close');
  await waitUntilGone(pid);
});

function starterSource(module: string, options: object): string {
  return `import { startChatServer } from ${JSON.stringify(module)};
    startChatServer({ ...${JSON.stringify(options)}, verbose: true });`;
}

// The end of a process that is not our child can only be seen by looking; the test's time limit ends the looking.
async function waitUntilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
