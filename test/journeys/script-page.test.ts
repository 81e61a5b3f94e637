import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { ChatApi } from '../../src/page/index.ts';
import { eventually } from './support/eventually.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import { photograph } from './support/photograph.ts';
import { signInByForm } from './support/sign-in.ts';
import { ada, useWorld } from './support/world.ts';

describe('a page with the script tag', () => {
  const world = useWorld({ hasActions: true });

  it('H1 a visitor is anonymous, asks, and gets an answer with its source', async () => {
    const { page, chat, person } = await world.visit('/script');
    await chat.open();
    await chat.greeting.getByText('Hello! Ask me anything').waitFor();
    const answer = await chat.ask('How do I return something?');
    assert.match(answer, /return/i);
    await chat.replies.getByRole('link').first().waitFor();
    await photograph(page, 'script-sources');
    await waitForIdentity(page, 'anonymous');
    assert.equal(await chat.identity.count(), 0);
    const [sent] = person.requests('/demo/chat');
    assert.equal(sent?.headers['x-chat-identity-source'], 'anonymous');
    assert.ok(person.requests('/v1/').every(({ headers }) => headers['authorization'] === undefined));
  });

  it('A10 an anonymous visitor finds the session again after a reload; somebody else finds nothing of it', async () => {
    const { page, chat } = await world.visit('/script');
    await chat.open();
    await chat.ask('How long does delivery take?');
    await page.reload();
    await chat.open();
    await chat.own.getByText('How long does delivery take?').waitFor();
    assert.equal(await chat.replies.count(), 1);

    const stranger = await world.visit('/script');
    await stranger.chat.open();
    await stranger.chat.greeting.waitFor();
    assert.equal(await stranger.chat.own.count(), 0);
  });

  it('whose connection is lost while the chat opens shows what was written, and its answer, once it is back', async () => {
    const { page, chat, person } = await world.visit('/script');
    person.expect(/net::ERR_|cannot be reached/);
    const offline = () => person.context.setOffline(true);
    await page.route('**/chunks/conversation-*.js', (route) => offline().then(() => route.abort()), { times: 1 });
    await chat.open();
    await page.getByText('The conversation could not be loaded.').waitFor();
    await chat.say('How do I return something?');
    await eventually(async () => assert.equal(await chat.composer.inputValue(), ''));
    await person.context.setOffline(false);
    await chat.answered(1);
    await chat.own.getByText('How do I return something?').waitFor();
  });

  it('Wo11 calls made before the script has arrived are kept and done in their order', async () => {
    const person = await world.person();
    const { page, chat } = await person.newTab();
    const { promise: arrival, resolve: arrive } = Promise.withResolvers<void>();
    await page.route('**/widget/chat.js', async (route) => {
      await arrival;
      await route.continue();
    });
    await page.goto(`${world.shop.url}/script`, { waitUntil: 'commit' });
    const ask = page.locator('button[data-question]').first();
    const question = (await ask.getAttribute('data-question')) ?? '';
    // Two calls: open, and send. The page listens for the click once its own script has run.
    await eventually(async () => {
      if ((await queuedCalls(page)) === 0) await ask.click();
      assert.equal(await queuedCalls(page), 2);
    });
    assert.equal(await page.locator('chat-widget').count(), 0);
    arrive();
    await chat.answered(1);
    await chat.own.getByText(question).waitFor();
    assert.equal(person.requests('/demo/chat').filter(({ method }) => method === 'POST').length, 1);
  });

  it('Wo11 without a stub the calls work as soon as the script has run', async () => {
    const person = await world.person();
    const { page, chat } = await person.newTab();
    await page.route('**/script', async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      const without = html.replace(/<script nonce="[^"]*">\s*if \(typeof window\.chat[^]*?<\/script>/, '');
      assert.notEqual(without, html);
      await route.fulfill({ response, body: without });
    });
    await page.goto(`${world.shop.url}/script`);
    await page.waitForFunction(() => 'chat' in globalThis);
    await callChat(page, 'open');
    await chat.composer.waitFor();
  });

  it('W7 the global is callable and has methods, and either identifies', async () => {
    const { page, chat } = await world.visit('/script');
    const token = world.sign({ sub: ada.id, name: ada.name });
    await callChat(page, 'identify', token);
    await waitForIdentity(page, 'verified');
    const again = world.sign({ sub: ada.id, name: 'Ada L.' });
    const { state } = await page.evaluate(
      (jwt) => (globalThis as unknown as { chat: ChatApi }).chat.identify(jwt),
      again,
    );
    assert.equal(state, 'verified');
    await chat.open();
    await chat.identity.getByText('Signed in as Ada L.').waitFor();
  });

  it('H1 a visitor who gives a name is self-reported, which the chat shows as unproven', async () => {
    const { page, chat, person } = await world.visit('/script?name=Robin&email=robin%40example.org');
    await chat.open();
    await chat.identity.getByText('Robin · not verified').waitFor();
    const answered = page.waitForResponse((response) => response.url().endsWith('/chat'));
    await chat.ask('Do you sell gift cards?');
    await waitForIdentity(page, 'self-reported');
    assert.equal((await answered).headers()['x-chat-identity-source'], 'self-reported');
    const [sent] = person.requests('/demo/chat');
    assert.equal(sent?.headers['x-chat-identity-source'], 'self-reported');
    assert.deepEqual(JSON.parse(sent?.body ?? '{}').metadata.context, { name: 'Robin', email: 'robin@example.org' });
  });

  it('the strict policy of every page holds while a visitor chats on it', async () => {
    const person = await world.person();
    const { page, chat } = await person.newTab();
    await page.addInitScript(() => {
      const violations: string[] = [];
      Object.assign(globalThis, { violations });
      document.addEventListener('securitypolicyviolation', (event) => {
        violations.push(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    const readViolations = () => page.evaluate(() => (globalThis as { violations?: string[] }).violations);
    for (const path of ['/script', '/login', '/account', '/app', '/help']) {
      const policy = (await page.goto(world.shop.url + path))?.headers()['content-security-policy'] ?? '';
      assert.match(policy, /^default-src 'none'/);
      assert.doesNotMatch(policy, /unsafe/);
      if (path === '/login') await signInByForm({ page, chat }, ada);
      if (path === '/login' || path === '/help') continue;
      await chat.open();
      await chat.ask('How do I return something?');
      assert.deepEqual(await readViolations(), [], path);
    }
    // The same ears hear a violation where there is one.
    person.expect(/Content Security Policy/);
    await page.evaluate(() =>
      document.body.append(Object.assign(document.createElement('img'), { src: 'http://[::1]:1/' })),
    );
    await eventually(async () => assert.equal((await readViolations())?.length, 1));
  });

  it('B12 a personal question is answered safely, and "Sign in" leads to the sign-in that the page names', async () => {
    const { page, chat } = await world.visit('/script');
    await chat.open();
    await chat.ask('Where is my order?');
    await photograph(page, 'script-sign-in');
    await chat.button('Sign in').click();
    await page.waitForURL('**/login?next=/account?chat=open');
    await signInByForm({ page, chat }, ada, '/account?chat=open');
    await waitForIdentity(page, 'verified');
    // The chat is open, with what was asked, and answers it now.
    await chat.panel.getByText('Where is my order?').first().waitFor();
  });
});

/** How many calls the page's stub has kept so far. */
function queuedCalls(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as { chat?: { q?: readonly unknown[] } }).chat?.q?.length ?? 0);
}
