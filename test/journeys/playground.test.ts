import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { describeWidget } from '../../demo/server/describe-widget.ts';
import type { ElementDescription } from '../../scripts/editor-data.ts';
import { allAxeViolations } from './support/axe.ts';
import { eventually } from './support/eventually.ts';
import { waitForIdentity } from './support/page-api.ts';
import { photograph } from './support/photograph.ts';
import { signInByForm } from './support/sign-in.ts';
import { ada, useWorld } from './support/world.ts';

type Members = { readonly members: readonly { readonly kind: string; readonly name: string }[] };

describe('the playground', () => {
  const world = useWorld();
  let element: ElementDescription & Members;
  before(async () => (element = (await describeWidget()) as ElementDescription & Members));

  const names = (list: Locator, attribute: string) =>
    list.evaluateAll((found, name) => found.map((each) => (each as HTMLElement).dataset[name] ?? ''), attribute);
  const sorted = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name).toSorted();
  const code = (page: Page) => page.locator('#code').innerText();
  const openAll = (page: Page) =>
    page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });

  it('has a control for everything that the manifest describes, and for nothing else', async () => {
    const { page } = await world.visit('/playground');
    await page.locator('#tokens [data-name]').first().waitFor({ state: 'attached' });
    const shown = (selector: string, attribute = 'name') => names(page.locator(selector), attribute);
    assert.deepEqual((await shown('#attributes [data-name]')).toSorted(), sorted(element.attributes));
    assert.deepEqual((await shown('#tokens [data-name]')).toSorted(), sorted(element.cssProperties));
    assert.deepEqual((await shown('#parts [data-part]', 'part')).toSorted(), sorted(element.cssParts));
    const ofKind = (kind: string) => sorted(element.members.filter((member) => member.kind === kind));
    assert.deepEqual((await shown('#properties [data-name]')).toSorted(), ofKind('field'));
    assert.deepEqual((await shown('#properties [data-method]', 'method')).toSorted(), ofKind('method'));
  });

  it('each attribute changes the widget and the code, in markup, script tag and JavaScript', async () => {
    const { page, person } = await world.visit('/playground');
    person.expect(/<chat-widget>|Failed to load|status of 4|CORS|net::ERR/);
    const widget = page.locator('chat-widget');
    for (const { name, type } of element.attributes) {
      const field = page.locator(`#attributes [data-name="${name}"]`);
      await field.waitFor();
      const [, value = ''] = /'[^']+' \| '([^']+)'/.exec(type?.text ?? '') ?? [];
      const text = value || (name === 'metadata' ? '{"a":1}' : 'probe');
      if (type?.text === 'boolean') await field.check();
      else if (value !== '') await field.selectOption(value);
      else {
        await field.fill(text);
        await field.press('Tab');
      }
      const has = await widget.getAttribute(name);
      assert.equal(has, type?.text === 'boolean' ? '' : text, name);
      assert.match(await code(page), new RegExp(`\\n  ${name}`), name);
      if (/token$/.test(name)) assert.doesNotMatch(await code(page), /probe/, 'a token is not copied along');
      // Back to nothing, so that the next is alone.
      if (type?.text === 'boolean') await field.uncheck();
      else if (value !== '') await field.selectOption('');
      else {
        await field.fill('');
        await field.press('Tab');
      }
      assert.equal(await widget.getAttribute(name), null, name);
      assert.doesNotMatch(await code(page), new RegExp(`\\n  ${name}`), name);
    }
    await page.locator('#attributes [data-name=theme]').selectOption('dark');
    await page.getByRole('tab', { name: 'Script tag' }).click();
    assert.match(await code(page), /data-theme="dark"/);
    await page.getByRole('tab', { name: 'Script tag' }).press('ArrowRight');
    assert.match(await code(page), /theme: "dark"/);
  });

  for (const width of [320, 1280]) {
    it(`a chat that stands in the page (inline, page) is brought into view at ${width} px`, async () => {
      const { page, chat } = await world.visit('/playground');
      await page.setViewportSize({ width, height: 720 });
      const mode = page.locator('#attributes [data-name=mode]');
      for (const value of ['inline', 'page']) {
        await mode.selectOption(value);
        await eventually(async () => {
          const box = await chat.panel.boundingBox();
          assert.ok(box !== null && box.width > 250 && box.height > 300, JSON.stringify(box));
          assert.ok(box.y > -20 && box.y < 200, `${value}: from ${box.y}`);
        });
        await photograph(page, `playground-${value}-${width}`);
      }
    });
  }

  it('each custom property counts at the widget, and each part is marked while somebody points at it', async () => {
    const { page } = await world.visit('/playground');
    await page.locator('#parts [data-part]').first().waitFor({ state: 'attached' });
    await openAll(page);
    await page.getByRole('tab', { name: 'CSS' }).click();
    for (const { name } of element.cssProperties) {
      const field = page.locator(`#tokens input[type=text][data-name="${name}"]`);
      await field.fill('7px');
      await field.press('Tab');
      const counts = await page
        .locator('chat-widget')
        .evaluate((widget, property) => getComputedStyle(widget).getPropertyValue(property).trim(), name);
      assert.equal(counts, '7px', name);
      assert.ok((await code(page)).includes(`${name}: 7px;`), name);
      await field.fill('');
      await field.press('Tab');
    }
    await page.getByLabel('Pick --chat-accent', { exact: true }).fill('#aa0055');
    assert.match(await code(page), /--chat-accent: #aa0055;/);
    const outline = () =>
      page.locator('chat-widget [part=launcher]').evaluate((launcher) => getComputedStyle(launcher).outlineStyle);
    await page.locator('[data-part=launcher]').hover();
    assert.equal(await outline(), 'dashed');
    await page.locator('[data-part=badge]').focus();
    await page.mouse.move(0, 0);
    await page.locator('[data-part=badge]').blur();
    assert.notEqual(await outline(), 'dashed');
  });

  it('takes the token of the customer who is signed in, and its log shows events without it', async () => {
    const tab = await world.visit('/login?next=/playground');
    const { page, chat } = tab;
    await signInByForm(tab, ada, '/playground');
    await page.locator('#properties [data-name]').first().waitFor({ state: 'attached' });
    await openAll(page);
    await page.locator('[data-name=tokenProvider]').check();
    await waitForIdentity(page, 'verified');
    await page.locator('[data-name=strings]').fill('Ahoy from the playground');
    await page.locator('[data-name=strings]').press('Tab');
    await page.locator('[data-name=suggestions]').fill('One?|Two?');
    await page.locator('[data-name=suggestions]').press('Tab');
    await page.getByRole('tab', { name: 'JavaScript' }).click();
    assert.match(await code(page), /widget\.suggestions = \["One\?","Two\?"\];/);
    await chat.open();
    await chat.panel.getByText('Two?').waitFor();
    await chat.ask('Hello');
    const log = page.locator('#events');
    for (const name of ['chat-opened', 'chat-identity-changed', 'chat-message-sent']) {
      await eventually(async () => assert.match(await log.innerText(), new RegExp(name)));
    }
    assert.doesNotMatch(await log.innerText(), /eyJ/);
    await page.locator('[data-method=close]').click();
    await chat.panel.waitFor({ state: 'hidden' });
    assert.match(await code(page), /widget\.close\(\);/);
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`passes axe with all that it has opened, and the chat, in ${scheme}`, async () => {
      const person = await world.person(scheme);
      const { page, chat } = await person.open(`${world.shop.url}/playground`);
      await page.locator('#tokens [data-name]').first().waitFor({ state: 'attached' });
      assert.deepEqual(await allAxeViolations(page), []);
      await openAll(page);
      await page.locator('#attributes [data-name=density]').selectOption('compact');
      await chat.open();
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        assert.deepEqual(await allAxeViolations(page), [], await tab.innerText());
      }
    });
  }

  it('fits a window of 360 pixels, in both themes', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const person = await world.person(scheme);
      const { page } = await person.open(`${world.shop.url}/playground`);
      await page.locator('#tokens [data-name]').first().waitFor({ state: 'attached' });
      await photograph(page, `playground-${scheme}`);
      await page.setViewportSize({ width: 360, height: 740 });
      await openAll(page);
      // The longest thing that it says.
      await page.locator('output', { hasText: 'unreadCount' }).waitFor();
      const { width, inner } = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        inner: innerWidth,
      }));
      assert.ok(width <= inner, `${width} px are wider than ${inner}`);
      await photograph(page, `playground-360-${scheme}`);
    }
  });
});
