import { expect } from '@open-wc/testing';
import type { ViewMessage } from '../../src/client/index.ts';
import { en } from '../../src/strings/index.ts';
import { aroundStates } from './support/around-states.ts';
import { until } from './support/around.ts';
import { attachmentOf, reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';

const url = 'http://localhost:8787/v1/agents/ada/attachments/a1';
const file = (filename: string, mediaType: string): ViewMessage['parts'][number] => ({
  type: 'file',
  filename,
  mediaType,
  url,
});

const withFile = (filename: string, mediaType: string, text = '') =>
  userMessage('u', text, {
    parts: [...(text === '' ? [] : [{ type: 'text', text } as const]), file(filename, mediaType)],
  });

async function mountFile(filename: string, mediaType: string): Promise<Mounted> {
  const mounted = await mount({ messages: [reply('a', '', { parts: [file(filename, mediaType)] })] });
  await import('../../src/panel/conversation/files/index.ts');
  await drawn(mounted.panel);
  return mounted;
}

/** A picture, wider than it is high. */
async function png(width = 64, height = 32): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Presses a button and lets what it asks for come. */
async function press(mounted: Mounted, name: string): Promise<void> {
  mounted.button(name).click();
  await drawn(mounted.panel);
}

const reads = ({ client }: Mounted) => client.calls.filter(([name]) => name === 'readAttachment').length;
const refused = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

/** What is handed to the browser's downloads meanwhile. */
async function downloads(work: () => Promise<void>): Promise<readonly string[]> {
  const found: string[] = [];
  const note = (event: Event) => {
    const [link] = event.composedPath();
    if (!(link instanceof HTMLAnchorElement) || link.download === '') return;
    event.preventDefault();
    found.push(`${link.download} ${new URL(link.href).protocol}`);
  };
  addEventListener('click', note, { capture: true });
  await work();
  removeEventListener('click', note, { capture: true });
  return found;
}

describe('a file in a message of somebody else', () => {
  it('is named, and nothing of it is fetched by itself', async () => {
    const mounted = await mountFile('fern.png', 'image/png');
    expect(mounted.find('.file-name').textContent).to.equal('fern.png');
    expect(mounted.root.querySelector('.bubble')).to.equal(null);
    expect(reads(mounted)).to.equal(0);
  });

  it('that is a picture is shown when it is asked for, under its name', async () => {
    const mounted = await mountFile('fern.png', 'image/png');
    const blob = await png();
    mounted.client.results.readAttachment = () => Promise.resolve(blob);
    await press(mounted, `${en.showImage}: fern.png`);
    await until(() => mounted.root.querySelector('canvas'), 'the picture');
    const picture = mounted.find<HTMLCanvasElement>('canvas');
    expect([picture.role, picture.ariaLabel, picture.width, picture.height]).to.deep.equal(['img', 'fern.png', 64, 32]);
    expect(mounted.client.calls.at(-1)).to.deep.equal(['readAttachment', url]);
    // A change elsewhere draws the same picture, not another one.
    mounted.client.emit({ connection: 'offline' });
    await drawn(mounted.panel);
    expect(mounted.find('canvas')).to.equal(picture);
    expect(mounted.button(`${en.download}: fern.png`)).not.to.equal(undefined);
  });

  it('that is a huge picture takes no more memory than it needs', async () => {
    const mounted = await mountFile('fern.png', 'image/png');
    const blob = await png(4_000, 1_000);
    mounted.client.results.readAttachment = () => Promise.resolve(blob);
    await press(mounted, `${en.showImage}: fern.png`);
    await until(() => mounted.root.querySelector('canvas'), 'the picture');
    const { width, height } = mounted.find<HTMLCanvasElement>('canvas');
    expect([width, height]).to.deep.equal([1_440, 360]);
  });

  it('that only says to be a picture is said to be none, and can be downloaded', async () => {
    const mounted = await mountFile('fern.png', 'image/png');
    mounted.client.results.readAttachment = () => Promise.resolve(new Blob(['<svg onload="alert(1)"/>']));
    await press(mounted, `${en.showImage}: fern.png`);
    await until(() => mounted.text().includes(en.imageFailed), 'the failure');
    expect(mounted.root.querySelector('canvas, img')).to.equal(null);
    expect(mounted.button(`${en.download}: fern.png`).hidden).to.equal(false);
  });

  for (const type of ['image/svg+xml', 'application/pdf', 'text/html', '']) {
    it(`of the type ${type || 'of none'} is downloaded under its name, and never shown`, async () => {
      const mounted = await mountFile('a.b', type);
      const saved = await downloads(async () => {
        await press(mounted, `${en.download}: a.b`);
        await drawn(mounted.panel);
      });
      expect(saved).to.deep.equal(['a.b blob:']);
      expect(mounted.root.querySelector('a[download]')).to.equal(null);
    });
  }

  it('is fetched once, however often it is pressed meanwhile', async () => {
    const mounted = await mountFile('a.pdf', 'application/pdf');
    mounted.client.results.readAttachment = () => new Promise(() => undefined);
    await press(mounted, `${en.download}: a.pdf`);
    await press(mounted, `${en.download}: a.pdf`);
    expect(reads(mounted)).to.equal(1);
  });

  it('that is gone, or cannot be reached, says so and can be asked for again', async () => {
    const mounted = await mountFile('a.pdf', 'application/pdf');
    for (const code of ['attachment_not_found', 'network'] as const) {
      mounted.client.results.readAttachment = refused(code);
      await press(mounted, `${en.download}: a.pdf`);
      await drawn(mounted.panel);
      expect(mounted.text()).to.contain(en.failures[code]);
    }
    expect(reads(mounted)).to.equal(2);
  });

  it('of a visitor who is gone is not shown any more, even where it comes late', async () => {
    const mounted = await mountFile('fern.png', 'image/png');
    const blob = await png();
    let arrive = (_: Blob): void => undefined;
    mounted.client.results.readAttachment = () => new Promise((resolve) => (arrive = resolve));
    await press(mounted, `${en.showImage}: fern.png`);
    mounted.client.emit({ epoch: 2 });
    arrive(blob);
    await drawn(mounted.panel);
    await drawn(mounted.panel);
    expect(mounted.root.querySelector('canvas')).to.equal(null);
  });

  it('has its button beside its name, however narrow the panel is', async () => {
    for (const width of ['400px', '320px', '250px']) {
      const mounted = await mountFile('A long name of an invoice.pdf', 'application/pdf');
      mounted.panel.style.width = width;
      await drawn(mounted.panel);
      const [name, button] = [mounted.find('.file-name'), mounted.find('.file-row button')];
      const [top, bottom] = [button.getBoundingClientRect().top, button.getBoundingClientRect().bottom];
      const middle = name.getBoundingClientRect().top + name.getBoundingClientRect().height / 2;
      expect(middle, width).to.be.within(top, bottom);
      expect(button.getBoundingClientRect().height, 'one line').to.be.below(40);
      const card = mounted.find('.file').getBoundingClientRect();
      expect(button.getBoundingClientRect().right, 'within its card').to.be.at.most(card.right);
      mounted.panel.parentElement?.remove();
    }
  });

  it('stands below the words that were sent with it', async () => {
    const mounted = await mount({ messages: [withFile('a.pdf', 'application/pdf', 'Look')] });
    await import('../../src/panel/conversation/files/index.ts');
    await drawn(mounted.panel);
    expect(mounted.find('.bubble').nextElementSibling?.className).to.equal('file');
  });
});

describe('a picture that the visitor has sent', () => {
  const own = (name = 'fern.png', type = 'image/png') => ({ messages: [withFile(name, type)] });
  const canvas = ({ root }: Mounted) => root.querySelector<HTMLCanvasElement>('.mine canvas');

  it('is shown small once it is scrolled to, also where it was sent before the page was loaded', async () => {
    const mounted = await mount({ messages: [] });
    const blob = await png(4_000, 1_000);
    mounted.client.results.readAttachment = () => Promise.resolve(blob);
    mounted.client.emit(own());
    await until(() => canvas(mounted), 'the picture');
    const { width, height, role, ariaLabel } = canvas(mounted) ?? expect.fail('it is gone');
    expect([width, height, role, ariaLabel]).to.deep.equal([480, 120, 'img', 'fern.png']);
    expect(mounted.button(`${en.download}: fern.png`).isConnected).to.equal(true);
    mounted.client.emit({ connection: 'offline' });
    await drawn(mounted.panel);
    expect(reads(mounted)).to.equal(1);
  });

  it('is not fetched as long as it is out of sight', async () => {
    const words = Array.from({ length: 40 }, (_, index) => reply(`r${index}`, 'A line'));
    const mounted = await mount({ messages: [...own().messages, ...words] });
    const blob = await png();
    mounted.client.results.readAttachment = () => Promise.resolve(blob);
    await until(() => mounted.root.querySelector('.file'), 'the card');
    await drawn(mounted.panel);
    await drawn(mounted.panel);
    expect(reads(mounted)).to.equal(0);
    mounted.find('.scroller').scrollTop = 0;
    await until(() => canvas(mounted), 'the picture');
  });

  it('is drawn from the device where it was sent from this page', async () => {
    const mounted = await mount({ ...aroundStates['takes-files'], messages: [] });
    await until(() => mounted.root.querySelector('input.pick'), 'the button');
    const picture = new File([await png()], 'fern.png', { type: 'image/png' });
    const data = new DataTransfer();
    data.items.add(picture);
    const input = mounted.find<HTMLInputElement>('input.pick');
    input.files = data.files;
    input.dispatchEvent(new Event('change'));
    await until(() => mounted.root.querySelector('.upload.attached canvas'), 'the small picture in the tray');
    expect(mounted.find('.upload canvas').ariaHidden).to.equal('true');
    mounted.button(en.send).click();
    const sent = { ...file('fern.png', 'image/png'), url: attachmentOf('fern.png', picture).url } as const;
    mounted.client.emit({ messages: [userMessage('u', '', { parts: [sent] })] });
    await until(() => canvas(mounted), 'the picture');
    expect(reads(mounted)).to.equal(0);
    expect(mounted.root.querySelector('.upload')).to.equal(null);
  });

  for (const [what, answer] of [
    ['that cannot be read', refused('network')],
    ['that is none', () => Promise.resolve(new Blob(['<svg onload="alert(1)"/>']))],
  ] as const) {
    it(`${what} is a plain card, which says nothing until it is asked for`, async () => {
      const mounted = await mount({ messages: [] });
      mounted.client.results.readAttachment = answer;
      mounted.client.emit(own());
      await until(() => reads(mounted) === 1, 'the reading');
      await drawn(mounted.panel);
      await drawn(mounted.panel);
      expect(mounted.root.querySelector('canvas, img, [part=failure]')).to.equal(null);
      await press(mounted, `${en.showImage}: fern.png`);
      await until(() => mounted.root.querySelector('[part=failure]'), 'the failure');
    });
  }

  it('is nobody’s after the visitor has gone, even where it comes late', async () => {
    const mounted = await mount({ messages: [] });
    const blob = await png();
    let arrive = (_: Blob): void => undefined;
    mounted.client.results.readAttachment = () => new Promise((resolve) => (arrive = resolve));
    mounted.client.emit(own());
    await until(() => reads(mounted) === 1, 'the reading');
    mounted.client.emit({ epoch: 2, messages: [reply('a', '', { parts: [file('fern.png', 'image/png')] })] });
    arrive(blob);
    await drawn(mounted.panel);
    await drawn(mounted.panel);
    expect(mounted.root.querySelector('canvas')).to.equal(null);
  });

  for (const type of ['image/svg+xml', 'application/pdf', '']) {
    it(`is one by its type: nothing is fetched for ${type || 'none'}`, async () => {
      const mounted = await mount(own('a.b', type));
      await until(() => mounted.root.querySelector('.file'), 'the card');
      await drawn(mounted.panel);
      expect(reads(mounted)).to.equal(0);
    });
  }
});
