import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it, type TestContext } from 'node:test';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../scripts/browser.ts';
import { repositoryFolder } from '../../scripts/build.ts';
import { findFreePort } from '../../scripts/start/ports.ts';
import { waitForIdentity } from './support/page-api.ts';
import { createPerson } from './support/person.ts';
import { signInByDialog, signInByForm } from './support/sign-in.ts';
import { ada } from './support/world.ts';

type Start = {
  readonly output: () => string;
  /** Resolves when the screen is there; rejects when it ends instead. */
  readonly running: Promise<void>;
  /** Ctrl-C, which a terminal sends to all that runs in it. Resolves with the exit code. */
  readonly interrupt: () => Promise<number | null>;
};

it('npm start shows the three pages working, stops on Ctrl-C, and knows everything again when started anew', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-start-'));
  context.after(() => rm(folder, { recursive: true }));
  const [chatPort, demoPort] = [await findFreePort(), await findFreePort()];
  const settings = { CHAT_PORT: `${chatPort}`, DEMO_PORT: `${demoPort}`, CHAT_DATA_DIR: folder };
  const shop = `http://localhost:${demoPort}`;
  const first = npmStart(context, settings);
  await first.running;
  for (const known of [`${shop}/script`, ada.email, ada.password, folder])
    assert.ok(first.output().includes(known), known);

  const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
  context.after(() => browser.close());
  const person = await createPerson(browser);
  const tab = await person.open(`${shop}/script`);
  const { page, chat } = tab;
  await chat.open();
  await chat.ask('How do I return something?');
  await chat.replies.getByRole('link').first().waitFor();
  await page.goto(`${shop}/account`);
  await signInByForm(tab, ada);
  await waitForIdentity(page, 'verified');
  await chat.open();
  await chat.own.getByText('How do I return something?').waitFor();
  await page.goto(`${shop}/app`);
  await waitForIdentity(page, 'verified');
  await page.locator('#sign-out').click();
  await waitForIdentity(page, 'anonymous');
  await person.leave();
  assert.equal(await first.interrupt(), 0);
  assert.match(first.output(), /Stopped\./);
  for (const port of [chatPort, demoPort]) await assert.rejects(fetch(`http://localhost:${port}/`));

  const second = npmStart(context, settings);
  await second.running;
  const again = await createPerson(browser);
  const later = await again.open(`${shop}/app`);
  await later.page.locator('#sign-in').click();
  await signInByDialog(later, ada);
  await waitForIdentity(later.page, 'verified');
  await later.chat.open();
  await later.chat.own.getByText('How do I return something?').waitFor();
  await again.leave();
  assert.equal(await second.interrupt(), 0);
});

function npmStart(context: TestContext, settings: Readonly<Record<string, string>>): Start {
  const environment = { ...process.env, DATABASE_URL: '', CHAT_MODEL_URL: '', CHAT_MODEL: '', ...settings };
  const child = spawn('npm', ['start'], {
    cwd: repositoryFolder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, as a terminal gives to what is started in it.
    detached: true,
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
  const interrupt = (): Promise<number | null> => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    return ended;
  };
  context.after(interrupt);
  return { output: () => output, running, interrupt };
}
