import { expect } from '@open-wc/testing';
import { ChatError, type ChatSnapshot } from '../../src/client/index.ts';
import { en } from '../../src/strings/index.ts';
import { aroundStates, attachmentLimits, takesFiles } from './support/around-states.ts';
import { press, until } from './support/around.ts';
import { attachmentOf } from './support/fake-client.ts';
import { drawn, mount, nameOf, type Mounted } from './support/mount.ts';

const png = (name = 'fern.png', bytes = 10) => new File([new Uint8Array(bytes)], name, { type: 'image/png' });

async function ready(change: Partial<ChatSnapshot> = {}): Promise<Mounted> {
  const mounted = await mount({ ...aroundStates['takes-files'], ...change }, { mode: 'floating' });
  await until(() => mounted.root.querySelector('input.pick'), 'the button');
  return mounted;
}

function transfer(files: readonly File[], text?: string): DataTransfer {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  if (text !== undefined) data.setData('text/plain', text);
  return data;
}

async function pick(mounted: Mounted, ...files: File[]): Promise<void> {
  const input = mounted.find<HTMLInputElement>('input.pick');
  input.files = transfer(files).files;
  input.dispatchEvent(new Event('change'));
  await drawn(mounted.panel);
}

const drag = (type: string, data: DataTransfer, more: DragEventInit = {}) =>
  new DragEvent(type, { dataTransfer: data, bubbles: true, composed: true, cancelable: true, ...more });

const names = ({ root }: Mounted) => [...root.querySelectorAll('.upload bdi')].map((name) => name.textContent);
const uploads = ({ root }: Mounted) => [...root.querySelectorAll('.upload')].map((each) => each.classList[1]);
const attached = ({ client }: Mounted) => client.calls.filter(([name]) => name === 'attach').map(([, , name]) => name);
const sent = ({ client }: Mounted) => client.calls.filter(([name]) => name === 'send');
const said = ({ find }: Mounted) => find('.announcer').textContent;

describe('attaching files', () => {
  it('is offered by agents that take them, and no others', async () => {
    const { button, find } = await ready();
    expect(button(en.attach).isConnected).to.equal(true);
    expect(find<HTMLInputElement>('input.pick').accept).to.equal('image/*,application/pdf');
    const other = await mount({ agent: { ...takesFiles, features: {} } });
    expect(other.root.querySelector('input.pick')).to.equal(null);
  });

  it('uploads what is picked at once, and sends it along with the text', async () => {
    const mounted = await ready();
    await pick(mounted, png());
    expect([names(mounted), uploads(mounted)]).to.deep.equal([['fern.png'], ['attached']]);
    mounted.type('look');
    press(mounted.input, 'Enter');
    const [, text, options] = sent(mounted).at(-1) ?? [];
    expect([text, options]).to.deep.equal(['look', { attachments: [attachmentOf('fern.png', png())] }]);
    await drawn(mounted.panel);
    expect(names(mounted)).to.deep.equal([]);
  });

  it('keeps what was picked while the agent asks for something before it takes it', async () => {
    const mounted = await ready();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof attachmentOf>>();
    mounted.client.results.attach = () => promise;
    await pick(mounted, png());
    mounted.client.emit({ gate: 'consent', agent: { ...takesFiles, consent: { version: '1', text: 'We keep it.' } } });
    await until(() => mounted.root.querySelector('.gate button'), 'what is asked for');
    mounted.client.emit({ gate: 'none' });
    resolve(attachmentOf('fern.png', png()));
    await until(() => uploads(mounted)[0] === 'attached', 'the file');
    expect(names(mounted)).to.deep.equal(['fern.png']);
    mounted.button(en.send).click();
    expect(sent(mounted).at(-1)?.[2]).to.deep.equal({ attachments: [attachmentOf('fern.png', png())] });
  });

  it('sends files without a word', async () => {
    const mounted = await ready();
    expect(mounted.button(en.send).ariaDisabled).to.equal('true');
    await pick(mounted, png());
    expect(mounted.button(en.send).ariaDisabled).to.equal(null);
    mounted.button(en.send).click();
    expect(sent(mounted).at(-1)?.[1]).to.equal('');
  });

  it('takes what is pasted, but the text where there is one beside a picture of it', async () => {
    const mounted = await ready();
    const paste = (data: DataTransfer) =>
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, composed: true, cancelable: true });
    const asText = paste(transfer([png('cells.png')], 'A1'));
    mounted.input.dispatchEvent(asText);
    expect(asText.defaultPrevented).to.equal(false);
    const asFile = paste(transfer([png('pasted.png')]));
    mounted.input.dispatchEvent(asFile);
    await drawn(mounted.panel);
    expect(asFile.defaultPrevented).to.equal(true);
    expect(attached(mounted)).to.deep.equal(['pasted.png']);
  });

  it('takes what is dropped anywhere on the panel, and shows that it does', async () => {
    const mounted = await ready();
    const over = drag('dragover', transfer([png()]));
    mounted.find('header').dispatchEvent(over);
    await drawn(mounted.panel);
    expect(over.defaultPrevented).to.equal(true);
    expect(mounted.find('.drop').textContent.trim()).to.equal(en.dropFiles);
    const drop = drag('drop', transfer([png('dropped.png')]));
    mounted.find('.scroller').dispatchEvent(drop);
    await drawn(mounted.panel);
    expect(drop.defaultPrevented).to.equal(true);
    expect(mounted.root.querySelector('.drop')).to.equal(null);
    expect(attached(mounted)).to.deep.equal(['dropped.png']);
  });

  it('leaves text that is dragged, and files on an agent that takes none, to the page', async () => {
    const mounted = await ready();
    const text = new DataTransfer();
    text.setData('text/plain', 'a');
    const over = drag('dragover', text);
    mounted.find('header').dispatchEvent(over);
    expect(over.defaultPrevented).to.equal(false);
    mounted.client.emit({ agent: { ...takesFiles, features: {} } });
    await drawn(mounted.panel);
    const files = drag('dragover', transfer([png()]));
    mounted.find('header').dispatchEvent(files);
    expect(files.defaultPrevented).to.equal(false);
  });

  it('stops showing it once they are dragged away', async () => {
    const mounted = await ready();
    mounted.find('header').dispatchEvent(drag('dragover', transfer([png()])));
    await drawn(mounted.panel);
    mounted.find('header').dispatchEvent(drag('dragleave', transfer([png()]), { clientX: -1, clientY: -1 }));
    await drawn(mounted.panel);
    expect(mounted.root.querySelector('.drop')).to.equal(null);
  });
});

describe('what cannot be attached', () => {
  const exe = new File(['x'], 'evil.exe', { type: 'application/x-msdownload' });
  const cases: readonly (readonly [string, readonly File[], string])[] = [
    ['another type', [exe], `${en.fileType('evil.exe')} ${en.fileTypes('Image, PDF')}`],
    ['more bytes', [png('big.png', attachmentLimits.maxBytes + 1)], en.fileTooLarge('big.png', '5 MB')],
  ];
  for (const [what, files, sentence] of cases) {
    it(`is said before anything is sent: ${what}`, async () => {
      const mounted = await ready();
      await pick(mounted, ...files);
      expect(mounted.find('.tray-problem p').textContent).to.equal(sentence);
      expect(said(mounted)).to.equal(sentence);
      expect(attached(mounted)).to.deep.equal([]);
      mounted.button(en.dismiss).click();
      await drawn(mounted.panel);
      expect(mounted.root.querySelector('.tray')).to.equal(null);
    });
  }

  it('is said no longer once the next message is sent', async () => {
    const mounted = await ready();
    await pick(mounted, exe);
    mounted.type('Then without it.');
    press(mounted.input, 'Enter');
    await drawn(mounted.panel);
    expect(sent(mounted).length).to.equal(1);
    expect(mounted.root.querySelector('.tray')).to.equal(null);
  });

  it('is what is more than a message may have', async () => {
    const mounted = await ready();
    await pick(mounted, ...['1', '2', '3', '4'].map((name) => png(name)));
    expect(names(mounted)).to.deep.equal(['1', '2', '3']);
    expect(mounted.find('.tray-problem p').textContent).to.equal(en.tooManyFiles(3));
  });

  it('leaves the others, and a type that the browser does not know, to the server', async () => {
    const mounted = await ready();
    await pick(mounted, exe, png('good.png'), new File(['x'], 'unknown', { type: '' }));
    expect(attached(mounted)).to.deep.equal(['good.png', 'unknown']);
  });

  it('is what the server refuses: with its reason, and no way to try again', async () => {
    const mounted = await ready();
    mounted.client.results.attach = () => Promise.reject(new ChatError('unsupported_type', 'no'));
    await pick(mounted, png());
    await until(() => uploads(mounted).includes('failed'), 'the refusal');
    expect(mounted.find('.upload-why').textContent.trim()).to.equal(en.failures.unsupported_type);
    expect([...mounted.root.querySelectorAll('.upload button')].map(nameOf)).to.deep.equal([en.removeFile('fern.png')]);
  });
});

describe('while files are uploaded', () => {
  const waiting = async () => {
    const mounted = await ready();
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof attachmentOf>>();
    let progress: (share: number) => void = () => {};
    let signal: AbortSignal | undefined;
    mounted.client.results.attach = (_file, _name, onProgress, given) => {
      progress = onProgress ?? progress;
      signal = given;
      return promise;
    };
    await pick(mounted, png());
    return { mounted, resolve: () => resolve(attachmentOf('fern.png', png())), reject, progress, signal };
  };

  it('says how far each has got, and tells of its beginning and its end alone', async () => {
    const { mounted, resolve, progress } = await waiting();
    expect(said(mounted)).to.equal(en.uploading('fern.png', 0));
    progress(0.4);
    await drawn(mounted.panel);
    const bar = mounted.find<HTMLProgressElement>('progress');
    expect([bar.value, bar.ariaLabel]).to.deep.equal([0.4, 'fern.png']);
    expect(said(mounted)).to.equal(en.uploading('fern.png', 0));
    resolve();
    await until(() => uploads(mounted).includes('attached'), 'the end');
    expect(said(mounted)).to.equal(en.uploaded('fern.png'));
  });

  it('says that it waits for a connection where there is none', async () => {
    const mounted = await ready({ connection: 'offline' });
    mounted.client.results.attach = () => new Promise(() => {});
    await pick(mounted, png());
    expect(mounted.find('.upload p').textContent).to.equal(en.waiting);
    mounted.client.emit({ connection: 'online' });
    await drawn(mounted.panel);
    expect(mounted.root.querySelectorAll('.upload progress').length).to.equal(1);
  });

  it('waits with the message, says so, and sends it by itself', async () => {
    const { mounted, resolve } = await waiting();
    mounted.type('look');
    press(mounted.input, 'Enter');
    await drawn(mounted.panel);
    expect(sent(mounted)).to.deep.equal([]);
    expect(mounted.input.value).to.equal('look');
    expect(mounted.find('.tray-waits').textContent).to.equal(en.sendsWhenUploaded);
    resolve();
    await until(() => sent(mounted).length > 0, 'the message');
    expect(sent(mounted)[0]?.slice(1)).to.deep.equal(['look', { attachments: [attachmentOf('fern.png', png())] }]);
    expect(mounted.input.value).to.equal('');
  });

  it('sends nothing by itself once one has failed, until it is tried again or taken out', async () => {
    const { mounted, reject } = await waiting();
    mounted.type('look');
    press(mounted.input, 'Enter');
    reject(new ChatError('network', 'no', { retryable: true }));
    await until(() => uploads(mounted).includes('failed'), 'the failure');
    expect(said(mounted)).to.equal(en.uploadFailed('fern.png'));
    press(mounted.input, 'Enter');
    expect(sent(mounted)).to.deep.equal([]);
    expect(mounted.button(en.send).ariaDisabled).to.equal('true');
    mounted.client.results = {};
    mounted.button(en.retry).click();
    await until(() => uploads(mounted).includes('attached'), 'the second try');
    press(mounted.input, 'Enter');
    expect(sent(mounted).length).to.equal(1);
  });

  it('ends an upload that is taken out, and goes on in the composer', async () => {
    const { mounted, signal } = await waiting();
    mounted.button(en.removeFile('fern.png')).click();
    await drawn(mounted.panel);
    expect(signal?.aborted).to.equal(true);
    expect(names(mounted)).to.deep.equal([]);
    expect(mounted.root.activeElement).to.equal(mounted.input);
  });

  it('has what was uploaded deleted when it is taken out', async () => {
    const mounted = await ready();
    await pick(mounted, png());
    mounted.button(en.removeFile('fern.png')).click();
    expect(mounted.client.calls.at(-1)).to.deep.equal(['detach', 'a-fern.png']);
  });

  it('brings the files back where the page kept the message', async () => {
    const mounted = await ready();
    await pick(mounted, png());
    mounted.client.sendResult = Promise.reject(new ChatError('not_sent', 'no'));
    mounted.type('look');
    press(mounted.input, 'Enter');
    await until(() => mounted.input.value === 'look', 'the text');
    expect([names(mounted), uploads(mounted)]).to.deep.equal([['fern.png'], ['attached']]);
  });

  it('leaves nothing to the next visitor', async () => {
    const { mounted, signal, resolve } = await waiting();
    mounted.client.emit({ epoch: 2, conversationId: 'c2', messages: [] });
    expect(signal?.aborted).to.equal(true);
    resolve();
    await drawn(mounted.panel);
    expect(names(mounted)).to.deep.equal([]);
  });
});
