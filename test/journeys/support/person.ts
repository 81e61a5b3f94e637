import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { chatOn, type Chat } from './chat.ts';

const patienceMs = 30_000;
/** High enough for an open chat not to cover the shop's header. */
const viewport = { width: 1360, height: 960 };

export type Tab = { readonly page: Page; readonly chat: Chat };

export type SeenRequest = {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Somebody with a browser of their own: nothing is shared with other people's. */
export type Person = {
  readonly context: BrowserContext;
  /** Opens an address in a new tab. */
  open(url: string): Promise<Tab>;
  /** A new tab with nothing in it, for those who want to prepare it. */
  newTab(): Promise<Tab>;
  /** Requests of all tabs whose address holds `part`, oldest first. */
  requests(part: string): readonly SeenRequest[];
  /** Tells of something that goes wrong in this journey on purpose, such as an answer that the console notes. */
  expect(problem: RegExp): void;
  /** Fails for whatever else went wrong, and for a token where none may be. Closes the browser. */
  leave(): Promise<void>;
};

export async function createPerson(browser: Browser, colorScheme?: 'light' | 'dark'): Promise<Person> {
  const context = await browser.newContext({ viewport, colorScheme: colorScheme ?? 'light', reducedMotion: 'reduce' });
  context.setDefaultTimeout(patienceMs);
  const problems: string[] = [];
  const expected: RegExp[] = [];
  const seen: SeenRequest[] = [];
  context.on('request', (request) => seen.push(readRequest(request)));
  context.on('weberror', (error) => problems.push(`uncaught: ${error.error().stack ?? String(error.error())}`));
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  const newTab = async (): Promise<Tab> => {
    const page = await context.newPage();
    return { page, chat: chatOn(page) };
  };
  return {
    context,
    newTab,
    async open(url) {
      const tab = await newTab();
      await tab.page.goto(url);
      return tab;
    },
    requests: (part) => seen.filter(({ url }) => url.includes(part)),
    expect: (problem) => void expected.push(problem),
    async leave() {
      const unexpected = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
      const stored = await Promise.all(context.pages().map(storageOf));
      await context.close();
      assert.deepEqual(unexpected, [], 'what the browser complained about');
      for (const { url } of seen) assert.doesNotMatch(url, tokenPattern, 'a token in an address');
      for (const text of stored) assert.doesNotMatch(text, tokenPattern, 'a token in storage');
    },
  };
}

/** How every JWT begins: `{"` in base64url. */
export const tokenPattern = /eyJ[\w-]{8}/;

function readRequest(request: Request): SeenRequest {
  const url = request.url();
  return {
    method: request.method(),
    url,
    path: new URL(url).pathname,
    headers: request.headers(),
    body: request.postData() ?? '',
  };
}

async function storageOf(page: Page): Promise<string> {
  return page.url() === 'about:blank' ? '' : (await readPage(page)).storage;
}

/** All that a page holds of anybody: text and attributes in every shadow root, what is typed into fields, and storage. */
export async function everythingOn(page: Page): Promise<string> {
  const { document, storage } = await readPage(page);
  return `${document}\n${storage}`;
}

export type PageContent = {
  /** Text and attributes in every shadow root, and what is typed into fields. */
  readonly document: string;
  /** Both storages and the cookies that scripts can read. */
  readonly storage: string;
  /** Whom `chat.state` tells the page of; undefined where there is no chat yet. */
  readonly identity: { readonly state: string; readonly subject?: string } | undefined;
};

/** All of it at one moment. */
export function readPage(page: Page): Promise<PageContent> {
  return page.evaluate(() => {
    const texts: string[] = [];
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        texts.push(...element.getAttributeNames().map((name) => element.getAttribute(name) ?? ''));
        if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement) texts.push(element.value);
        for (const child of element.childNodes) if (child.nodeType !== 1) texts.push(child.textContent ?? '');
        if (element.shadowRoot !== null) visit(element.shadowRoot);
      }
    };
    visit(document);
    const { chat } = globalThis as { chat?: { state?: { identity: NonNullable<PageContent['identity']> } } };
    return {
      document: texts.join('\n'),
      storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
      identity: chat?.state?.identity,
    };
  });
}
