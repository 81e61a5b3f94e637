import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { en } from '../../src/strings/index.ts';
import { chooseFromMenu, menuItems, openMenu, press, until } from './support/around.ts';
import { reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, nameOf, type Mounted } from './support/mount.ts';

const messages = [userMessage('u', 'a question'), reply('a', 'An answer.')];
const talking = () => mount({ messages }, { mode: 'floating' });
const focused = ({ root }: Mounted) => (root.activeElement === null ? '' : nameOf(root.activeElement));

describe('the menu', () => {
  it('is a menu button: named, with what drops down said', async () => {
    const mounted = await talking();
    const button = mounted.find('.more');
    expect([button.ariaLabel, button.ariaHasPopup, button.ariaExpanded]).to.deep.equal([en.menu, 'menu', 'false']);
    const items = await openMenu(mounted);
    expect(button.ariaExpanded).to.equal('true');
    expect(mounted.find(`#${button.getAttribute('aria-controls')}`).role).to.equal('menu');
    expect(items.map((item) => [nameOf(item), item.role])).to.deep.equal([
      [en.newConversation, 'menuitem'],
      [en.conversationList, 'menuitem'],
      [en.transcript, 'menuitem'],
      [`${en.readAloud} ${en.readAloudHint}`, 'menuitemcheckbox'],
    ]);
  });

  it('offers in an empty conversation what makes sense there', async () => {
    const items = await openMenu(await mount());
    expect(items.map(nameOf)).to.deep.equal([en.conversationList, `${en.readAloud} ${en.readAloudHint}`]);
  });

  it('is walked through by keys, in a circle, and by letters', async () => {
    const mounted = await talking();
    mounted.find('.more').focus();
    await sendKeys({ press: 'ArrowDown' });
    await until(() => menuItems(mounted).length > 0 && focused(mounted) === en.newConversation, 'the first item');
    const walked: string[] = [];
    for (const key of ['ArrowDown', 'End', 'ArrowDown', 'ArrowUp', 'Home', 'd']) {
      await sendKeys({ press: key });
      walked.push(focused(mounted));
    }
    const first = en.newConversation;
    const last = `${en.readAloud} ${en.readAloudHint}`;
    expect(walked).to.deep.equal([en.conversationList, last, first, last, first, en.transcript]);
  });

  it('closes with Escape and goes back to its button, while the panel stays', async () => {
    const mounted = await talking();
    let closed = 0;
    mounted.panel.addEventListener('panel-close', () => (closed += 1));
    await openMenu(mounted);
    await sendKeys({ press: 'Escape' });
    await drawn(mounted.panel);
    expect(menuItems(mounted)).to.deep.equal([]);
    expect(focused(mounted)).to.equal(en.menu);
    expect(closed).to.equal(0);
    await sendKeys({ press: 'Escape' });
    expect(closed).to.equal(1);
  });

  it('closes when something else is pressed, or the Tab key', async () => {
    const mounted = await talking();
    await openMenu(mounted);
    document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
    await drawn(mounted.panel);
    expect(menuItems(mounted)).to.deep.equal([]);
    await openMenu(mounted);
    await sendKeys({ press: 'Tab' });
    await drawn(mounted.panel);
    expect(menuItems(mounted)).to.deep.equal([]);
    expect(focused(mounted), 'what comes after the button').to.equal(en.close);
  });

  it('keeps its keys from the page’s shortcuts', async () => {
    const mounted = await talking();
    const [item] = await openMenu(mounted);
    let heard = 0;
    const listen = () => (heard += 1);
    document.addEventListener('keydown', listen);
    for (const key of ['k', 'ArrowDown', 'Escape']) press(item ?? document, key);
    document.removeEventListener('keydown', listen);
    expect(heard).to.equal(0);
  });

  it('switches on that answers are read sentence by sentence', async () => {
    const mounted = await talking();
    const checked = async () => (await openMenu(mounted)).at(-1)?.ariaChecked;
    expect(await checked()).to.equal('false');
    mounted.find('.more').click();
    await chooseFromMenu(mounted, `${en.readAloud} ${en.readAloudHint}`);
    expect(await checked()).to.equal('true');
  });

  it('is not there for a visitor who may not talk here', async () => {
    const { root } = await mount({ access: 'denied' });
    expect(root.querySelector('.more')).to.equal(null);
  });
});

describe('the transcript', () => {
  type Saved = { readonly name: string; readonly text: Promise<string> };

  /** What is handed to the browser's downloads. */
  async function saved(mounted: Mounted): Promise<Saved> {
    const kept = { name: '', blob: undefined as Blob | undefined };
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob: Blob) => {
      kept.blob = blob;
      return createObjectURL.call(URL, blob);
    };
    const listen = (event: Event) => {
      const [link] = event.composedPath();
      if (!(link instanceof HTMLAnchorElement) || link.download === '') return;
      event.preventDefault();
      kept.name = link.download;
    };
    document.addEventListener('click', listen);
    await chooseFromMenu(mounted, en.transcript);
    await until(() => kept.name !== '', 'a download').finally(() => {
      document.removeEventListener('click', listen);
      URL.createObjectURL = createObjectURL;
    });
    return { name: kept.name, text: kept.blob?.text() ?? Promise.resolve('') };
  }

  it('holds all messages, also those that are not on the screen, in a file with a safe name', async () => {
    const mounted = await mount({ messages });
    mounted.client.results.allMessages = () => Promise.resolve([userMessage('u0', 'long ago'), ...messages]);
    mounted.panel.heading = '../Ada <b>';
    await drawn(mounted.panel);
    const { name, text } = await saved(mounted);
    expect(name).to.match(/^Conversation-with-Ada-b-\d{4}-\d\d-\d\d\.txt$/);
    expect(await text)
      .to.contain('    long ago')
      .and.to.contain('    An answer.');
    expect(mounted.client.calls).to.deep.include(['allMessages', 'c1']);
  });

  it('says so when it cannot be read', async () => {
    const mounted = await mount({ messages });
    mounted.client.results.allMessages = () => Promise.reject(Object.assign(new Error('no'), { code: 'network' }));
    await chooseFromMenu(mounted, en.transcript);
    await until(() => mounted.text().includes(en.failures.network), 'a notice');
  });
});
