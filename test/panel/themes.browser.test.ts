import { expect } from '@open-wc/testing';
import { violations } from './support/violations.ts';
import { mount } from './support/mount.ts';
import { states } from './support/states.ts';

const names = ['ink', 'clay', 'harbor', 'plum', 'citrus', 'terminal'];
/** Between them they show every pair of colours. */
const shown = ['answered', 'approval', 'errors', 'rate-limited', 'list', 'streaming'];

describe('the six themes', () => {
  for (const name of names) {
    for (const theme of ['light', 'dark'] as const) {
      it(`can be read in every state: ${name}, ${theme}`, async () => {
        const response = await fetch(`/demo/assets/themes/${name}.css`);
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(await response.text());
        document.adoptedStyleSheets = [sheet];
        const found: string[] = [];
        for (const state of shown) {
          const { panel, find } = await mount(states[state] ?? expect.fail(state), {
            theme,
            className: `chat-theme-${name}`,
          });
          const [accent] = getComputedStyle(panel).getPropertyValue('--chat-accent').match(/#\w+/) ?? expect.fail(name);
          expect(accent.length + find('.avatar').getClientRects().length).to.equal(8);
          found.push(...(await violations(panel)).map((text) => `${state}: ${text}`));
          panel.parentElement?.remove();
        }
        expect(found).to.deep.equal([]);
      });
    }
  }

  after(() => {
    document.adoptedStyleSheets = [];
  });
});
