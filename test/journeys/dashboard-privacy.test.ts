import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { callApi, firstAdministrator } from './support/dashboard.ts';
import { eventually } from './support/eventually.ts';
import { waitForIdentity } from './support/page-api.ts';
import { photograph } from './support/photograph.ts';
import { everythingOn } from './support/person.ts';
import { signInByForm } from './support/sign-in.ts';
import { readStoredBytes } from './support/stored-bytes.ts';
import { ada, useWorld } from './support/world.ts';

type Exported = {
  readonly contact: { readonly claims: { readonly name: string } };
  readonly conversations: readonly { readonly messages: readonly { readonly parts: unknown }[] }[];
  readonly attachments: readonly { readonly filename: string; readonly base64: string }[];
};

describe('the privacy of a contact', () => {
  const world = useWorld({ takesFiles: true });

  test('what a visitor said and sent is handed out, then deleted: from their open page, the files, the search and the log', async () => {
    const visitor = await world.visit('/account');
    await signInByForm(visitor, ada);
    await waitForIdentity(visitor.page, 'verified');
    const { chat } = visitor;
    await chat.open();
    const content = { name: 'canaryfile.txt', mimeType: 'text/plain', buffer: Buffer.from('content of canaryfile') };
    await chat.panel.locator('input.pick').setInputFiles(content);
    await chat.panel.locator('.upload.attached').waitFor();
    await chat.ask('My canarywords are secret');

    const admin = await firstAdministrator(world);
    const { page } = admin;
    await admin.open('/contacts');
    await page.getByRole('link', { name: /Ada Lindqvist/ }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export everything' }).click();
    const exported = JSON.parse(await readFile(await (await saved).path(), 'utf8')) as Exported;
    assert.equal(exported.contact.claims.name, ada.name);
    assert.match(JSON.stringify(exported.conversations[0]?.messages[0]?.parts), /canarywords/);
    assert.equal(Buffer.from(exported.attachments[0]?.base64 ?? '', 'base64').toString(), 'content of canaryfile');
    assert.match(await readStoredBytes(world.dataFolder), /canarywords[^]*canaryfile|canaryfile[^]*canarywords/);

    await page.getByRole('button', { name: 'Delete this contact' }).click();
    await photograph(page, 'privacy-confirm');
    await page.getByLabel(`Type “${ada.id}” to confirm`).fill(ada.id);
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor();

    await chat.own.waitFor({ state: 'detached' });
    await eventually(async () => assert.doesNotMatch(await everythingOn(visitor.page), /canary/));
    assert.doesNotMatch(await readStoredBytes(world.dataFolder), /canary/);
    const { conversations } = await callApi<{ conversations: object[] }>(admin, 'conversations?query=canarywords');
    assert.deepEqual(conversations, []);

    await admin.open('/audit');
    await page.getByText('Alma Admin deleted a contact with 1 conversation').waitFor();
    await photograph(page, 'audit');
    assert.doesNotMatch(await page.locator('main').innerText(), /customer-1001|Ada/);
    assert.match(await chat.ask('How much is shipping?'), /./);
  });
});
