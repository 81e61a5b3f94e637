import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { eventually } from './support/eventually.ts';
import { startHostSite, type HostPage, type HostRequest, type HostSite } from './support/host-site.ts';
import { waitForIdentity } from './support/page-api.ts';
import { readPage, type Person, type Tab } from './support/person.ts';
import { useWorld } from './support/world.ts';

type Visit = Tab & { readonly person: Person };

const turboFile = fileURLToPath(import.meta.resolve('@hotwired/turbo/dist/turbo.es2017-umd.js'));

describe('a page that swaps its content without a load', () => {
  const world = useWorld({ agent: { allowedOrigins: ['http://localhost:*'] } });
  let site: HostSite;
  /** Of whom the site's pages are: each says it in its markup, as a page that is loaded does. */
  let token = '';
  before(async () => {
    const turbo = { body: await readFile(turboFile), type: 'text/javascript' };
    site = await startHostSite((request) => (request.path === '/turbo.js' ? turbo : page(request)));
  });
  after(() => site.close());
  beforeEach(() => (token = world.sign({ sub: randomUUID(), name: 'Ada' })));

  const source = () => `async src="${world.chat.url}/widget/chat.js"`;
  const manual = () => `<script ${source()} data-manual></script>`;
  const tagged = () => `<script ${source()} data-agent-id="demo" data-user-token="${token}"></script>`;
  const element = (attributes = '') =>
    `<chat-widget agent-id="demo" contact-context-token="${token}" ${attributes}></chat-widget>`;
  const links = (folder: string) =>
    ['one', 'two', 'three'].map((name) => `<a href="/${folder}/${name}">${name}</a>`).join(' ');

  const turbo = '<script src="/turbo.js"></script>';
  /** What docs/widget.md says for a tag in the head. */
  const recipe = () => `<script ${source()} data-manual></script>
    <script>
      document.addEventListener('turbo:load', () => {
        chat('init', { agentId: 'demo', userToken: document.querySelector('meta[name=chat-token]')?.content });
      });
    </script>`;
  const stub = `<script>
    if (typeof window.chat != 'function') window.chat = function () { (chat.q = chat.q || []).push(arguments) };
    </script>`;

  /** How each kind of site has the chat: in its head, and in its body. */
  const kinds: Readonly<Record<string, () => { readonly head: string; readonly body: string }>> = {
    // The tag in the body is run again by each visit.
    turbo: () => ({ head: turbo, body: tagged() }),
    'turbo-head': () => ({
      head: `${turbo}${stub}${recipe()}<meta name="chat-token" content="${token}">`,
      body: '',
    }),
    'turbo-element': () => ({ head: turbo + manual(), body: element() }),
    'turbo-permanent': () => ({ head: turbo + manual(), body: element('id="chat" data-turbo-permanent') }),
    swaps: () => ({ head: manual(), body: element('data-keep') }),
  };

  function page({ path: address }: HostRequest): HostPage | undefined {
    const [, folder = '', name] = address.split('/');
    const kind = kinds[folder]?.();
    if (kind === undefined) return undefined;
    return {
      body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>${kind.head}</head>
        <body><nav>${links(folder)}</nav><h1>${name}</h1><p>Page ${name} of the shop.</p>${kind.body}</body></html>`,
    };
  }

  async function visit(address: string): Promise<Visit> {
    const person = await world.person();
    const tab = await person.open(site.url + address);
    await tab.chat.launcher.waitFor();
    return { ...tab, person };
  }

  /** Signed in, with a message and a draft. */
  async function begin({ page, chat }: Tab): Promise<void> {
    await waitForIdentity(page, 'verified');
    await chat.open();
    await chat.ask('How do I repot a monstera?');
    await chat.composer.fill('and what of the soil');
  }

  async function goesOn({ page, chat }: Tab): Promise<void> {
    await eventually(async () => assert.equal(await page.locator('chat-widget').count(), 1, 'one chat'));
    await waitForIdentity(page, 'verified');
    if (!(await chat.panel.isVisible())) await chat.open();
    await chat.own.getByText('How do I repot a monstera?').waitFor();
    await eventually(async () => assert.equal(await chat.composer.inputValue(), 'and what of the soil'));
  }

  /** What the server has open: one stream of events for each chat that somebody looks at. */
  const openStreams = async (): Promise<number> => {
    const metrics = await (await fetch(`${world.chat.url}/metrics`)).text();
    return Number(/^chat_open_streams (\d+)/m.exec(metrics)?.[1] ?? assert.fail(metrics));
  };

  const streamsAre = (count: number) => eventually(async () => assert.equal(await openStreams(), count));

  for (const kind of ['turbo', 'turbo-head', 'turbo-element', 'turbo-permanent']) {
    it(`Turbo (${kind}): identity, conversation and draft go along, with one chat and one stream`, async () => {
      const tab = await visit(`/${kind}/one`);
      const { page } = tab;
      await begin(tab);
      await streamsAre(1);
      await page.evaluate(() => Object.assign(globalThis, { mark: 1 }));
      for (const name of ['two', 'three', 'one']) {
        await clickLink(page, name);
        await page.locator('h1', { hasText: name }).waitFor();
        await goesOn(tab);
      }
      await page.evaluate(() => history.back());
      await page.locator('h1', { hasText: 'three' }).waitFor();
      await goesOn(tab);
      assert.equal(await page.evaluate(() => (globalThis as { mark?: number }).mark), 1, 'no page was loaded');
      await streamsAre(1);
      await page.close();
      await streamsAre(0);
    });
  }

  for (const kind of ['turbo', 'turbo-element']) {
    it(`Turbo (${kind}): a page that names nobody shows nothing of the one before`, async () => {
      const tab = await visit(`/${kind}/one`);
      const { page, chat } = tab;
      await begin(tab);
      token = '';
      await clickLink(page, 'two');
      await page.locator('h1', { hasText: 'two' }).waitFor();
      await waitForIdentity(page, 'anonymous');
      await chat.open();
      await chat.greeting.waitFor();
      assert.doesNotMatch((await readPage(page)).document, /monstera|of the soil|Ada/);
    });
  }

  it('a permanent element stays the same through visits, open, with what is being written', async () => {
    const tab = await visit('/turbo-permanent/one');
    const { page, chat } = tab;
    await begin(tab);
    await page.evaluate(() => Object.assign(globalThis, { first: document.querySelector('chat-widget') }));
    await clickLink(page, 'two');
    await page.locator('h1', { hasText: 'two' }).waitFor();
    const isSame = await page.evaluate(
      () => (globalThis as { first?: unknown }).first === document.querySelector('chat-widget'),
    );
    assert.equal(isSame, true);
    await chat.panel.waitFor();
    assert.equal(await chat.composer.inputValue(), 'and what of the soil');
  });

  // As Astro's ClientRouter: another body, into which what is kept is moved; by moveBefore() where the browser has it.
  const swap = (page: Page, options: { readonly keep: boolean; readonly move: 'moveBefore' | 'append' }) =>
    page.evaluate(async ({ keep, move }) => {
      const swapBody = () => {
        const old = document.body;
        const kept = old.querySelector('[data-keep]') as Element;
        const next = document.createElement('body');
        const title = document.createElement('h1');
        title.textContent = 'swapped';
        next.append(title);
        const place = keep ? undefined : next.appendChild(kept.cloneNode(false));
        old.replaceWith(next);
        if (place !== undefined) return;
        const mover = next as unknown as { moveBefore?(node: Node, child: null): void };
        // The element is out of the document by now, as Astro's is: it can only be put in.
        if (move === 'moveBefore' && kept.isConnected) mover.moveBefore?.(kept, null);
        else next.append(kept);
      };
      const { startViewTransition } = document as Partial<Document>;
      if (startViewTransition === undefined) swapBody();
      else {
        // A busy machine draws no transition in time, or the next one skips it: the swap counts, not its animation.
        const { updateCallbackDone, ready, finished } = document.startViewTransition(swapBody);
        await Promise.allSettled([ready, finished]);
        await updateCallbackDone;
      }
    }, options);

  it('view transitions: a kept element goes on, a new one takes over, again and again', async () => {
    const tab = await visit('/swaps/one');
    await begin(tab);
    await streamsAre(1);
    for (const keep of [true, false, true, false]) {
      await swap(tab.page, { keep, move: 'append' });
      await goesOn(tab);
    }
    await streamsAre(1);
  });

  it('moved by moveBefore() or by append(), it keeps its panel, focus at the page, and its stream', async () => {
    const tab = await visit('/swaps/one');
    const { page, chat } = tab;
    await begin(tab);
    for (const move of ['moveBefore', 'append'] as const) {
      await page.evaluate((how) => {
        const widget = document.querySelector('chat-widget') as Element;
        const box = document.createElement('section');
        document.body.append(box);
        const mover = box as unknown as { moveBefore?(node: Node, child: null): void };
        if (how === 'moveBefore' && mover.moveBefore !== undefined) mover.moveBefore(widget, null);
        else box.append(widget);
      }, move);
      assert.equal(await chat.composer.inputValue(), 'and what of the soil');
      await chat.own.getByText('How do I repot a monstera?').waitFor();
    }
    await streamsAre(1);
    const chats = tab.person.requests('/demo/chat').length;
    assert.equal(chats, 1);
  });

  it('innerHTML swaps, as htmx makes them, and effects that run twice leave one chat and no second stream', async () => {
    const tab = await visit('/swaps/one');
    const { page } = tab;
    await begin(tab);
    await page.evaluate(() => {
      const html = document.body.innerHTML;
      for (let time = 0; time < 5; time++) document.body.innerHTML = html;
    });
    await goesOn(tab);
    await streamsAre(1);
    // React's StrictMode runs an effect, takes it back, and runs it again.
    await page.evaluate((userToken) => {
      document.querySelector('chat-widget')?.remove();
      const effect = () => {
        const widget = document.createElement('chat-widget');
        widget.setAttribute('agent-id', 'demo');
        widget.setAttribute('contact-context-token', userToken);
        document.body.append(widget);
        return () => widget.remove();
      };
      effect()();
      effect();
    }, token);
    await goesOn(tab);
    await streamsAre(1);
    await page.evaluate((userToken) => {
      const { chat } = globalThis as unknown as { chat: { destroy(): void; init(options: object): void } };
      const effect = () => {
        chat.init({ agentId: 'demo', userToken });
        return () => chat.destroy();
      };
      effect()();
      effect();
    }, token);
    await goesOn(tab);
    await streamsAre(1);
    await page.evaluate(() => document.querySelector('chat-widget')?.remove());
    await streamsAre(0);
  });
});

async function clickLink(page: Page, name: string): Promise<void> {
  await page.locator('nav').getByRole('link', { name, exact: true }).click();
}
