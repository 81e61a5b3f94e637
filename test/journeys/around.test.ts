import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitForIdentity } from './support/page-api.ts';
import { signInByForm } from './support/sign-in.ts';
import { ada, grace, useWorld } from './support/world.ts';

// A picture that any server takes for one: a PNG of one pixel.
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: png });

const chooseFromMenu = async (page: Page, name: string): Promise<void> => {
  const widget = page.locator('chat-widget');
  await widget.getByRole('button', { name: 'More' }).click();
  await widget.getByRole('menuitem', { name }).click();
};

describe('around a conversation', () => {
  const world = useWorld({ takesFiles: true });

  async function visitAccount(user = ada) {
    const tab = await world.visit('/account');
    await signInByForm(tab, user);
    await waitForIdentity(tab.page, 'verified');
    await tab.chat.openNew();
    return tab;
  }

  it('a file goes along with a message, is there after a reload, and nobody else can read it', async () => {
    const { page, chat, person } = await visitAccount();
    await chat.panel.locator('input.pick').setInputFiles(picture('my fern.png'));
    await chat.panel.locator('.upload.attached').waitFor();
    await chat.ask('Is this fern ill?');
    const sent = chat.own.filter({ hasText: 'my fern.png' });
    await sent.waitFor();
    await page.reload();
    await waitForIdentity(page, 'verified');
    await chat.open();
    await sent.waitFor();
    const downloaded = page.waitForEvent('download');
    await sent.getByRole('button', { name: /Show image: my fern.png/ }).click();
    await sent.locator('canvas').waitFor();
    await sent.getByRole('button', { name: /Download: my fern.png/ }).click();
    assert.deepEqual(await readFile(await (await downloaded).path()), png);

    const [read] = person.requests('/attachments/').filter(({ method }) => method === 'GET');
    const url = new URL(read?.url ?? assert.fail('nothing was read'));
    const stranger = await visitAccount(grace);
    const token = await stranger.page.locator('chat-widget').getAttribute('contact-context-token');
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 404);
  });

  it('what the server does not take for what it says it is stays behind, with its reason', async () => {
    const { page, chat, person } = await visitAccount();
    person.expect(/415/);
    // A program for Windows begins like this.
    const fake = {
      name: 'fake.png',
      mimeType: 'image/png',
      buffer: Buffer.from('4d5a90000300000004000000ffff', 'hex'),
    };
    await chat.panel.locator('input.pick').setInputFiles(fake);
    await chat.panel.getByText('Files of this type cannot be sent here.').waitFor();
    await chat.panel.getByRole('button', { name: 'Remove fake.png' }).click();
    await chat.ask('How do I return something?');
    assert.equal(await page.locator('chat-widget').locator('.upload').count(), 0);
  });

  it('by the keyboard alone: a conversation is found, renamed and opened again', async () => {
    const { page, chat } = await visitAccount();
    await chat.ask('Which pots do you recommend?');
    await chooseFromMenu(page, 'New conversation');
    await chat.ask('Do you deliver on Saturdays?');
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(() =>
        document
          .querySelector('chat-widget')
          ?.shadowRoot?.querySelector('chat-panel')
          ?.shadowRoot?.activeElement?.getAttribute('aria-label'),
      );

    // From the composer back to the header: to the menu.
    for (let steps = 0; (await focused()) !== 'More' && steps < 40; steps++) await keyboard.press('Shift+Tab');
    await keyboard.press('ArrowDown');
    await chat.panel.getByRole('menuitem', { name: 'Your conversations' }).waitFor();
    await keyboard.press('y');
    await keyboard.press('Enter');
    await chat.panel.getByRole('button', { name: /^Do you deliver on Saturdays/ }).waitFor();
    for (let steps = 0; (await focused()) !== 'Search your conversations' && steps < 6; steps++) {
      await keyboard.press('Shift+Tab');
    }
    await keyboard.type('POTS recommend');
    await chat.panel.getByText('1 conversation found').waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await keyboard.type('Pots');
    await keyboard.press('Enter');
    await chat.panel.getByRole('button', { name: /^Pots/ }).waitFor();
    await keyboard.press('Shift+Tab');
    await keyboard.press('Enter');
    await chat.own.getByText('Which pots do you recommend?').waitFor();
    await keyboard.type('And for ferns?');
    assert.equal(await chat.composer.inputValue(), 'And for ferns?');

    await page.reload();
    await waitForIdentity(page, 'verified');
    await chat.open();
    await chooseFromMenu(page, 'Your conversations');
    await chat.panel.getByRole('button', { name: /^Pots/ }).waitFor();
  });

  it('what was typed is there after a reload, and gone with a logout', async () => {
    const { page, chat } = await visitAccount();
    await chat.ask('Do you deliver on Saturdays?');
    await chat.composer.fill('a secret about ferns');
    await page.reload();
    await waitForIdentity(page, 'verified');
    await chat.open();
    await page.waitForFunction(
      () =>
        document
          .querySelector('chat-widget')
          ?.shadowRoot?.querySelector('chat-panel')
          ?.shadowRoot?.querySelector('textarea')?.value === 'a secret about ferns',
    );
    await page.evaluate(() => (globalThis as unknown as { chat: { logout(): Promise<void> } }).chat.logout());
    assert.equal(await chat.composer.inputValue(), '');
    assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), /a secret about ferns/);
  });

  it('a transcript is a file of the whole conversation', async () => {
    const { page, chat } = await visitAccount();
    const answer = await chat.ask('Do you deliver on Saturdays?');
    const downloaded = page.waitForEvent('download');
    await chooseFromMenu(page, 'Download this conversation');
    const download = await downloaded;
    assert.match(download.suggestedFilename(), /^Conversation-with-Fernhill-help-\d{4}-\d\d-\d\d\.txt$/);
    const text = await readFile(await download.path(), 'utf8');
    assert.match(text, /^You, .*\n\n {4}Do you deliver on Saturdays\?$/m);
    assert.match(text, /^Fernhill help, /m);
    assert.ok(text.includes(answer.trim().split(/[\n.]/)[0]?.slice(0, 15) ?? ''));
  });
});

describe('an agent that asks for consent and a name first', () => {
  const world = useWorld({
    agent: {
      consent: { version: '1', text: 'What you write is kept for 30 days.', url: 'https://shop.example/privacy' },
      form: {
        intro: 'Who is asking?',
        fields: [
          { name: 'name', required: true },
          { name: 'email', required: false },
        ],
      },
    },
  });

  it('gets both by the keyboard alone, once, and then the message', async () => {
    const { page, chat, person } = await world.visit('/script');
    await chat.launcher.click();
    await chat.button('Agree and continue').waitFor();
    await page.waitForFunction(() =>
      document
        .querySelector('chat-widget')
        ?.shadowRoot?.querySelector('chat-panel')
        ?.shadowRoot?.activeElement?.textContent?.includes('Agree'),
    );
    await page.keyboard.press('Enter');
    await chat.panel.getByRole('textbox', { name: 'Your name' }).waitFor();
    await page.keyboard.press('Enter');
    await chat.panel.getByText('Please fill this in.').filter({ visible: true }).waitFor();
    await page.keyboard.type('Grace');
    await page.keyboard.press('Enter');
    await chat.composer.waitFor();
    await chat.ask('Do you deliver on Saturdays?');
    const [sent] = person.requests('/demo/chat').filter(({ method }) => method === 'POST');
    const { metadata } = JSON.parse(sent?.body ?? '') as { metadata: unknown };
    assert.deepEqual(metadata, { context: { name: 'Grace' }, consent: '1' });

    await page.reload();
    await chat.open();
    await chat.own.getByText('Do you deliver on Saturdays?').waitFor();
    assert.equal(await chat.button('Agree and continue').count(), 0);
  });

  it('lets what the page sent before leave afterwards', async () => {
    const { page, chat, person } = await world.visit('/script');
    // It may be sent before the page knows that it will be refused.
    person.expect(/403/);
    await page.evaluate(() => {
      const { chat: api } = globalThis as unknown as { chat: { send(text: string): Promise<void>; open(): void } };
      void api.send('Do you deliver on Saturdays?');
      api.open();
    });
    await chat.own.getByText('Do you deliver on Saturdays?').waitFor();
    const sent = () => person.requests('/demo/chat').filter(({ method }) => method === 'POST');
    await chat.button('Agree and continue').click();
    await chat.panel.getByRole('textbox', { name: 'Your name' }).fill('Grace');
    const before = sent().length;
    await chat.button('Start the conversation').click();
    await chat.answered(1);
    assert.ok(sent().length > before);
  });
});
