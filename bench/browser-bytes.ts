import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Page, type Request } from 'playwright-core';
import { findBrowser } from '../scripts/browser.ts';

/** One response as it came over the wire: bytes of the body, compressed as it was sent. */
export type Transfer = { readonly path: string; readonly bodyBytes: number; readonly headerBytes: number };

export type BrowserBytes = {
  /** Fetched by the page, before anyone came near the widget. */
  readonly closed: readonly Transfer[];
  /** Fetched from then on until the composer took text. */
  readonly opening: readonly Transfer[];
};

/** Loads a host page with the script tag in Chromium, opens the chat, and counts what the chat server sent. */
export async function measureBrowserBytes(chatUrl: string): Promise<BrowserBytes> {
  const host = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><html lang="en"><title>Host</title><h1>A host page</h1>
      <script async src="${chatUrl}/widget/chat.js" data-agent-id="demo"></script></html>`);
  }).listen(0, 'localhost');
  await once(host, 'listening');
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const finished = collectFinished(page, chatUrl);
    await page.goto(`http://localhost:${(host.address() as AddressInfo).port}/`, { waitUntil: 'networkidle' });
    const closed = finished.splice(0);
    await openAndType(page);
    return { closed: await toTransfers(closed), opening: await toTransfers(finished.splice(0)) };
  } finally {
    await browser.close();
    host.closeAllConnections();
    host.close();
  }
}

function collectFinished(page: Page, chatUrl: string): Request[] {
  const finished: Request[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().startsWith(chatUrl)) finished.push(request);
  });
  return finished;
}

async function openAndType(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { chat } = globalThis as unknown as { chat: { open(): Promise<void> } };
    return chat.open();
  });
  await page.locator('chat-widget').getByRole('textbox').fill('Hello');
}

const toTransfers = (requests: readonly Request[]): Promise<Transfer[]> =>
  Promise.all(
    requests.map(async (request) => {
      const sizes = await request.sizes();
      return {
        path: new URL(request.url()).pathname,
        bodyBytes: sizes.responseBodySize,
        headerBytes: sizes.responseHeadersSize,
      };
    }),
  );
