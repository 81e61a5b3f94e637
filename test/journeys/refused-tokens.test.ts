import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Response } from 'playwright-core';
import { eventually } from './support/eventually.ts';
import { photograph } from './support/photograph.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import { signInByDialog, signInByForm } from './support/sign-in.ts';
import type { Person, Tab } from './support/person.ts';
import { ada, useWorld, type World } from './support/world.ts';

type Refused = Tab & {
  readonly person: Person;
  /** The first answer with this status since the forged token is there, which may be before the chat is opened. */
  readonly answered: (status: number) => Promise<Response>;
};

/** The account page as a server would render it that signs with a wrong key. */
async function visitWithForgedToken(world: World): Promise<Refused> {
  const person = await world.person();
  const tab = await person.open(`${world.shop.url}/account`);
  await signInByForm(tab, ada);
  const forged = world.sign({ sub: ada.id, name: ada.name }, { secret: 'not the key that the chat server has' });
  await tab.page.route('**/account', async (route) => {
    const response = await route.fetch();
    const html = await response.text();
    await route.fulfill({ response, body: html.replace(/(contact-context-token=")[^"]+/, `$1${forged}`) });
  });
  const responses: Response[] = [];
  tab.page.on('response', (response) => void responses.push(response));
  await tab.page.reload();
  const answered = (status: number): Promise<Response> =>
    eventually(() => responses.find((response) => response.status() === status) ?? assert.fail(`no ${status}`));
  return { ...tab, person, answered };
}

describe('a forged token, where it blocks', () => {
  const world = useWorld();

  it('B14 H12 nothing is sent as anonymous instead, the reason is said, and the text is kept', async () => {
    const { page, chat, person } = await visitWithForgedToken(world);
    person.expect(/status of 401|the token was refused/);
    await waitForIdentity(page, 'rejected');
    await page.getByText('The chat has rejected the token (invalid_signature).').waitFor();
    await chat.open();
    await chat.notices.getByText('We could not confirm who you are').waitFor();
    const answered = page.waitForResponse((response) => response.url().endsWith('/demo/chat'));
    await chat.say('Show me my invoices.');
    const response = await answered;
    assert.equal(response.status(), 401);
    assert.match(response.headers()['www-authenticate'] ?? '', /invalid_signature/);
    await chat.own
      .getByText(
        'Not sent. We could not confirm your sign-in. What you wrote is kept, and sent once you have signed in.',
      )
      .waitFor();
    await photograph(page, 'account-rejected');
    await chat.button('Edit').click();
    assert.equal(await chat.composer.inputValue(), 'Show me my invoices.');
    assert.equal(await chat.replies.count(), 0);

    const { value } = (await callChat(page, 'identify', world.sign({ sub: ada.id }))) as { value: { state: string } };
    assert.equal(value.state, 'verified');
    await chat.composer.press('Enter');
    await chat.answered(1);
  });

  it('B14 identify() rejects with the reason', async () => {
    const { page, person } = await world.visit('/script');
    person.expect(/status of 401|the token was refused/);
    const forged = world.sign({ sub: ada.id }, { secret: 'not the key that the chat server has' });
    assert.deepEqual(await callChat(page, 'identify', forged), {
      error: { code: 'invalid_token', reason: 'invalid_signature' },
    });
    assert.deepEqual(await callChat(page, 'identify', 'no token at all'), {
      error: { code: 'invalid_token', reason: 'malformed' },
    });
  });
});

describe('a forged token, where the agent talks to anybody', () => {
  const world = useWorld({ agent: { policy: { onInvalidToken: 'anonymous' } } });

  it('H13 W12 the chat goes on as anonymous, and the reason is not passed over in silence', async () => {
    const { page, chat, person } = await visitWithForgedToken(world);
    person.expect(/the token was refused: invalid_signature/);
    await waitForIdentity(page, 'rejected');
    await page.getByText('The chat has rejected the token (invalid_signature).').waitFor();
    await chat.open();
    const answered = page.waitForResponse((response) => response.url().endsWith('/demo/chat'));
    await chat.ask('How do returns work?');
    const response = await answered;
    assert.equal(response.headers()['x-chat-identity-source'], 'anonymous');
    assert.equal(response.headers()['x-chat-identity-reason'], 'invalid_signature');
    assert.equal(await chat.identity.count(), 0);
  });
});

describe('an agent for signed-in visitors', () => {
  const world = useWorld({ agent: { policy: { access: 'verified-only' } } });

  it('Wo16 A1 shows an anonymous visitor a permission screen, and opens when they sign in', async () => {
    const tab = await world.visit('/app');
    const { page, chat, person } = tab;
    person.expect(/status of 403|the token was refused/);
    await chat.launcher.click();
    await chat.panel.getByText('This chat is for signed-in visitors').waitFor();
    await chat.composer.waitFor({ state: 'hidden' });
    await photograph(page, 'app-permission');
    await chat.button('Sign in').click();
    await signInByDialog(tab, ada);
    await waitForIdentity(page, 'verified');
    await chat.composer.waitFor();
    await chat.ask('Which plants are good for beginners?');
    await page.locator('#sign-out').click();
    await chat.panel.getByText('This chat is for signed-in visitors').waitFor();
    assert.equal(await chat.own.count(), 0);
  });

  it('Wo16 shows the bearer of a forged token that it was not accepted', async () => {
    const { page, chat, person } = await visitWithForgedToken(world);
    person.expect(/status of 40[13]|the token was refused/);
    await waitForIdentity(page, 'rejected');
    await chat.launcher.click();
    await chat.panel.getByText('We could not confirm who you are').waitFor();
    await chat.button('Sign in again').waitFor();
  });
});

describe('an agent for signed-in visitors that denies', () => {
  const world = useWorld({ agent: { policy: { access: 'verified-only', onInvalidToken: 'deny' } } });

  it('Wo16 a forged token is answered no_permission, and the permission screen says so', async () => {
    const { page, chat, person, answered } = await visitWithForgedToken(world);
    person.expect(/status of 403|the token was refused/);
    await waitForIdentity(page, 'rejected');
    await chat.launcher.click();
    const problem = (await (await answered(403)).json()) as { code: string; reason: string };
    assert.deepEqual([problem.code, problem.reason], ['no_permission', 'invalid_signature']);
    await chat.panel.getByText('This chat is for signed-in visitors').waitFor();
    await chat.panel.getByText('We could not confirm who you are').waitFor();
    await chat.composer.waitFor({ state: 'hidden' });
  });
});
