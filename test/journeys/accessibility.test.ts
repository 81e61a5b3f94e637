import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { scenes, type Look } from '../panel/gallery/scenes.ts';
import { allAxeViolations } from './support/axe.ts';
import { show, useGallery } from './support/gallery.ts';
import { hiddenControls, obscuredFocus, overflowing, smallTargets, spreadText } from './support/measures.ts';

const desktop = { viewport: { width: 1280, height: 1024 } };

const looks: readonly { readonly name: string; readonly look: Look; readonly window: BrowserContextOptions }[] = [
  { name: 'light', look: {}, window: desktop },
  { name: 'dark', look: {}, window: { ...desktop, colorScheme: 'dark' } },
  { name: 'forced colours', look: {}, window: { ...desktop, forcedColors: 'active' } },
  { name: 'right to left', look: { locale: 'he', dir: 'rtl' }, window: desktop },
];

// What takes time is waiting for frames.
describe('every scene of the panel', { concurrency: 4 }, () => {
  const gallery = useGallery();

  /** What is wrong in any scene, with the scene before it. */
  async function inAllScenes(
    window: BrowserContextOptions,
    look: Look,
    find: (page: Page) => Promise<readonly string[]>,
  ): Promise<string[]> {
    const page = await gallery.open(window);
    const found: string[] = [];
    for (const { name } of scenes) {
      await show(page, name, look);
      found.push(...(await find(page)).map((text) => `${name}: ${text}`));
    }
    await page.context().close();
    return found;
  }

  for (const { name, look, window } of looks) {
    it(`passes all rules of axe: ${name}`, async () => {
      assert.deepEqual(await inAllScenes(window, look, allAxeViolations), []);
    });
  }

  it('has targets of 24 by 24 pixels and more, also where it is compact', async () => {
    for (const density of ['comfortable', 'compact']) {
      const window = { viewport: { width: 500, height: 700 } };
      const found = await inAllScenes(window, {}, async (page) => {
        await page.evaluate(
          (value) => document.body.style.setProperty('--chat-density', value === 'compact' ? '0.7' : '1'),
          density,
        );
        return smallTargets(page);
      });
      assert.deepEqual(found, [], density);
    }
  });

  it('fits 320 by 256 pixels, which is 400 % of 1280 by 1024: nothing is cut off, and no control is out of reach', async () => {
    const window = { viewport: { width: 320, height: 256 } };
    const found = await inAllScenes(window, {}, async (page) => [
      ...(await overflowing(page)),
      ...(await hiddenControls(page)),
    ]);
    assert.deepEqual(found, []);
  });

  it('keeps its text where the visitor spreads it (WCAG 1.4.12)', async () => {
    const found = await inAllScenes({ viewport: { width: 400, height: 640 } }, {}, async (page) => {
      await spreadText(page);
      return [...(await overflowing(page)), ...(await hiddenControls(page))];
    });
    assert.deepEqual(found, []);
  });

  it('shows where the focus is, and hides it behind nothing, at each stop of the Tab key', async () => {
    const found = await inAllScenes({ viewport: { width: 500, height: 700 } }, {}, obscuredFocus);
    assert.deepEqual(found, []);
  });

  it('moves nothing where the visitor’s system asks for less motion, and little elsewhere', async () => {
    const moving = (page: Page): Promise<string[]> =>
      page.evaluate(() => {
        const roots = [...document.querySelectorAll('chat-panel')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
        const animations = roots.flatMap((root) => root.getAnimations());
        return animations.map((animation) => (animation as CSSAnimation).animationName);
      });
    const window = { viewport: { width: 500, height: 700 } };
    assert.deepEqual(await inAllScenes(window, {}, moving), []);
    const found = await inAllScenes({ ...window, reducedMotion: 'no-preference' }, {}, moving);
    for (const text of ['loading: breathe', 'waiting: breathe', 'tools: turn']) assert.ok(found.includes(text), text);
  });

  it('shows each of its notices, also to those who point at nothing', async () => {
    const invisible = (page: Page): Promise<string[]> =>
      page
        .locator('chat-panel [part=notice]')
        .evaluateAll((notices) =>
          notices.filter((one) => !one.checkVisibility({ opacityProperty: true })).map((one) => one.textContent.trim()),
        );
    assert.deepEqual(await inAllScenes({ viewport: { width: 500, height: 700 } }, {}, invisible), []);
  });
});
