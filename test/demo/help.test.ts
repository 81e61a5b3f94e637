import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { chatActions } from '../../demo/chat-actions.ts';
import { formatPrice, ordersAtFirst, plants } from '../../demo/server/catalogue.ts';
import { createKnowledgeAgent } from '../../server/src/agents/index.ts';
import { articles, replyOf, turnOf } from '../../server/test/agents/turns.ts';
import { createShopClient } from './shop-client.ts';

function clientWithArticle(context: TestContext, text: string, name = 'orders/article.md') {
  const articlesFolder = mkdtempSync(join(tmpdir(), 'articles-'));
  context.after(() => rmSync(articlesFolder, { recursive: true }));
  mkdirSync(join(articlesFolder, 'orders'));
  writeFileSync(join(articlesFolder, name), text);
  return createShopClient({ articlesFolder });
}

test('the help centre lists the articles, and every one of them opens', async () => {
  const client = createShopClient();
  const links = [...(await client.page('/help')).matchAll(/<a href="(\/help\/[^"]+)">/g)].map(
    (match) => match[1] ?? '',
  );
  assert.ok(links.length >= 20, `${links.length} articles`);
  assert.equal(new Set(links).size, links.length);
  for (const link of links) assert.equal((await client.request(link)).status, 200, link);
});

test('links from one article of the demo to another lead somewhere', async () => {
  const client = createShopClient();
  const articles = [...(await client.page('/help')).matchAll(/<a href="(\/help\/[^"]+)">/g)].map(
    (match) => match[1] ?? '',
  );
  const targets = new Set<string>();
  for (const article of articles) {
    for (const match of (await client.page(article)).matchAll(/<a href="(\/[^"#]*)/g)) targets.add(match[1] ?? '');
  }
  for (const target of targets) assert.ok((await client.request(target)).status < 400, target);
});

test('an article stands at the address of its front matter, under its title', async (context) => {
  const client = clientWithArticle(
    context,
    '---\ntitle: Slow & steady\nurl: /help/slow\n---\n# Slow & steady\n\nWater **less**.\n',
  );
  const html = await client.page('/help/slow');
  assert.match(html, /<h1>Slow &amp; steady<\/h1>\s*<p>Water <strong>less<\/strong>\.<\/p>/);
  assert.match(await client.page('/help'), /<a href="\/help\/slow">Slow &amp; steady<\/a>/);
});

test('an article without front matter is named by its file and its heading', async (context) => {
  const client = clientWithArticle(context, '# Pots\n\nClay breathes.\n', 'pots.md');
  assert.match(await client.page('/help/pots'), /<h1>Pots<\/h1>/);
});

test('markup in an article is shown as text, and only safe links are links', async (context) => {
  const client = clientWithArticle(
    context,
    'Hello <img src=x onerror=alert(1)> there\n\n<script>alert(2)</script>\n\n[a](javascript:alert(3)) [b](/help "t") ![c](x.png)\n\n<https://example.com/?a&b>\n',
  );
  const article = /<article[^]*<\/article>/.exec(await client.page('/help/article'))?.[0] ?? '';
  assert.ok(article.includes('&lt;img src=x onerror=alert(1)&gt;'));
  assert.ok(article.includes('&lt;script&gt;alert(2)&lt;/script&gt;'));
  assert.ok(!/<(img|script)|javascript:/.test(article));
  assert.ok(article.includes('<a href="/help">b</a>'));
  assert.ok(article.includes('<a href="https://example.com/?a&amp;b">'));
});

test('front matter that is a program is refused, not run', (context) => {
  assert.throws(
    () => clientWithArticle(context, '---js\n{ title: process.exit(7) }\n---\nText\n'),
    /front matter must be YAML/,
  );
});

test('an unknown article is a page that says so', async () => {
  assert.equal((await createShopClient().request('/help/nothing')).status, 404);
});

test('the price list in the help centre has the prices of the shop', async () => {
  const page = await createShopClient().page('/help/prices');
  const rows = [...page.matchAll(/<tr>\s*<td>(.*?)<\/td>\s*<td>(.*?)<\/td>\s*<td>(.*?)<\/td>/g)];
  assert.deepEqual(
    rows.map(([, name, latin, price]) => [name, latin, price]),
    plants.map(({ name, latin, priceCents }) => [name, latin, formatPrice(priceCents)]),
  );
});

for (const { name, priceCents } of plants) {
  test(`the chat says what it costs: ${name}`, async () => {
    const agent = await createKnowledgeAgent({ documents: articles });
    for (const question of [
      `how much does the ${name.toLowerCase()} cost?`,
      `What is the price of a ${name}?`,
      `How much is the ${name}`,
    ]) {
      const { text, urls } = await replyOf(agent, turnOf(question));
      assert.equal(urls[0], '/help/prices', question);
      assert.ok(text.includes(`| ${name} |`) && text.includes(formatPrice(priceCents)), text);
    }
  });
}

test('order numbers have one form: in the shop, in the articles, and in what the chat cancels', async () => {
  const cancelling = chatActions('http://127.0.0.1', 'x'.repeat(32)).find(({ name }) => name === 'cancel_order');
  const { pattern = '' } = Object.values(cancelling?.input?.properties ?? {}).find((one) => 'pattern' in one) ?? {};
  const numbers = Object.values(ordersAtFirst).flatMap((orders) => orders.map(({ number }) => number));
  const client = createShopClient();
  const pages = ['/help/placing-an-order', '/help/contact', '/help/prices'];
  const said = (await Promise.all(pages.map((page) => client.page(page)))).join('');
  const examples = said.match(/\b[A-Z]{1,3}-\d{4,}/g) ?? [];
  assert.ok(examples.length > 0);
  for (const number of [...numbers, ...examples]) assert.match(number, new RegExp(pattern, 'u'));
  assert.deepEqual(new Set(said.match(/starts with <code>.*?<\/code>/g)), new Set(['starts with <code>F-</code>']));
});
