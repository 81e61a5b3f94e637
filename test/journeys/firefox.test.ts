import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { repositoryFolder } from '../../scripts/build.ts';
import type { ChatApi } from '../../src/page/index.ts';
import { startBackSite, type BackSite } from './support/back-site.ts';
import { eventually } from './support/eventually.ts';
import {
  click,
  complaintsOf,
  count,
  fill,
  find,
  findFirefox,
  launchFirefox,
  openPage,
  type FirefoxBrowser,
  type FirefoxPage,
} from './support/firefox.ts';
import { ada, useWorld } from './support/world.ts';

const executablePath = findFirefox();
const screenshots = process.env['SCREENSHOTS'];

const composer = '[part=composer] textarea';
const reply = '[part~=agent-message]';

describe('in Firefox', () => {
  if (executablePath === undefined) {
    it('the chat works', (t) => t.skip('no Firefox is installed, and FIREFOX_PATH names none'));
    return;
  }
  const world = useWorld({ hasModel: true, takesFiles: true, agent: { allowedOrigins: ['http://localhost:*'] } });
  let browser: FirefoxBrowser;
  before(async () => void (browser = await launchFirefox(executablePath)));
  after(() => browser.close());

  const visit = (address: string): Promise<FirefoxPage> => openPage(browser, world.shop.url + address);

  /** An answer that is seen to grow before it is whole. */
  async function ask(page: FirefoxPage, question: string): Promise<void> {
    const number = await count(page, reply);
    await fill(page, composer, question);
    await page.keyboard.press('Enter');
    const answer = await world.model.next();
    answer.say('It needs **shade** and ');
    await eventually(async () => assert.match(await textOf(page, number), /needs shade and/));
    await find(page, '[part=send].busy');
    answer.say('a little water.');
    answer.finish();
    await eventually(async () => assert.match(await textOf(page, number), /needs shade and a little water\./));
    await find(page, '[part=send]:not(.busy)');
  }

  it('who signs in by a dialog asks, reads the answer as it grows, finds it again, and leaves nothing at the sign-out', async () => {
    const page = await visit('/app');
    await click(page, '#sign-in');
    await fill(page, '#sign-in-dialog [type=email]', ada.email);
    await fill(page, '#sign-in-dialog [type=password]', ada.password);
    await click(page, '#sign-in-dialog .form-actions .button');
    await waitForIdentity(page, 'verified');
    await click(page, '[part=launcher]');
    await ask(page, 'What does my fern need?');
    await photograph(page, 'app');

    await page.reload();
    await waitForIdentity(page, 'verified');
    await click(page, '[part=launcher]');
    await eventually(async () => assert.match(await textOf(page, 0), /a little water/));

    await click(page, '#sign-out');
    await waitForIdentity(page, 'anonymous');
    await eventually(async () => assert.equal(await count(page, reply), 0));
    assert.deepEqual(await complaintsOf(page), []);
  });

  it('A9 a logout reaches the server, which knows the token no more', async () => {
    const page = await visit('/script');
    const token = world.sign({ sub: ada.id, name: ada.name, jti: 'firefox' });
    const call = () => world.fetch('/conversations', { headers: { Authorization: `Bearer ${token}` } });
    await callChat(page, 'identify', token);
    assert.equal((await call()).status, 200);
    await callChat(page, 'logout');
    assert.equal((await call()).status, 401);
    assert.deepEqual(await complaintsOf(page), []);
  });

  it('by keyboard alone: opens, writes two lines, sends, closes and is back at the launcher', async () => {
    const page = await visit('/script');
    await find(page, '[part=launcher]');
    for (let stops = 0; (await focusOf(page)) !== 'launcher'; stops++) {
      assert.ok(stops < 80, 'Tab does not lead to the launcher');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await focusOf(page), 'input'));
    await page.keyboard.type('Which soil?');
    await page.keyboard.down('Shift');
    await page.keyboard.press('Enter');
    await page.keyboard.up('Shift');
    await ask(page, 'And which pot?');
    const bubble = await find(page, '[part~=user-message] [part=bubble]');
    assert.equal(await bubble.evaluate((each) => each.innerText), 'Which soil?\nAnd which pot?');
    assert.equal(await focusOf(page), 'input');
    await page.keyboard.press('Escape');
    await eventually(async () => assert.equal(await focusOf(page), 'launcher'));
    assert.deepEqual(await complaintsOf(page), []);
  });

  for (const [name, settings] of Object.entries({
    'right to left': { locale: 'he', theme: 'light' },
    'in the dark': { locale: 'en', theme: 'dark' },
  })) {
    it(`nothing is wider than a window of 320 pixels, ${name}`, async () => {
      const page = await visit('/script');
      await click(page, '[part=launcher]');
      await ask(page, 'What does my fern need?');
      await callChat(page, 'update', settings);
      await find(page, `[part=panel][dir=${settings.locale === 'he' ? 'rtl' : 'ltr'}]`);
      await photograph(page, name);
      await page.setViewport({ width: 320, height: 640 });
      await eventually(async () => assert.deepEqual(await tooWide(page), []));
      await photograph(page, `${name} 320`);
    });
  }

  describe('Back', () => {
    let site: BackSite;
    before(async () => (site = await startBackSite(world.chat.url)));
    after(() => site.close());

    /** Leaves the page, presses Back, and tells whether the browser had kept it. */
    async function goAndReturn(page: FirefoxPage): Promise<boolean> {
      await page.evaluate(() => addEventListener('pageshow', () => Object.assign(globalThis, { isKept: true })));
      await page.goto(`${site.url}/elsewhere`);
      // Puppeteer's own `goBack` waits for a load that a kept page has not.
      // The page that answers the call may be gone before its answer has come.
      await page.evaluate(() => history.back()).catch(() => undefined);
      await find(page, '[part=launcher]');
      return page.evaluate(() => 'isKept' in globalThis);
    }

    it('brings up a page that nobody has chatted on as it was', async () => {
      const page = await openPage(browser, `${site.url}/chat`);
      await find(page, '[part=launcher]');
      assert.equal(await goAndReturn(page), true, 'the widget keeps no page from being kept');
      await click(page, '[part=launcher]');
      await ask(page, 'What does my fern need?');
      assert.deepEqual(await complaintsOf(page), []);
    });

    it('brings up the conversation again, though Firefox keeps no page with a request under way', async () => {
      const page = await openPage(browser, `${site.url}/chat`);
      await click(page, '[part=launcher]');
      await ask(page, 'What does my fern need?');
      await goAndReturn(page);
      await click(page, '[part=launcher]');
      await eventually(async () => assert.match(await textOf(page, 0), /a little water/));
      assert.deepEqual(await complaintsOf(page), []);
    });
  });

  it('a file is attached and goes along with a message', async () => {
    const page = await visit('/script');
    await callChat(page, 'identify', world.sign({ sub: 'robin', name: 'Robin' }));
    await click(page, '[part=launcher]');
    const input = await page.waitForSelector('>>> input.pick');
    const file = path.join(repositoryFolder, 'test/journeys/images/empty-light.png');
    await (input as unknown as { uploadFile(file: string): Promise<void> }).uploadFile(file);
    await find(page, '.upload.attached');
    await photograph(page, 'file');
    await ask(page, 'Is this fern ill?');
    const own = await find(page, '[part~=user-message]');
    assert.match(await own.evaluate((each) => each.innerText), /empty-light\.png/);
    assert.deepEqual(await complaintsOf(page), []);
  });
});

type WithChat = { readonly chat?: ChatApi };

async function callChat(page: FirefoxPage, ...call: readonly [string, ...unknown[]]): Promise<void> {
  await page.waitForFunction(() => (globalThis as WithChat).chat?.state !== undefined);
  await page.evaluate(
    async (method, ...rest) => void (await (globalThis as WithChat).chat?.(method, ...rest)),
    ...call,
  );
}

async function waitForIdentity(page: FirefoxPage, state: string): Promise<void> {
  await page.waitForFunction((wanted) => (globalThis as WithChat).chat?.state?.identity.state === wanted, {}, state);
}

async function textOf(page: FirefoxPage, number: number): Promise<string> {
  const replies = await page.$$(`>>> ${reply}`);
  return (await replies[number]?.evaluate((each) => (each as HTMLElement).innerText)) ?? '';
}

/** What has the focus, in whichever shadow root: its part, or its name. */
function focusOf(page: FirefoxPage): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute('part') ?? element?.localName ?? '';
  });
}

function tooWide(page: FirefoxPage): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('chat-widget')?.shadowRoot?.querySelector('chat-panel')?.shadowRoot;
    return [...(root?.querySelectorAll<HTMLElement>('*') ?? [])].flatMap((element) => {
      if (element.closest('.hidden, pre, .table, svg') !== null || element.getClientRects().length === 0) return [];
      const { left, right } = element.getBoundingClientRect();
      return left < -1 || right > innerWidth + 1 ? [`${element.localName}.${element.className} ${left} ${right}`] : [];
    });
  });
}

async function photograph(page: FirefoxPage, name: string): Promise<void> {
  if (screenshots) await page.screenshot({ path: path.join(screenshots, `firefox ${name}.png`) });
}
