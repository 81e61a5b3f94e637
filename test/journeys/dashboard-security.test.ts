import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { axeViolations } from './support/axe.ts';
import { firstAdministrator } from './support/dashboard.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import { everythingOn } from './support/person.ts';
import { photograph } from './support/photograph.ts';
import { ada, useWorld } from './support/world.ts';

describe('an agent’s keys and policy in the dashboard', () => {
  const world = useWorld();

  test('H2 H3 Wo1 Wo3 Wo15 a key that is made in the page verifies a visitor until it is retired; the debugger says why; a preset closes the chat', async () => {
    const alma = await firstAdministrator(world);
    const { page } = alma;
    await alma.open('/agents/demo/security');
    await page.getByText('WIDGET_JWT_HMAC_SECRET').waitFor();
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByText('It takes the place of “WIDGET_JWT_HMAC_SECRET” at once').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Shop backend');
    await page.getByRole('button', { name: 'Create key' }).click();
    const secret = await page.getByLabel('Secret', { exact: true }).innerText();
    assert.match(secret, /^[0-9a-f]{64}$/);
    await photograph(page, 'dashboard-secret');
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('button', { name: 'Rename Shop backend' }).waitFor();
    assert.ok(!(await everythingOn(page)).includes(secret), 'it is shown once');
    assert.ok((await everythingOn(page)).includes(`••••${secret.slice(-4)}`));

    const tab = await world.visit('/script');
    tab.person.expect(/status of 40[13]|the token was refused|net::ERR/);
    const token = world.sign({ sub: ada.id, name: ada.name }, { secret });
    assert.deepEqual(await callChat(tab.page, 'identify', world.sign({ sub: ada.id })), {
      error: { code: 'invalid_token', reason: 'invalid_signature' },
    });
    await callChat(tab.page, 'identify', token);
    await waitForIdentity(tab.page, 'verified');
    await tab.chat.open();
    await tab.chat.identity.getByText('Signed in as Ada Lindqvist').waitFor();

    const debug = async (pasted: string): Promise<void> => {
      await page.getByLabel('Token', { exact: true }).fill(pasted);
      await page.getByRole('button', { name: 'Debug token' }).click();
    };
    await debug(token);
    await page.getByText('Accepted', { exact: true }).waitFor();
    await page.getByRole('group', { name: 'Claims' }).getByText('"name": "Ada Lindqvist"').waitFor();
    const [header, claims = '', signature] = token.split('.');
    const changed = { ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), sub: 'somebody-else' };
    await debug([header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.'));
    await page.getByText('Refused: Bad signature').waitFor();
    await page.getByText('not known here, or changed afterwards').waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await photograph(page, 'dashboard-security');

    await page.getByRole('button', { name: 'Retire Shop backend' }).click();
    await page.getByRole('button', { name: 'Retire key' }).click();
    await page.getByText('Key retired.').waitFor();
    const answered = tab.page.waitForResponse((response) => response.url().endsWith('/demo/chat'));
    await tab.chat.say('Where is my order?');
    assert.equal((await answered).status(), 401);
    await debug(token);
    await page.getByText('signed with a retired key').waitFor();
    await page.getByRole('button', { name: 'Refresh' }).click();
    const refused = page.getByRole('table', { name: 'Refused tokens by reason' });
    await refused.getByText('invalid_signature').waitFor();
    assert.doesNotMatch(world.chat.log(), new RegExp(secret));

    const other = await world.visit('/app');
    other.person.expect(/status of 403/);
    await page.getByText('Presets').click();
    await page.getByRole('button', { name: 'Use wonderchat' }).click();
    await page.getByText('Visitors who are not signed in lose access at once').waitFor();
    await photograph(page, 'dashboard-policy');
    await page.getByRole('button', { name: 'Change policy' }).last().click();
    await page.getByText('Policy changed').waitFor();
    await page.getByText('Only visitors with a valid token may chat.').waitFor();
    await other.chat.launcher.click();
    await other.chat.panel.getByText('This chat is for signed-in visitors').waitFor();
  });
});
