import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitForIdentity } from './support/page-api.ts';
import { everythingOn, type Tab } from './support/person.ts';
import { signInByDialog } from './support/sign-in.ts';
import { ada, useWorld } from './support/world.ts';

describe('tabs that sleep, and pages that come back', () => {
  const world = useWorld();

  /** Signed in, with a secret on the screen. */
  async function visitApp() {
    const tab = await world.visit('/app');
    await tab.page.locator('#sign-in').click();
    await signInByDialog(tab, ada);
    await waitForIdentity(tab.page, 'verified');
    await tab.chat.open();
    await tab.chat.ask('Does my fern-secret need shade?');
    return tab;
  }

  async function logOutIn({ page }: Tab): Promise<void> {
    const loggedOut = page.waitForResponse((response) => response.url().endsWith('/logout'));
    await page.locator('#sign-out').click();
    await loggedOut;
  }

  it('A9 logout in one tab empties the other within a second', async () => {
    const { page, chat, person } = await visitApp();
    const other = await person.open(`${world.shop.url}/app`);
    await waitForIdentity(other.page, 'verified');
    await other.chat.open();
    await other.chat.own.getByText('fern-secret').waitFor();
    await page.bringToFront();
    await page.locator('#sign-out').click();
    const start = Date.now();
    await waitForIdentity(other.page, 'anonymous');
    assert.ok(Date.now() - start < 1000);
    for (const each of [page, other.page]) assert.doesNotMatch(await everythingOn(each), /fern-secret|Signed in as/);
    assert.equal(await chat.own.count(), 0);
  });

  it('A9 a tab that was frozen during the logout is empty when it wakes', async () => {
    const { page, chat, person } = await visitApp();
    const other = await person.open(`${world.shop.url}/app`);
    await waitForIdentity(other.page, 'verified');
    const session = await person.context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await logOutIn(other);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await page.bringToFront();
    await waitForIdentity(page, 'anonymous');
    assert.equal(await chat.own.count(), 0);
    assert.doesNotMatch(await everythingOn(page), /fern-secret|Signed in as/);
  });

  it('A9 a page that Back brings up after the logout shows nothing of before it, in its first frame', async () => {
    const { page, chat, person } = await visitApp();
    const other = await person.open(`${world.shop.url}/app`);
    await waitForIdentity(other.page, 'verified');
    await page.bringToFront();
    // Chromium without a window keeps no page for Back, so that this one is told what it would be told.
    const leave = () => page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await leave();
    assert.equal(await chat.panel.isVisible(), false);
    await logOutIn(other);
    const first = await page.evaluate(async () => {
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      await new Promise((resolve) => void requestAnimationFrame(resolve));
      return document.querySelector('chat-widget')?.shadowRoot?.querySelector('chat-panel')?.shadowRoot?.textContent;
    });
    assert.doesNotMatch(first ?? '', /fern-secret|Signed in as/);
    await chat.greeting.waitFor();
    assert.doesNotMatch(await everythingOn(page), /fern-secret|Signed in as/);
  });
});
