import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeViolations } from './support/axe.ts';
import { firstAdministrator } from './support/dashboard.ts';
import { eventually } from './support/eventually.ts';
import { useWorld } from './support/world.ts';

describe('what was said, for operators', () => {
  const world = useWorld();

  test('H11 Wo20 a verified and an unknown visitor are found by what they wrote, told apart, opened and exported', async () => {
    const subject = 'user/7 ü';
    const token = world.sign({ sub: subject, name: 'Gerda Green', email: 'gerda@example.com', plan: 'gold' });
    const verified = await write('My parcel 4711 is late', { authorization: `Bearer ${token}` });
    const secret = Buffer.from(`${randomUUID()}${randomUUID()}`).subarray(0, 32).toString('base64url');
    await write('=cmd|calc for parcel 4711', { 'x-chat-session': secret });
    const alma = await firstAdministrator(world);
    const { page } = alma;

    await alma.open('/inbox');
    await page.getByRole('link', { name: /Gerda Green/ }).waitFor();
    // Which of the two answers was finished last is not decided here.
    await eventually(async () => assert.deepEqual(new Set(await badges(page)), new Set(['Anonymous', 'Verified'])));
    await eventually(async () => assert.deepEqual(await axeViolations(page), []));
    await page.getByRole('searchbox').fill('PARCEL 471');
    await page.waitForURL(/query=PARCEL/);
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel('Visitor').selectOption('Verified');
    await page.waitForURL(/verified=true/);
    await page.getByRole('link', { name: /Anonymous/ }).waitFor({ state: 'detached' });
    await eventually(async () => assert.deepEqual(await badges(page), ['Verified']));
    await page.getByText('My parcel 4711 is late').waitFor();
    const filtered = page.url();

    await page.getByLabel('Visitor').selectOption('All visitors');
    await page.getByRole('link', { name: /Anonymous/ }).waitFor();
    await page.getByText('Export', { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'As a table (CSV)' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    assert.match(text, /^\uFEFFconversationId,/);
    assert.ok(text.includes(verified) && text.includes('gerda@example.com'));
    assert.match(text, /,'=cmd\|calc/);

    await page.goto(filtered);
    await page.getByRole('link', { name: /Gerda Green/ }).waitFor();
    await alma.open('/contacts');
    await page.getByRole('link', { name: /Gerda Green/ }).click();
    await page.getByRole('heading', { name: 'Gerda Green', level: 1 }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/dashboard/contacts/demo/${encodeURIComponent(subject)}`);
    await page.getByText('gold').waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await page.getByRole('link', { name: /parcel|Gerda Green/ }).click();
    await page.waitForURL(new RegExp(`/dashboard/conversations/${verified}$`));
    await page.locator('.transcript').getByText('My parcel 4711 is late').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Gerda Green', level: 1 }).waitFor();
  });

  const badges = async (page: Page): Promise<string[]> =>
    (await page.locator('.conversation-row .badge:not(.accent)').allTextContents()).map((text) => text.trim());

  /** What a visitor's widget sends; which conversation it is. */
  async function write(text: string, headers: Readonly<Record<string, string>>): Promise<string> {
    const id = randomUUID();
    const messages = [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }];
    const response = await world.fetch('/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ id, messages, trigger: 'submit-message' }),
    });
    assert.equal(response.status, 200, await response.text());
    return id;
  }
});
