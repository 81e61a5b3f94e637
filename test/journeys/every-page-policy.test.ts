import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { repositoryFolder } from '../../scripts/build.ts';
import { eventually } from './support/eventually.ts';
import { startHostSite, type HostPage, type HostRequest, type HostSite } from './support/host-site.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import type { Person, Tab } from './support/person.ts';
import { ada, useWorld } from './support/world.ts';

type Violations = { readonly violations: readonly string[] };

const answerText = [
  'Here is *how*:\n\n',
  '```js\nconst plant = "fern";\n```\n\n',
  '| plant | light |\n|---|---|\n| fern | shade |\n\n',
  '- [x] water\n- [ ] repot\n\n',
].join('');

/** The whole policy, with what docs/widget.md says that a page has to allow and nothing else. */
function policyFor({ nonce, origin }: HostRequest, chatUrl: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'none'",
    `connect-src ${chatUrl}`,
    // What an answer's pictures may come from; the widget needs none of its own.
    `img-src ${origin}/picture.svg`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types chat-widget',
    'report-uri /report',
  ].join('; ');
}

describe('a page with the strictest policy', () => {
  const world = useWorld({
    hasModel: true,
    hasActions: true,
    takesFiles: true,
    agent: { allowedOrigins: ['http://localhost:*'] },
    otherAgents: [
      { id: 'orders' },
      {
        id: 'asks-first',
        actions: [],
        consent: { version: '1', text: 'We keep what you write.' },
        form: { fields: [{ name: 'name', required: true }] },
      },
    ],
  });
  let site: HostSite;
  before(async () => {
    const picture = await readFile(path.join(repositoryFolder, 'demo/assets/favicon.svg'));
    site = await startHostSite((request) =>
      request.path === '/picture.svg' ? { body: picture, type: 'image/svg+xml' } : page(request),
    );
  });
  after(() => site.close());

  let visits = 0;

  /** `/script/demo` has the script tag, `/module/demo` imports the module. */
  function page(request: HostRequest): HostPage | undefined {
    const [, kind, agentId] = new URL(request.path, site.url).pathname.split('/');
    const { nonce } = request;
    const embed = {
      script: `<script nonce="${nonce}" async src="${world.chat.url}/widget/chat.js" data-agent-id="${agentId}"></script>`,
      module: `<chat-widget agent-id="${agentId}"></chat-widget>
        <script nonce="${nonce}" type="module">import '${world.chat.url}/widget/chat-widget.js';</script>`,
    }[kind ?? ''];
    if (embed === undefined) return undefined;
    return {
      headers: { 'content-security-policy': policyFor(request, world.chat.url) },
      body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict</title><script nonce="${nonce}">
        window.violations = [];
        addEventListener('securitypolicyviolation', (event) => {
          violations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample);
        }, true);
        </script></head><body><h1>A strict shop</h1>${embed}</body></html>`,
    };
  }

  async function visit(address: string): Promise<Tab & { readonly person: Person }> {
    const person = await world.person();
    // Reports come late: each page has an address of its own, so that none is taken for another's.
    const tab = await person.open(`${site.url}${address}?visit=${++visits}`);
    await tab.chat.launcher.waitFor();
    return { ...tab, person };
  }

  /** A violation of our own, made last: once it was reported there is no other that is still to come. */
  async function assertOnlyOurs({ page }: Tab): Promise<void> {
    await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'h1{color:red}';
      document.head.append(style);
    });
    // The page and the site are told of it by different ways.
    const [reports, seen] = await eventually(async () => {
      const own = site.reports.filter((report) => report.includes(`"document-uri":"${page.url()}"`));
      const heard = await page.evaluate(() => (globalThis as unknown as Violations).violations);
      for (const told of [own, heard]) assert.ok(told.some((text) => text.includes('style-src')));
      return [own, heard];
    });
    assert.deepEqual([seen, reports.length], [['style-src-elem inline '], 1], reports.join('\n'));
  }

  /** The model's answer to what was just said. */
  async function answer({ chat }: Tab, text = answerText): Promise<void> {
    const pen = await world.model.next();
    const count = await chat.replies.count();
    // By pieces that end anywhere, as models write.
    for (const piece of text.match(/[^]{1,7}/g) ?? []) pen.say(piece);
    pen.finish();
    await chat.answered(Math.max(count, 1));
  }

  for (const kind of ['script', 'module']) {
    describe(`with the ${kind}`, () => {
      it('chats: code, table and picture in an answer, rated, changed, answered again, with a file', async () => {
        const tab = await visit(`/${kind}/demo`);
        const { page, chat, person } = tab;
        await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        person.expect(/style-src/);
        await chat.open();
        await chat.greeting.waitFor();
        await chat.say('How do I water it?');
        await answer(tab, `${answerText}![a fern](${site.url}/picture.svg)\n`);
        const last = chat.replies.last();
        await last.locator('table').waitFor();
        await last.locator('[part~=code-copy]').click();
        await chat.button('Show image').click();
        await eventually(async () => {
          const width = await last.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth);
          assert.ok(width > 0, 'the picture is shown');
        });

        await chat.button('Not helpful').click();
        await chat.panel.locator('[part=feedback-input]').fill('Too short');
        await chat.button('Send feedback').click();
        await chat.button('Answer again').click();
        await answer(tab);

        await chat.panel.locator('input[type=file]').setInputFiles({
          name: 'leaf.png',
          mimeType: 'image/png',
          buffer: Buffer.from(onePixel, 'base64'),
        });
        await chat.panel.locator('[part~=attachment]').waitFor();
        await chat.say('What is this?');
        await answer(tab);
        await chat.own.last().locator('[part~=file] button').click();
        await chat.own.locator('[part~=file-image]').waitFor();
        await assertOnlyOurs(tab);
      });

      it('goes through menu, list, search, transcript, languages, themes and modes', async () => {
        const tab = await visit(`/${kind}/demo`);
        const { page, chat, person } = tab;
        person.expect(/style-src/);
        await chat.open();
        await chat.say('How do I water it?');
        await answer(tab);
        const menu = async (item: string): Promise<void> => {
          await chat.button('More').click();
          await chat.panel.getByRole('menuitem', { name: item }).click();
        };
        const download = page.waitForEvent('download');
        await menu('Download this conversation');
        assert.match((await download).suggestedFilename(), /\.(txt|md)$/);
        await menu('New conversation');
        await chat.greeting.waitFor();
        await menu('Your conversations');
        await chat.panel.locator('[part~=conversation]').first().waitFor();
        await chat.panel.locator('[part~=search]').fill('water');
        await chat.panel.locator('[part~=conversation]', { hasText: 'water' }).click();
        await chat.own.getByText('How do I water it?').waitFor();
        await callChat(page, 'update', { locale: 'ar', theme: 'dark', density: 'compact', mode: 'inline' });
        await chat.panel.and(page.locator('[dir=rtl]')).waitFor();
        await callChat(page, 'update', { locale: 'en', mode: 'page' });
        await chat.panel.and(page.locator('[dir=ltr]')).waitFor();
        await callChat(page, 'update', { mode: null });
        await chat.button('Close chat').click();
        await chat.panel.waitFor({ state: 'hidden' });
        await assertOnlyOurs(tab);
      });

      it('signs in, approves an action, signs out; asks for consent and a name', async () => {
        const tab = await visit(`/${kind}/orders`);
        const { page, chat, person } = tab;
        person.expect(/style-src/);
        await callChat(page, 'identify', world.sign({ sub: ada.id, name: ada.name, email: ada.email }));
        await waitForIdentity(page, 'verified');
        await chat.open();
        await chat.ask('Please cancel my order F-20431');
        await chat.button('Approve: cancel order').click();
        await chat.answered(2);
        await callChat(page, 'logout');
        await waitForIdentity(page, 'anonymous');
        await assertOnlyOurs(tab);

        const careful = await person.open(`${site.url}/${kind}/asks-first`);
        // What is asked first stands in the place of the composer.
        await careful.chat.launcher.click();
        await careful.chat.panel.locator('[part~=gate]').waitFor();
        await careful.chat.button('Agree and continue').click();
        await careful.chat.panel.getByLabel('Your name').fill('Mia');
        await careful.chat.button('Start the conversation').click();
        await careful.chat.ask('How do I return something?');
        await assertOnlyOurs(careful);
      });
    });
  }
});

/** A PNG of one pixel. */
const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGMwaAgAAAHkAQHnvOaQAAAAAElFTkSuQmCC';
