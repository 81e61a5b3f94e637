import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { axeViolations } from './support/axe.ts';
import { eventually } from './support/eventually.ts';
import { photograph } from './support/photograph.ts';
import { useWorld } from './support/world.ts';

type LayoutShift = PerformanceEntry & {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
};
type Shift = { readonly value: number; readonly moved: readonly string[] };

describe('how the chat looks on a page', () => {
  const world = useWorld();

  for (const look of ['light', 'dark'] as const) {
    it(`in six themes that can be read, in ${look}`, async () => {
      const person = await world.person(look);
      const { page } = await person.open(`${world.shop.url}/themes?look=${look}`);
      await page.locator('chat-widget [part=suggestion]').nth(11).waitFor();
      const colors = await page
        .locator('chat-widget [part=send]')
        .evaluateAll((buttons) =>
          buttons.map((button) => getComputedStyle(button.parentElement ?? button).borderColor),
        );
      assert.equal(colors.length, 6);
      const surfaces = await page
        .locator('chat-widget [part=avatar]')
        .evaluateAll((marks) => marks.map((mark) => getComputedStyle(mark).backgroundColor));
      assert.equal(new Set(surfaces).size, 6);
      // It is one chat six times, under one name.
      const found = (await axeViolations(page)).filter((text) => !text.startsWith('landmark-unique'));
      assert.deepEqual(found, []);
      await photograph(page, `themes-${look}`);
    });
  }

  it('moves nothing on the page: its layout shift is 0, from loading to an answer', async () => {
    const person = await world.person();
    const { page, chat } = await person.newTab();
    await page.addInitScript(() => {
      const shifts: Shift[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as LayoutShift[]) {
          // What moves within a shadow root has no node for the page to see.
          const moved = entry.sources.flatMap(({ node }) => (node === null ? [] : [node.nodeName]));
          shifts.push({ value: entry.value, moved });
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${world.shop.url}/script`);
    await page.evaluate(() => document.fonts.ready);
    await chat.open();
    await chat.ask('How do I return something?');
    await chat.button('Close chat').click();
    await chat.panel.waitFor({ state: 'hidden' });
    const shifts = await shiftsOn(page);
    assert.deepEqual(
      shifts.flatMap(({ moved }) => moved),
      [],
    );
    // A time that takes the place of "Sending…" within a message moves, too.
    const sum = shifts.reduce((total, { value }) => total + value, 0);
    assert.ok(sum < 0.0001, `the browser counts ${sum}`);
    // The observer sees shifts at all.
    await page.evaluate(() => {
      const box = document.createElement('div');
      box.style.height = '300px';
      document.body.prepend(box);
      return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    await eventually(async () => assert.ok((await shiftsOn(page)).some(({ moved }) => moved.length > 0)));
  });
});

const shiftsOn = (page: Page): Promise<Shift[]> =>
  page.evaluate(() => (globalThis as unknown as { shifts: Shift[] }).shifts);
