import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Page, type Request } from 'playwright-core';
import { findBrowser } from '../scripts/browser.ts';

/** A phone on a middling mobile connection. On loopback all files would arrive at once, in no order that tells anything. */
const network = { latencyMs: 150, bytesPerSecond: 200_000 };

/** Nothing has arrived for so long: nothing more will. */
const quietMs = 1_500;

/** One response as it came over the wire: bytes of the body, compressed as it was sent. */
export type Transfer = { readonly what: string; readonly bodyBytes: number; readonly headerBytes: number };

export type BrowserBytes = {
  /** Fetched by the page, before anyone came near the widget. */
  readonly closed: readonly Transfer[];
  /** Arrived from then on until the composer could be typed in. */
  readonly opening: readonly Transfer[];
  /** Arrived later, though nobody had typed anything yet. */
  readonly after: readonly Transfer[];
  /** From the call of `chat.open()` to a composer that can be typed in. */
  readonly openMs: number;
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
    await slowDown(page);
    const finished = collectFinished(page, chatUrl);
    await page.goto(`http://localhost:${(host.address() as AddressInfo).port}/`, { waitUntil: 'networkidle' });
    const closed = finished.splice(0);
    const { openMs, readyAt } = await page.evaluate(openChat);
    await untilQuiet(finished);
    const isBefore = (request: Request): boolean => finishedAt(request) <= readyAt;
    return {
      closed: await toTransfers(closed),
      opening: await toTransfers(finished.filter(isBefore)),
      after: await toTransfers(finished.filter((request) => !isBefore(request))),
      openMs,
    };
  } finally {
    await browser.close();
    host.closeAllConnections();
    host.close();
  }
}

async function untilQuiet(finished: readonly Request[]): Promise<void> {
  for (let known = -1; known !== finished.length;) {
    known = finished.length;
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: network.latencyMs,
    downloadThroughput: network.bytesPerSecond,
    uploadThroughput: network.bytesPerSecond,
  });
}

function collectFinished(page: Page, chatUrl: string): Request[] {
  const finished: Request[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().startsWith(chatUrl)) finished.push(request);
  });
  return finished;
}

/** Milliseconds since the epoch, by the browser's clock. */
function finishedAt(request: Request): number {
  const { startTime, responseEnd } = request.timing();
  return startTime + responseEnd;
}

/** Runs in the page. Opens the chat and resolves in the first frame in which its composer can be typed in. */
async function openChat(): Promise<{ openMs: number; readyAt: number }> {
  const { chat } = globalThis as unknown as { chat: { open(): Promise<void> } };
  const findComposer = (root: ParentNode): HTMLTextAreaElement | undefined => {
    const found = root.querySelector('textarea');
    if (found) return found;
    const roots = [...root.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? []);
    return roots.map(findComposer).find((composer) => composer !== undefined);
  };
  const startedAt = performance.now();
  void chat.open();
  for (let composer = findComposer(document); !composer || composer.disabled || composer.readOnly;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    composer = findComposer(document);
  }
  const readyAt = performance.now();
  return { openMs: readyAt - startedAt, readyAt: performance.timeOrigin + readyAt };
}

const toTransfers = (requests: readonly Request[]): Promise<Transfer[]> =>
  Promise.all(
    requests.map(async (request) => {
      const sizes = await request.sizes();
      return {
        what: `${request.method()} ${new URL(request.url()).pathname}`,
        bodyBytes: sizes.responseBodySize,
        headerBytes: sizes.responseHeadersSize,
      };
    }),
  );
