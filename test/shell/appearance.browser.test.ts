import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import { contrast, createPixelReader, type Pixel } from '../panel/support/contrast.ts';
import { backend, useBackend } from './support/backend.ts';
import { addStyle, useStyles } from './support/page-style.ts';
import { until } from './support/until.ts';
import { useWarnings } from './support/warnings.ts';
import { mountWidget, type Visitor } from './support/widget.ts';

useBackend();
useStyles();
const warnings = useWarnings();
const read = createPixelReader();

const styleIn = (visitor: Visitor, selector: string): CSSStyleDeclaration =>
  getComputedStyle(visitor.panel?.shadowRoot?.querySelector(selector) ?? expect.fail(selector));
const accentOf = (visitor: Visitor): Pixel => read(styleIn(visitor, '.avatar').backgroundColor);
const launcherOf = (visitor: Visitor): Pixel => read(getComputedStyle(visitor.launcher).backgroundColor);
const appearance = (values: { [name: string]: string }): void =>
  void (backend.agent = { ...backend.agent, appearance: values });

const purple = [128, 0, 128];
const red = [255, 0, 0];

describe('the agent’s appearance', () => {
  it('counts where the page says nothing', async () => {
    appearance({
      accent: 'purple',
      radius: '4px',
      font: "'Courier New', monospace",
      fontSize: '17px',
      density: 'compact',
      theme: 'dark',
      position: 'start',
    });
    const visitor = await mountWidget();
    await visitor.open();
    await until(() => visitor.panel?.getAttribute('position') === 'start', 'the appearance');
    expect([accentOf(visitor), launcherOf(visitor)]).to.deep.equal([purple, purple]);
    const { borderRadius, fontFamily, fontSize } = styleIn(visitor, '.panel');
    expect([borderRadius, fontFamily, fontSize]).to.deep.equal(['4px', '"Courier New", monospace', '17px']);
    expect(read(styleIn(visitor, '.panel').backgroundColor)).to.deep.equal([22, 26, 24]);
    expect(styleIn(visitor, 'header').paddingInlineEnd).to.equal('8.4px');
    expect(visitor.launcher.getBoundingClientRect().left).to.equal(20);
    expect(warnings).to.deep.equal([]);
  });

  it('stands below the page’s custom properties, wherever they are set, and below attributes', async () => {
    appearance({ accent: 'purple', theme: 'dark', position: 'start', density: 'compact', radius: '2px' });
    addStyle(':root { --chat-accent: red } body { --chat-radius: 9px }');
    const visitor = await mountWidget({ theme: 'light', position: 'end', density: 'comfortable' });
    await visitor.open();
    await until(() => visitor.widget.shadowRoot?.adoptedStyleSheets.length === 3, 'the appearance');
    expect([accentOf(visitor), launcherOf(visitor)]).to.deep.equal([red, red]);
    expect(styleIn(visitor, '.panel').borderRadius).to.equal('9px');
    expect(read(styleIn(visitor, '.panel').backgroundColor)).to.deep.equal([255, 255, 255]);
    expect(styleIn(visitor, 'header').paddingInlineEnd).to.equal('12px');
    expect(visitor.launcher.getBoundingClientRect().left).to.be.greaterThan(100);
  });

  it('can bring nothing but values of their kind into the page', async () => {
    appearance({
      accent: 'red;} * { display: none } :host {',
      radius: 'calc(1px + var(--x))',
      font: 'x; background: url(https://evil.example/x)',
      fontSize: '9999px',
      density: '__proto__',
      theme: 'evil',
      position: 'toString',
      constructor: 'red',
      '--chat-accent': 'red',
      background: 'url(https://evil.example/y)',
    });
    const visitor = await mountWidget();
    await visitor.open();
    await until(() => warnings.length === 10, 'a warning for each');
    const rules = visitor.widget.shadowRoot?.adoptedStyleSheets.map((sheet) => sheet.cssRules)[1] ?? [];
    expect([...rules].map(({ cssText }) => cssText)).to.deep.equal([':host { }']);
    expect(accentOf(visitor)).to.deep.equal([27, 107, 86]);
    for (const text of ['url(//evil.example/z)', 'var(--page-secret)', 'attr(data-x)', 'env(x)', 'not a colour', '']) {
      appearance({ accent: text });
      const other = await mountWidget();
      await other.open();
      await until(() => other.widget.shadowRoot?.adoptedStyleSheets.length === 3, 'the appearance');
      expect(accentOf(other), text).to.deep.equal([27, 107, 86]);
    }
  });
});

describe('density', () => {
  it('makes the chat compact, and is comfortable for what is no density', async () => {
    const visitor = await mountWidget({ density: 'compact' });
    await visitor.open();
    const measures = (): string[] => [styleIn(visitor, 'header').paddingInlineEnd, styleIn(visitor, '.panel').fontSize];
    expect(measures()).to.deep.equal(['8.4px', '14px']);
    visitor.widget.setAttribute('density', 'squeezed');
    expect(measures()).to.deep.equal(['12px', '15px']);
    addStyle('chat-widget { --chat-density: 2; --chat-font-size: 20px }');
    visitor.widget.setAttribute('density', 'compact');
    expect(measures()).to.deep.equal(['24px', '20px']);
  });
});

describe('nonsense', () => {
  it('in an attribute that has a list of values counts as the first of them, with one warning each', async () => {
    const visitor = await mountWidget({ mode: 'sideways', theme: 'pink', position: 'middle', density: 'squeezed' });
    await visitor.open();
    const { panel } = visitor;
    expect([panel?.mode, panel?.theme, panel?.getAttribute('position')]).to.deep.equal(['floating', 'auto', 'end']);
    visitor.widget.setAttribute('data-user-name', 'Ada');
    await until(() => panel?.isConnected, 'the panel');
    await until(() => warnings.length === 4, 'a warning for each');
    expect(warnings).to.deep.equal([
      '<chat-widget>: mode="sideways" is to be one of floating, inline, page; floating counts.',
      '<chat-widget>: position="middle" is to be one of end, start; end counts.',
      '<chat-widget>: theme="pink" is to be one of auto, light, dark; auto counts.',
      '<chat-widget>: density="squeezed" is to be one of comfortable, compact; comfortable counts.',
    ]);
  });
});

describe('the launcher', () => {
  after(() => emulateMedia({ colorScheme: 'light' }));

  it('is of the panel’s colour in both themes, as soon as it is there', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await emulateMedia({ colorScheme });
      for (const theme of ['auto', 'light', 'dark']) {
        const visitor = await mountWidget({ theme });
        const early = launcherOf(visitor);
        await visitor.open();
        expect(launcherOf(visitor), `${theme} in ${colorScheme}`).to.deep.equal(accentOf(visitor));
        if (theme === 'auto') expect(early).to.deep.equal(launcherOf(visitor));
        visitor.widget.remove();
      }
    }
  });

  it('has an icon that stands out on any brand colour: 3:1 and more', async () => {
    const visitor = await mountWidget();
    const faint: string[] = [];
    for (let hue = 0; hue < 360; hue += 10) {
      for (const lightness of [0, 20, 30, 40, 45, 50, 55, 60, 70, 80, 100]) {
        const brand = `hsl(${hue} 100% ${lightness}%)`;
        visitor.widget.style.setProperty('--chat-accent', brand);
        const { color, backgroundColor } = getComputedStyle(visitor.launcher);
        const ratio = contrast(read(color), read(backgroundColor));
        if (ratio < 3) faint.push(`${brand}: ${ratio}`);
      }
    }
    expect(faint).to.deep.equal([]);
  });

  it('is as large and where the page says, with the panel above it', async () => {
    addStyle(
      'chat-widget { --chat-launcher-size: 72px; --chat-offset: 32px; --chat-z-index: 7; --chat-width: 300px; --chat-height: 200px }',
    );
    const visitor = await mountWidget();
    await visitor.open();
    const launcher = visitor.launcher.getBoundingClientRect();
    const panel = visitor.panel?.getBoundingClientRect() ?? expect.fail('no panel');
    expect([launcher.width, launcher.height, innerHeight - launcher.bottom]).to.deep.equal([72, 72, 32]);
    expect([panel.width, panel.height, launcher.top - panel.bottom, innerWidth - panel.right]).to.deep.equal([
      300, 200, 12, 32,
    ]);
    expect(getComputedStyle(visitor.launcher).zIndex).to.equal('7');
  });
});
