import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from './support/eventually.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import type { Person, Tab } from './support/person.ts';
import { signInByDialog, signInByForm } from './support/sign-in.ts';
import { ada, useWorld } from './support/world.ts';

/** Long enough to get to the chat with it, short enough to see it end. */
const tokenTtlSeconds = 6;

const sent = (person: Person) => person.requests('/demo/chat').filter(({ method }) => method === 'POST');

describe('a token that expires in the middle of a conversation', () => {
  const world = useWorld({ tokenTtlSeconds, agent: { policy: { clockToleranceSeconds: 0 } } });

  /** On the account page, which does not renew by itself, with one question answered. */
  async function visitAccount(): Promise<Tab & { readonly person: Person }> {
    const tab = await world.visit('/account');
    await signInByForm(tab, ada);
    await tab.page.goto(`${world.shop.url}/account?refresh=off`);
    await waitForIdentity(tab.page, 'verified');
    await tab.chat.open();
    return tab;
  }

  it('Wo18 fails the next message understandably, keeps it, and sends it once the visitor is back', async () => {
    const { page, chat, person } = await visitAccount();
    person.expect(/status of 401|the token was refused/);
    await chat.ask('Which plants like shade?');
    await waitForIdentity(page, 'expired');
    await chat.notices
      .getByText('Your sign-in has run out. Sign in again to go on; nothing you wrote is lost.')
      .waitFor();
    await chat.own.getByText('Which plants like shade?').waitFor();

    await chat.say('Which like sun?');
    await chat.own
      .getByText(
        'Not sent. We could not confirm your sign-in. What you wrote is kept, and sent once you have signed in.',
      )
      .waitFor();
    await chat.own.getByText('Which like sun?').waitFor();
    const before = sent(person).length;
    const token = world.sign({ sub: ada.id, name: ada.name });
    await page.locator('chat-widget').evaluate((widget, jwt) => {
      widget.setAttribute('contact-context-token', jwt);
    }, token);
    await waitForIdentity(page, 'verified');
    await eventually(async () => assert.equal(await chat.replies.count(), 2));
    await chat.answered(2);
    assert.equal(await chat.own.getByText('Which like sun?').count(), 1);
    assert.equal(await chat.own.getByText('Not sent').count(), 0);
    assert.equal(await chat.notices.count(), 0);
    assert.equal(sent(person).length, before + 1);
    // The server has it once, too.
    await page.reload();
    await eventually(async () => {
      await callChat(page, 'identify', token);
      await waitForIdentity(page, 'verified');
    });
    await chat.open();
    await chat.own.getByText('Which like sun?').waitFor();
    assert.equal(await chat.own.getByText('Which like sun?').count(), 1);
  });

  it('Wo18 a half-typed message survives the end of the token and the new one', async () => {
    const { page, chat } = await visitAccount();
    await chat.composer.fill('I was just about to ask');
    await waitForIdentity(page, 'expired');
    await chat.button('Sign in again').waitFor();
    assert.equal(await chat.composer.inputValue(), 'I was just about to ask');
    await callChat(page, 'identify', world.sign({ sub: ada.id, name: ada.name }));
    await waitForIdentity(page, 'verified');
    assert.equal(await chat.composer.inputValue(), 'I was just about to ask');
  });

  it('Wo18 a page without such a function is told in time, and a new token is a refresh', async () => {
    const tab = await world.visit('/account');
    await signInByForm(tab, ada);
    const { page, chat, person } = tab;
    await waitForIdentity(page, 'verified');
    await chat.open();
    await chat.composer.fill('still here');
    const first = await page.locator('chat-widget').getAttribute('contact-context-token');
    await eventually(async () => {
      assert.notEqual(await page.locator('chat-widget').getAttribute('contact-context-token'), first);
    });
    await eventually(() => assert.equal(person.requests('/demo/identity').length, 2));
    await waitForIdentity(page, 'verified');
    assert.equal(await chat.composer.inputValue(), 'still here');
    await chat.ask('What about orchids?');
  });
});

describe('a token that is renewed in time', () => {
  // A fifth of it is left when the widget asks for the next one; a busy machine needs some of that.
  const world = useWorld({ tokenTtlSeconds: 9, agent: { policy: { clockToleranceSeconds: 0 } } });

  it('Wo18 nobody notices where the page hands over a function that fetches tokens', async () => {
    const tab = await world.visit('/app/chat');
    const { page, chat, person } = tab;
    await page.locator('#sign-in').click();
    await signInByDialog(tab, ada);
    await waitForIdentity(page, 'verified');
    await chat.open();
    await chat.ask('Do you gift-wrap?');
    const first = sent(person).at(-1)?.headers['authorization'];
    await eventually(() => assert.ok(Date.now() > expiryOf(first)));
    await chat.ask('What does it cost?');
    assert.notEqual(sent(person).at(-1)?.headers['authorization'], first);
    const log = await page.locator('#event-log').innerText();
    assert.match(log, /verified/);
    assert.doesNotMatch(log, /expired|rejected|failed|token-expiring/);
    assert.equal(await chat.notices.count(), 0);
  });
});

describe('a token that expires where the agent talks to anybody', () => {
  const world = useWorld({
    tokenTtlSeconds,
    agent: { policy: { clockToleranceSeconds: 0, onInvalidToken: 'anonymous' } },
  });

  it('W12 leaves an anonymous session that works', async () => {
    const tab = await world.visit('/account');
    await signInByForm(tab, ada);
    const { page, chat } = tab;
    await page.goto(`${world.shop.url}/account?refresh=off`);
    await waitForIdentity(page, 'verified');
    await chat.open();
    await chat.ask('What do you know of my-private-ferns?');
    await waitForIdentity(page, 'expired');
    const answered = page.waitForResponse((response) => response.url().endsWith('/demo/chat'));
    await chat.say('How do I pay?');
    const response = await answered;
    assert.equal(response.status(), 200);
    assert.equal(response.headers()['x-chat-identity-source'], 'anonymous');
    assert.equal(response.headers()['x-chat-identity-reason'], 'expired');
    await chat.own.getByText('How do I pay?').waitFor();
    await chat.answered(1);
    assert.equal(await chat.own.count(), 1);
  });
});

/** When a bearer token ends, in milliseconds since the epoch. */
function expiryOf(authorization = ''): number {
  const payload = Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { exp: number }).exp * 1000;
}
