import { expect, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { createMarkdownRenderer, type MarkdownOptions } from '../../src/markdown/index.ts';
import { watchFetches } from './support/fetches.ts';
import { manualFrames, renderWhole } from './support/render.ts';

type Shown = { readonly container: HTMLElement; readonly find: <T extends HTMLElement>(selector: string) => T };

const shown: HTMLElement[] = [];

function show(text: string, options: MarkdownOptions = {}): Shown {
  const container = renderWhole(text, options);
  document.body.append(container);
  shown.push(container);
  return { container, find: (selector) => found(container, selector) };
}

function found<T extends HTMLElement>(container: HTMLElement, selector: string): T {
  const element = container.querySelector<T>(selector);
  if (element === null) throw new Error(`Nothing there: ${selector}`);
  return element;
}

/** What is put on the clipboard in the meantime; `works: false` as on a page without the right to it. */
function fakeClipboard(works: boolean): string[] {
  const written: string[] = [];
  const writeText = (text: string): Promise<void> => {
    if (!works) return Promise.reject(new DOMException('no', 'NotAllowedError'));
    written.push(text);
    return Promise.resolve();
  };
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  return written;
}

afterEach(() => {
  for (const container of shown.splice(0)) container.remove();
  Reflect.deleteProperty(navigator, 'clipboard');
});

describe('a code block', () => {
  const code = '```js\nlet a = "<b>";\n\nrun();\n```';

  it('names its language and copies its text as it is, by keyboard too, and says so where it is heard', async () => {
    const written = fakeClipboard(true);
    const { find } = show(code);
    expect(find('.code-language').textContent).to.equal('js');
    const status = find('[role="status"]');
    expect(status.textContent).to.equal('');
    const button = find('[part="code-copy"]');
    expect([button.textContent, button.ariaLabel]).to.deep.equal(['Copy', 'Copy code']);
    button.focus();
    await sendKeys({ press: 'Enter' });
    expect(written).to.deep.equal(['let a = "<b>";\n\nrun();']);
    expect(status.textContent).to.equal('Copied');
    expect([button.textContent, button.ariaLabel]).to.deep.equal(['Copied', 'Copied']);
    // It is seen on the button.
    expect(status.classList.contains('hidden')).to.equal(true);
  });

  it('is copied without the Clipboard API as well, and keeps the focus on its button', async () => {
    fakeClipboard(false);
    let copied = '';
    document.addEventListener('copy', () => (copied = getSelection()?.toString() ?? ''), { once: true });
    const fields = document.querySelectorAll('textarea').length;
    const { find } = show(code);
    find('.code-copy').focus();
    await sendKeys({ press: 'Enter' });
    expect(copied || find('[role="status"]').textContent).not.to.equal('');
    expect(document.activeElement).to.equal(find('.code-copy'));
    expect(document.querySelectorAll('textarea').length).to.equal(fields);
  });

  it('goes on saying so while the answer grows below it', async () => {
    fakeClipboard(true);
    const container = document.createElement('div');
    document.body.append(container);
    shown.push(container);
    const frames = manualFrames();
    const renderer = createMarkdownRenderer(container, { requestFrame: frames.requestFrame, now: () => 0 });
    renderer.append(`${code}\n\nmo`);
    frames.flush();
    found(container, '.code-copy').click();
    await Promise.resolve();
    await Promise.resolve();
    renderer.append('re\n\nand more');
    frames.flush();
    renderer.finish();
    expect(found(container, '[role="status"]').textContent).to.equal('Copied');
  });

  it('has its words in the language that it is given, also later', () => {
    const container = document.createElement('div');
    const renderer = createMarkdownRenderer(container, { labels: { copy: 'Kopieren' } });
    renderer.set(code);
    renderer.finish();
    expect(found(container, '.code-copy').textContent).to.equal('Kopieren');
    renderer.relabel({ copy: 'Copier' });
    renderer.finish();
    expect(found(container, '.code-copy').textContent).to.equal('Copier');
  });
});

describe('a table', () => {
  it('has no head where nothing stands in it', () => {
    const head = (text: string) => show(text).container.querySelectorAll('thead').length;
    expect(head('|  |  |\n|--|--|\n| Light | bright |')).to.equal(0);
    expect(head('| | b |\n|--|--|\n| Light | bright |')).to.equal(1);
  });
});

describe('an image', () => {
  const address = new URL('support/pixel.svg', import.meta.url).href;
  it('names its host and what it shows, and is not fetched before it is asked for', async () => {
    const fetches = watchFetches();
    const { container, find } = show(`![A **small** square](${address}?unasked)`);
    expect(find('.image').textContent).to.equal(`A small squareImage from ${location.host}, not loaded yetShow image`);
    expect(container.querySelectorAll('img, link, source, [srcset], [style]').length).to.equal(0);
    expect((await fetches.stop()).filter((name) => name.includes('pixel'))).to.deep.equal([]);
  });

  it('is fetched on a click, tells its host nothing of the page, and stays while the answer grows', async () => {
    const fetches = watchFetches();
    const container = document.createElement('div');
    document.body.append(container);
    shown.push(container);
    const frames = manualFrames();
    const renderer = createMarkdownRenderer(container, { requestFrame: frames.requestFrame, now: () => 0 });
    renderer.append(`See ![A square](${address}?asked) he`);
    frames.flush();
    found(container, '.image-show').click();
    const image = found<HTMLImageElement>(container, 'img');
    expect([image.referrerPolicy, image.decoding, image.alt]).to.deep.equal(['no-referrer', 'async', 'A square']);
    expect(document.activeElement).to.equal(found(container, '.image'));
    await oneEvent(image, 'load');
    expect(found(container, '.image').ariaBusy).to.equal(null);
    expect((await fetches.stop()).filter((name) => name.includes('pixel'))).to.deep.equal([`${address}?asked`]);
    renderer.append('re.\n\nAnd so on');
    frames.flush();
    renderer.finish();
    expect(found(container, 'img')).to.equal(image);
  });

  it('that cannot be had says so, and can be asked for again', async () => {
    const { container, find } = show(`![A square](${new URL('/nothing-here.png', location.href).href})`);
    find('.image-show').click();
    await oneEvent(find('img'), 'error');
    expect(find('.image').textContent).to.equal('A squareThis image could not be loaded.Show image');
    expect(container.querySelector('img')).to.equal(null);
    find('.image-show').click();
    expect(container.querySelectorAll('img').length).to.equal(1);
  });

  it('over plain http of another host, with a password, or of another scheme is no button', () => {
    for (const text of [
      '![a](http://a.example/i.png)',
      '![a](https://u:p@a.example/i.png)',
      '![a](data:image/png;base64,AA)',
    ]) {
      const { container } = show(text);
      expect(container.querySelector('button'), text).to.equal(null);
      expect(container.textContent, text).to.match(/^a/);
    }
  });

  it('in a link is its alternative text', () => {
    const { container } = show(`[![A square](${address})](https://shop.example/)`);
    expect(container.querySelector('a')?.textContent).to.equal('A square');
    expect(container.querySelector('button')).to.equal(null);
  });
});

describe('a link that looks like another one', () => {
  const cases: readonly [markdown: string, text: string][] = [
    ['[https://bank.example](https://evil.example/x)', 'https://bank.example (evil.example)'],
    ['[Log in at bank.example now](https://evil.example)', 'Log in at bank.example now (evil.example)'],
    ['[**bank**.example](https://evil.example)', 'bank.example (evil.example)'],
    ['[bank\u200b.example](https://evil.example)', 'bank\u200b.example (evil.example)'],
    ['[bank。example](https://evil.example)', 'bank。example (evil.example)'],
    ['<https://bank.example@evil.example/>', 'https://bank.example@evil.example/ (evil.example)'],
    ['[аpple.example](https://xn--pple-43d.example)', 'аpple.example (xn--pple-43d.example)'],
    ['[help@bank.example](mailto:x@evil.example)', 'help@bank.example (x@evil.example)'],
    ['[www.bank.example](mailto:x@evil.example)', 'www.bank.example (x@evil.example)'],
    ['[127.0.0.1](https://evil.example)', '127.0.0.1 (evil.example)'],
    ['[🔒bank.example](https://evil.example)', '🔒bank.example (evil.example)'],
    ['[→bank.example](https://evil.example)', '→bank.example (evil.example)'],
    ['[•bank.example](https://evil.example)', '•bank.example (evil.example)'],
    ['[bank.example–login](https://evil.example)', 'bank.example–login (evil.example)'],
    ['[bank․example](https://evil.example)', 'bank․example (evil.example)'],
    ['[ｂａｎｋ．ｅｘａｍｐｌｅ](https://evil.example)', 'ｂａｎｋ．ｅｘａｍｐｌｅ (evil.example)'],
    ['[at:bank.example](https://evil.example)', 'at:bank.example (evil.example)'],
    ['[see…bank.example](https://evil.example)', 'see…bank.example (evil.example)'],
    ['[a/bank.example](https://evil.example)', 'a/bank.example (evil.example)'],
    ['[\u0332bank.example](https://evil.example)', '\u0332bank.example (evil.example)'],
    ['[→https://localhost/](https://evil.example)', '→https://localhost/ (evil.example)'],
    ['[evil.example/→bank.example](https://evil.example)', 'evil.example/→bank.example (evil.example)'],
    ['[→help@bank.example](mailto:x@evil.example)', '→help@bank.example (x@evil.example)'],
    ['[+1 555 0100](tel:+19005550199)', '+1 555 0100 (+19005550199)'],
  ];
  for (const [markdown, text] of cases) {
    it(`says where it leads: ${markdown}`, () => {
      expect(renderWhole(markdown).textContent).to.equal(text);
    });
  }

  const honest = [
    'https://shop.example/a/b.js?c=d.e',
    'https://shop.example/go/news.example?from=news.example',
    '[→shop.example–login](https://shop.example)',
    '[shop.example/a.html…](https://shop.example/a.html)',
    '[Only $9.99, 3/4 of the price…](https://shop.example)',
    '[mailto:team@shop.example](mailto:team@shop.example)',
    '[shop.example](https://www.shop.example/x)',
    '[www.shop.example](https://shop.example/)',
    '[shop.example](https://help.shop.example/)',
    '[Node.js and version 1.2.3](https://nodejs.example)',
    '[Our page, e.g. on returns](https://shop.example)',
    '<team@shop.example>',
    '[+1 555 0100](tel:+15550100)',
    '[0555 0100](tel:+495550100)',
  ];
  for (const markdown of honest) {
    it(`is left alone where it is none: ${markdown}`, () => {
      expect(renderWhole(markdown).querySelector('a')).not.to.equal(null);
      expect(renderWhole(markdown).querySelector('.address')).to.equal(null);
    });
  }
});

describe('an answer that is read out', () => {
  it('is said without buttons, its blocks apart', () => {
    const container = document.createElement('div');
    const renderer = createMarkdownRenderer(container);
    renderer.set('# One\n\ntwo<br>three\n\n```js\nfour\n```\n\n![five](https://a.example/i.png)\n\n- [x] six');
    renderer.finish();
    expect(renderer.spoken()).to.equal('One two three four five Done: six');
  });

  for (const [markdown, spoken] of [
    [
      'For this I need to know who is asking.\n\n## How do I return a bike?\n\nBring it.',
      'For this I need to know who is asking. How do I return a bike? Bring it.',
    ],
    ['- one\n  - two\n    1. three\n- four', 'one two three four'],
    ['- one\n  > two', 'one two'],
    ['| a | b |\n|---|---|\n| c | d |\n\nafter', 'a b c d after'],
    ['half **a** word', 'half a word'],
    ['un**believ**able', 'unbelievable'],
  ] as const) {
    it(`keeps apart what stands apart: ${markdown.slice(0, 30)}`, () => {
      const renderer = createMarkdownRenderer(document.createElement('div'));
      renderer.set(markdown);
      renderer.finish();
      expect(renderer.spoken()).to.equal(spoken);
    });
  }
});
