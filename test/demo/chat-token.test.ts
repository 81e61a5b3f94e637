import assert from 'node:assert/strict';
import { test } from 'node:test';
import jwt from 'jsonwebtoken';
import { ada, createShopClient, grace, secret } from './shop-client.ts';

async function fetchToken(client: ReturnType<typeof createShopClient>): Promise<string> {
  const response = await client.request('/api/chat-token', { method: 'POST' });
  assert.equal(response.status, 200);
  const answer: unknown = await response.json();
  assert.ok(typeof answer === 'object' && answer !== null && 'token' in answer && typeof answer.token === 'string');
  return answer.token;
}

function verify(token: string): jwt.JwtPayload {
  const claims = jwt.verify(token, secret, { algorithms: ['HS256'] });
  assert.ok(typeof claims === 'object');
  return claims;
}

test('W1 a host endpoint answers {token} to a signed-in customer only', async () => {
  const client = createShopClient();
  const stranger = await client.request('/api/chat-token', { method: 'POST' });
  assert.equal(stranger.status, 401);
  assert.deepEqual(await stranger.json(), { error: 'not_signed_in', detail: 'Sign in first.' });
  await client.signIn(ada);
  assert.equal(verify(await fetchToken(client)).sub, ada.id);
});

test('the token is HS256 and says who the customer is, for one hour', async () => {
  const client = createShopClient();
  await client.signIn(grace);
  const token = await fetchToken(client);
  const { iat, exp, jti, ...claims } = verify(token);
  assert.deepEqual(claims, { sub: grace.id, name: grace.name, email: grace.email, plan: 'free' });
  assert.equal((exp ?? 0) - (iat ?? 0), 3600);
  assert.equal(jwt.decode(token, { complete: true })?.header.alg, 'HS256');
  assert.match(jti ?? '', /^[0-9a-f-]{36}$/);
});

test('each token has a name of its own, so that revoking one leaves the others', async () => {
  const client = createShopClient();
  await client.signIn(ada);
  assert.notEqual(verify(await fetchToken(client)).jti, verify(await fetchToken(client)).jti);
});

test('the lifetime can be shortened', async () => {
  const client = createShopClient({ tokenTtlSeconds: 90 });
  await client.signIn(ada);
  const { iat, exp } = verify(await fetchToken(client));
  assert.equal((exp ?? 0) - (iat ?? 0), 90);
});

test('the account page carries a valid token in the attribute, and nowhere else', async () => {
  const client = createShopClient();
  await client.signIn(ada);
  const html = await client.page('/account');
  const token = /contact-context-token="([^"]+)"/.exec(html)?.[1] ?? '';
  assert.equal(verify(token).sub, ada.id);
  assert.equal(html.split(token).length, 2);
  assert.ok(html.includes('server="https://chat.example.com"'));
});

test('answers with a token, and pages with a nonce, are not cached', async () => {
  const client = createShopClient();
  await client.signIn(ada);
  for (const [path, method] of [
    ['/account', 'GET'],
    ['/api/chat-token', 'POST'],
    ['/script', 'GET'],
  ] as const) {
    assert.equal((await client.request(path, { method })).headers.get('cache-control'), 'no-store', path);
  }
});

test('a key shorter than 32 bytes is refused when the shop starts', () => {
  assert.throws(() => createShopClient({ secret: 'x'.repeat(31) }), /WIDGET_JWT_HMAC_SECRET needs at least 32 bytes/);
});
