import { expect } from '@open-wc/testing';
import 'axe-core/axe.js';
import { loadStrings } from '../../src/strings/index.ts';
import { openList } from './support/around.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';
import { states } from './support/states.ts';

// The package is a script that sets a global.
declare const axe: typeof import('axe-core');

const pageRules = ['page-has-heading-one', 'region', 'landmark-one-main', 'document-title', 'html-has-lang', 'bypass'];
const rules = Object.fromEntries(pageRules.map((rule) => [rule, { enabled: false }]));

async function mountIn(locale: string, state: string, theme: 'light' | 'dark' = 'light'): Promise<Mounted> {
  const { strings } = await loadStrings(locale);
  return mount(states[state], { locale, strings, theme });
}

const middle = (element: Element): number => {
  const { left, right } = element.getBoundingClientRect();
  return (left + right) / 2;
};

describe('the panel in another language', () => {
  for (const [locale, day] of [
    ['de', '1. März'],
    ['en-GB', '1 Mar'],
    ['en-US', 'Mar 1'],
    ['ja', '3月1日'],
  ] as const) {
    it(`writes days as ${locale} does`, async () => {
      const { strings } = await loadStrings(locale);
      const clock = { now: () => Date.parse('2026-03-20T12:00:00Z'), everySecond: () => () => {} };
      const mounted = await mount(states['conversations'], { locale, strings, clock });
      await openList(mounted, strings?.conversationList);
      const days = [...mounted.root.querySelectorAll('.rows time')].map((time) => time.textContent.trim());
      expect(days).to.include(day);
    });
  }

  for (const locale of ['ar', 'he']) {
    it(`stands from right to left in ${locale}, whatever the page’s direction`, async () => {
      const { find, input } = await mountIn(locale, 'conversation');
      const panel = find('.panel');
      expect([panel.dir, panel.lang]).to.deep.equal(['rtl', locale]);
      expect(middle(find('.avatar'))).to.be.above(middle(panel));
      expect(middle(find('.send'))).to.be.below(middle(panel));
      expect(middle(find('.mine .bubble'))).to.be.below(middle(panel));
      // A title of the other direction stands on this side, too.
      expect(find('h2').getBoundingClientRect().right).to.be.closeTo(find('.who').getBoundingClientRect().right, 1);
      expect(getComputedStyle(input).direction, 'of the placeholder').to.equal('rtl');
    });

    it(`lets what is written decide on its own direction in ${locale}`, async () => {
      const { panel, input, type } = await mountIn(locale, 'conversation');
      type('hello');
      await drawn(panel);
      expect(getComputedStyle(input).direction).to.equal('ltr');
      type('שלום');
      expect(getComputedStyle(input).direction).to.equal('rtl');
      type('');
      await drawn(panel);
      expect(getComputedStyle(input).direction).to.equal('rtl');
    });

    for (const state of Object.keys(states)) {
      it(`sticks out nowhere at 320 pixels in ${locale}, and axe finds nothing wrong: ${state}`, async () => {
        const { panel, root } = await mountIn(locale, state, locale === 'ar' ? 'light' : 'dark');
        panel.style.cssText = 'width:320px;height:640px';
        await drawn(panel);
        const wide = [...root.querySelectorAll('.panel, header, .content, form')]
          .filter((part) => part.scrollWidth > part.clientWidth + 1)
          .map((part) => part.className || part.localName);
        expect(wide).to.deep.equal([]);
        const { violations } = await axe.run(panel, { rules });
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).to.deep.equal([]);
      });
    }
  }
});
