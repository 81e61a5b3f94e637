import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from './support/eventually.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import { everythingOn, type Person, type Tab } from './support/person.ts';
import { signInByDialog } from './support/sign-in.ts';
import { ada, grace, useWorld } from './support/world.ts';

type Visit = Tab & { readonly person: Person };

describe('a single-page app that identifies and logs out', () => {
  const world = useWorld({ hasActions: true });

  async function visitApp(): Promise<Visit> {
    const tab = await world.visit('/app');
    await tab.page.locator('#sign-in').click();
    await signInByDialog(tab, ada);
    await waitForIdentity(tab.page, 'verified');
    return tab;
  }

  it('W7 Wo10 identify() signs in without a reload, any number of times', async () => {
    const { page, chat, person } = await visitApp();
    await chat.open();
    await chat.identity.getByText('Signed in as Ada Lindqvist').waitFor();
    await chat.ask('How do I repot a monstera?');
    const { value } = (await callChat(page, 'identify', world.sign({ sub: ada.id, name: 'Ada' }))) as { value: object };
    assert.deepEqual(
      { ...value, expiresAt: 0, claims: 0 },
      { state: 'verified', subject: ada.id, expiresAt: 0, claims: 0 },
    );
    await chat.identity.getByText('Signed in as Ada', { exact: true }).waitFor();
    // The same visitor with a new token: the conversation goes on.
    await chat.own.getByText('How do I repot a monstera?').waitFor();
    assert.equal(person.requests('/app').filter(({ path }) => path === '/app').length, 1);
  });

  it('A8 a switch of users leaves nothing of the first one, and sends nothing of theirs as the second', async () => {
    const { page, chat, person } = await visitApp();
    await chat.open();
    await chat.ask('Does the fern-secret-of-ada need shade?');
    await chat.composer.fill('a draft-of-ada that was never sent');
    await page.locator('#switch-user').click();
    await signInByDialog({ page, chat }, grace);
    await chat.identity.getByText('Signed in as Grace Okafor').waitFor();

    await chat.greeting.waitFor();
    assert.equal(await chat.composer.inputValue(), '');
    assert.doesNotMatch(await everythingOn(page), /of-ada|Lindqvist is|customer-1001/);
    await chat.ask('Which plants are easy?');
    const token = person.requests('/demo/chat').at(-1)?.headers['authorization'] ?? '';
    assert.equal(subjectOf(token), grace.id);
    const asGrace = person
      .requests('/v1/agents/demo/')
      .filter(({ headers }) => subjectOf(headers['authorization'] ?? '') === grace.id);
    assert.ok(asGrace.length > 0);
    for (const { body, url } of asGrace) assert.doesNotMatch(body + url, /of-ada/);

    // Back to the first one: everything of theirs is there again.
    await page.locator('#switch-user').click();
    await signInByDialog({ page, chat }, ada);
    await chat.own.getByText('Does the fern-secret-of-ada need shade?').waitFor();
  });

  it('A9 logout revokes the token on the server, empties the screen, and the visitor is anonymous again', async () => {
    const { page, chat, person } = await visitApp();
    await chat.open();
    await chat.ask('Where do you ship my-secret-question to?');
    const authorization = person.requests('/demo/chat').at(-1)?.headers['authorization'] ?? '';
    assert.equal((await world.fetch('/conversations', { headers: { authorization } })).status, 200);

    const loggedOut = page.waitForResponse((response) => response.url().endsWith('/logout'));
    await page.locator('#sign-out').click();
    assert.equal((await loggedOut).status(), 204);
    await waitForIdentity(page, 'anonymous');
    const refused = await world.fetch('/conversations', { headers: { authorization } });
    assert.equal(refused.status, 401);
    assert.equal(((await refused.json()) as { reason: string }).reason, 'revoked');
    assert.equal(await chat.own.count(), 0);
    assert.doesNotMatch(await everythingOn(page), /my-secret-question|Signed in as/);

    // What is asked from now on is nobody's.
    await chat.ask('Are you open on Sundays?');
    const last = person.requests('/demo/chat').at(-1);
    assert.equal(last?.headers['authorization'], undefined);
    assert.equal(last?.headers['x-chat-identity-source'], 'anonymous');
  });

  it('A9 logout in one tab signs out the other tabs of the same site', async () => {
    const { page, chat, person } = await visitApp();
    await chat.open();
    await chat.ask('What does the garden club cost?');
    const other = await person.open(`${world.shop.url}/app`);
    await waitForIdentity(other.page, 'verified');
    await other.chat.open();
    await other.chat.own.getByText('What does the garden club cost?').waitFor();
    await page.bringToFront();
    await page.locator('#sign-out').click();
    await waitForIdentity(other.page, 'anonymous');
    assert.equal(await other.chat.own.count(), 0);
    assert.doesNotMatch(await everythingOn(other.page), /garden club cost/);
  });

  it('B12 a personal question leads to the sign-in of the app, and then goes on', async () => {
    const tab = await world.visit('/app');
    const { page, chat } = tab;
    await chat.open();
    await chat.ask('Where is my order?');
    await chat.button('Sign in').click();
    await page.getByText('The chat asks you to sign in for this.').waitFor();
    await signInByDialog(tab, ada);
    await waitForIdentity(page, 'verified');
    await chat.own.getByText('Where is my order?').waitFor();
    await chat.button('Try again').click();
    await chat.answered(1);
    await eventually(async () => assert.equal(await chat.button('Try again').count(), 0));
    assert.equal(await chat.own.count(), 1);
  });
});

/** The `sub` of a bearer token. */
function subjectOf(authorization: string): unknown {
  const payload = authorization.split('.')[1];
  return payload === undefined ? undefined : JSON.parse(Buffer.from(payload, 'base64url').toString()).sub;
}
