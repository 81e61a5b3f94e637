import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from './support/eventually.ts';
import type { Tab } from './support/person.ts';
import { useWorld } from './support/world.ts';

type Hashes = Readonly<Record<string, string>>;

describe('a page that pins the widget by hash', () => {
  const world = useWorld();

  const readHashes = async (): Promise<Hashes> =>
    (await (await fetch(`${world.chat.url}/widget/integrity.json`)).json()) as Hashes;

  /** The page of the script tag, with an integrity for the script, and one for each of the files that it imports. */
  async function visit(scriptHash: string, chunkHashes: Hashes): Promise<Tab & { readonly hasFailed: () => boolean }> {
    const person = await world.person();
    const tab = await person.newTab();
    const integrity = Object.fromEntries(
      Object.entries(chunkHashes).map(([name, hash]) => [`${world.chat.url}/widget/${name}`, hash]),
    );
    const errors: string[] = [];
    tab.page.on('console', (message) => void errors.push(message.text()));
    person.expect(/integrity|Failed to load|blocked|cannot be reached/i);
    await tab.page.route('**/script', async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      const nonce = /<script nonce="([^"]*)"/.exec(html)?.[1] ?? assert.fail(html);
      const map = `<script type="importmap" nonce="${nonce}">${JSON.stringify({ integrity })}</script>`;
      const pinned = html
        .replace('<script ', `${map}<script `)
        .replace(/<script\s+async\s/, `<script async integrity="${scriptHash}" crossorigin="anonymous" `);
      await route.fulfill({ response, body: pinned });
    });
    await tab.page.goto(`${world.shop.url}/script`);
    assert.equal(await tab.page.locator('script[src$="/chat.js"][integrity]').count(), 1);
    return { ...tab, hasFailed: () => errors.some((text) => /integrity/i.test(text)) };
  }

  it('runs where all hashes are right', async () => {
    const hashes = await readHashes();
    const { chat, hasFailed } = await visit(hashes['chat.js'] ?? assert.fail(), hashes);
    await chat.open();
    await chat.ask('How do I return something?');
    assert.equal(hasFailed(), false);
  });

  it('does not run the script where its hash is wrong', async () => {
    const { ['client.js']: other = assert.fail() } = await readHashes();
    const { page, hasFailed } = await visit(other, {});
    await eventually(() => assert.ok(hasFailed()));
    assert.equal(await page.evaluate(() => customElements.get('chat-widget') === undefined), true);
  });

  it('imports no file whose hash in the import map is wrong, and says that the chat failed', async () => {
    const hashes = await readHashes();
    const panel = Object.keys(hashes).find((name) => name.startsWith('chunks/panel-')) ?? assert.fail();
    const tab = await visit(hashes['chat.js'] ?? assert.fail(), { [panel]: hashes['chat.js'] ?? '' });
    await tab.page.evaluate(() => {
      document.addEventListener('chat-failed', ({ detail }) => Object.assign(globalThis, { failure: detail }));
    });
    await tab.chat.launcher.click();
    const failure = await eventually(async () => {
      const found = await tab.page.evaluate(() => (globalThis as { failure?: { code: string } }).failure);
      return found ?? assert.fail('no failure yet');
    });
    assert.equal(failure.code, 'network');
    assert.ok(tab.hasFailed());
    assert.equal(await tab.chat.composer.count(), 0);
  });
});
