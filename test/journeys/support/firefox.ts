import { existsSync } from 'node:fs';
import path from 'node:path';
import { puppeteerCore } from '@web/test-runner-chrome';

export type FirefoxBrowser = puppeteerCore.Browser;
export type FirefoxPage = puppeteerCore.Page;

const executableNames = ['firefox', 'firefox-esr'];
const macosPath = '/Applications/Firefox.app/Contents/MacOS/firefox';

/** `FIREFOX_PATH`, or one that is installed; undefined where there is none. None is fetched. */
export function findFirefox(): string | undefined {
  const { FIREFOX_PATH: named, PATH: folders = '' } = process.env;
  if (named) return named;
  const installed = folders
    .split(path.delimiter)
    .flatMap((folder) => executableNames.map((name) => path.join(folder, name)));
  return [...installed, macosPath].find((file) => existsSync(file));
}

/** Playwright drives only a Firefox of its own; the one that people have speaks WebDriver BiDi. */
export function launchFirefox(executablePath: string): Promise<FirefoxBrowser> {
  return puppeteerCore.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: { 'ui.prefersReducedMotion': 1, 'intl.accept_languages': 'en' },
  });
}

/** A page of somebody with an empty browser, which notes what the page's policy did not allow and what nobody caught. */
export async function openPage(browser: FirefoxBrowser, url: string): Promise<FirefoxPage> {
  const page = await (await browser.createBrowserContext()).newPage();
  page.setDefaultTimeout(30_000);
  await page.setViewport({ width: 1280, height: 900 });
  await page.evaluateOnNewDocument(() => {
    const complaints: string[] = [];
    Object.assign(globalThis, { complaints });
    addEventListener('error', ({ message }) => complaints.push(message));
    addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)));
    addEventListener('securitypolicyviolation', (event) => {
      complaints.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(url);
  return page;
}

export const complaintsOf = (page: FirefoxPage): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { complaints: string[] }).complaints);

/** In the light or in any shadow root, once it can be seen. */
export async function find(page: FirefoxPage, selector: string): Promise<puppeteerCore.ElementHandle<HTMLElement>> {
  const found = await page.waitForSelector(`>>> ${selector}`, { visible: true });
  if (found === null) throw new Error(`There is no ${selector}`);
  return found as puppeteerCore.ElementHandle<HTMLElement>;
}

export const count = async (page: FirefoxPage, selector: string): Promise<number> =>
  (await page.$$(`>>> ${selector}`)).length;

export async function click(page: FirefoxPage, selector: string): Promise<void> {
  await (await find(page, selector)).click();
}

export async function fill(page: FirefoxPage, selector: string, text: string): Promise<void> {
  await (await find(page, selector)).type(text);
}
