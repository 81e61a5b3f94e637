import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSessions } from '../../demo/server/sessions.ts';
import { ada, createShopClient, grace } from './shop-client.ts';

test('the account page sends a visitor to the login and back', async () => {
  const client = createShopClient();
  const away = await client.request('/account');
  assert.equal(away.status, 303);
  assert.equal(away.headers.get('location'), '/login?next=/account');
  const back = await client.signIn(ada);
  assert.equal(back.status, 303);
  assert.equal(back.headers.get('location'), '/account');
  assert.match(await client.page('/account'), /Good to see you, Ada/);
});

test('the session cookie is 32 random bytes that scripts and other sites cannot use', async () => {
  const client = createShopClient();
  const [cookie] = (await client.signIn(ada)).headers.getSetCookie().slice(-1);
  assert.match(cookie ?? '', /^fernhill_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
});

test('a wrong password and an unknown e-mail get the same answer', async () => {
  const client = createShopClient();
  const answers = await Promise.all(
    [
      { email: ada.email, password: grace.password },
      { email: 'nobody@fernhill.shop', password: ada.password },
    ].map(async (json) => {
      const response = await client.request('/api/session', { json });
      return [response.status, await response.text(), response.headers.getSetCookie()];
    }),
  );
  assert.equal(answers[0]?.[0], 401);
  assert.deepEqual(answers[0], answers[1]);
});

test('a failed login keeps the typed e-mail, escaped, and never the password', async () => {
  const client = createShopClient();
  const response = await client.signIn({ email: '"><script>', password: 'my secret' });
  const html = await response.text();
  assert.equal(response.status, 401);
  assert.ok(html.includes('value="&quot;&gt;&lt;script&gt;"'));
  assert.ok(!html.includes('my secret'));
});

test('the e-mail may be typed in capitals', async () => {
  const client = createShopClient();
  const response = await client.request('/api/session', {
    json: { email: ` ${ada.email.toUpperCase()} `, password: ada.password },
  });
  assert.equal(response.status, 200);
});

test('a session id that the browser brought along is not taken over by a login', async () => {
  const client = createShopClient();
  const planted = `fernhill_session=${'A'.repeat(43)}`;
  client.cookie = planted;
  await client.signIn(ada);
  assert.notEqual(client.cookie, planted);
  client.cookie = planted;
  assert.equal((await client.request('/account')).status, 303);
});

test('a login over a running session ends that session', async () => {
  const client = createShopClient();
  await client.signIn(ada);
  const first = client.cookie;
  await client.request('/api/session', { json: { email: grace.email, password: grace.password } });
  assert.match(await client.page('/account'), /Good to see you, Grace/);
  client.cookie = first;
  assert.equal((await client.request('/account')).status, 303);
});

for (const [name, path, method] of [
  ['the logout form', '/logout', 'POST'],
  ['the app', '/api/session', 'DELETE'],
] as const) {
  test(`signing out by ${name} destroys the session on the server, not only the cookie`, async () => {
    const client = createShopClient();
    await client.signIn(ada);
    const copied = client.cookie;
    await client.request(path, { method });
    assert.equal(client.cookie, undefined);
    client.cookie = copied;
    assert.equal((await client.request('/api/chat-token', { method: 'POST' })).status, 401);
  });
}

test('a session ends by itself after eight hours', async () => {
  let now = 1_000_000;
  const client = createShopClient({ now: () => now });
  await client.signIn(ada);
  now += 8 * 60 * 60 * 1000 - 1;
  assert.equal((await client.request('/account')).status, 200);
  now += 1;
  assert.equal((await client.request('/account')).status, 303);
});

test('the oldest session makes room when there are too many', () => {
  const sessions = createSessions({ maxSessions: 2 });
  const ids = ['a', 'b', 'c'].map((user) => sessions.start(user));
  assert.deepEqual(
    ids.map((id) => sessions.userId(id)),
    [undefined, 'b', 'c'],
  );
});

for (const next of ['//evil.example.com', '/\\evil.example.com', 'https://evil.example.com/', 'data:text/html,x', '']) {
  test(`the login never leads away from the shop: ${next || 'nothing'}`, async () => {
    const client = createShopClient();
    const response = await client.request('/login', { form: { email: ada.email, password: ada.password, next } });
    assert.equal(response.headers.get('location'), '/account');
  });
}
