import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ada, createShopClient, origin } from './shop-client.ts';

const credentials = { email: ada.email, password: ada.password };

const refused: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['of another site', { origin: 'https://evil.example.com' }],
  ['of the same host on another port', { origin: `${origin}:8080` }],
  ['of a sandboxed page', { origin: 'null' }],
  ['that is no URL', { origin: 'shop.example.com' }],
  ['that is ours while the browser says otherwise', { origin, 'sec-fetch-site': 'cross-site' }],
];

for (const [name, headers] of refused) {
  test(`a request with an Origin ${name} changes nothing`, async () => {
    const client = createShopClient();
    for (const path of ['/login', '/api/session', '/api/chat-token', '/logout']) {
      const response = await client.request(path, { form: credentials, headers });
      assert.equal(response.status, 403, path);
      assert.equal(response.headers.get('set-cookie'), null, path);
    }
  });
}

test('a request without an Origin changes nothing', async () => {
  const client = createShopClient();
  await client.signIn(ada);
  const response = await client.request('/api/chat-token', { method: 'POST', headers: { origin: '' } });
  assert.equal(response.status, 403);
});

test("behind a proxy that ends TLS the page's https origin is the shop's own", async () => {
  const client = createShopClient();
  const response = await client.request('/login', {
    form: credentials,
    headers: { origin: origin.replace('http:', 'https:'), 'sec-fetch-site': 'same-origin' },
  });
  assert.equal(response.status, 303);
});

test('a body larger than 16 KiB is refused', async () => {
  const client = createShopClient();
  const response = await client.request('/api/session', { json: { email: 'x'.repeat(17 * 1024), password: '' } });
  assert.equal(response.status, 413);
});
