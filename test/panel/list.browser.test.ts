import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { ChatSnapshot } from '../../src/client/index.ts';
import type { ConversationPage } from '../../src/protocol/index.ts';
import { en } from '../../src/strings/index.ts';
import { rows } from './support/around-states.ts';
import { openList, press, rowsOf, until } from './support/around.ts';
import { galleryNow } from './support/conversation-states.ts';
import { reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, nameOf, type Mounted } from './support/mount.ts';

const clock = { now: () => galleryNow, everySecond: () => () => {} };
const messages = [userMessage('u', 'a question'), reply('a', 'An answer.')];
const mountRows = (change: Partial<ChatSnapshot> = {}) =>
  mount({ messages, conversations: rows, ...change }, { mode: 'floating', clock });

const pageOf = (conversations: typeof rows, nextBefore: string | null = null): Promise<ConversationPage> =>
  Promise.resolve({ conversations, nextBefore });

const focused = ({ root }: Mounted) => root.activeElement;
const search = ({ find }: Mounted) => find<HTMLInputElement>('input[type=search]');
const titles = (mounted: Mounted) => rowsOf(mounted).map((row) => row.querySelector('b')?.textContent);

async function seek(mounted: Mounted, words: string): Promise<void> {
  search(mounted).value = words;
  search(mounted).dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await drawn(mounted.panel);
}

const searches = ({ client }: Mounted) =>
  client.calls.filter(([name]) => name === 'searchConversations').map(([, query]) => query);

describe('the list of conversations', () => {
  it('says title, last words, time and what is unread, and which one is on the screen', async () => {
    const mounted = await mountRows();
    const found = await openList(mounted);
    expect(found.map((row) => row.textContent.replaceAll(/\s+/g, ' ').trim())).to.deep.equal([
      'Can I return the big fern? now Yes, within 30 days. Shall I send you a label?',
      'Which soil for a cactus in a very small pot on the balcony, and how much of it? 47 min. ago Sandy soil. 22 unread messages',
      'Untitled conversation 2 days ago Do you deliver on Saturdays?',
      'Broken pot Jul 31 שלום, the pot arrived in two pieces. 99+120 unread messages',
    ]);
    expect(found.map((row) => row.ariaCurrent)).to.deep.equal(['true', null, null, null]);
    expect(searches(mounted), 'it is read anew').to.deep.equal(['']);
  });

  it('opens one, and goes on in the composer', async () => {
    const mounted = await mountRows();
    const [, second] = await openList(mounted);
    second?.click();
    await drawn(mounted.panel);
    expect(mounted.client.calls).to.deep.include(['openConversation', 'c2']);
    expect(mounted.root.querySelector('.list')).to.equal(null);
    expect(focused(mounted)).to.equal(mounted.input);
  });

  it('goes back to the conversation on the screen without asking for it again', async () => {
    const mounted = await mountRows();
    const [first] = await openList(mounted);
    first?.click();
    await drawn(mounted.panel);
    expect(mounted.root.querySelector('.list')).to.equal(null);
    expect(mounted.client.calls.map(([name]) => name)).not.to.include('openConversation');
  });

  it('takes the focus in, and gives it back to the menu', async () => {
    const mounted = await mountRows();
    const [first] = await openList(mounted);
    expect(focused(mounted)).to.equal(first);
    mounted.button(en.back).focus();
    mounted.button(en.back).click();
    await drawn(mounted.panel);
    expect(focused(mounted)).to.equal(mounted.find('.more'));
  });

  it('closes with Escape, and the panel stays', async () => {
    const mounted = await mountRows();
    let closed = 0;
    mounted.panel.addEventListener('panel-close', () => (closed += 1));
    await openList(mounted);
    await sendKeys({ press: 'Escape' });
    await drawn(mounted.panel);
    expect(mounted.root.querySelector('.list')).to.equal(null);
    expect(closed).to.equal(0);
  });

  it('is walked through by the arrow keys, with one row for the Tab key', async () => {
    const mounted = await mountRows();
    const found = await openList(mounted);
    const walked: number[] = [];
    for (const key of ['ArrowDown', 'End', 'ArrowDown', 'ArrowUp', 'Home', 'ArrowUp']) {
      await sendKeys({ press: key });
      await drawn(mounted.panel);
      walked.push(found.indexOf(focused(mounted) as HTMLElement));
    }
    expect(walked).to.deep.equal([1, 3, 3, 2, 0, 0]);
    expect(found.map((row) => row.tabIndex)).to.deep.equal([0, -1, -1, -1]);
    await sendKeys({ press: 'Tab' });
    expect(focused(mounted)?.ariaLabel).to.equal(en.renameTitle(rows[0]?.title ?? ''));
  });

  it('keeps the place in the conversation, which is for nobody meanwhile', async () => {
    const many = Array.from({ length: 40 }, (_, index) => reply(`a${index}`, `Answer ${index}`));
    const mounted = await mountRows({ messages: many });
    const scroller = mounted.find('.scroller');
    scroller.scrollTop = 200;
    await drawn(mounted.panel);
    const { scrollTop } = scroller;
    await openList(mounted);
    expect(scroller.inert).to.equal(true);
    mounted.button(en.back).click();
    await drawn(mounted.panel);
    expect([scroller.inert, scroller.scrollTop]).to.deep.equal([false, scrollTop]);
  });

  it('says that there is none, and begins one', async () => {
    const mounted = await mountRows({ conversations: [] });
    await openList(mounted);
    expect(mounted.find('.list [role=status]').textContent).to.equal(en.noConversations);
    mounted.find('.list').querySelector<HTMLElement>(`[aria-label="${en.newConversation}"]`)?.click();
    expect(mounted.client.calls.at(-1)).to.deep.equal(['newConversation']);
  });

  it('holds nothing of the visitor before after a switch', async () => {
    const mounted = await mountRows();
    await openList(mounted);
    await seek(mounted, 'fern');
    mounted.client.emit({ epoch: 2, conversationId: 'x', conversations: [], messages: [] });
    expect(mounted.root.querySelector('.list')).to.equal(null);
    await openList(mounted);
    expect(rowsOf(mounted)).to.deep.equal([]);
  });
});

describe('a list of more than a page', () => {
  /** A client whose list has two rows, and the others behind them. */
  const mountPages = async (): Promise<Mounted> => {
    const mounted = await mountRows({ conversations: rows.slice(0, 2) });
    mounted.client.results.searchConversations = (query, before) => {
      if (before === undefined) return pageOf(rows.slice(0, 2), 'behind c2');
      if (query === '') mounted.client.emit({ conversations: rows });
      return pageOf(rows.slice(2));
    };
    await openList(mounted);
    await until(() => mounted.text().includes(en.moreConversations), 'the offer');
    return mounted;
  };
  const asked = ({ client }: Mounted) => client.calls.filter(([name]) => name === 'searchConversations').at(-1);

  it('goes on where that is asked for, with the first of those that have come', async () => {
    const mounted = await mountPages();
    mounted.button(en.moreConversations).click();
    await until(() => rowsOf(mounted).length === 4, 'the others');
    expect(asked(mounted)).to.deep.equal(['searchConversations', '', 'behind c2']);
    await until(() => focused(mounted) === rowsOf(mounted)[2], 'the focus');
    expect(mounted.text()).not.to.include(en.moreConversations);
  });

  it('asks once, however often that is pressed', async () => {
    const mounted = await mountPages();
    const page = Promise.withResolvers<ConversationPage>();
    mounted.client.results.searchConversations = () => page.promise;
    const button = mounted.button(en.moreConversations);
    button.click();
    await drawn(mounted.panel);
    expect(button.ariaDisabled).to.equal('true');
    button.click();
    expect(searches(mounted)).to.deep.equal(['', '']);
  });

  it('says what failed, keeps what there is, and goes on by the same button', async () => {
    const mounted = await mountPages();
    const { searchConversations } = mounted.client.results;
    mounted.client.results.searchConversations = () =>
      Promise.reject(Object.assign(new Error('no'), { code: 'unavailable' }));
    mounted.button(en.moreConversations).click();
    await until(() => mounted.text().includes(en.failures.unavailable), 'why');
    expect(rowsOf(mounted).length).to.equal(2);
    mounted.client.results.searchConversations = searchConversations as NonNullable<typeof searchConversations>;
    mounted.button(en.moreConversations).click();
    await until(() => rowsOf(mounted).length === 4, 'the others');
    expect(mounted.text()).not.to.include(en.failures.unavailable);
  });

  it('is read from its beginning where others have read it anew meanwhile', async () => {
    const mounted = await mountPages();
    mounted.client.emit({ conversations: rows.slice(0, 1) });
    await drawn(mounted.panel);
    mounted.button(en.moreConversations).click();
    await drawn(mounted.panel);
    expect(asked(mounted)).to.deep.equal(['searchConversations', '']);
  });

  it('says of a search that there are more, and shows them', async () => {
    const mounted = await mountPages();
    await seek(mounted, 'pot');
    await until(() => mounted.text().includes('2+ conversations found'), 'the count');
    mounted.button(en.moreConversations).click();
    await until(() => rowsOf(mounted).length === 4, 'the others');
    expect(asked(mounted)).to.deep.equal(['searchConversations', 'pot', 'behind c2']);
    expect(mounted.find('.list [role=status]').textContent).to.equal(en.foundCount(4));
  });

  it('begins anew when the search is over', async () => {
    const mounted = await mountPages();
    await seek(mounted, 'pot');
    await until(() => mounted.text().includes('2+ conversations found'), 'the count');
    await seek(mounted, '');
    await until(() => searches(mounted).length === 3 && mounted.text().includes(en.moreConversations), 'the offer');
    mounted.button(en.moreConversations).click();
    await until(() => rowsOf(mounted).length === 4, 'the others');
    expect(asked(mounted)).to.deep.equal(['searchConversations', '', 'behind c2']);
  });
});

describe('searching', () => {
  it('asks once for what was typed, and says how many there are', async () => {
    const mounted = await mountRows();
    mounted.client.results.searchConversations = () => pageOf(rows.slice(3));
    await openList(mounted);
    for (const words of ['p', 'po', 'pot']) await seek(mounted, words);
    await until(() => mounted.text().includes(en.foundCount(1)), 'the count');
    expect(titles(mounted)).to.deep.equal(['Broken pot']);
    expect(searches(mounted)).to.deep.equal(['', 'pot']);
    expect(mounted.find('.list [role=status]').textContent).to.equal(en.foundCount(1));
  });

  it('is cleared by a button, and goes on in the field', async () => {
    const mounted = await mountRows();
    mounted.client.results.searchConversations = () => pageOf(rows.slice(3));
    await openList(mounted);
    expect([...mounted.root.querySelectorAll('.search button')]).to.deep.equal([]);
    await seek(mounted, 'pot');
    mounted.button(en.clearSearch).click();
    await drawn(mounted.panel);
    expect(search(mounted).value).to.equal('');
    expect(focused(mounted)).to.equal(search(mounted));
    expect(titles(mounted).length).to.equal(rows.length);
  });

  it('believes the latest, whichever answer comes last', async () => {
    const mounted = await mountRows();
    const first = Promise.withResolvers<ConversationPage>();
    mounted.client.results.searchConversations = (query) => (query === 'first' ? first.promise : pageOf(rows.slice(3)));
    await openList(mounted);
    await seek(mounted, 'first');
    await until(() => searches(mounted).includes('first'), 'the first');
    await seek(mounted, 'second');
    await until(() => titles(mounted).length === 1, 'the second');
    first.resolve({ conversations: rows.slice(0, 3), nextBefore: null });
    await drawn(mounted.panel);
    expect(titles(mounted)).to.deep.equal(['Broken pot']);
  });

  it('says that nothing was found', async () => {
    const mounted = await mountRows();
    await openList(mounted);
    await seek(mounted, 'nothing');
    await until(() => mounted.text().includes(en.noneFound), 'that');
    expect(rowsOf(mounted)).to.deep.equal([]);
  });

  it('says what failed, and tries again', async () => {
    const mounted = await mountRows();
    mounted.client.results.searchConversations = (query) =>
      query === '' ? pageOf([]) : Promise.reject(Object.assign(new Error('no'), { code: 'unavailable' }));
    await openList(mounted);
    await seek(mounted, 'fern');
    await until(() => mounted.text().includes(en.failures.unavailable), 'why');
    mounted.client.results.searchConversations = () => pageOf(rows.slice(0, 1));
    mounted.button(en.tryAgain).click();
    await until(() => mounted.text().includes(en.foundCount(1)), 'the answer');
  });

  it('is ended by Escape first, then the list', async () => {
    const mounted = await mountRows();
    await openList(mounted);
    await seek(mounted, 'fern');
    search(mounted).focus();
    press(search(mounted), 'Escape');
    await drawn(mounted.panel);
    expect(search(mounted).value).to.equal('');
    expect(rowsOf(mounted).length).to.equal(4);
    press(search(mounted), 'Escape');
    await drawn(mounted.panel);
    expect(mounted.root.querySelector('.list')).to.equal(null);
  });
});

describe('renaming', () => {
  const rename = async (mounted: Mounted): Promise<HTMLInputElement> => {
    await openList(mounted);
    mounted.button(en.renameTitle('Broken pot')).click();
    await drawn(mounted.panel);
    return mounted.find<HTMLInputElement>('.renaming input');
  };

  it('takes a new title by Enter, and goes back to its button', async () => {
    const mounted = await mountRows();
    const input = await rename(mounted);
    expect([input.value, input.maxLength, focused(mounted)]).to.deep.equal(['Broken pot', 120, input]);
    input.value = '  The red pot  ';
    await sendKeys({ press: 'Enter' });
    await drawn(mounted.panel);
    expect(mounted.client.calls).to.deep.include(['renameConversation', 'c4', 'The red pot']);
    expect(focused(mounted)?.getAttribute('data-rename')).to.equal('c4');
  });

  it('leaves everything as it was by Escape, and stays in the list', async () => {
    const mounted = await mountRows();
    const input = await rename(mounted);
    input.value = 'Other';
    await sendKeys({ press: 'Escape' });
    await drawn(mounted.panel);
    expect(titles(mounted)).to.include('Broken pot');
    expect(focused(mounted)?.getAttribute('data-rename')).to.equal('c4');
    expect(mounted.client.calls.map(([name]) => name)).not.to.include('renameConversation');
  });

  for (const value of ['', '   ', 'Broken pot']) {
    it(`asks for nothing with ${JSON.stringify(value)}`, async () => {
      const mounted = await mountRows();
      (await rename(mounted)).value = value;
      await sendKeys({ press: 'Enter' });
      expect(mounted.client.calls.map(([name]) => name)).not.to.include('renameConversation');
    });
  }

  it('says why it did not work', async () => {
    const mounted = await mountRows();
    mounted.client.results.renameConversation = () =>
      Promise.reject(Object.assign(new Error('no'), { code: 'unavailable' }));
    (await rename(mounted)).value = 'Other';
    await sendKeys({ press: 'Enter' });
    await until(() => mounted.root.querySelector('.row-failed'), 'why');
    expect(mounted.find('.row-failed').textContent.trim()).to.equal(en.failures.unavailable);
    expect(mounted.find('.row-failed').role).to.equal('alert');
  });

  it('shows the new title among what was found, too', async () => {
    const mounted = await mountRows();
    mounted.client.results.searchConversations = () => pageOf(rows.slice(3));
    await openList(mounted);
    await seek(mounted, 'pot');
    await until(() => titles(mounted).length === 1, 'one');
    mounted.button(en.renameTitle('Broken pot')).click();
    await drawn(mounted.panel);
    mounted.find<HTMLInputElement>('.renaming input').value = 'The red pot';
    await sendKeys({ press: 'Enter' });
    await drawn(mounted.panel);
    expect(titles(mounted)).to.deep.equal(['The red pot']);
    expect(nameOf(focused(mounted) ?? document.body)).to.equal(en.renameTitle('The red pot'));
  });
});
