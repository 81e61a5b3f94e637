import { expect } from '@open-wc/testing';
import { renderWhole } from './support/render.ts';

const hostile = [
  '<img src=x onerror="window.hacked=1">',
  '<script>window.hacked=1</script>',
  '<svg onload=window.hacked=1>',
  '<style>*{display:none}</style>',
  '<iframe src="javascript:window.hacked=1"></iframe>',
  '[a](javascript:window.hacked=1)',
  '[a](JaVaScRiPt:window.hacked=1)',
  '[a](java\tscript:window.hacked=1)',
  '[a](&#106;avascript:window.hacked=1)',
  '[a](javascript&colon;window.hacked=1)',
  '[a](\u0001javascript:window.hacked=1)',
  '[a](data:text/html,<script>window.hacked=1</script>)',
  '[a](vbscript:x) [b](file:///etc/passwd) [c](blob:https://a.example/1) [d](//evil.example) [e](/relative)',
  '<javascript:window.hacked=1>',
  '![a](https://evil.example/pixel.png)',
  '![a](javascript:window.hacked=1)',
  '[a]: javascript:window.hacked=1\n\n[a]',
  '```"><img src=x onerror=window.hacked=1>\ncode\n```',
  '| <img src=x onerror=window.hacked=1> |\n|---|\n| <script>1</script> |',
  '- <img src=x onerror=window.hacked=1>\n\n> <script>1</script>',
];
const allowedElements =
  'p,h3,pre,code,hr,blockquote,ul,ol,li,table,thead,tbody,tr,th,td,div,strong,em,del,br,a,span,input';
const allowedAttributes = new Set(
  'href,rel,target,role,tabindex,aria-label,dir,type,disabled,checked,start,class,data-depth,data-language,data-align'.split(
    ',',
  ),
);

describe('hostile markdown', () => {
  for (const text of hostile) {
    it(`becomes harmless nodes: ${JSON.stringify(text)}`, () => {
      const container = renderWhole(text);
      for (const element of container.querySelectorAll('*')) {
        expect(element.matches(allowedElements), element.outerHTML).to.equal(true);
        for (const { name } of element.attributes) expect(allowedAttributes.has(name), name).to.equal(true);
      }
      for (const link of container.querySelectorAll('a')) {
        expect(link.protocol).to.be.oneOf(['http:', 'https:', 'mailto:', 'tel:']);
        expect(link.rel).to.equal('noopener noreferrer nofollow');
      }
      expect('hacked' in window).to.equal(false);
    });
  }

  it('shows raw HTML as the text it is', () => {
    expect(renderWhole('a <b>c</b>').innerHTML).to.equal('<p>a &lt;b&gt;c&lt;/b&gt;</p>');
    expect(renderWhole('<script>x</script>').textContent).to.equal('<script>x</script>');
  });

  it("opens a path on the page's own site, and no other site in a path's disguise", () => {
    expect(renderWhole('[Returns](/help/returns)').querySelector('a')?.href).to.equal(
      `${location.origin}/help/returns`,
    );
    for (const disguise of ['//evil.example', '/\\\\evil.example', '/\t/evil.example', '///evil.example/x']) {
      expect(renderWhole(`[a](<${disguise}>)`).querySelector('a'), disguise).to.equal(null);
    }
  });

  it('shows a link that it does not open as its text', () => {
    expect(renderWhole('[click](javascript:x)').innerHTML).to.equal('<p><span>click</span></p>');
  });

  it('never fetches an image: shows a link with its alternative text', () => {
    const image = renderWhole('![A cat](https://a.example/cat.png)');
    expect(image.querySelector('img')).to.equal(null);
    expect(image.querySelector('a')?.textContent).to.equal('A cat');
  });

  it('shows a language with markup in it as no language', () => {
    expect(renderWhole('```"><b>\nx\n```').querySelector('pre')?.dataset['language']).to.equal(undefined);
  });
});

describe('what assistive technology and keyboards get', () => {
  it('makes tables and code scrollable regions with a name', () => {
    const container = renderWhole('| a |\n|---|\n| b |\n\n```\nc\n```');
    for (const region of container.querySelectorAll('.table, pre')) {
      expect(region.getAttribute('tabindex')).to.equal('0');
      expect(region.getAttribute('aria-label')).to.be.oneOf(['Table', 'Code']);
    }
    expect(container.querySelectorAll('[tabindex]').length).to.equal(2);
  });

  it('makes task lists of named, disabled checkboxes', () => {
    const boxes = [...renderWhole('- [ ] a\n- [x] b').querySelectorAll('input')];
    expect(boxes.map((box) => [box.disabled, box.checked, box.ariaLabel])).to.deep.equal([
      [true, false, 'Not done'],
      [true, true, 'Done'],
    ]);
  });
});

describe('too much of anything', () => {
  const size = 30_000;
  const floods: { readonly [name: string]: string } = {
    'nested quotes': `${'>'.repeat(size)} a`,
    'nested lists': `${'- '.repeat(size / 2)}a`,
    stars: '*a '.repeat(size / 3),
    'pairs of stars': '**a *b '.repeat(size / 7),
    brackets: '['.repeat(size),
    'half links': '[a](b'.repeat(size / 5),
    'links in links': `${'['.repeat(size / 4)}a${'](b)'.repeat(size / 4)}`,
    images: '![a'.repeat(size / 3),
    backticks: Array.from({ length: 200 }, (_, index) => '`'.repeat(index)).join(' '),
    underscores: '_'.repeat(size),
    tildes: '~'.repeat(size),
    pipes: `${'|'.repeat(size)}\n${'|-'.repeat(size / 2)}\n`,
    'less-than signs': '<a '.repeat(size / 3),
    'angle brackets': '<'.repeat(size),
    addresses: 'a@'.repeat(size / 2),
    ampersands: '&'.repeat(size),
    'blank lines': '\n '.repeat(size / 2),
    spaces: `a${' '.repeat(size)}b`,
    dashes: `a\n${'-'.repeat(size)}x`,
    definitions: '[a]: b\n'.repeat(size / 7),
  };
  for (const [name, text] of Object.entries(floods)) {
    it(`is drawn, with bounded nesting: ${name}`, () => {
      const container = renderWhole(text);
      let depth = 0;
      for (let node: Element | null = container; node !== null; node = node.lastElementChild) depth += 1;
      expect(depth).to.be.lessThan(60);
    });
  }

  it('shows what passes the limit as plain text', () => {
    expect(renderWhole('**a**\n\n**b**', { maxCharacters: 5 }).innerHTML).to.equal(
      '<p><strong>a</strong></p><p>\n\n**b**</p>',
    );
  });
});
