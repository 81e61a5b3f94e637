import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'vite';
import { buildFrameworks, folderOf } from '../../scripts/frameworks.ts';
import { useWorld } from './support/world.ts';

const folder = folderOf('react');

/** React's development build, which alone says what of the server's HTML it did not find. */
async function bundleHydration(): Promise<string> {
  const result = await build({
    configFile: false,
    root: folder,
    logLevel: 'warn',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      minify: false,
      lib: { entry: path.join(folder, 'src/hydrate.tsx'), formats: ['es'], fileName: 'hydrate' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [first] = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  return first?.type === 'chunk' ? first.code : assert.fail('nothing was built');
}

async function renderOnServer(settings: object): Promise<string> {
  const code = `
    import { render } from './dist-ssr/server.js';
    console.log(await render(${JSON.stringify(settings)}));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: folder,
  });
  return stdout.trim();
}

describe('HTML that React 19 has rendered on a server', () => {
  const world = useWorld();
  let script = '';
  let hasNoRegistry = false;
  before(
    async () => {
      const problem = (await buildFrameworks(['react'])).get('react');
      hasNoRegistry = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT/.test(problem?.message ?? '');
      if (problem !== undefined && (!hasNoRegistry || process.env['REQUIRE_FRAMEWORKS'])) throw problem;
      if (hasNoRegistry) return;
      script = await bundleHydration();
    },
    { timeout: 8 * 60_000 },
  );

  /** @param change made to the server's HTML */
  async function visit(change: (html: string) => string = String) {
    const html = change(await renderOnServer({ server: world.chat.url, agentId: 'demo' }));
    const person = await world.person();
    const said: string[] = [];
    person.context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
    });
    await person.context.route('**/hydrated', (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: `<!doctype html><html lang="en"><body><div id="app">${html}</div><script type="module" src="/hydrate.js"></script></body></html>`,
      }),
    );
    await person.context.route('**/hydrate.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    );
    return { ...(await person.open(`${world.shop.url}/hydrated`)), person, said };
  }

  it('is taken over as it is, without a warning; properties and events arrive where the chat is put in after that', async (context) => {
    if (hasNoRegistry) return context.skip('no registry to install React from');
    const { page, chat, said } = await visit();
    await chat.open();
    await chat.ask('How do I return something?');
    assert.equal(await page.locator('#notice').innerText(), '', 'React gives it no listeners as it hydrates');
    assert.equal(await page.locator('chat-widget').count(), 1);
    assert.deepEqual(said, []);
    // As a page does that puts the chat in once it has been mounted.
    await page.getByRole('button', { name: 'Remove the chat' }).click();
    await page.getByRole('button', { name: 'Add the chat' }).click();
    await chat.openNew();
    await chat.button('Which plants are easy?').click();
    await page.locator('#notice', { hasText: 'Sent: ' }).waitFor();
    assert.deepEqual(said, []);
  });

  it('is said to be another where it is', async (context) => {
    if (hasNoRegistry) return context.skip('no registry to install React from');
    const { person, said, page } = await visit((html) => html.replace('nobody', 'somebody'));
    person.expect(/hydrat|recovered/i);
    await page.locator('#user', { hasText: 'nobody' }).waitFor();
    assert.match(said.join(), /hydrat/i);
  });
});
