import { expect } from '@open-wc/testing';
import { browserEnvironment } from '../../src/client/index.ts';
import { uploadByXhr } from '../../src/client/upload.ts';

describe('an upload to a real server', () => {
  // Requests that a service worker answers, as in other tests, have no progress.
  it('says how far it has got', async () => {
    const fractions: number[] = [];
    const response = await uploadByXhr(browserEnvironment(), {
      url: `${location.origin}/no-such-place`,
      headers: {},
      body: new Blob(['x'.repeat(200_000)]),
      signal: new AbortController().signal,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(response.ok).to.equal(false);
    expect(fractions.at(-1)).to.equal(1);
    expect(fractions).to.deep.equal(fractions.toSorted((a, b) => a - b));
  });
});
