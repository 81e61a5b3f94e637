import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { it, type TestContext } from 'node:test';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../scripts/browser.ts';
import { repositoryFolder } from '../../scripts/build.ts';
import { waitForIdentity } from './support/page-api.ts';
import { createPerson } from './support/person.ts';

/** `node demo/own-backend/server.mjs`, on any free port. */
async function startExample(context: TestContext): Promise<string> {
  const program = path.join(repositoryFolder, 'demo/own-backend/server.mjs');
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  context.after(async () => {
    child.kill();
    await closed;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/localhost:\d+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  return assert.fail('it said no address');
}

it('the example of a backend of one’s own answers word by word, can be stopped, and knows with proof who asks', async (context) => {
  const url = await startExample(context);
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
  context.after(() => browser.close());
  const person = await createPerson(browser);
  const { page, chat } = await person.open(url);
  await chat.open();
  await chat.greeting.getByText('Ask me anything').waitFor();
  await chat.ask('Who am I?');
  await chat.replies.getByText('I do not know you. You said:').waitFor();

  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await waitForIdentity(page, 'forwarded');
  await chat.ask('And now?');
  await chat.replies.getByText('You are Ada, and I have checked that.').waitFor();

  await chat.say('word '.repeat(1000));
  await chat.replies.getByText('word word').waitFor();
  await page.getByRole('button', { name: 'Stop answering' }).click();
  await page.getByRole('log').getByText('You stopped this answer.').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await waitForIdentity(page, 'anonymous');
  await chat.ask('And now?');
  await chat.replies.getByText('I do not know you. You said:').waitFor();
  await person.leave();
});

it('the example of a backend of one’s own refuses a token that it has not signed, and what is no message', async (context) => {
  const url = await startExample(context);
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/chat`, { method: 'POST', body, headers });
  const message = JSON.stringify({ messages: [{ parts: [{ type: 'text', text: 'Hello' }] }] });
  const token = await (await fetch(`${url}/api/chat-token`, { method: 'POST' })).text();
  assert.equal((await post(message, { authorization: `Bearer ${token}` })).status, 200);
  assert.equal((await post(message, { authorization: `Bearer ${token.slice(0, -4)}AAAA` })).status, 401);
  assert.equal((await post(message, { authorization: 'Bearer ' })).status, 401);
  for (const body of ['', '{}', '{"messages":[]}', 'x'.repeat(300_000)]) assert.equal((await post(body)).status, 400);
  assert.equal((await fetch(`${url}/widget/../package.json`)).status, 404);
});
