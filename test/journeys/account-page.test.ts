import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitForIdentity } from './support/page-api.ts';
import { everythingOn, tokenPattern, type Person, type Tab } from './support/person.ts';
import { signInByForm } from './support/sign-in.ts';
import { readStoredBytes } from './support/stored-bytes.ts';
import { ada, grace, useWorld } from './support/world.ts';

describe('a page that the server renders with the token in an attribute', () => {
  const world = useWorld();

  /** Somebody new, signed in to the shop and on its account page, where the chat knows them. */
  async function visitAccount(): Promise<Tab & { readonly person: Person }> {
    const tab = await world.visit('/account');
    await signInByForm(tab, ada);
    await waitForIdentity(tab.page, 'verified');
    return tab;
  }

  it('A7 H9 H10 the token is verified when the page comes, and each message says so', async () => {
    const { page, chat, person } = await visitAccount();
    const [verification] = person.requests('/demo/identity');
    assert.equal(verification?.method, 'POST');
    await page.getByText('The chat knows with proof who you are').waitFor();
    await chat.open();
    await chat.identity.getByText('Signed in as Ada Lindqvist').waitFor();
    const answered = page.waitForResponse((response) => response.url().endsWith('/demo/chat'));
    await chat.ask('Can I change my delivery address?');
    const response = await answered;
    assert.equal((await response.request().allHeaders())['x-chat-identity-source'], 'verified');
    assert.equal(response.headers()['x-chat-identity-source'], 'verified');
  });

  it('an open chat leaves "Sign out" to be pressed, where there is room', async () => {
    const { page, chat } = await visitAccount();
    await chat.open();
    for (const [width, height] of [
      [1280, 720],
      [1024, 600],
      [700, 800],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.getByRole('button', { name: 'Sign out' }).click({ trial: true, timeout: 5_000 });
    }
  });

  it('B11 W8 Wo12 Wo13 the token goes as a bearer with every request about the visitor, and is kept nowhere', async () => {
    const { page, chat, person } = await visitAccount();
    const token = (await page.locator('chat-widget').getAttribute('contact-context-token')) ?? '';
    assert.match(token, tokenPattern);
    await chat.open();
    await chat.ask('How often should I water a snake plant?');
    await chat.ask('And in winter?');

    const calls = person.requests('/v1/agents/demo/');
    assert.equal(calls.filter(({ path: at }) => at.endsWith('/chat')).length, 2);
    for (const { method, path: at, headers, body } of calls) {
      assert.equal(headers['authorization'], `Bearer ${token}`, `${method} ${at}`);
      assert.doesNotMatch(body, tokenPattern);
    }
    // What everybody may know is asked without a name.
    const general = person.requests(world.chat.url).filter(({ path: at }) => !at.startsWith('/v1/agents/demo/'));
    assert.ok(general.length > 0);
    for (const { headers } of general) assert.equal(headers['authorization'], undefined);

    // In the page it stands where the page put it, and nowhere else.
    assert.equal((await everythingOn(page)).split(token).length, 2);
    const stored = await readStoredBytes(world.dataFolder);
    assert.ok(stored.includes('How often should I water'));
    assert.equal(stored.includes(token.slice(0, 20)), false);
    assert.equal(stored.includes(token.split('.')[2] ?? token), false);
  });

  it('A10 a verified visitor finds the conversations of every session, also from another browser', async () => {
    const first = await visitAccount();
    await first.chat.open();
    await first.chat.button('New conversation').click();
    await first.chat.ask('Which pots do you recommend?');
    await first.chat.button('New conversation').click();
    await first.chat.ask('Do you deliver on Saturdays?');

    const second = await visitAccount();
    await second.chat.open();
    await second.chat.own.getByText('Do you deliver on Saturdays?').waitFor();
    await second.chat.button('More').click();
    await second.chat.panel.getByRole('menuitem', { name: 'Your conversations' }).click();
    await second.chat.panel.getByRole('button', { name: /^Which pots do you recommend/ }).click();
    await second.chat.own.getByText('Which pots do you recommend?').waitFor();
    assert.equal(await second.chat.own.count(), 1);
  });

  it('an anonymous conversation goes along into the account, once, and is nowhere else afterwards', async () => {
    const person = await world.person();
    const tab = await person.open(`${world.shop.url}/script`);
    const { page, chat } = tab;
    await chat.open();
    await chat.ask('What is the garden club?');
    await page.goto(`${world.shop.url}/account`);
    await signInByForm(tab, grace);
    await waitForIdentity(page, 'verified');
    await chat.open();
    await chat.own.getByText('What is the garden club?').waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${world.shop.url}/`);
    await page.goto(`${world.shop.url}/script`);
    await chat.open();
    await chat.greeting.waitFor();
    assert.equal(await chat.own.count(), 0);
    assert.equal((await everythingOn(page)).includes('garden club?'), false);
  });

  it('A8 another token in the attribute is another visitor, without a reload', async () => {
    const { page, chat } = await visitAccount();
    await chat.open();
    await chat.button('New conversation').click();
    await chat.ask('Is the monstera pet safe?');
    const token = world.sign({ sub: grace.id, name: grace.name });
    await page.locator('chat-widget').evaluate((widget, jwt) => {
      widget.setAttribute('contact-context-token', jwt);
    }, token);
    await chat.identity.getByText('Signed in as Grace Okafor').waitFor();
    assert.equal((await everythingOn(page)).includes('pet safe'), false);

    await page.locator('chat-widget').evaluate((widget) => widget.removeAttribute('contact-context-token'));
    await waitForIdentity(page, 'anonymous');
    assert.equal(await chat.identity.count(), 0);
  });
});
