import { expect } from '@open-wc/testing';
import { drawn, mount } from './support/mount.ts';
import { states } from './support/states.ts';
import { violations } from './support/violations.ts';

describe('accessibility (axe, all rules)', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const [name, state] of Object.entries(states)) {
      it(`finds nothing wrong: ${name}, ${theme}`, async () => {
        const { panel, type } = await mount(state, { theme, mode: 'inline' });
        type('A draft');
        await drawn(panel);
        expect(await violations(panel)).to.deep.equal([]);
      });
    }
  }

  it('finds nothing wrong with the floating dialog', async () => {
    const { panel, root } = await mount(states['conversation'], { mode: 'floating' });
    for (const animation of root.getAnimations()) animation.cancel();
    expect(await violations(panel)).to.deep.equal([]);
  });

  it('gives every control a target of at least 24 by 24 pixels', async () => {
    for (const state of Object.values(states)) {
      const { root } = await mount(state, { mode: 'floating' });
      for (const button of root.querySelectorAll('button, summary, .source')) {
        if (button.getClientRects().length === 0) continue;
        const { width, height } = button.getBoundingClientRect();
        expect(Math.min(width, height), button.outerHTML).to.be.at.least(24);
      }
    }
  }).timeout(20_000);
});
