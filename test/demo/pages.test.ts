import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShopClient } from './shop-client.ts';

test('without parameters the script tag carries nothing but the agent', async () => {
  const html = await createShopClient().page('/script');
  const tag = /<script async[^>]*>/.exec(html)?.[0] ?? '';
  assert.match(tag, /src="https:\/\/chat\.example\.com\/widget\/chat\.js" data-agent-id="demo"/);
  assert.ok(!tag.includes('data-user'));
});

test('the plant clinic has an agent of its own, which asks first', async () => {
  const tag = /<script async[^>]*>/.exec(await createShopClient().page('/clinic'))?.[0] ?? '';
  assert.match(tag, /data-agent-id="fernhill-care"/);
});

test('H1 self-reported name and e-mail stand on the script tag', async () => {
  const html = await createShopClient().page('/script?name=Mia+Berg&email=mia%40example.com');
  assert.match(html, /<script async [^>]*data-user-name="Mia Berg" data-user-email="mia@example.com">/);
});

test('self-reported parameters cannot become markup anywhere on the page', async () => {
  const hostile = `"><img src=x onerror=alert(1)>'</script><script>alert(2)</script>`;
  const html = await createShopClient().page(`/script?${new URLSearchParams({ name: hostile, email: hostile })}`);
  assert.ok(!html.includes('<img src=x'));
  assert.ok(!html.includes('<script>alert'));
  assert.equal(html.match(/<script/g)?.length, 3);
  assert.ok(html.includes('data-user-name="&quot;&gt;&lt;img'));
});

test('empty and blank parameters count as absent, long ones are cut', async () => {
  const client = createShopClient();
  assert.match(await client.page('/script?name=+&email='), /data-state="anonymous"/);
  const name = /data-user-name="(x+)"/.exec(await client.page(`/script?name=${'x'.repeat(500)}`))?.[1];
  assert.equal(name?.length, 80);
});

test('every script of every page carries the nonce of its own answer', async () => {
  const client = createShopClient();
  const nonces = new Set<string>();
  for (const path of ['/', '/script', '/clinic', '/app', '/app/orders', '/login', '/help', '/nowhere']) {
    const response = await client.request(path);
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)' 'strict-dynamic'/.exec(policy)?.[1] ?? assert.fail(`${path}: ${policy}`);
    nonces.add(nonce);
    for (const [tag] of (await response.text()).matchAll(/<script[^>]*>/g))
      assert.ok(tag.includes(`nonce="${nonce}"`), tag);
  }
  assert.equal(nonces.size, 8);
});

test('the policy allows no inline style, no framing, no text as a script, and connections to the shop and the chat server only', async () => {
  const policy = (await createShopClient().request('/app')).headers.get('content-security-policy') ?? '';
  assert.deepEqual(
    new Set(policy.split('; ').slice(2)),
    new Set([
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self' https://chat.example.com",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
    ]),
  );
});

test('pages hold no inline style and no inline handler, which the policy would stop', async () => {
  const client = createShopClient();
  for (const path of ['/', '/script', '/app', '/login', '/help']) {
    assert.doesNotMatch(await client.page(path), /<[^>]+ (style|on\w+)=/, path);
  }
});

test('the app answers at all of its addresses', async () => {
  const client = createShopClient();
  for (const path of ['/app', '/app/orders', '/app/plants/monstera']) {
    assert.match(await client.page(path), /src="\/assets\/app\/main\.js"/, path);
  }
});

test('unknown addresses get a page that says so, unknown calls an error in JSON', async () => {
  const client = createShopClient();
  const page = await client.request('/nowhere');
  assert.equal(page.status, 404);
  assert.match(await page.text(), /Nothing grows here/);
  const call = await client.request('/api/nowhere');
  assert.equal(call.status, 404);
  assert.match(call.headers.get('content-type') ?? '', /json/);
});

test('assets are served with their type and revalidated, and nothing beside them', async () => {
  const client = createShopClient();
  const script = await client.request('/assets/app/main.js');
  assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
  const etag = script.headers.get('etag') ?? '';
  assert.equal((await client.request('/assets/app/main.js', { headers: { 'if-none-match': etag } })).status, 304);
  for (const path of ['/assets/../main.ts', '/assets/..%2Fmain.ts', '/assets/%2e%2e/main.ts', '/assets/']) {
    assert.equal((await client.request(path)).status, 404, path);
  }
});

test('a chat address that is no http URL is refused when the shop starts', () => {
  for (const chatUrl of ['localhost:8787', 'data:text/html,x', '']) {
    assert.throws(() => createShopClient({ chatUrl }), /CHAT_URL must be an http or https address/);
  }
});
