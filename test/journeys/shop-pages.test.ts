import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useWorld } from './support/world.ts';

const pages = ['/', '/script', '/app', '/clinic', '/playground', '/themes', '/drop-in', '/help'];
const widths = [320, 1000, 1280];

describe("the demo's pages", () => {
  const world = useWorld();

  for (const width of widths) {
    it(`at ${width} px fit the window in both directions of writing, under a header of two rows`, async () => {
      const { page } = await world.visit('/');
      await page.setViewportSize({ width, height: 720 });
      for (const path of pages) {
        await page.goto(`${world.shop.url}${path}`);
        for (const direction of ['ltr', 'rtl']) {
          const sideways = await page.evaluate((dir) => {
            document.documentElement.dir = dir;
            return document.documentElement.scrollWidth - innerWidth;
          }, direction);
          assert.equal(sideways, 0, `${path}, ${direction}`);
        }
        const header = await page.locator('.header').boundingBox();
        assert.ok(header !== null && header.height < 130, `${path}: ${header?.height} px`);
      }
    });
  }

  it('are all in the menu, which marks the one that is shown', async () => {
    const { page } = await world.visit('/');
    for (const path of pages) {
      await page.goto(`${world.shop.url}${path}`);
      assert.equal(await page.locator('.menu [aria-current=page]').getAttribute('href'), path);
    }
  });

  it('the chats of all themes in a row begin at one height', async () => {
    const { page } = await world.visit('/themes');
    await page.setViewportSize({ width: 1280, height: 720 });
    const tops = await page
      .locator('.theme-frame')
      .evaluateAll((frames) => frames.slice(0, 3).map((frame) => Math.round(frame.getBoundingClientRect().top)));
    assert.equal(tops.length, 3);
    assert.equal(new Set(tops).size, 1, tops.join(', '));
  });
});
