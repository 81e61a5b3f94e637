import { expect } from '@open-wc/testing';
import { ChatWidgetElement, type ChatApi } from '../../src/page/index.ts';
import { answer, backend, bearerOf, problem, useBackend } from '../shell/support/backend.ts';
import { token } from '../shell/support/token.ts';
import { nextTask, until } from '../shell/support/until.ts';
import { useRejections } from '../shell/support/warnings.ts';
import { Visitor } from '../shell/support/widget.ts';
import { expectSame } from '../shell/support/same.ts';

useBackend();
useRejections();

const ada = token({ sub: 'ada', name: 'Ada' });
const grace = token({ sub: 'grace', name: 'Grace' });
const forged = token({ sub: 'ada' }, 'bad');
const identities = () => backend.calls('/identity').map(bearerOf);

const chat = (globalThis as unknown as { chat: ChatApi }).chat;
let count = 0;

async function init(): Promise<Visitor> {
  return new Visitor(await chat.init({ agentId: `api-${++count}`, server: backend.server }));
}

afterEach(() => {
  for (const widget of document.querySelectorAll('chat-widget')) widget.remove();
});

describe('import "chat-widget"', () => {
  it('registers the element and window.chat, with the version of the package', async () => {
    const packageJson = (await (await fetch('/package.json')).json()) as { version: string };
    expect(customElements.get('chat-widget')).to.equal(ChatWidgetElement);
    expect(chat.version).to.equal(packageJson.version);
    expect(ChatWidgetElement.defaultServer).to.equal(location.origin);
  });
});

describe('chat', () => {
  it('W7 is a function and has methods: chat("identify", token) at any time, again for another user', async () => {
    const visitor = await init();
    await chat.open();
    await chat('identify', ada);
    await visitor.sees('Signed in as Ada');
    visitor.say('a secret of Ada');
    (await backend.reply()).begin('Noted.').finish();
    await visitor.sees('Noted.');
    const switching = chat.identify(grace);
    expect(visitor.text).not.to.include('a secret of Ada');
    expect(await switching).to.deep.include({ state: 'verified', claims: { sub: 'grace', name: 'Grace' } });
    await visitor.sees('Signed in as Grace');
    expect(identities()).to.deep.equal([ada, grace]);
  });

  it('says what is wrong with a call', async () => {
    await init();
    expect(() => chat('dance')).to.throw(TypeError, /dance/);
    expect(() => chat('version')).to.throw(TypeError, /version/);
    expect(() => chat('toString')).to.throw(TypeError, /toString/);
    expect(() => chat.identify(42 as never)).to.throw(TypeError, /pass the JWT/);
    await chat.destroy();
    expect(() => chat('identify', 42)).to.throw(TypeError, /pass the JWT/);
  });

  it('opens, closes, toggles, hides and shows', async () => {
    const visitor = await init();
    await chat.open();
    await visitor.isOpen();
    expect(chat.state?.open).to.equal(true);
    await chat.close();
    expect(visitor.text).to.equal('');
    await chat.toggle();
    expect(chat.state?.open).to.equal(true);
    await chat.hide();
    expect(visitor.panel?.getClientRects().length).to.equal(0);
    await chat.show();
    await until(() => visitor.panel?.checkVisibility(), 'the panel again');
  });

  it('sends, and begins a new conversation', async () => {
    const visitor = await init();
    await chat.open();
    const sent = chat.send('from the page');
    (await backend.reply()).begin('To the page.').finish();
    await sent;
    await visitor.sees('To the page.');
    await chat.newConversation();
    await visitor.sees('Hello, what can I find for you?');
    void chat.send('another');
    await until(() => backend.calls('/chat').length === 2, 'a second message');
    const ids = backend.calls('/chat').map(({ body }) => (JSON.parse(body) as { id: string }).id);
    expect(new Set(ids).size).to.equal(2);
  });

  it('rejects with a typed error, and leaves nothing behind where nobody waits', async () => {
    await init();
    answer('post', '/chat', () => problem('too_large'));
    const error = await chat.send('x').catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'too_large', retryable: false });
    void chat.send('y');
    void chat.identify(forged);
    void chat('identify', forged);
    await until(() => chat.state?.identity.state === 'rejected', 'rejected');
  });

  it('updates the options', async () => {
    const { widget } = await init();
    await chat.update({
      userName: 'Ada',
      metadata: { cart: 3 },
      theme: 'dark',
      position: 'start',
      userEmail: 'a@b.eu',
    });
    await chat.update({ userEmail: '' });
    expect(document.querySelector('chat-widget')?.hasAttribute('data-user-email')).to.equal(false);
    const names = ['data-user-name', 'metadata', 'theme', 'position'];
    expect(names.map((name) => widget.getAttribute(name))).to.deep.equal(['Ada', '{"cart":3}', 'dark', 'start']);
    await chat.update({ userToken: ada });
    await until(() => chat.state?.identity.state === 'verified', 'verified');
    expect(widget.outerHTML).not.to.include(ada);
  });

  it('H8 init() adds a widget with its options, or sets those of the one that is there', async () => {
    const first = await chat.init({ agentId: 'shop', server: backend.server, userToken: ada });
    await until(() => chat.state?.identity.state === 'verified', 'verified');
    expectSame(await chat.init({ theme: 'dark' }), first);
    expect(document.querySelectorAll('chat-widget').length).to.equal(1);
    expect(first.getAttribute('theme')).to.equal('dark');
    expect(identities()).to.deep.equal([ada]);
  });

  it('after destroy() begins anew, as nobody', async () => {
    const { widget } = await init();
    await chat.identify(ada);
    await chat.destroy();
    expect(chat.state).to.equal(undefined);
    const { widget: next } = await init();
    expect(next === widget).to.equal(false);
    expect(chat.state?.identity.state).to.equal('anonymous');
  });

  it('what is asked before there is a widget is done, in order, when there is one', async () => {
    const done: string[] = [];
    const note = (what: string) => () => void done.push(what);
    const ready = chat.ready();
    void chat.open().then(note('open'));
    const identified = chat.identify(forged);
    const latest = chat.identify(ada);
    await nextTask();
    expect(done).to.deep.equal([]);
    const visitor = await init();
    expectSame(await ready, visitor.widget);
    expect([(await identified).state, (await latest).state]).to.deep.equal(['verified', 'verified']);
    expect(done).to.deep.equal(['open']);
    expect(identities()).to.deep.equal([ada]);
  });

  it('finds a widget that stands in a shadow root', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const identified = chat.identify(ada);
    const inner = host.attachShadow({ mode: 'open' });
    ChatWidgetElement.defaultServer = backend.server;
    inner.innerHTML = `<chat-widget agent-id="inner" server="${backend.server}"></chat-widget>`;
    expect((await identified).state).to.equal('verified');
    host.remove();
  });
});

describe('chat.on', () => {
  it('hears events by their name without "chat-", with the detail first, until it is told not to', async () => {
    const visitor = await init();
    const heard: unknown[] = [];
    const off = chat.on('identity-changed', (detail, event) => heard.push([detail, event.target === visitor.widget]));
    await chat.identify(ada);
    expect(heard).to.deep.equal([
      [{ state: 'verifying' }, true],
      [{ state: 'verified' }, true],
    ]);
    off();
    await chat.logout();
    expect(heard.length).to.equal(2);
  });

  it('one listener hears several events, and is taken off each alone', async () => {
    const visitor = await init();
    const heard: string[] = [];
    const listener = (_: unknown, { type }: Event) => void heard.push(type);
    chat.on('opened', listener);
    chat.on('closed', listener);
    await chat.open();
    await visitor.heard('opened');
    chat.off('opened', listener);
    await chat.close();
    await chat.open();
    await until(() => visitor.names().filter((name) => name === 'opened').length === 2, 'opened twice');
    await chat.close();
    expect(heard).to.deep.equal(['chat-opened', 'chat-closed', 'chat-closed']);
    chat.off('closed', listener);
  });

  it('once hears one, or none when it is taken off before', async () => {
    const visitor = await init();
    const heard: string[] = [];
    const [first, second] = ['first', 'second'].map((name) => () => void heard.push(name));
    chat.once('opened', first as () => void);
    chat.once('opened', second as () => void);
    chat.off('opened', second as () => void);
    await chat.open();
    await visitor.isOpen();
    await chat.close();
    await chat.open();
    await until(() => visitor.names().filter((name) => name === 'opened').length === 2, 'opened twice');
    expect(heard).to.deep.equal(['first']);
  });

  it('can keep a message on the page', async () => {
    await init();
    const off = chat.on('message-sending', (_, event) => event.preventDefault());
    const error = await chat.send('hello').catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'not_sent' });
    expect(backend.calls('/chat')).to.deep.equal([]);
    off();
  });

  it('hears that a widget is ready', async () => {
    let ready = 0;
    chat.once('ready', () => (ready += 1));
    await init();
    await nextTask();
    expect(ready).to.equal(1);
  });
});
