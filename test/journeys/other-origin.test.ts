import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from '../../scripts/browser.ts';
import { repositoryFolder } from '../../scripts/build.ts';
import { readManifest } from '../../scripts/sizes.ts';

// The page is on one origin, the widget's files on another, and nothing else answers: this is about loading alone.
const { entries } = await readManifest();
let browser: Browser;
let files: Server;
const asked = new Set<string>();

const listen = (listener: RequestListener): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer(listener).listen(0, 'localhost', () => resolve(server));
  });

const originOf = (server: Server): string => `http://localhost:${(server.address() as AddressInfo).port}`;

describe('a page on another origin than the chat server', () => {
  before(async () => {
    browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
    files = await listen((request, response) => {
      const name = new URL(request.url ?? '', 'http://localhost').pathname.replace('/widget/', '');
      asked.add(name);
      readFile(path.join(repositoryFolder, 'dist', name)).then(
        (bytes) =>
          response
            .setHeader('access-control-allow-origin', '*')
            .setHeader('content-type', 'text/javascript')
            .end(bytes),
        () => response.writeHead(404).end(),
      );
    });
  });

  after(async () => {
    await browser.close();
    files.closeAllConnections();
    files.close();
  });

  for (const [what, policy] of [
    ['without a content security policy', undefined],
    [
      'whose policy allows scripts by nonce only, and no HTML from strings',
      "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src *; base-uri 'none'; " +
        "require-trusted-types-for 'script'; trusted-types chat-widget",
    ],
  ] as const) {
    it(`loads client and panel when the chat is opened, ${what}`, async () => {
      asked.clear();
      const host = await listen((_, response) => {
        if (policy !== undefined) response.setHeader('content-security-policy', policy);
        response.setHeader('content-type', 'text/html').end(
          `<!doctype html><html lang="en"><title>Shop</title>
           <script nonce="abc" async src="${originOf(files)}/widget/chat.js" data-agent-id="demo"></script></html>`,
        );
      });
      const page = await browser.newPage();
      try {
        await page.goto(`${originOf(host)}/a/page/deep/down?x=1`);
        await page.locator('chat-widget').getByRole('button').first().click();
        await page.waitForFunction(() => customElements.get('chat-panel') !== undefined);
        const { dropIn, ...needed } = entries;
        for (const name of Object.values(needed)) assert.ok(asked.has(name), `${name} came from the script's origin`);
        assert.ok(!asked.has(dropIn), 'a page that uses no snippet of another chat does not pay for them');
      } finally {
        await page.close();
        host.closeAllConnections();
        host.close();
      }
    });
  }
});
