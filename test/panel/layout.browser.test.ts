import { expect } from '@open-wc/testing';
import { emulateMedia, setViewport } from '@web/test-runner-commands';
import '../../src/panel/index.ts';
import { createFakeClient } from './support/fake-client.ts';
import { drawn, mount } from './support/mount.ts';
import { states } from './support/states.ts';

const light = 'rgb(255, 255, 255)';
const dark = 'rgb(22, 26, 24)';

describe('the panel’s place', () => {
  after(() => setViewport({ width: 800, height: 600 }));

  it('leaves room for the launcher below a floating panel, at the side the page chose', async () => {
    await setViewport({ width: 1_000, height: 900 });
    const { panel } = await mount({}, { mode: 'floating' });
    panel.parentElement?.querySelector('style')?.remove();
    const end = panel.getBoundingClientRect();
    expect([end.width, end.height, 1_000 - end.right, 900 - end.bottom]).to.deep.equal([400, 640, 20, 88]);
    panel.setAttribute('position', 'start');
    expect(panel.getBoundingClientRect().left).to.equal(20);
    expect(getComputedStyle(panel).zIndex).to.equal('2147483000');
  });

  it('fills a small screen, with nothing wider than it', async () => {
    await setViewport({ width: 320, height: 560 });
    const { panel, root } = await mount(states['conversation'], { mode: 'floating' });
    panel.parentElement?.querySelector('style')?.remove();
    panel.setAttribute('position', 'start');
    await drawn(panel);
    const { left, top, width, height } = panel.getBoundingClientRect();
    expect([left, top, width, height]).to.deep.equal([0, 0, 320, 560]);
    for (const element of root.querySelectorAll('.panel, header, .scroller, form')) {
      expect(element.scrollWidth, element.className).to.be.at.most(element.clientWidth);
    }
  });

  it('is nowhere while it is hidden', async () => {
    const { panel } = await mount({}, { mode: 'floating' });
    panel.hidden = true;
    expect(panel.getClientRects().length).to.equal(0);
  });
});

describe('the theme', () => {
  after(() => emulateMedia({ colorScheme: 'light' }));

  it('follows the visitor’s system, unless the page says otherwise', async () => {
    const { panel, find } = await mount();
    const color = () => getComputedStyle(find('.panel')).backgroundColor;
    const shown: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await emulateMedia({ colorScheme });
      for (const theme of ['auto', 'light', 'dark'] as const) {
        panel.theme = theme;
        await panel.updateComplete;
        shown.push(color());
      }
    }
    expect(shown).to.deep.equal([light, light, dark, dark, light, dark]);
  });

  it('takes its colours from the page’s custom properties, and nothing else from the page', async () => {
    const { panel, find } = await mount({}, { theme: 'light' });
    panel.parentElement?.setAttribute(
      'style',
      '--chat-accent: rgb(1, 2, 3); color: red; font: 40px serif; text-align: right',
    );
    expect(getComputedStyle(find('.avatar')).backgroundColor).to.equal('rgb(1, 2, 3)');
    const { color, fontSize, textAlign } = getComputedStyle(find('h2'));
    expect([color, fontSize, textAlign]).to.deep.equal(['rgb(27, 33, 30)', '15px', 'start']);
  });
});

describe('what a page makes of the send button', () => {
  it('stays within the rounded frame of the field, and so does its focus', async () => {
    const { find } = await mount();
    expect(getComputedStyle(find('.field')).overflow).to.equal('clip');
    const [field, send] = [find('.field').getBoundingClientRect(), find('.send').getBoundingClientRect()];
    const { outlineOffset } = getComputedStyle(find('.send'));
    // The ring is 2 pixels wide, the frame's line one.
    expect(parseFloat(outlineOffset) + 2 + 1).to.be.at.most(field.right - send.right);
  });
});

describe('an empty conversation', () => {
  for (const [width, height] of [
    [320, 480],
    [400, 640],
    [900, 900],
  ] as const) {
    it(`has its greeting in the middle of what is free, and starters at the composer: ${width} by ${height}`, async () => {
      const { panel, find } = await mount();
      Object.assign(panel.style, { width: `${width}px`, height: `${height}px` });
      await drawn(panel);
      const [first, scroller, starters] = ['.first', '.scroller', '.suggestions'].map((name) =>
        find(name).getBoundingClientRect(),
      );
      if (first === undefined || scroller === undefined || starters === undefined) throw new Error('nothing there');
      const [above, below] = [first.top - scroller.top, starters.top - first.bottom];
      expect(Math.abs(above - below), `${above} above, ${below} below`).to.be.at.most(24);
      expect(scroller.bottom - starters.bottom).to.be.at.most(16);
      expect(Math.abs(first.left + first.right - scroller.left - scroller.right)).to.be.at.most(1);
      expect(find('.scroller').scrollHeight, 'nothing to scroll').to.equal(find('.scroller').clientHeight);
    });
  }
});

describe('what the page puts in', () => {
  it('stands in the slots beside what the panel shows', async () => {
    const { panel, root } = await mount();
    for (const name of ['header', 'welcome', 'footer']) {
      const content = document.createElement('p');
      content.slot = name;
      content.textContent = `From the page: ${name}`;
      panel.append(content);
      expect(root.querySelector<HTMLSlotElement>(`slot[name=${name}]`)?.assignedElements()).to.deep.equal([content]);
      expect(content.getClientRects().length).to.equal(1);
    }
  });

  it('has room around it, as much as the page says, and where there is nothing there is no room', async () => {
    const { panel, root, find } = await mount();
    const bottom = (): number => find('.panel').getBoundingClientRect().bottom;
    expect(find('form').getBoundingClientRect().bottom).to.equal(bottom());
    const insets = { header: '0px 8px', welcome: '0px 0px 8px', footer: '0px 16px 12px' };
    for (const [name, inset] of Object.entries(insets)) {
      const content = document.createElement('div');
      content.slot = name;
      content.textContent = `From the page: ${name}`;
      panel.append(content);
      expect(getComputedStyle(content).padding, name).to.equal(inset);
      panel.style.setProperty(`--chat-${name}-slot-padding`, '3px');
      expect(getComputedStyle(content).padding, name).to.equal('3px');
      content.style.padding = '1px';
      expect(getComputedStyle(content).padding, name).to.equal('1px');
    }
    expect(root.querySelector('.panel')?.scrollWidth).to.equal(find('.panel').clientWidth);
  });

  it('may be its own words', async () => {
    const { panel, input, button } = await mount({}, { strings: { placeholder: 'Frag mich', send: 'Senden' } });
    expect(input.placeholder).to.equal('Frag mich');
    expect(button('Senden').isConnected).to.equal(true);
    panel.strings = undefined;
    await drawn(panel);
    expect(input.placeholder).to.equal('Write a message…');
  });
});

describe('the element', () => {
  it('draws nothing without a client, and all once it has one', async () => {
    const panel = document.createElement('chat-panel');
    document.body.append(panel);
    await panel.updateComplete;
    expect(panel.renderRoot.querySelector('.panel')).to.equal(null);
    panel.client = createFakeClient();
    await drawn(panel);
    expect(panel.renderRoot.querySelector('.greeting')?.textContent).to.contain('Ada');
    panel.remove();
  });

  it('leaves its name to whoever has taken it first', async () => {
    const first = customElements.get('chat-panel');
    await import(`../../src/panel/index.ts?again=${Date.now()}`);
    expect(customElements.get('chat-panel')).to.equal(first);
  });
});
