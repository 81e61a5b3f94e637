import { expect } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { backend, useBackend } from './support/backend.ts';
import { nextTask, until } from './support/until.ts';
import { useRejections, useWarnings } from './support/warnings.ts';
import { mountWidget, type Visitor } from './support/widget.ts';

useBackend();
useRejections();
const warnings = useWarnings();

/** Somebody turns to another tab, or back. */
function hide(isHidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
  const state = isHidden ? 'hidden' : 'visible';
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** An answer to somebody who looks elsewhere by the time it comes. */
async function arrive(visitor: Visitor): Promise<void> {
  visitor.say('a question');
  const reply = await backend.reply();
  reply.begin('An answer.').finish();
}

async function chatting(attributes: { readonly [name: string]: string } = {}): Promise<Visitor> {
  const visitor = await mountWidget(attributes);
  await visitor.open();
  return visitor;
}

describe('the page’s title', () => {
  const before = 'Shop – ferns';
  beforeEach(() => {
    document.title = before;
  });
  afterEach(() => {
    Reflect.deleteProperty(document, 'hidden');
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('counts what is unread while nobody looks at the page, and is as it was afterwards', async () => {
    const visitor = await chatting();
    hide(true);
    await arrive(visitor);
    await until(() => document.title === `(1) ${before}`, 'the first');
    await arrive(visitor);
    await until(() => document.title === `(2) ${before}`, 'the second');
    hide(false);
    await until(() => document.title === before, 'the title from before');
  });

  it('says nothing while somebody looks', async () => {
    const visitor = await chatting();
    const arrived = arrive(visitor);
    visitor.widget.close();
    await arrived;
    await until(() => visitor.widget.state.unreadCount === 1, 'an unread message');
    await nextTask();
    expect(document.title).to.equal(before);
  });

  it('is the page’s: one that it has set meanwhile is counted before, and stays', async () => {
    const visitor = await chatting();
    hide(true);
    await arrive(visitor);
    await until(() => document.title === `(1) ${before}`, 'the first');
    document.title = 'Sale!';
    await nextTask();
    expect(document.title).to.equal('Sale!');
    await arrive(visitor);
    await until(() => document.title === '(2) Sale!', 'the second');
    document.title = 'Sale ends!';
    hide(false);
    await nextTask();
    expect(document.title).to.equal('Sale ends!');
  });

  it('is left alone where the page says so', async () => {
    const visitor = await chatting({ 'unread-title': 'off' });
    hide(true);
    await arrive(visitor);
    await until(() => visitor.widget.state.unreadCount === 1, 'an unread message');
    await nextTask();
    expect(document.title).to.equal(before);
  });

  it('counts with nonsense in the attribute as without it, and warns once', async () => {
    const visitor = await chatting({ 'unread-title': 'sometimes' });
    hide(true);
    await arrive(visitor);
    await until(() => document.title === `(1) ${before}`, 'the first');
    await arrive(visitor);
    await until(() => document.title === `(2) ${before}`, 'the second');
    await until(() => warnings.length > 0, 'a warning');
    expect(warnings).to.deep.equal(['<chat-widget>: unread-title="sometimes" is to be one of on, off; on counts.']);
  });

  it('is as it was once the chat is gone', async () => {
    const visitor = await chatting();
    hide(true);
    await arrive(visitor);
    await until(() => document.title === `(1) ${before}`, 'the first');
    visitor.widget.remove();
    await until(() => document.title === before, 'the title from before');
  });
});

describe('a browser that says what is to be closed', () => {
  before(() => setViewport({ width: 390, height: 800 }));
  after(() => setViewport({ width: 800, height: 600 }));

  it('closes the chat that fills the screen, from wherever the focus is, without a trace in the history', async () => {
    const { length } = history;
    const visitor = await mountWidget();
    await visitor.open();
    await until(() => visitor.panel?.shadowRoot?.activeElement === visitor.input, 'the focus');
    visitor.input?.blur();
    // What ties the chat to the page comes a moment later.
    for (let tries = 0; visitor.widget.open && tries < 50; tries++) await sendKeys({ press: 'Escape' });
    await until(() => visitor.names().includes('closed'), 'the end');
    expect(visitor.names().filter((name) => name === 'closed')).to.deep.equal(['closed']);
    expect(history.length).to.equal(length);
    await visitor.open();
    expect(visitor.widget.open).to.equal(true);
  });
});

// That it steps back and forth is a journey (test/journeys/back-by-history.test.ts).
describe('a browser that does not say what is to be closed', () => {
  const { CloseWatcher } = globalThis as { CloseWatcher?: unknown };
  before(() => void Object.assign(globalThis, { CloseWatcher: undefined }));
  after(() => void Object.assign(globalThis, { CloseWatcher }));
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('gets no entry in its history where the chat leaves room for the page, nor inline', async () => {
    history.replaceState({ page: 'ferns', key: 7 }, '');
    const { length } = history;
    const wide = await mountWidget();
    await wide.open();
    await setViewport({ width: 390, height: 800 });
    const inline = await mountWidget({ mode: 'inline', open: '' });
    await inline.isOpen();
    await nextTask();
    expect(history.state).to.deep.equal({ page: 'ferns', key: 7 });
    expect(history.length).to.equal(length);
  });
});
