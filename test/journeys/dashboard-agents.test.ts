import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { axeViolations } from './support/axe.ts';
import { firstAdministrator, type Desk } from './support/dashboard.ts';
import { startHostSite, type HostSite } from './support/host-site.ts';
import { ada, useWorld } from './support/world.ts';

describe('an agent that is made in the dashboard', () => {
  const world = useWorld();
  let site: HostSite;
  let snippet = '';

  before(async () => {
    const articles = path.join(path.dirname(world.dataFolder), 'articles');
    await mkdir(articles);
    await writeFile(
      path.join(articles, 'frost.md'),
      '# Frost\n\nCover your plants with fleece before the first frost.\n',
    );
    site = await startHostSite(({ path: address }) => {
      if (address !== '/chat-token') return { body: `<!doctype html><title>A site</title><h1>A site</h1>${snippet}` };
      return { body: JSON.stringify({ token: world.sign({ sub: ada.id }) }), type: 'application/json' };
    });
  });
  after(() => site.close());

  test('shows its greeting before it is saved, gets onto a site by its snippet, and is seen to arrive there', async () => {
    const alma = await firstAdministrator(world);
    const { page } = alma;
    await alma.open('/agents');
    await page.getByRole('button', { name: 'New agent' }).click();
    await page.getByLabel('Name').fill('Garden help');
    await page.getByLabel('Knowledge folder').selectOption('articles');
    await page.getByRole('button', { name: 'Create agent' }).click();
    await page.getByRole('heading', { name: 'Garden help', level: 1 }).waitFor();
    assert.match(page.url(), /\/dashboard\/agents\/garden-help$/);

    const preview = page.frameLocator('iframe').locator('chat-widget');
    await preview.getByText('Hello! How can we help?').waitFor();
    await page.getByLabel('Greeting').fill('What is growing?');
    await preview.getByText('What is growing?').waitFor();
    assert.equal((await greeting()) ?? '', 'Hello! How can we help?');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved. It holds from the next request on.').waitFor();
    assert.equal(await greeting(), 'What is growing?');

    await page.getByRole('link', { name: 'Install' }).click();
    await page.getByText('No site may use this agent yet').waitFor();
    await page.getByText('Waiting for the first request of your site').waitFor();
    snippet = await page.locator('pre').first().innerText();
    const visitor = await world.person();
    visitor.expect(/CORS|403|ERR_FAILED|chat-widget/);
    const tab = await visitor.open(site.url);
    await tab.chat.launcher.click();
    await page.getByText('Requests arrive, and are refused.').waitFor();
    await page.getByText(`${site.url} may not use this agent`).waitFor();

    await allow(alma, site.url);
    await tab.page.reload();
    await tab.chat.open();
    assert.match(await tab.chat.ask('What do I do before the first frost?'), /fleece/);
    await page.getByText('It works. Visitors are anonymous so far.').waitFor();

    await page.getByText('Markup', { exact: true }).click();
    await page.getByLabel('Visitors sign in on my site').check();
    snippet = await page.locator('pre').first().innerText();
    await tab.page.reload();
    await tab.chat.open();
    await page.getByText('It works, and visitors are verified.').waitFor();
    assert.deepEqual(await axeViolations(page), []);
  });

  /** As any visitor would read it. */
  async function greeting(): Promise<string | undefined> {
    const answer = await fetch(`${world.chat.url}/v1/agents/garden-help`);
    return ((await answer.json()) as { greeting?: string }).greeting;
  }

  async function allow({ page }: Desk, origin: string): Promise<void> {
    await page.evaluate(async (allowed) => {
      const address = '/dashboard/api/agents/garden-help';
      const { agent } = (await (await fetch(address)).json()) as { agent: { revision: string } };
      const body = JSON.stringify({ revision: agent.revision, allowedOrigins: [allowed] });
      const headers = { 'content-type': 'application/json', 'x-chat-dashboard': '1' };
      const response = await fetch(address, { method: 'PATCH', headers, body });
      if (!response.ok) throw new Error(await response.text());
    }, origin);
  }
});
