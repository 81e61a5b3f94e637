import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { Person, Tab } from './person.ts';

/** What was there when a page was shown: in the same task, and in its first frame. */
export type FirstSight = { readonly isKept: boolean; readonly texts: readonly string[] };

type WithSights = { readonly sights: FirstSight[] };

/** A site whose pages browsers may keep for Back: nothing on them forbids it, as the shop's `no-store` does. */
export type BackSite = { readonly url: string; close(): void };

/** @param chatUrl where the widget comes from. `/chat…` has one; other pages have nothing. */
export async function startBackSite(chatUrl: string): Promise<BackSite> {
  const widget = `<script async src="${chatUrl}/widget/chat.js" data-agent-id="demo"></script>`;
  const server = createServer(({ url = '' }, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><html lang="en"><title>${url}</title>${url.startsWith('/chat') ? widget : ''}</html>`);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** From now on pages of this person note what is on them as they are shown. */
export async function noteFirstSights({ context }: Person): Promise<void> {
  await context.addInitScript(() => {
    const textOf = (root: Document | ShadowRoot): string =>
      [...root.querySelectorAll('*')].reduce(
        (text, { shadowRoot }) => text + (shadowRoot === null ? '' : textOf(shadowRoot)),
        root.textContent ?? root.documentElement.textContent ?? '',
      );
    const sights: unknown[] = [];
    Object.assign(globalThis, { sights });
    addEventListener('pageshow', ({ persisted }) => {
      const atOnce = textOf(document);
      requestAnimationFrame(() => sights.push({ isKept: persisted, texts: [atOnce, textOf(document)] }));
    });
  });
}

/** Presses Back. Resolves with what was first to be seen. (Playwright's own `goBack` waits for a load that a kept page has not.) */
export async function goBack({ page }: Tab, url: string): Promise<FirstSight> {
  // The page that answers the call may be gone before its answer has come.
  await page.evaluate(() => history.back()).catch(() => undefined);
  return eventually(async () => {
    assert.equal(page.url(), url);
    return (await lastSight(page)) ?? assert.fail('not shown yet');
  });
}

/** The page is left, and until it is shown again nothing is noted. */
export async function leaveFor({ page }: Tab, url: string): Promise<void> {
  await page.evaluate(() => void (globalThis as unknown as WithSights).sights.splice(0));
  await page.goto(url);
}

function lastSight(page: Page): Promise<FirstSight | undefined> {
  return page.evaluate(() => (globalThis as unknown as WithSights).sights.at(-1));
}
