import assert from 'node:assert/strict';
import { after, describe, test, type TestContext } from 'node:test';
import type { Action } from '../../src/index.ts';
import { createTool } from '../cli/tool.ts';
import { openTestPostgres } from '../storage/test-stores.ts';
import {
  actionOptions,
  createShop,
  startActionServer,
  talker,
  type Exchange,
  type Person,
  type Shop,
} from './action-harness.ts';
import { newSession, problem, startServer, type Harness, type HarnessOptions, type Sent } from './harness.ts';

const postgres = await openTestPostgres();
const { missing: skip } = postgres;
after(() => postgres.stop());

type Asked = { readonly server: Harness; readonly shop: Shop; readonly ada: Person; readonly approvalId: string };

async function askToCancel(
  t: TestContext,
  options: HarnessOptions = {},
  shop = createShop(),
  claims: object = {},
): Promise<Asked & { readonly token: string }> {
  const server = await startActionServer(t, shop, options);
  const token = server.sign({ email: 'ada@mail.widgets.io', ...claims });
  const ada = talker(server, { token });
  const { approvalId } = await ada.say('cancel my order F-1');
  assert.ok(approvalId);
  return { server, shop, ada, approvalId, token };
}

/** The same conversation, by other credentials. */
function tab({ server, ada }: Asked, sent: Pick<Sent, 'token' | 'session'>): Person {
  return talker(server, sent, ada.conversationId);
}

const approve = (asked: Asked, person: Person): Promise<Exchange> => person.answer(asked.approvalId, true);
const statusOf = ({ response }: Exchange): number => response.status;

/** The same shop, whose cancelling is another action now. */
const withCancelling = (shop: Shop, change: Partial<Action>): Shop => ({
  ...shop,
  actions: shop.actions.map((action) => (action.name === 'cancel_order' ? { ...action, ...change } : action)),
});

describe('an approval, between the question and the answer', () => {
  test('is answered by two tabs at once, each with a token of its own: the action runs once, both read the same', async (t) => {
    const asked = await askToCancel(t);
    const tabs = [0, 1, 2, 3].map((at) => tab(asked, { token: asked.server.sign({ jti: `tab-${at}` }) }));
    const answers = await Promise.all(tabs.map((one) => approve(asked, one)));
    assert.deepEqual(answers.map(statusOf), [200, 200, 200, 200]);
    for (const answer of answers) assert.deepEqual(answer.parts, answers[0]?.parts);
    assert.equal(asked.shop.calls.length, 1);
  });

  test('is answered at two servers of one database at once: the action runs once', { skip }, async (t) => {
    const databaseUrl = await postgres.createDatabase();
    const shop = createShop();
    const asked = await askToCancel(t, { databaseUrl }, shop);
    const there = await startServer(t, actionOptions(shop, { databaseUrl }));
    for (let round = 0; round < 5; round++) {
      const at = { token: asked.server.sign({ sub: `u${round}` }) };
      const here = talker(asked.server, at);
      const { approvalId = '' } = await here.say('cancel my order');
      const before = shop.calls.length;
      const other = talker(there, at, here.conversationId);
      const answers = await Promise.all([here, other, here, other].map((one) => one.answer(approvalId, true)));
      assert.deepEqual(answers.map(statusOf), [200, 200, 200, 200]);
      assert.equal(shop.calls.length - before, 1);
    }
  });

  test('W9 is answered with a refreshed token of the same person: that one says for whom it runs', async (t) => {
    const asked = await askToCancel(t);
    const fresh = asked.server.sign({ email: 'new@mail.widgets.io' });
    assert.equal(statusOf(await approve(asked, tab(asked, { token: fresh }))), 200);
    assert.deepEqual(
      asked.shop.calls.map(({ user }) => user.verified && [user.sub, user.email]),
      [['ada', 'new@mail.widgets.io']],
    );
  });

  test('W11 is answered with a refreshed token whose claims open the action no more', async (t) => {
    const shop = createShop();
    const forMembers = withCancelling(shop, { allow: { claim: 'plan', equals: 'club' } });
    const asked = await askToCancel(t, {}, forMembers, { plan: 'club' });
    const { text } = await approve(asked, tab(asked, { token: asked.server.sign({ plan: 'free' }) }));
    assert.match(text, /may not do this/);
    assert.equal(shop.calls.length, 0);
  });

  test('is answered by somebody else in the same browser, who has signed in meanwhile', async (t) => {
    const session = newSession();
    const asked = await askToCancel(t);
    const eve = { token: asked.server.sign({ sub: 'eve' }), session };
    const answers = await Promise.all([0, 1, 2].map(() => approve(asked, tab(asked, eve))));
    assert.deepEqual(answers.map(statusOf), [404, 404, 404]);
    assert.equal(asked.shop.calls.length, 0);
  });

  test('of somebody unknown, answered by the one who has signed in: it runs for the token that answers', async (t) => {
    const shop = createShop();
    const open = withCancelling(shop, { access: 'public' });
    const server = await startActionServer(t, open);
    const session = newSession();
    const unknown = talker(server, { session });
    const { approvalId = '' } = await unknown.say('cancel my order F-1');
    const ada = talker(server, { token: server.sign(), session }, unknown.conversationId);
    // To sign in is to claim what the session holds.
    await server.send('/identity', { method: 'POST', token: server.sign(), session });
    assert.equal(statusOf(await ada.answer(approvalId, true)), 200);
    assert.deepEqual(
      shop.calls.map(({ user }) => user.verified && user.sub),
      ['ada'],
    );
    // The session has given the conversation away.
    assert.equal(statusOf(await unknown.answer(approvalId, true)), 404);
    assert.equal(shop.calls.length, 1);
  });
});

describe('an approval after a logout', () => {
  test('is answered by the token that was logged out, or by nobody: it does not run', async (t) => {
    const asked = await askToCancel(t);
    const { server, token } = asked;
    const session = newSession();
    await server.send('/logout', { method: 'POST', token, session });
    assert.partialDeepStrictEqual(await problem((await approve(asked, tab(asked, { token }))).response), {
      status: 401,
      reason: 'revoked',
    });
    const { response } = await approve(asked, tab(asked, { session: newSession() }));
    assert.equal((await problem(response)).code, 'conversation_not_found');
    assert.equal(statusOf(await approve(asked, tab(asked, { session }))), 422);
    assert.equal(asked.shop.calls.length, 0);
  });

  test('of an anonymous visitor cannot be answered by the session that was closed', async (t) => {
    const shop = createShop();
    const server = await startActionServer(t, withCancelling(shop, { access: 'public' }));
    const session = newSession();
    const unknown = talker(server, { session });
    const { approvalId = '' } = await unknown.say('cancel my order F-1');
    await server.send('/logout', { method: 'POST', session });
    assert.equal(statusOf(await unknown.answer(approvalId, true)), 422);
    assert.equal(shop.calls.length, 0);
  });

  test('that comes at the same moment: it has run once for its owner, or not at all', async (t) => {
    const shop = createShop();
    const server = await startActionServer(t, shop);
    for (let round = 0; round < 20; round++) {
      const token = server.sign({ sub: `u${round}` });
      const ada = talker(server, { token });
      const { approvalId = '' } = await ada.say('cancel my order');
      const before = shop.calls.length;
      const answer = () => ada.answer(approvalId, true);
      const logout = () => server.send('/logout', { method: 'POST', token });
      const [answered] = await (round % 2 === 0
        ? Promise.all([answer(), logout()])
        : Promise.all([logout(), answer()]).then(([left, said]) => [said, left] as const));
      const runs = shop.calls.slice(before);
      assert.ok(runs.length <= (answered.response.status === 200 ? 1 : 0));
      for (const { user } of runs) assert.equal(user.verified && user.sub, `u${round}`);
      assert.equal(statusOf(await answer()), 401);
      assert.equal(shop.calls.length, before + runs.length);
    }
  });
});

describe('an approval after the rules have changed', () => {
  const rules: readonly (readonly [string, number])[] = [
    ['audience=elsewhere', 401],
    ['maxLifetimeSeconds=60', 401],
    // Whoever the token is now, the question was not theirs.
    ['identityClaim=email', 404],
  ];
  for (const [setting, status] of rules) {
    test(`${setting}: the same token answers nothing, and the action does not run`, async (t) => {
      const asked = await askToCancel(t);
      const { error } = await createTool({ dataDirectory: asked.server.dataDirectory, environment: {} })([
        ...['policy', 'set', setting, '--agent', 'shop'],
      ]);
      assert.equal(error, '');
      assert.equal(statusOf(await approve(asked, asked.ada)), status);
      assert.equal(asked.shop.calls.length, 0);
    });
  }

  test('access=verified-only: an anonymous visitor cannot answer what they were asked before', async (t) => {
    const shop = createShop();
    const server = await startActionServer(t, withCancelling(shop, { access: 'public' }));
    const unknown = talker(server, { session: newSession() });
    const { approvalId = '' } = await unknown.say('cancel my order F-1');
    const tool = createTool({ dataDirectory: server.dataDirectory, environment: {} });
    assert.equal((await tool(['policy', 'set', 'access=verified-only', '--agent', 'shop'])).error, '');
    assert.equal(statusOf(await unknown.answer(approvalId, true)), 403);
    assert.equal(shop.calls.length, 0);
  });

  const changes: readonly (readonly [string, (shop: Shop) => Shop, RegExp])[] = [
    [
      'the action has become one for members',
      (shop) => withCancelling(shop, { allow: { claim: 'plan', equals: 'club' } }),
      /may not do this/,
    ],
    ['the action is there no more', (shop) => ({ ...shop, actions: shop.actions.slice(0, 2) }), /any more/],
  ];
  for (const [what, change, words] of changes) {
    test(`${what} when the server comes back: it does not run`, async (t) => {
      const asked = await askToCancel(t);
      await asked.server.server.close();
      const { dataDirectory } = asked.server;
      const server = await startActionServer(t, change(asked.shop), { dataDirectory });
      const again = talker(server, { token: asked.token }, asked.ada.conversationId);
      assert.match((await again.answer(asked.approvalId, true)).text, words);
      assert.equal(asked.shop.calls.length, 0);
    });
  }

  test('the key of its token was retired: neither the answer nor a token of it counts', async (t) => {
    const keys = [{ id: 'next', secret: 'the secret that came after the one that was known' }];
    const asked = await askToCancel(t);
    await asked.server.server.close();
    const { dataDirectory } = asked.server;
    const server = await startActionServer(t, asked.shop, { dataDirectory, agent: { keys } });
    const again = talker(server, { token: asked.token }, asked.ada.conversationId);
    assert.equal(statusOf(await again.answer(asked.approvalId, true)), 401);
    assert.equal(asked.shop.calls.length, 0);
  });
});
