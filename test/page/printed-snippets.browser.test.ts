import { expect } from '@open-wc/testing';
import { answerHost, backend, bearerOf, useBackend } from '../shell/support/backend.ts';
import { until } from '../shell/support/until.ts';
import { Visitor } from '../shell/support/widget.ts';
import { ada, attributesOf, chatOf, expectQuiet, grace, identities, isKnown } from './support/drop-in.ts';
import { logouts, newAgent, script, widgetOf } from './support/drop-in.ts';
import { openPage, scriptAddress, useHostPages, type HostWindow } from './support/host-page.ts';
import { printedSnippet } from './support/printed-snippets.ts';

// Each snippet as its document prints it (support/printed-snippets.ts), in each place of a page where it can stand.
useBackend();
useHostPages();

const inline = (code: string) => `<script>${code}</script>`;
const asyncScript = (attributes = '') => `<script async ${attributes} src="${scriptAddress()}"></script>`;
const deferredScript = () => `<script defer src="${scriptAddress()}"></script>`;
/** In a function, for the moment at which the names are there: when the async script has run, or the page is parsed. */
const onceLoaded = (code: string) =>
  `<script>async function start() { ${code} }</script>${asyncScript('onload="start()"')}`;
const onceParsed = (code: string) =>
  `<script>addEventListener('DOMContentLoaded', async () => { ${code} })</script>${deferredScript()}`;

const hostAnswers = (token: string) => answerHost('/api/widgent-token', () => Response.json({ token }));

describe('the printed snippet of Applied', () => {
  const places = [
    ['above the script', (html: string) => `<body>${html}${script()}</body>`],
    ['below the script', (html: string) => `<head>${script()}</head><body>${html}</body>`],
    ['beside an async script', (html: string) => `<head>${asyncScript()}</head><body>${html}</body>`],
    ['beside a deferred script', (html: string) => `<head>${deferredScript()}</head><body>${html}</body>`],
  ] as const;
  for (const [where, html] of places) {
    it(`A7 signs in by the element, ${where}`, async () => {
      const agent = newAgent();
      const page = await openPage(html(printedSnippet('appliedElement', { agent, token: ada })));
      await isKnown(page, 'ada');
      expect(identities(agent)).to.deep.equal([ada]);
      expect(page.widgets.length).to.equal(1);
      expectQuiet(page);
    });
  }

  it('A7 A12 sends the metadata of the element along with a message', async () => {
    const agent = newAgent();
    const page = await openPage(`<body>${printedSnippet('appliedMetadata', { agent, token: ada })}${script()}</body>`);
    await isKnown(page, 'ada');
    const visitor = new Visitor(widgetOf(page));
    await visitor.open();
    visitor.say('Where is it?');
    (await backend.reply()).begin('On its way.').finish();
    await visitor.sees('On its way.');
    const sent = backend.calls('/chat').find((request) => request.agent === agent);
    expect(sent && bearerOf(sent)).to.equal(ada);
    const metadata = { context: { firstName: 'Ignored' }, data: { orderId: '12345' } };
    expect(JSON.parse(sent?.body ?? '{}')).to.deep.include({ metadata });
    expectQuiet(page);
  });

  it('A9 signs out by window.applied.logout(), from a script of the page’s', async () => {
    const values = { agent: newAgent(), token: ada };
    const page = await openPage(`<body>${printedSnippet('appliedElement', values)}${script()}</body>`);
    await isKnown(page, 'ada');
    page.document.body.append(createScript(page.window, printedSnippet('appliedLogout', values)));
    expect(chatOf(page).state?.identity.state).to.equal('anonymous');
    await until(() => logouts(values.agent).length > 0, 'the logout on the server');
    expect(logouts(values.agent)).to.deep.equal([ada]);
    expectQuiet(page);
  });
});

describe('the printed snippets of Hilal', () => {
  it('H7 sign in by the script tag', async () => {
    const agent = newAgent();
    const page = await openPage(printedSnippet('hilalScript', { agent, token: ada, src: scriptAddress() }));
    await isKnown(page, 'ada');
    expect(identities(agent)).to.deep.equal([ada]);
    expect(attributesOf(page)).to.deep.equal(['agent-id']);
    expectQuiet(page);
  });

  const places = [
    ['in the line after the script', (code: string) => `<body>${script()}${inline(code)}</body>`],
    ['in the head, before there is a body', (code: string) => `<head>${script()}${inline(code)}</head><body></body>`],
    ['in the onload of an async script', onceLoaded],
    ['on DOMContentLoaded, above a deferred script', onceParsed],
  ] as const;
  for (const [where, html] of places) {
    it(`H8 sign in by init(), ${where}`, async () => {
      const agent = newAgent();
      const page = await openPage(html(printedSnippet('hilalInit', { agent, token: ada })));
      await isKnown(page, 'ada');
      expect(identities(agent)).to.deep.equal([ada]);
      expect(attributesOf(page)).to.deep.equal(['agent-id']);
      expect(widgetOf(page).outerHTML).not.to.include(ada);
      expectQuiet(page);
    });
  }
});

describe('the printed snippet of Widgent', () => {
  const places = [
    // Its `await` stands at the top of a module, which runs after all scripts that are not async.
    ['in a module', (code: string) => `<body><script type="module">${code}</script>${script()}</body>`],
    [
      'in a module, below a deferred script',
      (code: string) => `${deferredScript()}<script type="module">${code}</script>`,
    ],
    ['in the onload of an async script', onceLoaded],
  ] as const;
  for (const [where, html] of places) {
    it(`W1 W6 W7 signs in by init() and identify, ${where}`, async () => {
      hostAnswers(ada);
      const agent = newAgent();
      const page = await openPage(html(printedSnippet('widgent', { agent, token: ada })));
      await isKnown(page, 'ada');
      expect(attributesOf(page)).to.deep.equal(['agent-id']);
      expect(identities(agent)).to.deep.equal([ada]);
      expectQuiet(page);
    });
  }

  it('W7 signs in another user when it runs again', async () => {
    hostAnswers(ada);
    const agent = newAgent();
    const code = printedSnippet('widgent', { agent, token: ada });
    const page = await openPage(`<body>${script()}<script type="module">${code}</script></body>`);
    await isKnown(page, 'ada');
    hostAnswers(grace);
    page.document.body.append(createScript(page.window, code));
    await isKnown(page, 'grace');
    expect(page.widgets.length).to.equal(1);
    expect(identities(agent)).to.deep.equal([ada, grace]);
    expectQuiet(page);
  });
});

function createScript({ document }: HostWindow, code: string): HTMLScriptElement {
  const element = document.createElement('script');
  if (code.includes('await')) element.type = 'module';
  element.textContent = code;
  return element;
}
