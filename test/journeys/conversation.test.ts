import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from './support/eventually.ts';
import { photograph } from './support/photograph.ts';
import { ada, useWorld } from './support/world.ts';
import { waitForIdentity } from './support/page-api.ts';
import { signInByDialog } from './support/sign-in.ts';

describe('what visitors do with messages', () => {
  const world = useWorld();

  it('an answer is judged, with a word about it, and both are there on the next visit', async () => {
    const { page, chat } = await world.visit('/script');
    await chat.open();
    await chat.ask('How do I return something?');
    await chat.button('Not helpful').click();
    const comment = page.getByRole('textbox', { name: 'What could be better?' });
    await comment.fill('Shorter, please');
    await photograph(page, 'feedback');
    const commented = page.waitForResponse((response) => response.request().postData()?.includes('Shorter') === true);
    await chat.button('Send feedback').click();
    await page.getByText('Thank you for your feedback.').first().waitFor();
    await commented;
    await page.reload();
    await chat.open();
    await eventually(async () => {
      assert.equal(await chat.button('Not helpful').getAttribute('aria-pressed'), 'true');
      assert.equal(await chat.button('Helpful').getAttribute('aria-pressed'), 'false');
    });
    // What a visitor who leaves in the same moment judged may be lost; this one has seen the server take it.
    const taken = page.waitForResponse('**/feedback');
    await chat.button('Not helpful').click();
    await taken;
    await page.reload();
    await chat.open();
    await eventually(async () => {
      assert.equal(await chat.button('Not helpful').getAttribute('aria-pressed'), 'false');
    });
  });

  it('feedback that the server does not take is not shown, and said to have failed', async () => {
    const { page, chat, person } = await world.visit('/script');
    person.expect(/net::ERR_FAILED/);
    await chat.open();
    await chat.ask('How do I return something?');
    await page.route('**/feedback', (route) => route.abort());
    await chat.button('Helpful').click();
    await page.getByText('We could not reach the chat. Check your connection.').first().waitFor();
    assert.equal(await chat.button('Helpful').getAttribute('aria-pressed'), 'false');
  });

  it('the last message is changed by the keyboard alone, and takes the old one’s place with its answer', async () => {
    const { page, chat } = await world.visit('/script');
    await chat.open();
    await chat.ask('How do I return something?');
    await chat.composer.press('ArrowUp');
    assert.equal(await chat.composer.inputValue(), 'How do I return something?');
    await page.getByText('You are changing your last message.').first().waitFor();
    await photograph(page, 'editing');
    await page.keyboard.press('Escape');
    assert.equal(await chat.composer.inputValue(), '');
    await chat.composer.press('ArrowUp');
    await chat.say('How long does delivery take?');
    await eventually(async () => {
      assert.deepEqual(await words(page), ['How long does delivery take?']);
    });
    await chat.answered(1);
    assert.equal(await chat.replies.count(), 1);
    await page.reload();
    await chat.open();
    await eventually(async () => assert.deepEqual(await words(page), ['How long does delivery take?']));
    assert.equal(await chat.replies.count(), 1);
  });

  it('older answers show their tools when they are pointed at, the newest always', async () => {
    const { page, chat } = await world.visit('/script');
    await chat.open();
    await chat.ask('How do I return something?');
    await chat.ask('How long does delivery take?');
    const opacity = (index: number): Promise<string> =>
      chat.replies
        .nth(index)
        .getByRole('button', { name: 'Copy' })
        .last()
        .evaluate((each) => getComputedStyle(each).opacity);
    await page.mouse.move(2, 2);
    await eventually(async () => assert.deepEqual([await opacity(0), await opacity(1)], ['0', '1']));
    await chat.replies.first().hover();
    await eventually(async () => assert.equal(await opacity(0), '1'));
    await chat.replies.nth(1).getByRole('button', { name: 'Answer again' }).click();
    await chat.answered(2);
    assert.equal(await chat.replies.count(), 2);
  });

  it('a pressed button is told from another one where the system forces its colours', async () => {
    const { page, chat } = await world.visit('/script');
    await chat.open();
    await chat.ask('How do I return something?');
    await chat.button('Helpful').click();
    await page.emulateMedia({ forcedColors: 'active' });
    const border = (name: string): Promise<string> =>
      chat.button(name).evaluate((each) => getComputedStyle(each).borderTopColor);
    await eventually(async () => assert.equal(await chat.button('Helpful').getAttribute('aria-pressed'), 'true'));
    assert.notEqual(await border('Helpful'), await border('Not helpful'));
    await photograph(page, 'forced-colors');
  });

  it('what came while the chat was closed begins with a line', async () => {
    const first = await world.visit('/app');
    await first.page.locator('#sign-in').click();
    await signInByDialog(first, ada);
    await waitForIdentity(first.page, 'verified');
    await first.chat.open();
    await first.chat.ask('How do I return something?');
    await first.chat.button('Close chat').click();
    const second = await first.person.open(`${world.shop.url}/app`);
    await waitForIdentity(second.page, 'verified');
    await second.chat.open();
    await second.chat.replies.first().waitFor();
    await second.chat.ask('How long does delivery take?');
    await first.page.bringToFront();
    await first.chat.launcher.click();
    await first.page.getByRole('heading', { name: 'New messages' }).waitFor();
    assert.match(
      (await first.chat.replies.last().getAttribute('aria-label')) ?? '',
      /^Fernhill help, \d{1,2}:\d\d\s[AP]M$/,
    );
    await photograph(first.page, 'new-messages');
  });
});

/** What the visitor wrote, as it stands there. */
function words(page: Page): Promise<string[]> {
  return page.locator('chat-widget [part~=user-message] [part=bubble]').allInnerTexts();
}
