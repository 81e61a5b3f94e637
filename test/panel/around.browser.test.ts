import { expect } from '@open-wc/testing';
import { emulateMedia, setViewport } from '@web/test-runner-commands';
import 'axe-core/axe.js';
import { en, loadStrings } from '../../src/strings/index.ts';
import { aroundStates } from './support/around-states.ts';
import { openList, openMenu, press, until } from './support/around.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';
import { states } from './support/states.ts';

// The package is a script that sets a global.
declare const axe: typeof import('axe-core');

const pageRules = ['page-has-heading-one', 'region', 'landmark-one-main', 'document-title', 'html-has-lang', 'bypass'];
const rules = Object.fromEntries(pageRules.map((rule) => [rule, { enabled: false }]));
const clock = { now: () => 1_000_000_000_000, everySecond: () => () => {} };

async function withFiles(mounted: Mounted): Promise<void> {
  const { find, client, panel } = mounted;
  await until(() => mounted.root.querySelector('input.pick'), 'the button');
  const answers = [
    client.results.attach,
    () => new Promise<never>(() => {}),
    () => Promise.reject(Object.assign(new Error('no'), { code: 'network' })),
  ];
  const pick = find<HTMLInputElement>('input.pick');
  for (const [index, attach] of answers.entries()) {
    if (attach === undefined) delete client.results.attach;
    else client.results.attach = attach;
    const data = new DataTransfer();
    data.items.add(new File(['x'], `a very long name of a picture of a plant ${index}.png`, { type: 'image/png' }));
    pick.files = data.files;
    pick.dispatchEvent(new Event('change'));
  }
  const data = new DataTransfer();
  data.items.add(new File(['x'], 'evil.exe', { type: 'application/x-msdownload' }));
  pick.files = data.files;
  pick.dispatchEvent(new Event('change'));
  await drawn(panel);
  await until(() => mounted.root.querySelector('.upload.failed'), 'a failure');
}

/** What a visitor can bring onto the screen: the state it begins with, and how. */
const views: { readonly [name: string]: readonly [string, (mounted: Mounted) => Promise<unknown>] } = {
  'the menu': ['list', (mounted) => openMenu(mounted)],
  'the list': ['list', (mounted) => openList(mounted, listName)],
  'a new title': [
    'list',
    async (mounted) => {
      await openList(mounted, listName);
      mounted.root.querySelectorAll<HTMLElement>('[data-rename]')[1]?.click();
      await drawn(mounted.panel);
    },
  ],
  files: ['takes-files', withFiles],
  consent: ['consent', (mounted) => until(() => mounted.root.querySelector('.gate button'), 'consent')],
  'the form': [
    'form',
    async (mounted) => {
      await until(() => mounted.root.querySelector('.gate button'), 'the form');
      mounted.find('.gate > button').click();
      await drawn(mounted.panel);
    },
  ],
  patience: ['rate-limited', async () => {}],
};
let listName = en.conversationList;

async function show(name: string, change: Parameters<typeof mount>[1] = {}): Promise<Mounted> {
  const [state = '', open] = views[name] ?? [];
  const mounted = await mount(states[state], { mode: 'inline', clock, ...change });
  await open?.(mounted);
  for (const animation of mounted.root.getAnimations()) animation.cancel();
  return mounted;
}

async function violations({ panel }: Mounted): Promise<string[]> {
  const result = await axe.run(panel, { rules });
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

describe('around the conversation', () => {
  afterEach(async () => {
    listName = en.conversationList;
    await emulateMedia({ forcedColors: 'none' });
  });

  for (const name of Object.keys(views)) {
    for (const theme of ['light', 'dark'] as const) {
      it(`axe finds nothing wrong: ${name}, ${theme}`, async () => {
        expect(await violations(await show(name, { theme }))).to.deep.equal([]);
      });
    }

    it(`axe finds nothing wrong with forced colours: ${name}`, async () => {
      await emulateMedia({ forcedColors: 'active' });
      expect(await violations(await show(name))).to.deep.equal([]);
    });

    it(`axe finds nothing wrong from right to left at 320 pixels, and nothing sticks out: ${name}`, async () => {
      const { strings } = await loadStrings('ar');
      listName = strings?.conversationList ?? '';
      const mounted = await show(name, { locale: 'ar', strings });
      mounted.panel.style.cssText = 'width:320px;height:560px';
      await drawn(mounted.panel);
      expect(await violations(mounted)).to.deep.equal([]);
      const wide = [
        ...mounted.root.querySelectorAll('.panel, header, .menu, .cover, .list, .tray, .upload, .gate, form'),
      ]
        .filter((part) => part.scrollWidth > part.clientWidth + 1)
        .map((part) => part.className || part.localName);
      expect(wide).to.deep.equal([]);
    });

    it(`every control is at least 24 by 24 pixels: ${name}`, async () => {
      const { root } = await show(name);
      for (const control of root.querySelectorAll('button, input:not([hidden]), .gate-text a')) {
        if (control.getClientRects().length === 0) continue;
        const { width, height } = control.getBoundingClientRect();
        expect(Math.min(width, height), control.outerHTML).to.be.at.least(24);
      }
    });
  }
});

describe('patience that the server asks for', () => {
  const limited = (retryAt: number) => ({
    ...states['conversation'],
    failure: { code: 'rate_limited', retryable: true, retryAt } as const,
  });

  it('holds sending back, says why at the button, and lets go when it is over', async () => {
    let now = 1_000_000_000_000;
    let tick = () => {};
    const moving = { now: () => now, everySecond: (each: () => void) => ((tick = each), () => {}) };
    const { client, panel, input, type, button, find } = await mount(limited(now + 2_000), { clock: moving });
    type('precious');
    await drawn(panel);
    const send = button(en.send);
    expect(send.ariaDisabled).to.equal('true');
    expect(find(`#${send.getAttribute('aria-describedby')}`).textContent.trim()).to.equal(en.inSeconds(2));
    press(input, 'Enter');
    expect(find('.announcer').textContent).to.equal(en.inSeconds(2));
    expect(client.calls.map(([name]) => name)).not.to.include('send');
    expect(input.value).to.equal('precious');
    now += 2_000;
    tick();
    await drawn(panel);
    expect([send.ariaDisabled, send.getAttribute('aria-describedby')]).to.deep.equal([null, null]);
    press(input, 'Enter');
    expect(client.calls.at(-1)).to.deep.equal(['send', 'precious']);
  });
});

describe('on a phone', () => {
  const { visualViewport } = globalThis;
  /** The part of the screen that is left, as a browser tells of it. */
  class Viewport extends EventTarget {
    scale = 1;
    offsetTop = 0;
    height = innerHeight;
    take(change: { readonly height?: number; readonly offsetTop?: number; readonly scale?: number }): void {
      Object.assign(this, change);
      this.dispatchEvent(new Event('resize'));
    }
  }

  async function onScreen(width: number, height: number): Promise<{ panel: HTMLElement; viewport: Viewport }> {
    await setViewport({ width, height });
    const viewport = new Viewport();
    Object.defineProperty(globalThis, 'visualViewport', { configurable: true, value: viewport });
    const { panel } = await mount({}, { mode: 'floating' });
    panel.parentElement?.querySelector('style')?.remove();
    return { panel, viewport };
  }

  afterEach(async () => {
    Object.defineProperty(globalThis, 'visualViewport', { configurable: true, value: visualViewport });
    await setViewport({ width: 800, height: 600 });
  });

  const bottomOf = (panel: HTMLElement) => {
    const { top, bottom } = panel.getBoundingClientRect();
    return [Math.round(top), Math.round(bottom)];
  };

  it('stands where the keyboard leaves room, also where the browser moves the screen', async () => {
    const { panel, viewport } = await onScreen(390, 800);
    expect(bottomOf(panel)).to.deep.equal([0, 800]);
    viewport.take({ height: 460 });
    expect(bottomOf(panel)).to.deep.equal([0, 460]);
    viewport.take({ height: 460, offsetTop: 120 });
    expect(bottomOf(panel)).to.deep.equal([120, 580]);
    viewport.take({ height: 800, offsetTop: 0 });
    expect(bottomOf(panel)).to.deep.equal([0, 800]);
  });

  it('stands still while somebody zooms in', async () => {
    const { panel, viewport } = await onScreen(390, 800);
    viewport.take({ scale: 2, height: 400, offsetTop: 50 });
    expect(bottomOf(panel)).to.deep.equal([0, 800]);
  });

  it('goes up above a tablet’s keyboard', async () => {
    const { panel, viewport } = await onScreen(820, 1_100);
    const [, before] = bottomOf(panel);
    viewport.take({ height: 700 });
    const [top = 0, bottom = 0] = bottomOf(panel);
    expect(before).to.be.above(1_000);
    expect(bottom).to.be.at.most(700);
    expect(top).to.be.at.least(0);
  });

  it('writes at 16 pixels, below which iOS zooms in: composer, search, new title, form', async () => {
    // No test can have a coarse pointer here; the rule for it is read.
    const { root } = await mount(aroundStates['form'], { mode: 'floating' });
    const texts = root.adoptedStyleSheets
      .flatMap((sheet) => [...sheet.cssRules])
      .flatMap((rule) =>
        rule instanceof CSSMediaRule && rule.conditionText.includes('coarse') ? [...rule.cssRules] : [],
      );
    const sizes = texts.map(({ cssText }) => cssText).filter((text) => text.includes('font-size'));
    expect(sizes.some((text) => /^input, textarea \{ font-size: max\(16px, 1em\) !important; \}$/.test(text))).to.equal(
      true,
    );
  });

  it('keeps what scrolls to itself, and changes nothing of the page for it', async () => {
    const styles = () => [document.documentElement, document.body].map((each) => each.getAttribute('style'));
    const before = styles();
    const mounted = await mount(states['list'], { mode: 'floating' });
    await openList(mounted);
    for (const selector of ['.scroller', '.cover']) {
      expect(getComputedStyle(mounted.find(selector)).overscrollBehaviorY, selector).to.equal('contain');
    }
    expect(styles()).to.deep.equal(before);
  });
});
