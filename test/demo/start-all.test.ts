import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../journeys/support/eventually.ts';

const root = join(import.meta.dirname, '../..');

type Start = {
  readonly process: ChildProcess;
  readonly output: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** Resolves when the screen is there; fails when it ends instead. */
  readonly running: Promise<void>;
};

function start(context: TestContext, dataFolder: string): Start {
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
    env: { ...process.env, CHAT_PORT: '0', DEMO_PORT: '0', CHAT_DATA_DIR: dataFolder, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  const running = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Ctrl-C')) resolve();
      });
    }
    void ended.then(() => reject(new Error(output)));
  });
  running.catch(() => {});
  context.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { process: child, output: () => output, ended, running };
}

/** Gone with this process: what is done after a test is done in the order in which it was said, and servers end later. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  return folder;
}

function readUrl(screen: string, name: string): string {
  return new RegExp(`${name} +(http://localhost:\\d+)`).exec(screen)?.[1] ?? assert.fail(screen);
}

/** The screen may be there before the first line of the log has reached the disk. */
function readServerPid(dataFolder: string): Promise<number> {
  return eventually(() => {
    const pid = /"pid":(\d+)/.exec(readFileSync(join(dataFolder, 'server.log'), 'utf8'))?.[1];
    return Number(pid ?? assert.fail('no line of the log names the process'));
  });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`one command starts the shop and the chat server, and ${signal} stops both with exit code 0`, async (context) => {
    const dataFolder = makeFolder();
    const started = start(context, dataFolder);
    await started.running;
    const shop = readUrl(started.output(), 'Demo shop');
    const chat = readUrl(started.output(), 'Chat server');
    const named = [...started.output().matchAll(new RegExp(`${shop}/[\\w-]+`, 'g'))].map(([page]) => page);
    assert.ok(named.length > 6, started.output());
    for (const page of [...named, `${shop}/help`, `${chat}/readyz`, `${chat}/widget/chat.js`]) {
      assert.equal((await fetch(page)).status, 200, page);
    }
    const agent = async (id: string): Promise<unknown> => (await fetch(`${chat}/v1/agents/${id}`)).json();
    assert.partialDeepStrictEqual(await agent('demo'), { features: { attachments: true } });
    assert.partialDeepStrictEqual(await agent('fernhill-care'), {
      features: { attachments: true },
      consent: { version: '2026-11' },
      form: { fields: [{ name: 'name', required: true }] },
    });
    assert.ok((await (await fetch(`${shop}/script`)).text()).includes(`src="${chat}/widget/chat.js"`));
    started.process.kill(signal);
    assert.equal(await started.ended, 0);
    assert.match(started.output(), /Stopping…\nStopped\.\n$/);
    for (const url of [shop, chat]) await assert.rejects(fetch(url));
  });
}

test('a chat server that dies takes the demo with it, with a message and exit code 1', async (context) => {
  const dataFolder = makeFolder();
  const started = start(context, dataFolder);
  await started.running;
  process.kill(await readServerPid(dataFolder), 'SIGKILL');
  assert.equal(await started.ended, 1, started.output());
  assert.match(started.output(), /The chat server has ended, so the demo stops too\./);
  assert.doesNotMatch(started.output(), /^\s+at /m);
});

test('a data directory that another server uses is said plainly, and the other server goes on', async (context) => {
  const dataFolder = makeFolder();
  const first = start(context, dataFolder);
  await first.running;
  const second = start(context, dataFolder);
  assert.equal(await second.ended, 1, second.output());
  assert.ok(second.output().includes(`The data directory ${dataFolder} is in use`), second.output());
  assert.doesNotMatch(second.output(), /^\s+at |"level"/m);
  assert.equal((await fetch(`${readUrl(first.output(), 'Chat server')}/readyz`)).status, 200);
});
