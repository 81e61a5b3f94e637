import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { findBrowser } from '../../../scripts/browser.ts';
import { repositoryFolder } from '../../../scripts/build.ts';
import { findFreePort } from '../../../scripts/start/ports.ts';
import type { Look } from '../../panel/gallery/scenes.ts';

/** So that letters look the same on all machines, as far as a browser can be told. */
const browserArguments = [
  '--no-sandbox',
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--disable-font-subpixel-positioning',
  '--force-color-profile=srgb',
];

/** `test/panel/gallery` in a browser: the panel in every scene, with a scripted client. */
export class Gallery {
  #server: ViteDevServer | undefined;
  #browser: Browser | undefined;
  #folder = '';

  async begin(): Promise<void> {
    this.#folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-gallery-'));
    this.#server = await createServer({
      configFile: false,
      root: repositoryFolder,
      cacheDir: this.#folder,
      logLevel: 'warn',
      appType: 'mpa',
      // What the panel imports are modules already.
      optimizeDeps: { noDiscovery: true },
      server: { port: await findFreePort(), strictPort: true, hmr: false, ws: false, watch: null },
    });
    await this.#server.listen();
    this.#browser = await chromium.launch({ executablePath: await findBrowser(), args: browserArguments });
  }

  async end(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Which browser draws, such as `156`: the number of its major version. */
  get drawnBy(): string {
    return this.#browser?.version().split('.')[0] ?? '';
  }

  /** An empty gallery in a window of its own, where nothing moves. */
  async open(options: BrowserContextOptions): Promise<Page> {
    const browser = this.#browser ?? assert.fail('the gallery has not begun');
    const context = await browser.newContext({
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
      locale: 'en-US',
      ...options,
    });
    const page = await context.newPage();
    const { port } = this.#server?.config.server ?? {};
    await page.goto(`http://localhost:${port}/test/panel/gallery/`);
    await page.waitForFunction(() => 'show' in globalThis);
    return page;
  }
}

/** Hangs a scene, and resolves when it is wholly drawn. */
export function show(page: Page, scene: string, look: Look = {}): Promise<void> {
  return page.evaluate(
    ([name, how]) => (globalThis as unknown as { show(scene: string, look: Look): Promise<void> }).show(name, how),
    [scene, look] as const,
  );
}

/** A gallery for the tests of the `describe` that this is called in. */
export function useGallery(): Gallery {
  const gallery = new Gallery();
  before(() => gallery.begin());
  after(() => gallery.end());
  return gallery;
}
