import { expect } from '@open-wc/testing';
import { browserEnvironment } from '../../src/client/index.ts';

/** More than any browser keeps for one origin. */
const tooLarge = 'x'.repeat(20_000_000);

describe('storage that is full for a while', () => {
  for (const [name, storage] of [
    ['shared', localStorage],
    ['tab', sessionStorage],
  ] as const) {
    afterEach(() => storage.removeItem('k'));

    it(`is memory of the page until something fits again, and not longer: ${name}`, () => {
      const kept = browserEnvironment()[name];
      kept.set('k', tooLarge);
      expect(storage.getItem('k')).to.equal(null);
      expect(kept.get('k')).to.have.length(tooLarge.length);
      kept.set('k', 'newer');
      expect(storage.getItem('k')).to.equal('newer');
      expect(kept.get('k')).to.equal('newer');
      storage.setItem('k', "another tab's");
      expect(kept.get('k')).to.equal("another tab's");
    });
  }
});
