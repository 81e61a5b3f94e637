import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { trickyDocuments } from './support/documents.ts';
import { watchFetches } from './support/fetches.ts';
import { splitAtRandom } from './support/random-splits.ts';
import { renderPieces, renderSteps, renderWhole } from './support/render.ts';

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
  'p,h3,pre,code,hr,blockquote,ul,ol,li,table,thead,tbody,tr,th,td,div,strong,em,del,br,a,span,bdi,button,input';
const allowedAttributes = new Set(
  'href,rel,target,role,tabindex,aria-label,dir,type,disabled,checked,start,class,part,data-depth,data-language,data-align,data-own,data-source'.split(
    ',',
  ),
);

function expectOwnNodes(container: Element): void {
  for (const element of container.querySelectorAll('*')) {
    if (!element.matches(allowedElements)) expect.fail(`an element that is not ours: ${element.outerHTML}`);
    for (const { name } of element.attributes) if (!allowedAttributes.has(name)) expect.fail(`an attribute: ${name}`);
  }
  for (const link of container.querySelectorAll('a')) {
    expect(link.protocol).to.be.oneOf(['http:', 'https:', 'mailto:', 'tel:']);
    expect(link.rel).to.equal('noopener noreferrer nofollow');
  }
  for (const { dataset } of container.querySelectorAll<HTMLElement>('[data-source]')) {
    expect(new URL(dataset['source'] ?? '').protocol).to.be.oneOf(['https:', location.protocol]);
  }
}

const parseInert = (html: string): Element => new DOMParser().parseFromString(html, 'text/html').body;

describe('hostile markdown', () => {
  for (const text of hostile) {
    it(`becomes harmless nodes: ${JSON.stringify(text)}`, () => {
      const container = renderWhole(text);
      expectOwnNodes(container);
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

  it('shows a link that it does not open as its text, with the address behind it', () => {
    expect(renderWhole('[click](javascript:x)').textContent).to.equal('click (javascript:x)');
    expect(renderWhole('[click](javascript:x)').querySelector('a')).to.equal(null);
    expect(renderWhole('[\u202e a](data:\u202etext)').textContent).to.contain('(data:%202Etext)');
    expect(renderWhole(`[a](data:${'x'.repeat(500)})`).textContent.length).to.be.lessThan(150);
  });

  it('shows a language with markup in it as no language', () => {
    expect(renderWhole('```"><b>\nx\n```').querySelector('pre')?.dataset['language']).to.equal(undefined);
  });
});

describe('fuzzed markdown', () => {
  const addresses = [
    'javascript:window.hacked=1',
    'https://a.example/?q=1',
    'data:text/html,<script>1</script>',
    '//evil.example',
  ];
  const hostilePiece = fc.constantFrom(...hostile, ...addresses, ...Object.values(trickyDocuments));
  const markup = fc.constantFrom(
    '**',
    '_',
    '`',
    '```\n',
    '\n',
    '\n\n',
    '[',
    '](',
    ')',
    '![',
    '<',
    '>',
    '| ',
    '\n|-|-|\n',
    '- ',
    '> ',
    '# ',
    '&#',
    ';',
    '"',
  );
  const word = fc.string({ maxLength: 8, unit: 'binary' });
  const document = fc
    .array(fc.oneof(hostilePiece, markup, markup, word), { maxLength: 25 })
    .map((parts) => parts.join(''));

  it('makes no element, attribute or address but our own, at each step of a stream, and fetches nothing', async () => {
    const fetches = watchFetches();
    fc.assert(
      fc.property(document, fc.integer(), (text, seed) => {
        const pieces = splitAtRandom(text, seed, 20);
        for (const html of renderSteps(pieces)) expectOwnNodes(parseInert(html));
        const container = renderPieces(pieces);
        expectOwnNodes(container);
        expect(container.innerHTML).to.equal(renderWhole(text).innerHTML);
      }),
      { numRuns: 150 },
    );
    expect((await fetches.stop()).filter((name) => !name.includes('/node_modules/'))).to.deep.equal([]);
    expect('hacked' in window).to.equal(false);
  }).timeout(30_000);
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
