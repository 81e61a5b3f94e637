import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from './support/eventually.ts';
import { useWorld } from './support/world.ts';

describe('by keyboard alone', () => {
  const world = useWorld();

  it('a visitor opens the chat, asks, follows a source, closes the chat and is back where they were', async () => {
    const { page, chat, person } = await world.visit('/script');
    await tabTo(page, 'Tab', (focus) => focus.part === 'launcher');
    await page.keyboard.press('Enter');
    await chat.composer.waitFor();
    await waitForFocus(page, (focus) => focus.name === 'textarea');
    await page.keyboard.type('How do I return something?');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('It is a fern.');
    assert.equal(await chat.composer.inputValue(), 'How do I return something?\nIt is a fern.');
    await page.keyboard.press('Enter');
    await chat.answered(1);
    await waitForFocus(page, (focus) => focus.name === 'textarea');

    await tabTo(page, 'Shift+Tab', (focus) => focus.name === 'a');
    const opened = person.context.waitForEvent('page');
    await page.keyboard.press('Enter');
    const article = await opened;
    await article.waitForLoadState();
    assert.match(new URL(article.url()).pathname, /^\/help\//);
    await article.getByRole('heading', { level: 1 }).waitFor();
    await article.close();
    await page.bringToFront();

    await page.keyboard.press('Escape');
    await chat.panel.waitFor({ state: 'hidden' });
    await waitForFocus(page, (focus) => focus.part === 'launcher');
    // And again, with the conversation where it was.
    await page.keyboard.press('Space');
    await chat.replies.first().waitFor();
    await waitForFocus(page, (focus) => focus.name === 'textarea');
  });
});

type Focus = { readonly name: string; readonly part: string | null };

/** What has the focus, in whichever shadow root. */
function readFocus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return { name: element?.localName ?? '', part: element?.getAttribute('part') ?? null };
  });
}

/** No page and no chat has more stops than this. */
const maxStops = 80;

async function tabTo(page: Page, key: string, fits: (focus: Focus) => boolean): Promise<void> {
  for (let stops = 0; stops < maxStops; stops++) {
    await page.keyboard.press(key);
    if (fits(await readFocus(page))) return;
  }
  assert.fail(`${key} does not lead there`);
}

async function waitForFocus(page: Page, fits: (focus: Focus) => boolean): Promise<void> {
  await eventually(async () => {
    const focus = await readFocus(page);
    assert.ok(fits(focus), JSON.stringify(focus));
  });
}
