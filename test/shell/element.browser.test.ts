import { expect, fixture } from '@open-wc/testing';
import type { ChatMessage } from '../../src/protocol/index.ts';
import { ChatWidgetElement } from '../../src/shell/index.ts';
import { backend, bearerOf, useBackend } from './support/backend.ts';
import { addStyle, useStyles } from './support/page-style.ts';
import { token } from './support/token.ts';
import { nextTask, until } from './support/until.ts';
import { useRejections } from './support/warnings.ts';
import { createWidget, mountWidget, Visitor } from './support/widget.ts';
import { expectSame } from './support/same.ts';

useBackend();
useStyles();
useRejections();

const ada = token({ sub: 'ada', name: 'Ada' });
const identities = () => backend.calls('/identity').map(bearerOf);

describe('an element that is moved', () => {
  it('keeps the conversation, the draft and the running reply', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    visitor.say('hello');
    const reply = await backend.reply();
    reply.begin('The answer ');
    await visitor.sees('The answer');
    visitor.write('a draft');
    const [from, to] = [visitor.widget.parentElement, await fixture<HTMLElement>('<section></section>')];
    to.append(visitor.widget);
    reply.say('goes on.').finish();
    await visitor.sees('The answer goes on.');
    expect(visitor.input?.value).to.equal('a draft');
    expect(visitor.messages.length).to.equal(2);
    expect(from?.childElementCount).to.equal(0);
    expect(backend.calls('/chat').length).to.equal(1);
    expect(visitor.names().filter((name) => name === 'opened' || name === 'ready')).to.deep.equal(['ready', 'opened']);
  });

  it('asks for no token and no verification again', async () => {
    let asked = 0;
    const visitor = await mountWidget();
    const provide = () => Promise.resolve(((asked += 1), ada));
    await visitor.widget.identify(provide);
    (await fixture<HTMLElement>('<section></section>')).append(visitor.widget);
    await nextTask();
    expect(visitor.widget.state.identity.state).to.equal('verified');
    expect(identities()).to.deep.equal([ada]);
    expect(asked).to.equal(1);
  });
});

describe('an element that is removed', () => {
  it('ends, and begins again as the same visitor when it comes back', async () => {
    const visitor = await mountWidget({ 'contact-context-token': ada });
    await visitor.open();
    await visitor.sees('Signed in as Ada');
    const box = visitor.widget.parentElement;
    visitor.widget.remove();
    await until(() => visitor.panel === undefined, 'an end');
    expect(visitor.widget.state.identity).to.deep.equal({ state: 'anonymous' });
    box?.append(visitor.widget);
    await visitor.sees('Signed in as Ada');
    expect(identities()).to.deep.equal([ada, ada]);
    expect(visitor.names().filter((name) => name === 'ready').length).to.equal(1);
    expect(visitor.widget.shadowRoot?.querySelectorAll('button, [part=badge]').length).to.equal(2);
  });

  it('talks to nobody, though it was removed while it was being fetched', async () => {
    const visitor = await mountWidget({ 'contact-context-token': ada });
    visitor.launcher.click();
    visitor.widget.remove();
    const other = await mountWidget({ 'contact-context-token': ada });
    await until(() => other.widget.state.identity.state === 'verified', 'another widget');
    expect(identities()).to.deep.equal([ada]);
    expectSame(visitor.panel, undefined);
  });

  it('destroy() removes it', async () => {
    const visitor = await mountWidget();
    visitor.widget.destroy();
    expect(visitor.widget.isConnected).to.equal(false);
  });
});

describe('an element that is not on the page yet', () => {
  it('identifies the visitor once it is, under the attributes of that time', async () => {
    const widget = new ChatWidgetElement();
    const identified = widget.identify(ada);
    await nextTask();
    widget.setAttribute('agent-id', 'late');
    ChatWidgetElement.defaultServer = backend.server;
    widget.setAttribute('server', backend.server);
    await nextTask();
    expect(backend.requests).to.deep.equal([]);
    (await fixture<HTMLElement>('<div></div>')).append(widget);
    expect((await identified).state).to.equal('verified');
    expect(backend.calls('/identity').map(({ agent }) => agent)).to.deep.equal(['late']);
  });

  it('keeps what was asked of it', async () => {
    const widget = createWidget();
    const visitor = new Visitor(widget);
    const sent = widget.send('hello from nowhere');
    widget.open = true;
    (await fixture<HTMLElement>('<div></div>')).append(widget);
    (await backend.reply()).begin('I hear you.').finish();
    await sent;
    await visitor.sees('I hear you.');
  });

  it('is the same whether markup, innerHTML, createElement or new made it', async () => {
    const box = await fixture<HTMLElement>('<div></div>');
    box.innerHTML = `<chat-widget agent-id="a" server="${backend.server}"></chat-widget>`;
    box.append(document.createElement('chat-widget'), new ChatWidgetElement());
    for (const child of box.children) expect(child.shadowRoot?.querySelectorAll('button').length).to.equal(1);
  });
});

describe('an element that is there before its class', () => {
  const define = (): string => {
    const name = `late-widget-${crypto.randomUUID().slice(0, 8)}`;
    customElements.define(name, class extends ChatWidgetElement {});
    return name;
  };

  it('takes attributes, and properties that were set too early', async () => {
    const box = await fixture<HTMLElement>('<div></div>');
    const name = `late-widget-${crypto.randomUUID().slice(0, 8)}`;
    ChatWidgetElement.defaultServer = backend.server;
    box.innerHTML = `<${name} agent-id="late" server="${backend.server}" contact-context-token="${ada}"></${name}>`;
    const widget = box.firstElementChild as ChatWidgetElement;
    widget.open = true;
    widget.suggestions = ['Set too early'];
    customElements.define(name, class extends ChatWidgetElement {});
    const visitor = new Visitor(widget);
    expect(widget.hasAttribute('open')).to.equal(true);
    await visitor.sees('Set too early');
    await visitor.sees('Signed in as Ada');
    widget.open = false;
    expect(widget.hasAttribute('open')).to.equal(false);
  });

  it('is upgraded by a definition that comes first, too', async () => {
    const box = await fixture<HTMLElement>('<div></div>');
    box.innerHTML = `<${define()} agent-id="late" server="${backend.server}" open></${define()}>`;
    await new Visitor(box.firstElementChild as ChatWidgetElement).isOpen();
  });
});

describe('the focus', () => {
  it('moves into the panel on a click, and back to the launcher on Escape', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    await until(() => visitor.panel?.shadowRoot?.activeElement === visitor.input, 'the focus in the composer');
    visitor.key('Escape');
    await until(() => visitor.widget.shadowRoot?.activeElement === visitor.launcher, 'the focus on the launcher');
    expect(visitor.widget.open).to.equal(false);
    expect(visitor.text).to.equal('');
  });

  it('goes to the composer again, with the draft in it, when the panel is opened again', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    visitor.write('a draft');
    visitor.key('Escape');
    await until(() => visitor.panel?.hidden, 'a hidden panel');
    visitor.launcher.click();
    await until(() => visitor.panel?.shadowRoot?.activeElement === visitor.input, 'the focus in the composer');
    expect(visitor.input?.value).to.equal('a draft');
  });

  it('moves when the page opens the chat by a call, and stays when it does by the attribute', async () => {
    const [called, marked] = [await mountWidget(), await mountWidget()];
    called.widget.open = true;
    await until(() => called.panel?.shadowRoot?.activeElement === called.input, 'the focus in the composer');
    marked.widget.setAttribute('open', '');
    await marked.isOpen();
    expectSame(document.activeElement, called.widget);
  });

  it('is not taken by a later change of the attribute because of an earlier call that changed nothing', async () => {
    const visitor = await mountWidget({ open: '' });
    await visitor.isOpen();
    visitor.widget.open = true;
    visitor.widget.removeAttribute('open');
    await until(() => visitor.panel?.hidden, 'a hidden panel');
    expectSame(document.activeElement, document.body);
  });
});

describe('the launcher', () => {
  it('is a button with a name and says whether the chat is open', async () => {
    const { launcher } = await mountWidget();
    // In a form of the page, too: a shadow root is no part of it.
    expect(launcher.form).to.equal(null);
    expect(launcher.ariaLabel).to.equal('Chat');
    expect(launcher.part.contains('launcher')).to.equal(true);
  });

  it('shows how much is unread while the chat is closed', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    visitor.say('hello');
    const reply = await backend.reply();
    reply.begin('An answer ');
    await visitor.sees('An answer');
    visitor.key('Escape');
    reply.say('for later.').finish();
    await visitor.heard('message-received');
    expect(visitor.launcher.ariaLabel).to.equal('Chat, 1 unread');
    const { id, messages } = JSON.parse(backend.calls('/chat')[0]?.body ?? '') as {
      id: string;
      messages: ChatMessage[];
    };
    const texts = ['An answer for later.', 'And one more.'];
    const [answer, news] = texts.map((text, index): ChatMessage => ({
      id: `reply-${index + 1}`,
      role: 'assistant',
      parts: [{ type: 'text', text }],
    }));
    backend.stored = [...messages, answer, news] as ChatMessage[];
    backend.live('message', { conversationId: id, message: news });
    await until(() => visitor.launcher.ariaLabel === 'Chat, 2 unread', 'a count');
    // The server tells of the answer of this page's own, too.
    backend.live('message', { conversationId: id, message: answer });
    await nextTask();
    expect(visitor.widget.state.unreadCount).to.equal(2);
    expect(visitor.detail('unread-changed')).to.deep.equal({ count: 2 });
    visitor.launcher.click();
    await visitor.sees('And one more.');
    expect(visitor.launcher.ariaLabel).to.equal('Chat');
  });

  it('goes with hide() and comes back with show()', async () => {
    const visitor = await mountWidget();
    visitor.widget.hide();
    expect(visitor.launcher.getClientRects().length).to.equal(0);
    visitor.widget.show();
    expect(visitor.launcher.getClientRects().length).to.equal(1);
  });
});

describe('suggestions', () => {
  it('take the place of the agent’s, at any time, and are sent when chosen', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    await visitor.sees('Where is my order?');
    visitor.widget.suggestions = ['Opening hours?'];
    await visitor.sees('Opening hours?');
    expect(visitor.text).not.to.include('Where is my order?');
    await visitor.press('Opening hours?');
    (await backend.reply()).begin('Nine to five.').finish();
    await visitor.sees('Nine to five.');
  });
});

describe('the launcher', () => {
  it('points down while the chat is open, so that there is one cross on the screen', async () => {
    const visitor = await mountWidget();
    const shape = (): string => visitor.launcher.querySelector('path')?.getAttribute('d') ?? '';
    await visitor.open();
    expect(shape()).to.equal('M4.5 9.5 6 8l6 6 6-6 1.5 1.5L12 17z');
    expect(visitor.button('Close chat')?.innerHTML).to.contain('m6 6 12 12M18 6 6 18');
    visitor.button('Close chat')?.click();
    expect(shape()).to.match(/^M20 11/);
  });
});

describe('slots', () => {
  it('have room around what the page puts there, and the page’s style sheets stand above it', async () => {
    const visitor = await mountWidget();
    visitor.widget.innerHTML = '<p slot="footer">We answer within a day.</p>';
    await visitor.open();
    const [footer = expect.fail('no footer')] = visitor.widget.children;
    const styleOf = (): string[] => [getComputedStyle(footer).padding, getComputedStyle(footer).margin];
    expect(styleOf()).to.deep.equal(['0px 16px 12px', '0px']);
    visitor.widget.style.setProperty('--chat-footer-slot-padding', '4px');
    expect(styleOf()).to.deep.equal(['4px', '0px']);
    addStyle('chat-widget > [slot=footer] { margin: 1px; padding: 2px }');
    expect(styleOf()).to.deep.equal(['2px', '1px']);
  });

  it('show what the page has put there, and nothing where it has not', async () => {
    const visitor = await mountWidget();
    visitor.widget.innerHTML = '<b slot="launcher">Ask us</b><i slot="footer">Answers are automatic</i>';
    const [inLauncher, inFooter] = visitor.widget.children;
    expect(inLauncher?.getClientRects().length).to.equal(1);
    await visitor.open();
    expect(inFooter?.getClientRects().length).to.equal(1);
    await visitor.sees('Hello, what can I find for you?');
  });
});
