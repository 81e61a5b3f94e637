import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { callApi, firstAdministrator, operatorPassword } from './support/dashboard.ts';
import { photograph } from './support/photograph.ts';
import { useWorld } from './support/world.ts';

/** What the browser has refused because of the page's policy. */
function refusedBy(page: Page): readonly string[] {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) refused.push(message.text());
  });
  return refused;
}

describe('the people of the dashboard', () => {
  const world = useWorld();

  test('Wo2 an administrator comes by the one-time link, sees what happens, invites somebody, and shuts them out again', async () => {
    const admin = await firstAdministrator(world);
    const { page } = admin;
    const refused = refusedBy(page);
    await page.getByText('Nothing has happened yet').waitFor();
    assert.equal(new URL(page.url()).pathname, '/dashboard/');
    await photograph(page, 'overview-empty');
    await page.getByRole('link', { name: /^Install .+ on your site$/ }).click();
    await page.waitForURL('**/install');

    const visitor = await world.visit('/script');
    await visitor.chat.open();
    await visitor.chat.ask('How long does delivery take?');
    await page.getByRole('link', { name: 'Overview' }).click();
    const messages = page.getByRole('region', { name: 'Messages', exact: true });
    await messages.getByText('1', { exact: true }).first().waitFor();
    await messages.getByText('Show as table').click();
    assert.match(await messages.getByRole('row').nth(1).innerText(), /1$/);
    await photograph(page, 'overview');

    await page.getByRole('link', { name: 'People' }).click();
    await page.getByLabel('Name').fill('Otto Operator');
    await page.getByLabel('E-mail').fill('otto@example.com');
    await page.getByRole('button', { name: 'Create invitation' }).click();
    const link = new URL(await page.locator('.one-time-link').innerText());
    await photograph(page, 'people-invited');

    const guest = await world.person();
    // What their role does not allow, and what their session does not any more.
    guest.expect(/status of 40[13]/);
    const other = await guest.open('about:blank');
    await other.page.goto(new URL(link.pathname + link.hash, page.url()).href);
    await other.page.getByLabel('Password', { exact: true }).fill(operatorPassword);
    await other.page.getByLabel('The same again').fill(operatorPassword);
    await other.page.getByRole('button', { name: 'Go on' }).click();
    await other.page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.ok(!other.page.url().includes(link.hash));
    assert.equal(await other.page.getByRole('link', { name: 'People' }).count(), 0);
    const desk = { page: other.page, open: async () => {} };
    await assert.rejects(callApi(desk, 'operators'), /403/);
    await other.page.goto(new URL('/dashboard/people', page.url()).href);
    await other.page.getByText('Your role does not include this page').waitFor();

    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Manage Alma Admin' }).click();
    await page.getByText('Another administrator can disable or remove your account.').waitFor();
    await photograph(page, 'people-manage');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Manage Otto Operator' }).click();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.locator('cw-confirm-dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled', { exact: true }).waitFor();
    await other.page.getByRole('link', { name: 'Inbox' }).click();
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.deepEqual(refused, []);
  });
});
