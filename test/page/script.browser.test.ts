import { expect } from '@open-wc/testing';
import { answerFile, backend, bearerOf, networkError, useBackend } from '../shell/support/backend.ts';
import { token } from '../shell/support/token.ts';
import { nextTask, until } from '../shell/support/until.ts';
import type { ChatApi } from '../../src/page/index.ts';
import { openPage, scriptAddress, scriptTag, stubScript, useHostPages, type HostPage } from './support/host-page.ts';
import { expectSame } from '../shell/support/same.ts';

// The built script, as a page has it. `npm test` builds it first.
useBackend();
useHostPages();

const ada = token({ sub: 'ada', name: 'Ada' });
const grace = token({ sub: 'grace', name: 'Grace' });
const forged = token({ sub: 'ada' }, 'bad');
const identities = () => backend.calls('/identity').map(bearerOf);
const chatOf = (page: HostPage, name = 'chat') => page.window[name] as ChatApi;

function expectQuiet({ warnings, errors, rejections }: HostPage): void {
  expect({ warnings, errors, rejections }).to.deep.equal({ warnings: [], errors: [], rejections: [] });
}

describe('the script tag', () => {
  for (const [where, position, html] of [
    ['in the head', '', (script: string) => `<head>${script}</head><body><h1>Shop</h1></body>`],
    ['in the head, deferred', 'defer', (script: string) => `<head>${script}</head><body><h1>Shop</h1></body>`],
    ['in the head, async', 'async', (script: string) => `<head>${script}</head><body><h1>Shop</h1></body>`],
    ['in the body', '', (script: string) => `<body>${script}<h1>Shop</h1></body>`],
    ['at the end', '', (script: string) => `<body><h1>Shop</h1>${script}</body>`],
    ['on a page without head and body', '', (script: string) => script],
  ] as const) {
    it(`H7 adds one widget with its attributes, ${where}`, async () => {
      const page = await openPage(html(scriptTag('data-agent-id="shop"', position)));
      await until(() => page.widgets.length > 0, 'a widget');
      await nextTask();
      expect(page.widgets.length).to.equal(1);
      expectSame(page.widgets[0]?.parentElement, page.document.body);
      expect(page.widgets[0]?.getAttribute('agent-id')).to.equal('shop');
      expectQuiet(page);
    });
  }

  it('H7 B10 data-user-token signs the visitor in', async () => {
    const page = await openPage(scriptTag(`data-agent-id="shop" data-user-token="${ada}"`));
    await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
    expect(identities()).to.deep.equal([ada]);
    expectQuiet(page);
  });

  it('data-user-name, data-metadata, data-position and data-theme are the widget’s', async () => {
    const attributes = `data-agent-id="shop" data-user-name="Ada" data-metadata='{"a":1}' data-position="start" data-theme="dark"`;
    const page = await openPage(scriptTag(attributes));
    const [widget] = page.widgets;
    const names = ['data-user-name', 'metadata', 'position', 'theme'];
    expect(names.map((name) => widget?.getAttribute(name))).to.deep.equal(['Ada', '{"a":1}', 'start', 'dark']);
  });

  it('the server is where the script came from, unless it names another', async () => {
    const page = await openPage(
      `<script src="${scriptAddress()}" data-agent-id="shop" data-user-token="${ada}"></script>`,
    );
    await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
    expect(backend.calls('/identity')[0]?.origin).to.equal(location.origin);
  });

  it('adds none where the page has one, be it further down', async () => {
    const page = await openPage(
      `<body>${scriptTag('data-agent-id="shop"')}<chat-widget agent-id="mine"></chat-widget></body>`,
    );
    await nextTask();
    expect(page.widgets.map((widget) => widget.getAttribute('agent-id'))).to.deep.equal(['mine']);
    expect(page.launcher().ariaLabel).to.equal('Chat');
  });

  it('adds none for data-manual until the page says so', async () => {
    const page = await openPage(scriptTag('data-agent-id="shop" data-manual'));
    await nextTask();
    expect(page.widgets).to.deep.equal([]);
    await chatOf(page).init({ agentId: 'later' });
    expect(page.widgets.map((widget) => widget.getAttribute('agent-id'))).to.deep.equal(['later']);
  });

  it('adds one though the script is there twice', async () => {
    const page = await openPage(
      `<body>${scriptTag('data-agent-id="shop"')}${scriptTag('data-agent-id="shop"')}</body>`,
    );
    await nextTask();
    expect(page.widgets.length).to.equal(1);
    expectQuiet(page);
  });

  it('works under two names at once', async () => {
    const page = await openPage(
      `<body>${scriptTag('data-global="support" data-agent-id="shop"')}${scriptTag('data-agent-id="shop"')}</body>`,
    );
    for (const name of ['support', 'chat']) {
      const opened = new Promise((resolve) => chatOf(page, name).once('opened', resolve));
      await chatOf(page, name).open();
      await opened;
      await chatOf(page, name).close();
    }
    expect(page.widgets.length).to.equal(1);
    await chatOf(page, 'support').destroy();
    await chatOf(page).init({ agentId: 'again' });
    expect(page.widgets.map((widget) => widget.getAttribute('agent-id'))).to.deep.equal(['again']);
    expectQuiet(page);
  });

  it('data-global names the API and leaves window.chat alone', async () => {
    const page = await openPage(scriptTag('data-agent-id="shop" data-global="support"'));
    expect(page.window['chat']).to.equal(undefined);
    expect(chatOf(page, 'support')).to.be.a('function');
  });
});

describe('the stub', () => {
  it('Wo11 keeps the calls until the script is there, in their order, and only the last identity goes out', async () => {
    const page = await openPage(`${stubScript}<script>
      chat('identify', '${forged}');
      chat('on', 'identity-changed', ({ state }) => (window.heard = [...(window.heard || []), state]));
      chat('identify', '${grace}');
      chat('update', { theme: 'light' });
      chat('update', { theme: 'dark' });
      chat('identify', '${ada}');
    </script>${scriptTag('data-agent-id="shop"', 'async')}`);
    await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
    expect(identities()).to.deep.equal([ada]);
    expect(page.window['heard']).to.deep.equal(['verifying', 'verified']);
    expect(page.widgets[0]?.getAttribute('theme')).to.equal('dark');
    expectQuiet(page);
  });

  it('Wo11 a call of the page’s is later than the token in the markup of the script, or of the widget', async () => {
    const html = (rest: string) => `${stubScript}<script>chat('identify', '${ada}')</script>${rest}`;
    const widget = `<chat-widget agent-id="shop" server="${backend.server}"></chat-widget>`;
    const script = scriptTag(`data-agent-id="shop" data-user-token="${grace}"`);
    for (const page of [await openPage(html(script)), await openPage(html(script + widget))]) {
      await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
      expect(chatOf(page).state?.identity).to.include({ subject: 'ada' });
    }
    expect(identities()).to.deep.equal([ada, ada]);
  });

  it('sends no token to a server that only the markup names, and goes on without one there', async () => {
    const foreign = `<chat-widget agent-id="shop" server="${backend.server}"></chat-widget>`;
    const script = `<script src="${scriptAddress()}" data-agent-id="shop"></script>`;
    const page = await openPage(`<body>${foreign}${stubScript}${script}</body>`);
    const error: unknown = await chatOf(page)
      .identify(ada)
      .catch((reason: unknown) => reason);
    expect(String(error)).to.include('markup alone');
    await until(() => page.warnings.filter((text) => text.includes(backend.server)).length === 1, 'one warning');
    await chatOf(page).send('hello');
    expect(backend.requests.map(bearerOf).filter(Boolean)).to.deep.equal([]);
  });

  it('Wo11 keeps the order also around an init', async () => {
    const page = await openPage(`${stubScript}<script>
      chat('identify', '${grace}');
      chat('init', { agentId: 'shop', server: '${backend.server}' });
      chat('identify', '${ada}');
    </script>${scriptTag('', 'async')}`);
    await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
    expect(identities()).to.deep.equal([ada]);
  });

  it('loses no call behind a bad one, and says what was bad', async () => {
    const page = await openPage(`${stubScript}<script>
      chat('identify', 42);
      chat('dance');
      chat();
      chat('constructor', 'x');
      chat('identify', '${ada}');
    </script>${scriptTag('data-agent-id="shop"')}`);
    await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
    expect(page.errors.length).to.equal(4);
    expect(page.errors[0]).to.include('pass the JWT');
    expect(page.errors[1]).to.include('dance');
    expect(page.rejections).to.deep.equal([]);
  });

  it('may keep calls as arrays, and may be declared as a function', async () => {
    const page = await openPage(`<script>
      function chat(...call) { (chat.q = chat.q || []).push(call) }
      chat('identify', '${ada}');
    </script>${scriptTag('data-agent-id="shop"')}<script>window.version = chat.version</script>`);
    await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
    expect(page.window['version']).to.be.a('string');
    expectQuiet(page);
  });

  it('leaves no rejection behind for a token that is not accepted', async () => {
    const page = await openPage(
      `${stubScript}<script>chat('identify', '${forged}')</script>${scriptTag('data-agent-id="shop"')}`,
    );
    await until(() => chatOf(page).state?.identity.state === 'rejected', 'rejected');
    await until(() => page.warnings.length > 0, 'a warning');
    await nextTask();
    // Said once, for the page's author, and without the token.
    expect(page.warnings).to.have.length(1);
    expect(page.warnings[0])
      .to.match(/the token was refused: invalid_signature/)
      .and.not.include(forged);
    expect(page.rejections).to.deep.equal([]);
  });

  it('an init in it works from the head, before there is a body', async () => {
    const page = await openPage(
      `<head>${stubScript}<script>chat('init', { agentId: 'early' })</script>${scriptTag()}</head><body><h1>Shop</h1></body>`,
    );
    expect(page.widgets.map((widget) => widget.getAttribute('agent-id'))).to.deep.equal(['early']);
    expect(page.launcher().getClientRects().length).to.equal(1);
    expect(page.document.body.querySelector('h1')?.textContent).to.equal('Shop');
    expectQuiet(page);
  });
});

describe('what window.chat was before', () => {
  const works = async (page: HostPage): Promise<void> => {
    await chatOf(page).identify(ada);
    expect(chatOf(page).state?.identity.state).to.equal('verified');
  };

  it('nothing: it works as soon as the script has run', async () => {
    const page = await openPage(
      `<body>${scriptTag('data-agent-id="shop"')}<script>chat('identify', '${ada}')</script></body>`,
    );
    await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
    expectQuiet(page);
  });

  it('an element with that id', async () => {
    const page = await openPage(`<body><a id="chat"></a>${scriptTag('data-agent-id="shop"')}</body>`);
    await works(page);
    expectQuiet(page);
  });

  it('several elements with that id, or a frame of that name', async () => {
    const page = await openPage(
      `<body><a id="chat"></a><form name="chat"></form>${scriptTag('data-agent-id="a"')}</body>`,
    );
    await works(page);
    const framed = await openPage(`<body><iframe name="chat"></iframe>${scriptTag('data-agent-id="b"')}</body>`);
    await works(framed);
  });

  for (const [what, code] of [
    ['another object', 'window.chat = { send() {} }'],
    ['a variable of the page’s', 'var chat = 7'],
    ['null', 'var chat = null'],
  ] as const) {
    it(what, async () => {
      const page = await openPage(`<script>${code}</script>${scriptTag('data-agent-id="shop"')}`);
      await works(page);
      expect(page.errors).to.deep.equal([]);
      expect(page.warnings.length).to.equal(code.includes('null') ? 0 : 1);
    });
  }

  it('a function of somebody else’s', async () => {
    const page = await openPage(`<script>window.chat = () => 'other'</script>${scriptTag('data-agent-id="shop"')}`);
    await works(page);
  });

  it('one that cannot be replaced: the widget is there all the same, with a warning', async () => {
    const page = await openPage(scriptTag('data-agent-id="shop"'), (window) => {
      Object.defineProperty(window, 'chat', { value: Object.freeze({ mine: true }) });
    });
    expect(page.window['chat']).to.deep.equal({ mine: true });
    expect(page.launcher().ariaLabel).to.equal('Chat');
    expect(page.warnings.length).to.equal(1);
    expect(page.warnings[0]).to.include('chat');
    expect(page.errors).to.deep.equal([]);
  });
});

describe('what is fetched', () => {
  const open = (attributes = '') => openPage(scriptTag(`data-agent-id="passed-by" ${attributes}`));
  const asked = () => backend.requests.filter(({ agent }) => agent === 'passed-by').map(({ path }) => path);
  const idle = (page: HostPage) => new Promise((resolve) => page.window.requestIdleCallback(resolve));

  it('nothing for a visitor who passes by', async () => {
    const page = await open();
    await idle(page);
    await nextTask();
    expect(page.fetched()).to.deep.equal([]);
    expect(asked()).to.deep.equal([]);
  });

  it('the client, never the panel, once the page is idle where there is a token', async () => {
    const page = await open(`data-user-token="${ada}"`);
    expect(page.fetched()).to.deep.equal([]);
    await until(() => chatOf(page).state?.identity.state === 'verified', 'verified');
    await idle(page);
    await until(() => ['client', 'controller'].every((name) => page.fetched().includes(name)), 'the client');
    expect(page.fetched()).not.to.include('panel');
  });

  it('the client, never the panel, for a visitor who has chatted here today: what is unread counts before the chat is opened', async () => {
    localStorage.setItem('chat-widget', `${Date.now()}`);
    try {
      const page = await open();
      await until(() => asked().includes(''), 'the agent');
      expect(page.fetched()).to.include('client').and.not.to.include('panel');
    } finally {
      localStorage.removeItem('chat-widget');
    }
  });

  it('nothing but the client, once, for one who has chatted long ago', async () => {
    localStorage.setItem('chat-widget', `${Date.now() - 86_400_001}`);
    const page = await open();
    await until(() => localStorage.getItem('chat-widget') === null, 'the note is gone');
    await nextTask();
    expect(page.fetched()).not.to.include('panel');
    expect(asked()).to.deep.equal([]);
  });

  for (const loading of ['idle', 'eager']) {
    it(`with loading="${loading}" everything that a chat needs, and nothing is told of the visitor yet`, async () => {
      const page = await open(`data-loading="${loading}"`);
      const files = ['client', 'controller', 'panel'];
      await until(() => files.every((name) => page.fetched().includes(name)), 'all files');
      expect(asked()).to.deep.equal([]);
    });
  }

  for (const [intent, act] of [
    ['the pointer comes near', (button: HTMLElement) => button.dispatchEvent(new PointerEvent('pointerenter'))],
    ['the focus does', (button: HTMLElement) => button.dispatchEvent(new FocusEvent('focus'))],
  ] as const) {
    it(`everything that a chat needs when ${intent}, and nothing of the visitor’s is told yet`, async () => {
      const page = await open();
      act(page.launcher());
      const files = ['client', 'controller', 'panel'];
      await until(() => files.every((name) => page.fetched().includes(name)), 'all files');
      expectSame(page.document.querySelector('chat-widget')?.shadowRoot?.querySelector('chat-panel'), null);
      expect(asked()).to.deep.equal([]);
    });
  }

  it('everything on a click, which opens the chat', async () => {
    const page = await open();
    page.launcher().click();
    const find = () => page.document.querySelector('chat-widget')?.shadowRoot?.querySelector('chat-panel');
    await until(() => find()?.shadowRoot?.querySelector('textarea'), 'the composer');
    expectQuiet(page);
  });

  for (const file of ['panel', 'client', 'controller']) {
    it(`a ${file} that does not arrive is told once, and asked for again by the next click`, async () => {
      let isAway = true;
      answerFile(file, () => (isAway ? networkError() : undefined));
      const page = await open();
      const failed: unknown[] = [];
      const opened: string[] = [];
      chatOf(page).on('failed', (detail) => failed.push(detail));
      chatOf(page).on('opened', () => opened.push('opened'));
      chatOf(page).on('closed', () => opened.push('closed'));
      page.launcher().click();
      await until(() => failed.length > 0, 'the event');
      await nextTask();
      expect(failed).to.deep.equal([{ code: 'network', retryable: true }]);
      expect(chatOf(page).state?.open).to.equal(false);
      expect(page.launcher().ariaBusy).to.equal(null);
      isAway = false;
      page.launcher().click();
      const find = () => page.document.querySelector('chat-widget')?.shadowRoot?.querySelector('chat-panel');
      await until(() => find()?.shadowRoot?.querySelector('textarea'), 'the composer');
      expect(opened).to.deep.equal(['opened']);
      expect(failed.length).to.equal(1);
      expect(page.rejections).to.deep.equal([]);
    });
  }

  it('a client that does not arrive rejects what was asked, and the next call works', async () => {
    let isAway = true;
    answerFile('client', () => (isAway ? networkError() : undefined));
    const page = await open();
    const outcome = await chatOf(page)
      .identify(ada)
      .catch((error: unknown) => error);
    expect(outcome).to.include({ code: 'network', retryable: true });
    isAway = false;
    expect((await chatOf(page).identify(ada)).state).to.equal('verified');
    expect(page.rejections).to.deep.equal([]);
  });
});
