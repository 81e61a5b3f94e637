import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { scenes, type Look } from '../panel/gallery/scenes.ts';
import { show, useGallery } from './support/gallery.ts';
import { compareImage, isDrawnByAnother, isLikeKept } from './support/images.ts';

const desktop = { viewport: { width: 500, height: 700 } };
const phone = { viewport: { width: 320, height: 568 }, hasTouch: true };

const looks: readonly { readonly name: string; readonly look: Look; readonly window: BrowserContextOptions }[] = [
  { name: 'light', look: {}, window: desktop },
  { name: 'dark', look: {}, window: { ...desktop, colorScheme: 'dark' } },
  { name: 'rtl', look: { locale: 'he', dir: 'rtl' }, window: desktop },
  { name: 'narrow', look: {}, window: phone },
];

// UPDATE_IMAGES=1 node scripts/test.ts journeys visual
// What takes time is waiting for frames.
describe('what the panel looks like is what its kept images show', { concurrency: 4 }, () => {
  const gallery = useGallery();

  for (const { name, look, window } of looks) {
    it(`in all scenes: ${name}`, async (t) => {
      const another = await isDrawnByAnother(gallery.drawnBy);
      if (another !== undefined) return t.skip(another);
      const page = await gallery.open(window);
      const differences: string[] = [];
      for (const scene of scenes) {
        await show(page, scene.name, look);
        const difference = await compareImage(`${scene.name}-${name}`, await page.screenshot());
        if (difference !== undefined) differences.push(difference);
      }
      await page.context().close();
      assert.deepEqual(differences, [], 'if this is meant: UPDATE_IMAGES=1 node scripts/test.ts journeys visual');
    });
  }

  it('is compared closely enough to see a button that has moved by two pixels, or another colour of a line', async (t) => {
    const another = await isDrawnByAnother(gallery.drawnBy);
    if (another !== undefined) return t.skip(another);
    const page = await gallery.open(desktop);
    for (const rule of ['.send { translate: 2px }', '.field { border-color: red }', '.more { translate: 0 2px }']) {
      await show(page, 'conversation');
      assert.ok(await isLikeKept('conversation-light', await page.screenshot()));
      await addRule(page, rule);
      assert.ok(!(await isLikeKept('conversation-light', await page.screenshot())), rule);
    }
    await page.context().close();
  });
});

const addRule = (page: Page, rule: string): Promise<void> =>
  page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.querySelector('chat-panel')?.shadowRoot?.adoptedStyleSheets.push(sheet);
  }, rule);
