import { expect } from '@open-wc/testing';
import { contrast, createPixelReader, type Pixel } from './support/contrast.ts';
import { mount } from './support/mount.ts';

/** Every hue in steps of 15 degrees at several chromas and lightnesses, greys, and the corners of sRGB. */
const brands = [
  ...Array.from({ length: 24 }, (_, index) => index * 15).flatMap((hue) =>
    [30, 65, 100].flatMap((saturation) =>
      [8, 20, 32, 44, 50, 56, 68, 80, 92].map((lightness) => `hsl(${hue} ${saturation}% ${lightness}%)`),
    ),
  ),
  ...Array.from({ length: 52 }, (_, index) => `rgb(${index * 5} ${index * 5} ${index * 5})`),
  ...['#00f', '#f00', '#0f0', '#ff0', '#0ff', '#f0f', '#fff', '#000', '#777', '#767676', 'rebeccapurple'],
  ...['oklch(0.7 0.3 30)', 'color(display-p3 1 0 0)', 'color(display-p3 0 1 0)', 'lab(50% 60 -80)'],
];

/** Worst first, as few as a person reads. */
const worst = (found: readonly { readonly ratio: number; readonly text: string }[]): string[] =>
  found
    .toSorted((one, other) => one.ratio - other.ratio)
    .slice(0, 5)
    .map(({ ratio, text }) => `${ratio.toFixed(2)}: ${text}`);

describe('a brand colour', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`alone gets text that reads on it, and is itself readable as text, in ${theme}`, async () => {
      const { panel, root } = await mount({}, { theme });
      const box = document.createElement('div');
      box.className = 'probe';
      const sheet = new CSSStyleSheet();
      root.adoptedStyleSheets.push(sheet);
      root.append(box);
      const read = createPixelReader();
      const colorOf = (name: string): Pixel => {
        sheet.replaceSync(`.probe { background: var(${name}) }`);
        return read(getComputedStyle(box).backgroundColor);
      };
      const weak: { ratio: number; text: string }[] = [];
      expect(brands.length).to.be.at.least(500);
      for (const brand of brands) {
        panel.style.setProperty('--chat-accent', brand);
        const pairs = [
          ['--_on-accent', '--_accent'],
          ['--_on-accent', '--_accent-hover'],
          ...['--_surface', '--_sunken', '--_tint'].map((surface) => ['--_accent-text', surface] as const),
          ['--_text', '--_tint'],
        ] as const;
        for (const [front, back] of pairs) {
          const ratio = contrast(colorOf(front), colorOf(back));
          if (ratio < 4.5) weak.push({ ratio, text: `${brand}, ${front} on ${back}` });
        }
      }
      expect(worst(weak)).to.deep.equal([]);
    }).timeout(20_000);
  }

  // The surfaces: the theme's own, and the last for which the accent's text is worked out.
  for (const [theme, surface] of [
    ['light', '#ffffff'],
    ['light', '#dcdcdc'],
    ['dark', '#161a18'],
    ['dark', '#353535'],
  ] as const) {
    it(`outlines what is pressed with 3:1 and more, in ${theme} on ${surface}`, async () => {
      const { panel, find } = await mount({}, { theme });
      const starter = find('[part=suggestion]');
      const read = createPixelReader();
      const weak: { ratio: number; text: string }[] = [];
      // Nothing else is drawn anew for each of them.
      find('.content').replaceChildren(find('.suggestions'));
      panel.style.setProperty('--chat-surface', surface);
      for (const brand of brands) {
        panel.style.setProperty('--chat-accent', brand);
        const ratio = contrast(read(getComputedStyle(starter).borderTopColor), read(surface));
        if (ratio < 3) weak.push({ ratio, text: brand });
      }
      expect(worst(weak)).to.deep.equal([]);
    }).timeout(20_000);
  }

  it('is used as it is where it is strong enough', async () => {
    const { panel, find } = await mount({}, { theme: 'light' });
    panel.style.setProperty('--chat-accent', '#1d4ed8');
    const read = createPixelReader();
    const { backgroundColor, color } = getComputedStyle(find('.avatar'));
    expect([read(backgroundColor), read(color)]).to.deep.equal([
      [29, 78, 216],
      [255, 255, 255],
    ]);
    panel.style.setProperty('--chat-accent', '#ffd400');
    expect(read(getComputedStyle(find('.avatar')).color)).to.deep.equal([0, 0, 0]);
  });

  it('may bring its own text along', async () => {
    const { panel, find } = await mount({}, { theme: 'light' });
    panel.style.setProperty('--chat-accent', '#ffd400');
    panel.style.setProperty('--chat-on-accent', '#30205a');
    expect(createPixelReader()(getComputedStyle(find('.avatar')).color)).to.deep.equal([48, 32, 90]);
  });
});
