import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { readAccessibilityTree } from './support/accessibility-tree.ts';
import { eventually } from './support/eventually.ts';
import { useWorld } from './support/world.ts';

const top = ['dialog "Fernhill help"', 'heading "Fernhill help"'];
const tools = ['button "More" hasPopup=menu', 'button "Close chat"', 'status "" live=polite'];
const bottom = ['form ""', 'textbox "Your message"', 'button "Send" disabled', 'status "" live=polite'];

describe('what a screen reader is told, by keyboard alone', () => {
  const world = useWorld({ hasModel: true });

  it('is a dialog with a log, each answer once when it is finished, and the way back', async () => {
    const { page, chat } = await world.visit('/script');
    assert.deepEqual(await readAccessibilityTree(page), ['button "Chat"']);
    await tabTo(page, 'Tab', 'Chat');
    await page.keyboard.press('Enter');
    await chat.greeting.waitFor();
    const welcome = ['log "Conversation"', 'list "Suggested questions"', 'listitem ""', 'button "Where is my order?"'];
    await isTold(page, [
      'button "Chat" expanded',
      ...top,
      ...tools,
      ...welcome,
      'listitem ""',
      'button "How do I return something?"',
      ...bottom,
    ]);
    assert.equal(await focusedName(page), 'Your message');

    const announced = await listen(page);
    await page.keyboard.type('How much light?');
    await page.keyboard.press('Enter');
    const answer = await world.model.next();
    answer.say('Bright, **indirect** ');
    await chat.replies.getByText('indirect').waitFor();
    assert.deepEqual(await announced(), []);
    answer.say('light, says [the guide](https://example.com/light).');
    answer.finish();
    await chat.answered(1);
    await isTold(page, [
      'button "Chat" expanded',
      ...top,
      'button "New conversation"',
      ...tools,
      'log "Conversation"',
      'article "You, 12:00"',
      'button "Edit this message"',
      'article "Fernhill help, 12:00"',
      'link "the guide"',
      'button "Copy answer"',
      'button "Answer again"',
      'button "Helpful"',
      'button "Not helpful"',
      ...bottom,
    ]);
    await eventually(async () => assert.equal((await announced()).length, 1));
    assert.match((await announced())[0] ?? '', /Bright, indirect light, says the guide\./);

    // Backwards through all that there is, in the order in which it stands.
    const stops = [
      'Not helpful',
      'Helpful',
      'Answer again',
      'Copy answer',
      'the guide',
      'Edit this message',
      'Conversation',
    ];
    for (const stop of [...stops, 'Close chat', 'More', 'New conversation']) {
      await page.keyboard.press('Shift+Tab');
      assert.equal(await focusedName(page), stop);
    }
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await focusedName(page), 'New conversation'));
    const menu = (await readAccessibilityTree(page)).filter((line) => line.startsWith('menu'));
    assert.deepEqual(menu, [
      'menu "More"',
      'menuitem "New conversation"',
      'menuitem "Your conversations"',
      'menuitem "Download this conversation"',
      'menuitemcheckbox "Read out answers as they are written For screen readers, sen"',
    ]);
    await page.keyboard.press('Escape');
    await eventually(async () => assert.equal(await focusedName(page), 'More'));
    await page.keyboard.press('Escape');
    await chat.panel.waitFor({ state: 'hidden' });
    await eventually(async () => assert.equal(await focusedName(page), 'Chat'));
    await isTold(page, ['button "Chat"']);
    assert.equal((await announced()).length, 1);
  });
});

const isTold = (page: Page, lines: readonly string[]): Promise<void> =>
  eventually(async () => assert.deepEqual(await readAccessibilityTree(page), lines));

/** The name of what has the focus, in whichever shadow root. */
const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return (element?.ariaLabel ?? element?.textContent ?? '').trim();
  });

async function tabTo(page: Page, key: string, name: string): Promise<void> {
  for (let stops = 0; stops < 80; stops++) {
    await page.keyboard.press(key);
    if ((await focusedName(page)) === name) return;
  }
  assert.fail(`${key} does not lead to ${name}`);
}

/** Notes what is put into the region that is read out. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  const region = page.locator('chat-widget .announcer');
  await region.evaluate((element) => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    const note = (): void => {
      const text = element.textContent.trim();
      if (text !== '') heard.push(text);
    };
    new MutationObserver(note).observe(element, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
}
