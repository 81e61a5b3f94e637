import { expect } from '@open-wc/testing';
import type { ChatWidgetElement } from '../../src/page/index.ts';
import { answerFile, networkError, useBackend } from '../shell/support/backend.ts';
import { until } from '../shell/support/until.ts';
import { openPage, scriptTag, stubScript, useHostPages, type HostPage, type HostWindow } from './support/host-page.ts';

// The built script: which files a visitor fetches, and when.
useBackend();
useHostPages();

const languageFiles = /^(de|fr|es|pt-br|it|nl|pl|tr|ru|ar|he|ja|zh-hans)$/;
const fetchedLanguages = (page: HostPage) => page.fetched().filter((name) => languageFiles.test(name));

const panelOf = (page: HostPage) => page.widgets[0]?.shadowRoot?.querySelector('chat-panel')?.shadowRoot ?? undefined;
const labelOf = (page: HostPage) => panelOf(page)?.querySelector('textarea')?.ariaLabel ?? '';

const visitorReads =
  (...languages: string[]) =>
  (window: HostWindow): void => {
    const values = { languages: { value: languages }, language: { value: languages[0] } };
    Object.defineProperties(window.navigator, values);
  };

/** Has the page's timers of one length take another time. */
const retime =
  (fromMs: number, toMs: number) =>
  (window: HostWindow): void => {
    const { setTimeout } = window;
    window.setTimeout = ((work: () => void, delayMs = 0) =>
      setTimeout(work, delayMs === fromMs ? toMs : delayMs)) as typeof window.setTimeout;
  };

/** On a busy machine the language may take longer than the panel waits for it, which has a test of its own. */
const patiently = retime(300, 60_000);

const tag = (locale = '') => scriptTag(`data-agent-id="shop" ${locale === '' ? '' : `data-locale="${locale}"`}`);

/** Opens the chat, and answers every label that its composer has had until it has the last of them. */
async function labelsUntil(page: HostPage, last: string): Promise<readonly string[]> {
  await until(() => page.widgets.length > 0, 'a widget');
  const seen: string[] = [];
  page.launcher().click();
  await until(() => {
    const label = labelOf(page);
    if (label !== '' && label !== seen.at(-1)) seen.push(label);
    return label === last;
  }, `a composer that says ${last}`);
  return seen;
}

describe('the language of the built widget', () => {
  it('is fetched alone, when the chat is opened, and before the first drawing', async () => {
    const page = await openPage(tag('de'), patiently);
    await until(() => page.widgets.length > 0, 'a widget');
    expect(page.fetched()).to.deep.equal([]);
    expect(await labelsUntil(page, 'Ihre Nachricht')).to.deep.equal(['Ihre Nachricht']);
    expect(fetchedLanguages(page)).to.deep.equal(['de']);
    expect(page.launcher().lang).to.equal('de');
    expect(page.warnings).to.deep.equal([]);
  });

  it('costs those who read English nothing', async () => {
    const page = await openPage(tag('en-GB'));
    await labelsUntil(page, 'Your message');
    expect(page.fetched()).not.to.include('language');
    expect(fetchedLanguages(page)).to.deep.equal([]);
  });

  const sources = [
    { what: 'the tag’s', locale: 'fr', html: '<html lang="de">', reads: ['en'], says: 'Votre message' },
    { what: 'else the document’s', html: '<html lang="ja">', reads: ['de'], says: 'メッセージ' },
    { what: 'else the first of the browser’s', html: '<html lang="sv">', reads: ['nb', 'pl'], says: 'Twoja wiadomość' },
    { what: 'else English', html: '<html>', reads: ['sv', 'zh-TW'], says: 'Your message' },
  ];
  for (const { what, locale, html, reads, says } of sources) {
    it(`is ${what}`, async () => {
      const page = await openPage(`<!doctype html>${html}<body>${tag(locale)}`, (window) => {
        visitorReads(...reads)(window);
        patiently(window);
      });
      expect(await labelsUntil(page, says)).to.deep.equal([says]);
    });
  }

  it('that has not come 300 ms after the panel gives way to English, and is shown when it comes', async () => {
    let arrive: () => void = () => {};
    answerFile('fr', () => new Promise<undefined>((resolve) => (arrive = () => resolve(undefined))));
    const page = await openPage(tag('fr'));
    expect(await labelsUntil(page, 'Your message')).to.deep.equal(['Your message']);
    arrive();
    await until(() => labelOf(page) === 'Votre message', 'French');
  });

  it('whose file does not come is English, and is asked for once more', async () => {
    let asked = 0;
    answerFile('it', () => ((asked += 1) === 1 ? networkError() : undefined));
    const page = await openPage(tag('it'), retime(10_000, 500));
    await labelsUntil(page, 'Your message');
    expect(panelOf(page)?.querySelector('section')?.lang).to.equal('en');
    await until(() => labelOf(page) === 'Il tuo messaggio', 'Italian');
    expect(asked).to.equal(2);
    expect([...page.errors, ...page.rejections]).to.deep.equal([]);
  });
});

describe('texts of the page’s own', () => {
  for (const [where, html] of [
    ['before a tag in the head', (head: string, tag: string) => `<head>${head}${tag}</head><body></body>`],
    ['after an async tag', (head: string, tag: string) => `<head>${tag}${head}</head><body></body>`],
    ['at the end of the page', (head: string, tag: string) => `<head></head><body>${tag}${head}</body>`],
  ] as const) {
    it(`takes the texts that the stub was given by init, ${where}`, async () => {
      const texts = `${stubScript}<script>chat('init', { strings: { launcher: 'Ahoy' }, theme: 'dark' })</script>`;
      const page = await openPage(
        html(texts, scriptTag('data-agent-id="shop"', where.includes('async') ? 'async' : '')),
      );
      await until(() => page.widgets[0]?.getAttribute('theme') === 'dark', 'the options');
      expect((page.widgets[0] as ChatWidgetElement).strings).to.deep.equal({ launcher: 'Ahoy' });
      expect(page.widgets.map((widget) => widget.getAttribute('agent-id'))).to.deep.equal(['shop']);
      const { warnings, errors, rejections } = page;
      expect([warnings, errors, rejections]).to.deep.equal([[], [], []]);
    });
  }
});
