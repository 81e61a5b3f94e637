import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChatApi } from '../../src/page/index.ts';
import { waitForIdentity } from './support/page-api.ts';
import type { Person, Tab } from './support/person.ts';
import { photograph } from './support/photograph.ts';
import { signInByForm } from './support/sign-in.ts';
import { ada, grace, useWorld } from './support/world.ts';

type Visit = Tab & { readonly person: Person };

describe('a page that was written for another chat, with nothing changed but the script’s address', () => {
  const world = useWorld();

  /** Somebody new, signed in to the shop, and on a page with a snippet, by which the chat knows them. */
  async function visit(name: string): Promise<Visit> {
    const tab = await world.visit(`/drop-in/${name}`);
    await signInByForm(tab, ada, `/drop-in/${name}`);
    await tab.page.getByText('The chat knows with proof who you are').waitFor();
    return tab;
  }

  /** Chats there, and makes sure that the server knew who wrote. Resolves with the token that went along. */
  async function chatAsAda({ page, chat }: Visit): Promise<string> {
    await chat.openNew();
    await chat.identity.getByText('Signed in as Ada Lindqvist').waitFor();
    const answered = page.waitForResponse((response) => response.url().endsWith('/v1/agents/demo/chat'));
    assert.match(await chat.ask('How do I return something?'), /return/i);
    const response = await answered;
    const { authorization = '', ...headers } = await response.request().allHeaders();
    assert.equal(subjectOf(authorization), ada.id);
    assert.equal(headers['x-chat-identity-source'], 'verified');
    assert.equal(response.headers()['x-chat-identity-source'], 'verified');
    return authorization.replace('Bearer ', '');
  }

  const judge = async (token: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, origin: world.shop.url };
    return (await world.fetch('/identity', { method: 'POST', headers })).json();
  };

  it('A7 A9 B11 Applied: the element with its token, its metadata, and window.applied.logout()', async () => {
    const tab = await visit('applied');
    const { page, chat, person } = tab;
    const token = await chatAsAda(tab);
    await photograph(page, 'drop-in-applied');
    const [sent] = person.requests('/demo/chat').filter(({ method }) => method === 'POST');
    assert.deepEqual(JSON.parse(sent?.body ?? '{}').metadata.data, { orderId: '12345' });
    assert.equal(((await judge(token)) as { verified: boolean }).verified, true);

    const left = page.waitForResponse((response) => response.url().endsWith('/logout'));
    await page.getByRole('button', { name: 'window.applied.logout()' }).click();
    assert.equal((await left).request().headers()['authorization'], `Bearer ${token}`);
    await waitForIdentity(page, 'anonymous');
    await chat.greeting.waitFor();
    assert.equal(await chat.own.count(), 0);
    assert.deepEqual(await judge(token), { verified: false, reason: 'revoked' });
  });

  it('B10 B11 BestChatBot: a call of the page’s once it has the token', async () => {
    await chatAsAda(await visit('bestchatbot'));
  });

  it('H7 H10 Hilal: data-org-id, data-bot-id and data-user-token on the script tag', async () => {
    const tab = await visit('hilal');
    await chatAsAda(tab);
    assert.deepEqual(
      await tab.page.locator('chat-widget').evaluate((widget) => widget.getAttributeNames().toSorted()),
      ['agent-id', 'data-user-email', 'data-user-name', 'open'],
    );
  });

  it('H9 H10 Hilal: what its page asks itself, with the token that it has, and what it reads from an answer', async () => {
    const tab = await visit('hilal');
    const token = await chatAsAda(tab);
    const verify = (jwt: string) =>
      tab.page.evaluate(
        async ([url = '', body = '']) => {
          const headers = { 'Content-Type': 'application/json' };
          const response = await fetch(url, { method: 'POST', headers, body });
          return { status: response.status, body: (await response.json()) as unknown };
        },
        [`${world.chat.url}/api/widget/verify-jwt`, JSON.stringify({ token: jwt, botId: 'demo' })],
      );
    const { name, email } = ada;
    assert.partialDeepStrictEqual(await verify(token), {
      status: 200,
      body: { verified: true, claims: { sub: ada.id, name, email } },
    });
    const cut = `${token.slice(0, -8)}AAAAAAAA`;
    assert.deepEqual(await verify(cut), { status: 200, body: { verified: false, reason: 'invalid_signature' } });
    assert.deepEqual(await verify('a.b'), { status: 200, body: { verified: false, reason: 'malformed' } });
  });

  it('H8 H10 Hilal: init({organizationId, botId, userToken}) in the line after the script', async () => {
    await chatAsAda(await visit('hilal-init'));
  });

  it('W6 W7 Widgent: init({productId, serviceKey}), then identify, again when the account is another one', async () => {
    const tab = await visit('widgent');
    const { page, chat, person } = tab;
    const token = await chatAsAda(tab);
    await photograph(page, 'drop-in-widgent');
    await page.evaluate(
      (jwt) => void (globalThis as unknown as { widgent: ChatApi }).widgent('identify', jwt),
      world.sign({ sub: grace.id, name: grace.name }),
    );
    await chat.identity.getByText('Signed in as Grace Okafor').waitFor();
    assert.equal(await chat.own.count(), 0);
    const verified = person.requests('/demo/identity').map(({ headers }) => subjectOf(headers['authorization'] ?? ''));
    assert.deepEqual(verified, [ada.id, grace.id]);
    assert.equal(((await judge(token)) as { verified: boolean }).verified, true);
  });

  it('Wo9 Wo10 Wonderchat: data-identity-token, and chatbotIdentify(token) without a reload', async () => {
    const tab = await visit('wonderchat');
    const { page, chat, person } = tab;
    const first = await chatAsAda(tab);
    for (const times of [2, 3]) {
      const verified = page.waitForResponse((response) => response.url().endsWith('/demo/identity'));
      await page.getByRole('button', { name: 'chatbotIdentify(token)' }).click();
      await verified;
      assert.equal(person.requests('/demo/identity').length, times);
    }
    await waitForIdentity(page, 'verified');
    await chat.own.getByText('How do I return something?').waitFor();
    await chat.ask('How long does delivery take?');
    const last = person.requests('/demo/chat').findLast(({ method }) => method === 'POST');
    assert.equal(subjectOf(last?.headers['authorization'] ?? ''), ada.id);
    assert.notEqual(last?.headers['authorization'], `Bearer ${first}`);
  });

  it('is not shown to strangers, who sign in first and come back to it', async () => {
    const { page } = await world.visit('/drop-in');
    await page.getByRole('link', { name: 'Wonderchat' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('next'), '/drop-in/wonderchat');
  });
});

/** Whom a token speaks of that goes in a header. */
function subjectOf(authorization: string): unknown {
  const [, payload = ''] = authorization.split('.');
  assert.match(authorization, /^Bearer /);
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub?: unknown }).sub;
}
