import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { Chat } from './support/chat.ts';
import { eventually } from './support/eventually.ts';
import { useWorld } from './support/world.ts';

type Heard = { readonly heard: unknown[] };
const ferns = { page: 'ferns', key: 7 };

/** Here and not with the element's other tests: a page that steps through its history must not be the page that tests run in. */
describe('Back on a phone whose browser does not say what is to be closed', () => {
  const world = useWorld();

  /** A page of ferns behind another one, which notes the steps that it hears of. */
  async function visit(state: unknown = ferns, size = { width: 390, height: 800 }) {
    const { page, chat, person } = await world.visit('/script');
    await person.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'CloseWatcher'));
    await page.setViewportSize(size);
    await page.reload();
    await page.evaluate((first) => {
      history.replaceState({ page: 'before' }, '');
      history.pushState(first, '');
      const heard: unknown[] = [];
      Object.assign(globalThis, { heard });
      addEventListener('popstate', (event) => heard.push(event.state));
    }, state);
    return { page, chat };
  }

  const stateOf = (page: Page) => page.evaluate(() => history.state as unknown);
  const lengthOf = (page: Page) => page.evaluate(() => history.length);
  const heardBy = (page: Page) => page.evaluate(() => (globalThis as unknown as Heard).heard);
  const hasEntry = async (page: Page) =>
    typeof ((await stateOf(page)) as { chatWidget?: unknown } | null)?.chatWidget === 'string';
  const back = (page: Page) => page.evaluate(() => history.back());

  async function opened() {
    const visited = await visit();
    await visited.chat.open();
    await eventually(async () => assert.ok(await hasEntry(visited.page), 'an entry in the history'));
    return visited;
  }

  async function closed({ panel }: Chat): Promise<void> {
    await panel.waitFor({ state: 'hidden' });
  }

  it('closes the chat, and the page is where it was; Forward opens it again', async () => {
    const { page, chat } = await opened();
    const { chatWidget: _, ...beside } = (await stateOf(page)) as { chatWidget: string };
    assert.deepEqual(beside, ferns);
    const [address, length] = [page.url(), await lengthOf(page)];
    await back(page);
    await closed(chat);
    assert.deepEqual(await stateOf(page), ferns);
    assert.deepEqual(await heardBy(page), [ferns], 'a step to where it is');
    assert.equal(page.url(), address);
    await page.evaluate(() => history.forward());
    await chat.panel.waitFor();
    assert.ok(await hasEntry(page));
    assert.equal(await lengthOf(page), length);
  });

  it('is the page’s own in a narrow window of a computer whose browser does say it', async () => {
    const { page, chat } = await world.visit('/script');
    await page.setViewportSize({ width: 400, height: 800 });
    await page.goto(`${page.url()}?again`);
    const [address, length] = [page.url(), await lengthOf(page)];
    await chat.open();
    assert.equal(await lengthOf(page), length, 'no entry is made');
    await page.goBack();
    assert.notEqual(page.url(), address);
  });

  it('leaves no entry behind when the chat is closed by its button', async () => {
    const { page, chat } = await opened();
    await chat.button('Close chat').first().click();
    await closed(chat);
    await eventually(async () => assert.deepEqual(await stateOf(page), ferns));
  });

  it('leaves the history alone once the page has gone somewhere itself', async () => {
    const { page, chat } = await opened();
    await page.evaluate(() => history.pushState({ page: 'pots' }, '', '#pots'));
    await chat.button('Close chat').first().click();
    await closed(chat);
    assert.deepEqual(await stateOf(page), { page: 'pots' });
    await back(page);
    await eventually(async () => assert.equal((await heardBy(page)).length, 1));
    assert.equal(((await heardBy(page))[0] as typeof ferns).page, 'ferns');
    await back(page);
    await eventually(async () => assert.deepEqual((await heardBy(page))[1], ferns));
  });

  it('lets the page’s own steps through after the chat was closed', async () => {
    const { page, chat } = await opened();
    await back(page);
    await closed(chat);
    await page.evaluate(() => {
      history.pushState({ dialog: true }, '');
      history.back();
    });
    await eventually(async () => assert.equal((await heardBy(page)).length, 2));
    assert.equal(await chat.panel.isVisible(), false);
  });

  it('adds nothing where the chat leaves room for the page', async () => {
    const { page, chat } = await visit(ferns, { width: 800, height: 600 });
    await chat.open();
    // What ties the chat to the page has come by the time that an answer has.
    await chat.ask('How do I return something?');
    assert.deepEqual(await stateOf(page), ferns);
  });

  for (const state of ['ferns', { turbo: { restorationIdentifier: 'r' } }]) {
    it(`adds nothing to ${JSON.stringify(state)}`, async () => {
      const { page, chat } = await visit(state);
      await chat.open();
      await chat.ask('How do I return something?');
      assert.deepEqual(await stateOf(page), state);
    });
  }
});
