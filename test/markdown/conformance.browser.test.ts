import { expect } from '@open-wc/testing';
import { canonical } from './support/canonical.ts';
import { deviations } from './support/deviations.ts';
import { gfmExamples } from './support/gfm-examples.ts';
import { splitAtRandom } from './support/random-splits.ts';
import { renderPieces, renderWhole } from './support/render.ts';
import { loadSpecExamples, type SpecExample } from './support/spec-examples.ts';

let examples: readonly SpecExample[] = [];

before(async () => {
  examples = await loadSpecExamples();
});

/** The expected HTML in our spelling, its relative addresses read as on this page. */
function expected(html: string): string {
  return canonical(new DOMParser().parseFromString(html, 'text/html').body);
}

describe('the 652 examples of CommonMark 0.31.2', () => {
  it('are all there', () => {
    expect(examples.length).to.equal(652);
  });

  it('mean what CommonMark says, but for those that differ on purpose', () => {
    const differing = examples.filter(({ markdown, html }) => canonical(renderWhole(markdown)) !== expected(html));
    expect(differing.map(({ number }) => number)).to.deep.equal(
      Object.values(deviations)
        .flat()
        .toSorted((a, b) => a - b),
    );
  });

  it('end equal to the whole text rendered at once when they stream character by character', () => {
    for (const { number, markdown } of examples) {
      expect(renderPieces([...markdown]).innerHTML, `example ${number}`).to.equal(renderWhole(markdown).innerHTML);
    }
  }).timeout(30_000);

  it('end equal to the whole text rendered at once when they are split at random', () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    for (const { number, markdown } of examples) {
      const whole = renderWhole(markdown).innerHTML;
      for (const round of [0, 1, 2]) {
        const streamed = renderPieces(splitAtRandom(markdown, seed + number + round)).innerHTML;
        expect(streamed, `example ${number}, seed ${seed + number + round}`).to.equal(whole);
      }
    }
  }).timeout(30_000);

  it('end equal when all of them are one text, split at random', () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const text = examples.map(({ markdown }) => markdown).join('\n\n');
    const streamed = renderPieces(splitAtRandom(text, seed, 500));
    expect(streamed.innerHTML, `seed ${seed}`).to.equal(renderWhole(text).innerHTML);
  }).timeout(30_000);

  it('are safe: no element or address but those that we make', () => {
    for (const { number, markdown } of examples) {
      const container = renderWhole(markdown);
      expect(container.querySelectorAll('img, script, iframe, style, form, [onclick], [style]').length).to.equal(0);
      for (const link of container.querySelectorAll('a')) {
        expect(link.protocol, `example ${number}`).to.be.oneOf(['http:', 'https:', 'mailto:', 'tel:']);
      }
    }
  });
});

describe('what GFM adds', () => {
  for (const [name, { markdown, html }] of Object.entries(gfmExamples)) {
    it(`${name}, at once and character by character`, () => {
      expect(canonical(renderWhole(markdown))).to.equal(expected(html));
      expect(canonical(renderPieces([...markdown]))).to.equal(expected(html));
    });
  }
});
