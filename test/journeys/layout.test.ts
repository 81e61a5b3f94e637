import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { eventually } from './support/eventually.ts';
import { waitForIdentity } from './support/page-api.ts';
import type { Person, Tab } from './support/person.ts';
import { photograph } from './support/photograph.ts';
import { signInByDialog, signInByForm } from './support/sign-in.ts';
import { ada, useWorld, type World } from './support/world.ts';

type Visit = Tab & { readonly person: Person };

const pages = [
  { name: 'script', visit: (world: World, dark: boolean) => visit(world, '/script', dark) },
  {
    name: 'account',
    async visit(world: World, dark: boolean): Promise<Visit> {
      const tab = await visit(world, '/account', dark);
      await signInByForm(tab, ada);
      await waitForIdentity(tab.page, 'verified');
      await tab.page.getByText('The chat knows with proof').waitFor();
      return tab;
    },
  },
  {
    name: 'app',
    async visit(world: World, dark: boolean): Promise<Visit> {
      const tab = await visit(world, '/app', dark);
      await tab.page.locator('#sign-in').click();
      await signInByDialog(tab, ada);
      await waitForIdentity(tab.page, 'verified');
      return tab;
    },
  },
];

async function visit(world: World, path: string, dark: boolean): Promise<Visit> {
  const person = await world.person(dark ? 'dark' : 'light');
  return { ...(await person.open(world.shop.url + path)), person };
}

const longAnswer = `Most plants want **bright, indirect light**. A few things help:

1. Turn the pot a little each week.
2. Wipe the leaves: \`dust\` takes light away.
3. Keep \`aVeryLongWordThatNobodyWouldEverBreakByHandBecauseItIsOneWordOfCode\` out of the sun.

| Plant | Light | Water |
| --- | --- | --- |
| Monstera | bright | weekly |
| Snake plant | any | monthly |

More in [the help centre](https://example.com/a/very/long/address/that/goes/on/and/on/and/on/and/on).`;

/** Desktop, the widths around where the panel starts to fill the screen, and a phone on its side. */
const viewports = [
  { width: 1360, height: 900 },
  { width: 481, height: 800 },
  { width: 480, height: 800 },
  { width: 479, height: 800 },
  { width: 320, height: 640 },
  { width: 740, height: 360 },
];

for (const { name, visit: go } of pages) {
  describe(`how the chat stands on the page "${name}"`, () => {
    const world = useWorld({ hasModel: true });

    it('nothing covers anything and nothing sticks out, from a desktop to 320 pixels', async () => {
      const { page, chat } = await go(world, false);
      await photograph(page, `${name}-closed`);
      await chat.openNew();
      await photograph(page, `${name}-open`);
      await chat.say('How much light do my plants need?');
      const answer = await world.model.next();
      answer.say(longAnswer.slice(0, 160));
      await chat.replies.getByText('Turn the pot').waitFor();
      await photograph(page, `${name}-streaming`);
      answer.say(longAnswer.slice(160));
      answer.finish();
      await chat.answered(1);
      for (const viewport of viewports) {
        await page.setViewportSize(viewport);
        // The panel follows the screen's size a moment later.
        await eventually(() => checkGeometry(page, chat.panel, chat.launcher));
        await photograph(page, `${name}-answered-${viewport.width}x${viewport.height}`);
      }
      await page.setViewportSize({ width: 320, height: 640 });
      await chat.button('Close chat').click();
      await chat.panel.waitFor({ state: 'hidden' });
      await photograph(page, `${name}-closed-320x640`);
    });

    for (const dark of [false, true]) {
      it(`can be read and used by everybody, in ${dark ? 'dark' : 'light'} colours, also when things go wrong`, async () => {
        const { page, chat, person } = await go(world, dark);
        person.expect(/status of 429/);
        await chat.openNew();
        await checkAccessibility(page);
        await photograph(page, `${name}-${dark ? 'dark-' : ''}welcome`);
        await chat.say('Say something, then stop.');
        const answer = await world.model.next();
        answer.say('I was going to say: [water](https://example.com/water), ');
        await chat.replies.getByRole('link', { name: 'water' }).waitFor();
        answer.cut();
        await chat.replies.getByText('This answer could not be finished.').waitFor();
        await refuseOnce(page);
        await chat.say('Then say this.');
        await chat.own.getByText('Not sent.').waitFor();
        await chat.notices.getByText(/in a short time\. Try again in \d+ seconds/).waitFor();
        await checkAccessibility(page);
        await checkIcons(page);
        await photograph(page, `${name}-${dark ? 'dark-' : ''}error`);
        await person.context.setOffline(true);
        person.expect(/net::ERR_INTERNET_DISCONNECTED/);
        await chat.say('Am I offline?');
        await chat.notices.getByText('You are offline.').waitFor();
        await photograph(page, `${name}-${dark ? 'dark-' : ''}offline`);
        await page.setViewportSize({ width: 320, height: 640 });
        await photograph(page, `${name}-${dark ? 'dark-' : ''}offline-320x640`);
      });
    }
  });
}

/** The next message gets the answer of a server that has had too many. */
async function refuseOnce(page: Page): Promise<void> {
  const refuse = { status: 429, contentType: 'application/problem+json', body: '{"code":"rate_limited","status":429}' };
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Retry-After',
    'retry-after': '30',
  };
  await page.route('**/demo/chat', (route) => route.fulfill({ ...refuse, headers }), { times: 1 });
}

async function checkGeometry(page: Page, panel: Locator, launcher: Locator): Promise<void> {
  const { width, height, scrollWidth } = await page.evaluate(() => ({
    width: innerWidth,
    height: innerHeight,
    scrollWidth: document.scrollingElement?.scrollWidth ?? 0,
  }));
  const at = `at ${width}x${height}`;
  assert.ok(scrollWidth <= width, `the page scrolls sideways ${at}`);
  const box = (await panel.boundingBox()) ?? assert.fail(`no panel ${at}`);
  assert.ok(box.x >= 0 && box.x + box.width <= width, `the panel sticks out sideways ${at}`);
  assert.ok(box.y >= 0 && box.y + box.height <= height, `the panel sticks out upwards or downwards ${at}`);
  const inside = await panel.evaluate((section) =>
    [section, ...section.querySelectorAll('header, .content, form')]
      .filter((part) => part.scrollWidth > part.clientWidth + 1)
      .map((part) => part.localName + part.className),
  );
  assert.deepEqual(inside, [], `wider than the panel ${at}`);
  const button = await launcher.boundingBox();
  const covers =
    button !== null &&
    button.x < box.x + box.width &&
    button.x + button.width > box.x &&
    button.y < box.y + box.height &&
    button.y + button.height > box.y;
  assert.equal(covers, false, `the launcher covers the panel ${at}`);
}

/** Shapes stand beside each other: one inside another is not drawn. */
async function checkIcons(page: Page): Promise<void> {
  const shapes = page.locator('chat-widget svg').locator('path, circle, rect');
  assert.ok((await shapes.count()) > 5);
  assert.equal(await shapes.locator('> *').count(), 0);
}

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Contrast, names, roles, and what else a program can check, of the page and the chat on it. */
async function checkAccessibility(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.flat().join(' ')}`));
  assert.deepEqual(found, []);
}
