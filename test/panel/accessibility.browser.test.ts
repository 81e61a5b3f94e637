import { expect } from '@open-wc/testing';
import 'axe-core/axe.js';
import { drawn, mount } from './support/mount.ts';
import { states } from './support/states.ts';

// The package is a script that sets a global.
declare const axe: typeof import('axe-core');

/** Rules about a whole page (its landmarks, title, level-one heading) say nothing about one element. */
const pageRules = ['page-has-heading-one', 'region', 'landmark-one-main', 'document-title', 'html-has-lang', 'bypass'];
const rules = Object.fromEntries(pageRules.map((rule) => [rule, { enabled: false }]));

async function violations(target: Element): Promise<string[]> {
  const result = await axe.run(target, { rules });
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
}

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
      for (const button of root.querySelectorAll('button')) {
        if (button.getClientRects().length === 0) continue;
        const { width, height } = button.getBoundingClientRect();
        expect(Math.min(width, height), button.outerHTML).to.be.at.least(24);
      }
    }
  });
});
