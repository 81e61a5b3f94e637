import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import jwt from 'jsonwebtoken';
import { ada, createShopClient, grace, secret } from './shop-client.ts';

const actionsOrigin = 'http://127.0.0.1:3000';
const actionsSecret = 'what the chat server signs its calls to the demo with';

type Change = {
  readonly key?: string;
  readonly claims?: object;
  readonly header?: object;
  readonly sentBody?: string;
};

/** A call as the chat server makes it, or nearly so. */
function call(
  shop: ReturnType<typeof createShopClient>,
  path: string,
  action: string,
  input: object,
  change: Change = {},
) {
  const body = JSON.stringify(input);
  const claims = {
    iss: 'chat-widget',
    aud: actionsOrigin,
    agent: 'demo',
    action,
    verified: true,
    sub: ada.id,
    name: ada.name,
    input_sha256: createHash('sha256').update(body).digest('hex'),
    jti: randomUUID(),
    exp: Math.floor(Date.now() / 1000) + 60,
    ...change.claims,
  };
  const token = jwt.sign(claims, change.key ?? actionsSecret, {
    header: { alg: 'HS256', typ: 'chat-action+jwt', ...change.header },
  });
  return shop.request(`/chat-actions${path}`, {
    method: 'POST',
    json: change.sentBody === undefined ? input : JSON.parse(change.sentBody),
    headers: { authorization: `Bearer ${token}`, origin: 'https://nobody.example' },
  });
}

async function messageOf(response: Response): Promise<string> {
  assert.equal(response.status, 200);
  return ((await response.json()) as { message: string }).message;
}

describe('what the chat can do in the shop', () => {
  test('B5 B13 tells a customer about their own orders, by name', async () => {
    const shop = createShopClient({ actionsOrigin, actionsSecret });
    const message = await messageOf(await call(shop, '/orders', 'order_status', {}));
    assert.match(message, /^Ada Lindqvist, your orders:\n- F-20431 .*Received\.\n/);
    assert.doesNotMatch(message, /F-20421/);
  });

  test('cancels an own order that nobody packs yet, once, and the account page shows it', async () => {
    const shop = createShopClient({ actionsOrigin, actionsSecret });
    assert.match(
      await messageOf(await call(shop, '/cancel', 'cancel_order', { order: 'F-20431' })),
      /F-20431 is cancelled/,
    );
    assert.match(
      await messageOf(await call(shop, '/cancel', 'cancel_order', { order: 'F-20431' })),
      /cancelled already/,
    );
    await shop.signIn(ada);
    assert.match(await shop.page('/account'), /Cancelled/);
  });

  test('W9 the subject of the call decides whose order it is, whatever the input says', async () => {
    const shop = createShopClient({ actionsOrigin, actionsSecret });
    const others = { order: 'F-20431', sub: ada.id, customer: ada.id, email: ada.email };
    const asGrace = { claims: { sub: grace.id } };
    assert.match(await messageOf(await call(shop, '/cancel', 'cancel_order', others, asGrace)), /no such order/);
    const late = { order: 'F-20421' };
    assert.match(await messageOf(await call(shop, '/cancel', 'cancel_order', late, asGrace)), /past packing/);
  });

  test('B1 opens a ticket for anybody', async () => {
    const shop = createShopClient({ actionsOrigin, actionsSecret });
    const claims = { verified: false, sub: undefined };
    assert.match(
      await messageOf(await call(shop, '/tickets', 'open_ticket', { about: 'A pot' }, { claims })),
      /T-1001/,
    );
  });

  test('refuses what does not come from the chat server, or was meant for something else', async () => {
    const shop = createShopClient({ actionsOrigin, actionsSecret });
    const wrong: readonly Change[] = [
      { key: secret },
      { key: 'another key that is long enough for HS256 as well' },
      { claims: { aud: 'https://elsewhere.example' } },
      { claims: { iss: 'somebody' } },
      { claims: { exp: Math.floor(Date.now() / 1000) - 1 } },
      { claims: { action: 'order_status' } },
      { claims: { agent: 'another' } },
      { claims: { agent: undefined } },
      { claims: { input_sha256: 'a'.repeat(64) } },
      { header: { typ: 'JWT' } },
      { sentBody: '{"order":"F-20418"}' },
    ];
    for (const change of wrong) {
      const response = await call(shop, '/cancel', 'cancel_order', { order: 'F-20431' }, change);
      assert.equal(response.status, 401, JSON.stringify(change));
    }
    assert.equal(
      (await shop.request('/chat-actions/cancel', { method: 'POST', json: { order: 'F-20431' } })).status,
      401,
    );
    await shop.signIn(ada);
    assert.doesNotMatch(await shop.page('/account'), /Cancelled/);
  });

  test('a visitor’s own token is no key to it', async () => {
    const shop = createShopClient({ actionsOrigin, actionsSecret });
    await shop.signIn(ada);
    const { token } = (await (await shop.request('/api/chat-token', { method: 'POST' })).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await shop.request('/chat-actions/orders', { method: 'POST', json: {}, headers })).status, 401);
  });

  test('without what the calls are signed with there is nothing to call; with too little the shop does not start', async () => {
    const shop = createShopClient({ actionsOrigin });
    assert.equal((await call(shop, '/orders', 'order_status', {})).status, 403);
    assert.throws(() => createShopClient({ actionsSecret: 'x'.repeat(31) }), /actionsSecret: .* at least 32 bytes/);
  });
});
