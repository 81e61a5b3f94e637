import { expect } from '@open-wc/testing';
import { backend, useBackend } from './support/backend.ts';
import { addStyle, useStyles } from './support/page-style.ts';
import { mountWidget, type Visitor } from './support/widget.ts';

useBackend();
useStyles();

/** What pages do to all that is on them. */
const hostile: { readonly [what: string]: string } = {
  'everything unset': '* { all: unset !important }',
  'another box model': '*, *::before, *::after { box-sizing: content-box !important }',
  'every element by name': `button, textarea, form, header, section, p, h2, svg, path, slot, span, ul, li, article, a {
    display: inline !important; color: red !important; background: lime !important; padding: 40px !important;
    font: 60px fantasy !important; border: 9px solid red !important; width: 1px !important; float: right !important }`,
  'icons painted over': 'svg, svg * { fill: red !important; stroke: red !important; width: 99px !important }',
  'what inherits': `html, body, chat-widget { color: red !important; font: italic 40px/3 fantasy !important; letter-spacing: 1em !important;
    word-spacing: 2em !important; text-transform: uppercase !important; text-indent: 50px !important; text-align: center !important;
    white-space: pre !important; cursor: wait !important; visibility: hidden !important; text-shadow: 0 0 9px red !important;
    list-style: square !important; line-height: 5 !important; word-break: break-all !important; user-select: none !important }`,
  'a large root font': ':root { font-size: 62.5px !important }',
  'a small root font': ':root { font-size: 1px !important }',
  'our own names inside': `:root, chat-widget { --_accent: red; --_surface: red; --_unit: 90px; --_radius: 90px; --a: red; --_muted: red }`,
  'our classes': '.panel, .bubble, .send, .field, [part] { display: none !important; opacity: 0 !important }',
  'keyframes of our names': '@keyframes appear { to { rotate: 1turn } } @keyframes breathe { to { scale: 9 } }',
};

/** All that the browser has worked out, but for variables, for every element within the widget, and where it put it. */
function looksOf({ widget, panel }: Visitor): string[] {
  const inside = [widget.shadowRoot, panel?.shadowRoot].flatMap((root) => [...(root?.querySelectorAll('*') ?? [])]);
  return inside.flatMap((element) => {
    const styles = [null, '::before', '::after', '::placeholder'].map((pseudo) => getComputedStyle(element, pseudo));
    const { x, y, width, height } = element.getBoundingClientRect();
    const name = `${element.localName}.${element.getAttribute('class') ?? element.getAttribute('part') ?? ''}`;
    return [
      `${name} ${[x, y, width, height].join(' ')}`,
      ...styles.flatMap((style) =>
        [...style]
          .filter((property) => !property.startsWith('--'))
          .map((property) => `${name} ${property}: ${style.getPropertyValue(property)}`),
      ),
    ];
  });
}

async function openConversation(): Promise<Visitor> {
  const visitor = await mountWidget({ theme: 'light' });
  await visitor.open();
  visitor.say('hello');
  const reply = await backend.reply();
  reply.begin('An **answer** with [a link](https://example.com/) and `code`.').finish();
  await visitor.sees('An answer');
  await Promise.all((visitor.panel?.shadowRoot?.getAnimations() ?? []).map(({ finished }) => finished));
  return visitor;
}

describe('the page’s style sheets', () => {
  for (const [what, text] of Object.entries(hostile)) {
    it(`change nothing within the widget: ${what}`, async () => {
      const visitor = await openConversation();
      const before = looksOf(visitor);
      expect(before.length).to.be.greaterThan(10_000);
      addStyle(text);
      const changed = looksOf(visitor).filter((line, index) => line !== before[index]);
      expect(changed.slice(0, 5)).to.deep.equal([]);
    });
  }

  it('may hide the whole widget, which is the page’s', async () => {
    const visitor = await openConversation();
    addStyle('chat-widget { display: none !important }');
    expect(visitor.launcher.getClientRects().length + (visitor.panel?.getClientRects().length ?? 0)).to.equal(0);
  });

  it('style what the page put into a slot, and nothing beside it', async () => {
    const visitor = await mountWidget();
    visitor.widget.innerHTML = '<p slot="footer" class="mine">Ours</p>';
    addStyle('.mine { color: rgb(1, 2, 3) } p { margin: 0 }');
    await visitor.open();
    const note = visitor.widget.querySelector('p') ?? expect.fail('no note');
    expect(getComputedStyle(note).color).to.equal('rgb(1, 2, 3)');
    expect(note.getClientRects().length).to.equal(1);
  });
});

describe('the page', () => {
  it('is left as it was: no style sheet, class, attribute, element or key handler is added', async () => {
    const heard: string[] = [];
    const { addEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (
      this: EventTarget,
      ...args: Parameters<typeof addEventListener>
    ) {
      const isPage =
        this === window || this === document || this === document.documentElement || this === document.body;
      if (isPage && /key|click|pointer|touch|wheel|mouse|focus|input|scroll/.test(args[0])) heard.push(args[0]);
      return addEventListener.apply(this, args);
    };
    try {
      const read = (): unknown[] => [
        document.adoptedStyleSheets.length,
        document.styleSheets.length,
        ...[document.documentElement, document.body, document.head]
          .map((element) => element.cloneNode(false))
          .map((element) => (element as Element).outerHTML),
        [...document.head.children].length,
        [...document.body.children].filter(({ localName }) => localName !== 'div').length,
      ];
      const before = read();
      const visitor = await openConversation();
      expect(read()).to.deep.equal(before);
      visitor.key('Escape');
      visitor.widget.remove();
      expect(read()).to.deep.equal(before);
      expect(heard).to.deep.equal([]);
    } finally {
      EventTarget.prototype.addEventListener = addEventListener;
    }
  });
});
