import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import { chatOn } from './support/chat.ts';
import { eventually } from './support/eventually.ts';
import { startHostSite, type HostPage, type HostRequest, type HostSite } from './support/host-site.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import type { Person, Tab } from './support/person.ts';
import { useWorld } from './support/world.ts';

const requireFile = fileURLToPath(import.meta.resolve('requirejs/require.js'));

/** What a page does before the widget's script, or around it. */
type OddPage = {
  readonly head?: string;
  readonly body?: string;
  readonly doctype?: string;
  readonly type?: string;
  /** Where the widget's script stands. Default: at the end of the body. */
  readonly embed?: (script: string) => string;
};

const inline = (code: string): string => `<script>${code}</script>`;

/** As SES locks them down, so far as pages can: nothing on them can be added, changed or shadowed by assignment. */
const lockdown = inline(
  '[Object, Array, Function, Promise, Error, Map, Set, WeakMap, RegExp, String, Number, Date].forEach(function (type) {' +
    'Object.freeze(type.prototype); Object.freeze(type); });',
);

/** As prototype.js 1.6, MooTools and careless pages leave them. */
const polluted = inline(`
  Array.prototype.extra = function () { return 'extra'; };
  [Array, String, Object].forEach(function (type) { type.prototype.toJSON = function () { return 'broken'; }; });
`);

/** As pages extend all objects: what has no name of ours, and what the options of browsers' own functions are called. */
const extended = inline(`
  Object.prototype.extend = function (source) { for (var name in source) this[name] = source[name]; return this; };
  Object.prototype.each = 'a text';
`);

const pages: Readonly<Record<string, OddPage>> = {
  'that has RequireJS, whose define() libraries answer to': { head: '<script src="/require.js"></script>' },
  'that has module, exports and require, as in a CommonJS shell': {
    head: inline(
      'window.module = { exports: {} }; window.exports = module.exports; window.require = () => { throw 1 };',
    ),
  },
  'whose primordials are frozen': { head: lockdown },
  'whose prototypes are polluted': { head: polluted },
  'whose Object.prototype has enumerable properties': { head: extended },
  'that has wrapped customElements.define': {
    head: inline(`
      const define = customElements.define;
      customElements.define = function (name, type, options) { return define.call(this, name, type, options); };`),
  },
  'that writes the tag with document.write': {
    embed: (script) => inline(`document.write(${JSON.stringify(script).replaceAll('</', '<\\/')})`),
  },
  'without a doctype, in quirks mode': { doctype: '' },
  'with a <base> elsewhere': { head: '<base href="https://elsewhere.example/deep/">' },
  'that has the tag in its head, and a body that comes late': {
    head: '',
    embed: (script) => script.replace('async', ''),
    body: '<p>First</p>'.repeat(2_000),
  },
  'in XHTML': {
    doctype: '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>',
    type: 'application/xhtml+xml',
    embed: (script) => script.replace('async', 'async=""'),
  },
  'that is called window.name = "chat", and has an element with that id': {
    head: inline("window.name = 'chat';"),
    body: '<form id="chat" name="chat"><input name="q"></form>',
  },
  'whose visitors’ markup is called as what scripts ask the document for': {
    body: '<img name="currentScript" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-agent-id="theirs" data-server="http://elsewhere.example" alt="">',
  },
  'that has taken over fetch, JSON and setTimeout with wrappers of its own': {
    head: inline(`
      for (const name of ['fetch', 'setTimeout', 'queueMicrotask', 'requestIdleCallback']) {
        const real = window[name];
        window[name] = function (...args) { return real.apply(window, args); };
      }`),
  },
};

describe('a page', () => {
  const world = useWorld({
    agent: { allowedOrigins: ['http://localhost:*'] },
    otherAgents: [{ id: 'second', name: 'The second' }],
  });
  let site: HostSite;
  before(async () => {
    const library: HostPage = { body: await readFile(requireFile), type: 'text/javascript' };
    const other = (await (await fetch(`${world.chat.url}/widget/chat.js`)).text()).replaceAll('`0.1.0`', '`0.0.9`');
    site = await startHostSite((request) => {
      if (request.path === '/require.js') return library;
      // Another version of the widget, whose files are where those of this one are.
      const importing = other.replaceAll(
        /Reflect\.get\(Document\.prototype,`currentScript`,document\)\?\.src/g,
        JSON.stringify(`${world.chat.url}/widget/chat.js`),
      );
      if (request.path === '/older.js') return { body: importing, type: 'text/javascript' };
      return page(request);
    });
  });
  after(() => site.close());

  const script = (agentId = 'demo', more = '') =>
    `<script async src="${world.chat.url}/widget/chat.js" data-agent-id="${agentId}" ${more}></script>`;

  function page({ path: address }: HostRequest): HostPage | undefined {
    const [, kind = '', rest = ''] = decodeURI(address).split('/');
    if (kind === 'plain') return html({ body: decodeURIComponent(rest) });
    const odd = pages[kind];
    return odd === undefined
      ? undefined
      : html({ ...odd, body: (odd.body ?? '') + (odd.embed ?? String)(script()) }, odd.type);
  }

  function html(
    { head = '', body = '', doctype = '<!doctype html>' }: OddPage,
    type = 'text/html; charset=utf-8',
  ): HostPage {
    const xmlns = type.includes('xml') ? 'xmlns="http://www.w3.org/1999/xhtml"' : '';
    return {
      type,
      body: `${doctype}<html lang="en" ${xmlns}><head><title>Odd</title>${head}</head><body><h1>An odd page</h1>${body}</body></html>`,
    };
  }

  async function visit(address: string): Promise<Tab & { readonly person: Person }> {
    const person = await world.person();
    return { ...(await person.open(site.url + address)), person };
  }

  const visitWith = (body: string) => visit(`/plain/${encodeURIComponent(body)}`);

  for (const kind of Object.keys(pages)) {
    it(`${kind} has a chat that signs in, answers and signs out`, async () => {
      const { page, chat } = await visit(`/${encodeURI(kind)}`);
      await chat.launcher.waitFor();
      await callChat(page, 'identify', world.sign({ sub: 'odd', name: 'Odd' }));
      await waitForIdentity(page, 'verified');
      await chat.openNew();
      assert.match(await chat.ask('How do I return something?'), /return/i);
      await callChat(page, 'logout');
      await waitForIdentity(page, 'anonymous');
      await page.reload();
      await chat.open();
      assert.match(await chat.ask('How do I return something?'), /return/i);
    });
  }

  it('with two widgets for two agents has two chats, each with its visitor; window.chat acts on the first', async () => {
    const { page } = await visitWith(
      `<chat-widget agent-id="demo" mode="inline"></chat-widget><chat-widget agent-id="second" mode="inline"></chat-widget>${script()}`,
    );
    const widgets = page.locator('chat-widget');
    const input = (index: number) => widgets.nth(index).getByRole('textbox', { name: 'Your message' });
    await input(1).waitFor();
    await callChat(page, 'identify', world.sign({ sub: 'ada', name: 'Ada' }));
    await widgets.nth(0).getByText('Signed in as Ada').waitFor();
    const second = world.sign({ sub: 'grace', name: 'Grace' });
    await widgets.nth(1).evaluate((widget, token) => (widget as unknown as Identifying).identify(token), second);
    await widgets.nth(1).getByText('Signed in as Grace').waitFor();
    assert.equal(await widgets.nth(0).getByText('Grace').count(), 0);
    for (const index of [0, 1]) {
      await input(index).fill(`to agent ${index}`);
      await input(index).press('Enter');
      await widgets.nth(index).locator('[part~=agent-message]').first().waitFor();
      assert.equal(await widgets.nth(index).locator('[part~=user-message]').count(), 1);
    }
    await callChat(page, 'logout');
    assert.equal(await widgets.nth(1).getByText('Signed in as Grace').count(), 1);
    assert.equal(await page.locator('chat-widget').count(), 2);
  });

  it('that has the script twice, or an older version of it as well, has one chat', async () => {
    for (const twice of [
      script() + script(),
      `<script src="/older.js" data-agent-id="demo" data-server="${world.chat.url}"></script>${script()}`,
    ]) {
      const { page, chat } = await visitWith(twice);
      await chat.open();
      await page.waitForLoadState('networkidle').catch(() => undefined);
      assert.equal(await page.locator('chat-widget').count(), 1);
      assert.match(await chat.ask('How do I return something?'), /return/i);
    }
  });

  it('that clones, moves and adopts the element crashes nothing', async () => {
    const { page, chat } = await visitWith(script());
    await chat.open();
    await chat.ask('How do I return something?');
    await page.evaluate(() => {
      const widget = document.querySelector('chat-widget') as HTMLElement;
      const clone = widget.cloneNode(true) as HTMLElement;
      widget.before(clone);
      clone.remove();
      const frame = document.createElement('iframe');
      document.body.append(frame);
      frame.contentDocument?.body.append(widget);
      frame.contentDocument?.body.append(document.createElement('chat-widget'));
      document.body.append(widget);
    });
    await chat.own.getByText('How do I return something?').waitFor();
    await chat.composer.fill('still here');
    assert.match(await chat.ask('What does delivery cost?'), /deliver/i);
  });

  for (const [what, attributes, works] of [
    ['about:srcdoc', '', true],
    ['a sandbox without an origin, which has no storage', 'sandbox="allow-scripts"', false],
  ] as const) {
    it(`in ${what} draws its chat${works ? '' : ', and says what the server does not allow'}`, async () => {
      const srcdoc = `<!doctype html><html lang="en"><body>${script()}</body></html>`.replaceAll('"', '&quot;');
      const { page, person } = await visitWith(
        `<iframe ${attributes} width="600" height="700" srcdoc="${srcdoc}"></iframe>`,
      );
      if (!works) person.expect(/status of 403|CORS policy|net::ERR_FAILED|does not list this page's origin/);
      const frame = await frameOf(page);
      const chat = chatOn(frame as unknown as Page);
      await chat.open();
      if (works) assert.match(await chat.ask('How do I return something?'), /return/i);
      else {
        await chat.say('Hello?');
        await chat.own.getByText('Hello?').waitFor();
        await chat.notices.first().waitFor();
      }
      assert.equal(await page.locator('chat-widget').count(), 0);
    });
  }

  it('is not moved by the chat: no layout shift by loading, opening, closing or a badge', async () => {
    const { page, chat } = await visitWith(`<p>${'A long text of the page. '.repeat(400)}</p>`);
    await page.evaluate(() => {
      const shifts: string[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          // What moves inside of the chat is the chat's own.
          const { sources } = entry as unknown as { sources: readonly { node?: Node | null }[] };
          const own = sources.filter(
            ({ node }) =>
              node?.getRootNode() === document && !(node instanceof HTMLElement && node.localName === 'chat-widget'),
          );
          shifts.push(...own.map(({ node }) => String(node?.nodeName)));
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const measured = () =>
      page.evaluate(() => ({
        shifts: (globalThis as unknown as { shifts: string[] }).shifts,
        height: document.documentElement.scrollHeight,
        width: document.documentElement.scrollWidth,
      }));
    const before = await measured();
    await page.evaluate((src) => {
      const tag = Object.assign(document.createElement('script'), { src });
      tag.dataset['agentId'] = 'demo';
      document.head.append(tag);
    }, `${world.chat.url}/widget/chat.js`);
    await chat.open();
    await chat.ask('How do I return something?');
    await chat.button('Close chat').click();
    await chat.panel.waitFor({ state: 'hidden' });
    await callChat(page, 'send', 'And delivery?');
    await eventually(async () => {
      assert.equal(await page.locator('chat-widget [part=badge]').innerText(), '1');
    });
    // Two frames, so that what was shifted has been told.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.deepEqual(await measured(), { ...before, shifts: [] });
    // The observer sees what shifts: the page's own text does.
    await page.evaluate(() =>
      document.querySelector('h1')?.before(document.createElement('hr'), document.createElement('hr')),
    );
    await eventually(async () => assert.ok((await measured()).shifts.length > 0));
  });
});

type Identifying = { identify(token: string): Promise<unknown> };

async function frameOf(page: Page): Promise<Frame> {
  return eventually(async () => {
    const [, frame] = page.frames();
    if (frame === undefined) throw new Error('no frame');
    await frame.locator('chat-widget').waitFor({ state: 'attached' });
    return frame;
  });
}
