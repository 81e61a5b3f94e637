import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callChat, waitForIdentity } from './support/page-api.ts';
import { eventually } from './support/eventually.ts';
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
    // The shop forbids that its pages are kept, so that this one is told what it would be told. Kept ones: back-button.test.ts
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

  it('A9 a logout whose requests were lost goes out once more as the page is left', async () => {
    const { page, person } = await world.visit('/app');
    person.expect(/Failed to load resource|cannot be reached/);
    const token = world.sign({ sub: 'ada', jti: 'of a page that is left' });
    await callChat(page, 'identify', token);
    let lost = 0;
    await page.route('**/logout', (route) => {
      lost += 1;
      return route.abort();
    });
    await page.evaluate(() => void (globalThis as unknown as { chat(method: string): Promise<void> }).chat('logout'));
    // The tries are further apart each time: after these the next is a second away at least, and the page is gone by then.
    await eventually(() => assert.equal(lost, 3));
    await page.unroute('**/logout');
    await page.goto('about:blank');
    const headers = { authorization: `Bearer ${token}` };
    await eventually(async () => assert.equal((await world.fetch('/conversations', { headers })).status, 401));
  });
});
