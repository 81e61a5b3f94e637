import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { createMarkdownRenderer } from '../../src/markdown/index.ts';
import { trickyDocuments } from './support/documents.ts';
import { manualFrames, renderPieces, renderSteps, renderWhole } from './support/render.ts';

describe('streamed markdown', () => {
  for (const [name, text] of Object.entries(trickyDocuments)) {
    it(`ends equal to the whole text rendered at once, character by character: ${name}`, () => {
      expect(renderPieces(text.split('')).innerHTML).to.equal(renderWhole(text).innerHTML);
    });
  }

  it('ends equal to the whole text rendered at once, for any split of any of them joined', () => {
    const documents = fc.array(fc.constantFrom(...Object.values(trickyDocuments)), { minLength: 1, maxLength: 3 });
    const cuts = fc.array(fc.nat(600), { maxLength: 30 });
    fc.assert(
      fc.property(documents, cuts, (parts, at) => {
        const text = parts.join('\n\n');
        const bounds = [0, ...at.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
        const pieces = bounds.slice(1).map((end, index) => text.slice(bounds[index], end));
        return renderPieces(pieces).innerHTML === renderWhole(text).innerHTML;
      }),
      { numRuns: 120 },
    );
  });

  it('ends equal for text made of nothing but markup characters', () => {
    const noise = fc.array(fc.constantFrom(...'*_~`[]()!<>#-+=|:\\\n \t1.a&;"'), { maxLength: 60 });
    fc.assert(
      fc.property(noise, (characters) => {
        return renderPieces(characters).innerHTML === renderWhole(characters.join('')).innerHTML;
      }),
      { numRuns: 300 },
    );
  });

  it('shows syntax that never closed as it was typed, once finished', () => {
    const whole = (text: string) => renderPieces(text.split('')).innerHTML;
    expect(whole('a **b')).to.equal('<p>a **b</p>');
    expect(whole('a [b](https://c')).to.contain('[b](');
    expect(whole('a\n\n| b |')).to.equal('<p>a</p><p>| b |</p>');
    expect(whole('a\n\n1')).to.equal('<p>a</p><p>1</p>');
  });

  for (const [name, text] of Object.entries(trickyDocuments)) {
    if (!text.endsWith('\n') || name === 'spaces and tabs') continue;
    it(`shows a text with nothing open at its end like the finished one, before it is finished: ${name}`, () => {
      const whole = `${text}\nThe end.`;
      expect(renderSteps(whole.split('')).at(-1)).to.equal(renderWhole(whole).innerHTML);
    });
  }

  it('keeps the nodes of settled blocks', () => {
    const container = document.createElement('div');
    const frames = manualFrames();
    const renderer = createMarkdownRenderer(container, { requestFrame: frames.requestFrame, now: () => 0 });
    renderer.append('# One\n\ntwo\n\n- three\n- four\n\nfive\n\nsi');
    frames.flush();
    const before = [...container.children].slice(0, 4);
    renderer.append('x **seven**\n\neight');
    frames.flush();
    renderer.finish();
    expect([...container.children].slice(0, 4)).to.deep.equal(before);
  });

  it('draws once for many deltas of one frame', () => {
    const container = document.createElement('div');
    const frames = manualFrames();
    const renderer = createMarkdownRenderer(container, { requestFrame: frames.requestFrame, now: () => 0 });
    for (const delta of ['a', 'b', 'c']) renderer.append(delta);
    expect(container.textContent).to.equal('');
    expect(frames.flush()).to.equal(1);
    expect(container.textContent).to.equal('abc');
  });

  it('rests after a slow draw, and catches up', () => {
    const container = document.createElement('div');
    const frames = manualFrames();
    const times = [0, 20, 30, 90, 150, 151];
    const now = () => times.shift() ?? NaN;
    const told: string[] = [];
    const drawn = () => told.push(container.textContent);
    const renderer = createMarkdownRenderer(container, { requestFrame: frames.requestFrame, now, drawn });
    const shown = ['a', 'b', 'c', 'd'].map((delta) => {
      renderer.append(delta);
      frames.flush();
      return container.textContent;
    });
    expect(shown).to.deep.equal(['a', 'a', 'abc', 'abc']);
    expect(told).to.deep.equal(['a', 'abc']);
  });

  it('takes a set text that goes on from the shown one as an append, and another one as new', () => {
    const container = document.createElement('div');
    const renderer = createMarkdownRenderer(container);
    renderer.set('one\n\ntwo\n\nthree\n\nfour');
    renderer.finish();
    renderer.set('other');
    renderer.finish();
    expect(container.innerHTML).to.equal('<p>other</p>');
  });

  it('shows nothing any more once disposed, also for a frame that was pending', () => {
    const container = document.createElement('div');
    const frames = manualFrames();
    const renderer = createMarkdownRenderer(container, { requestFrame: frames.requestFrame, now: () => 0 });
    renderer.append('secret');
    renderer.dispose();
    frames.flush();
    renderer.finish();
    expect(container.childNodes.length).to.equal(0);
  });
});

describe('half-open syntax at the end', () => {
  /** No step may show one of the given characters that the finished text does not show. */
  const never: readonly [name: string, text: string, pattern: RegExp][] = [
    ['bold', 'a **bold word** b', /\*/],
    ['italic in bold', '**a *b c* d** e', /\*/],
    ['strikethrough', 'a ~~b c~~ d', /~/],
    ['inline code', 'a `b c` d ``e`f`` g', /`[^f]/],
    ['link', 'see [the page](https://a.example/path) now', /[[\]()]|https(?!:\/\/a\.example\/path")/],
    ['image', 'see ![alt](https://a.example/i.png) now', /[![\]()]/],
    ['heading', 'a\n\n## Title', /#/],
    ['bullet list', 'a\n\n- b\n- c\n- **d**', /[-*]/],
    ['numbered list', 'a\n\n1. b\n2. c', /\d/],
    ['task list', '- [ ] a\n- [x] b', /\[/],
    ['table', '| a | b |\n|---|---|\n| c | d |', /\|/],
    ['code fence', 'a\n\n```js\nlet b;\n```\n\nc', /`|<p>js/],
    ['quote', '> a\n> b', /&gt;/],
    ['thematic break', 'a\n\n---\n\nb', /-|<h3/],
  ];
  for (const [name, text, pattern] of never) {
    it(`never flashes: ${name}`, () => {
      for (const shown of renderSteps(text.split(''))) {
        expect(shown.replaceAll(/data-language="[^"]*"|target="_blank"|rel="[^"]*"/g, '')).not.to.match(pattern);
      }
    });
  }

  it('shows bold from its first letter on', () => {
    expect(renderSteps(['a **b'])).to.deep.equal(['<p>a <strong>b</strong></p>']);
  });
});
