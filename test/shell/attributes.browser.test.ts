import { expect } from '@open-wc/testing';
import { backend, bearerOf, useBackend } from './support/backend.ts';
import { token } from './support/token.ts';
import { until } from './support/until.ts';
import { useRejections, useWarnings } from './support/warnings.ts';
import { mountWidget } from './support/widget.ts';
import { expectSame } from './support/same.ts';

useBackend();
useRejections();
const warnings = useWarnings();

const ada = token({ sub: 'ada', name: 'Ada' });
const grace = token({ sub: 'grace', name: 'Grace' });
const identities = () => backend.calls('/identity').map(bearerOf);

describe('agent-id and server', () => {
  it('A7 say whom the widget talks to', async () => {
    const visitor = await mountWidget({ 'agent-id': 'plants', server: `${backend.server}/` });
    await visitor.open();
    await visitor.sees('Ada of the shop');
    expect(backend.requests[0]).to.include({ origin: backend.server, agent: 'plants', path: '' });
  });

  it('begin another chat when they change, under the same identity', async () => {
    const visitor = await mountWidget({ 'agent-id': 'plants', 'contact-context-token': ada });
    await visitor.open();
    await visitor.sees('Signed in as Ada');
    visitor.say('for the plants only');
    (await backend.reply()).begin('Green.').finish();
    await visitor.sees('Green.');
    visitor.widget.setAttribute('agent-id', 'stones');
    expect(visitor.text).to.equal('');
    await visitor.sees('Signed in as Ada');
    expect(visitor.text).not.to.include('for the plants only');
    const asked = () => backend.requests.filter(({ agent }) => agent === 'stones');
    await until(() => asked().some(({ path }) => path === '/conversations'), 'the history of the other agent');
    const verifications = asked().filter(({ path }) => path === '/identity');
    expect(verifications.map(bearerOf)).to.deep.equal([ada]);
    expect(visitor.widget.shadowRoot?.querySelectorAll('chat-panel, [part=badge]').length).to.equal(2);
  });

  it('begin another chat also while the first one is still being fetched', async () => {
    const visitor = await mountWidget({ 'agent-id': 'plants', 'contact-context-token': ada });
    visitor.launcher.click();
    visitor.widget.setAttribute('agent-id', 'stones');
    await visitor.sees('Signed in as Ada');
    expect(backend.requests.filter(({ agent }) => agent === 'plants')).to.deep.equal([]);
    expect(visitor.widget.shadowRoot?.querySelectorAll('chat-panel, [part=badge]').length).to.equal(2);
    expect(visitor.names().filter((name) => name === 'opened').length).to.equal(1);
  });
});

for (const name of ['contact-context-token', 'data-user-token']) {
  describe(name, () => {
    it('A7 B10 B11 signs the visitor in, with the token as a bearer', async () => {
      const visitor = await mountWidget({ [name]: ada });
      await until(() => visitor.widget.state.identity.state === 'verified', 'verified');
      expect(identities()).to.deep.equal([ada]);
    });

    it('A8 re-identifies when it changes, without anything being loaded anew', async () => {
      const visitor = await mountWidget({ [name]: ada });
      await visitor.open();
      await visitor.sees('Signed in as Ada');
      const { panel } = visitor;
      visitor.say('a secret of Ada');
      (await backend.reply()).begin('Noted.').finish();
      await visitor.sees('Noted.');
      visitor.widget.setAttribute(name, grace);
      expect(visitor.text).not.to.include('a secret of Ada');
      await visitor.sees('Signed in as Grace');
      expectSame(visitor.panel, panel);
      expect(identities()).to.deep.equal([ada, grace]);
    });

    it('A8 signs out when it is removed', async () => {
      const visitor = await mountWidget({ [name]: ada });
      await visitor.open();
      await visitor.sees('Signed in as Ada');
      visitor.widget.removeAttribute(name);
      expect(visitor.widget.state.identity).to.deep.equal({ state: 'anonymous' });
      await until(() => backend.calls('/logout').length === 1, 'the logout on the server');
      expect(backend.calls('/logout').map(bearerOf)).to.deep.equal([ada]);
    });

    it('signs out when it becomes empty', async () => {
      const visitor = await mountWidget({ [name]: ada });
      await until(() => visitor.widget.state.identity.state === 'verified', 'verified');
      visitor.widget.setAttribute(name, '');
      expect(visitor.widget.state.identity).to.deep.equal({ state: 'anonymous' });
      await until(() => backend.calls('/logout').length === 1, 'the logout on the server');
    });

    it('is no sign-in where it was empty all along', async () => {
      const visitor = await mountWidget({ [name]: '' });
      await visitor.open();
      await visitor.sees('Hello, what can I find for you?');
      expect(identities()).to.deep.equal([]);
      expect(backend.calls('/logout')).to.deep.equal([]);
    });
  });
}

describe('both token attributes', () => {
  it('contact-context-token wins over another data-user-token, with one warning that names both', async () => {
    const visitor = await mountWidget({ 'data-user-token': grace, 'contact-context-token': ada });
    await visitor.open();
    await visitor.sees('Signed in as Ada');
    visitor.widget.setAttribute('theme', 'dark');
    expect(identities()).to.deep.equal([ada]);
    expect(warnings.length).to.equal(1);
    expect(warnings[0]).to.include('contact-context-token').and.to.include('data-user-token');
    expect(warnings[0]).not.to.include(ada).and.not.to.include(grace);
  });

  it('nothing is to be said where they are the same', async () => {
    const visitor = await mountWidget({ 'data-user-token': ada, 'contact-context-token': ada });
    await until(() => visitor.widget.state.identity.state === 'verified', 'verified');
    expect(warnings).to.deep.equal([]);
  });

  it('the other one takes over when the first is removed', async () => {
    const visitor = await mountWidget({ 'data-user-token': grace, 'contact-context-token': ada });
    await until(() => visitor.widget.state.identity.state === 'verified', 'verified');
    visitor.widget.removeAttribute('contact-context-token');
    await until(() => identities().length === 2, 'the second token');
    expect(identities()).to.deep.equal([ada, grace]);
    expect(backend.calls('/logout')).to.deep.equal([]);
  });
});

describe('data-user-name and data-user-email', () => {
  it('H1 are shown as not verified, and sent as context', async () => {
    const visitor = await mountWidget({ 'data-user-name': 'Ada', 'data-user-email': 'ada@shop.example' });
    await visitor.open();
    await visitor.sees('Ada · not verified');
    expect(visitor.widget.state.identity).to.deep.equal({
      state: 'self-reported',
      name: 'Ada',
      email: 'ada@shop.example',
    });
    visitor.say('hello');
    (await backend.reply()).begin('Hi.').finish();
    await visitor.sees('Hi.');
    const [sent] = backend.calls('/chat');
    expect(sent?.headers.get('X-Chat-Identity-Source')).to.equal('self-reported');
    expect(JSON.parse(sent?.body ?? '')).to.have.deep.nested.property('metadata.context', {
      name: 'Ada',
      email: 'ada@shop.example',
    });
    expect(identities()).to.deep.equal([]);
  });

  it('H1 open nothing for a visitor who is verified', async () => {
    const visitor = await mountWidget({ 'data-user-name': 'Mallory', 'contact-context-token': ada });
    await visitor.open();
    await visitor.sees('Signed in as Ada');
    visitor.widget.setAttribute('data-user-name', 'Trudy');
    expect(visitor.widget.state.identity.state).to.equal('verified');
  });

  it('H1 follow changes and go when they are removed', async () => {
    const visitor = await mountWidget({ 'data-user-name': 'Ada' });
    await visitor.open();
    await visitor.sees('Ada · not verified');
    visitor.widget.setAttribute('data-user-name', 'Grace');
    await visitor.sees('Grace · not verified');
    visitor.widget.removeAttribute('data-user-name');
    expect(visitor.widget.state.identity).to.deep.equal({ state: 'anonymous' });
  });
});

describe('metadata', () => {
  it('goes along with every message, as it is at that time', async () => {
    const visitor = await mountWidget({ metadata: '{"source":"home","data":{"cart":[1]}}' });
    await visitor.open();
    visitor.say('one');
    (await backend.reply()).begin('First.').finish();
    await visitor.sees('First.');
    visitor.widget.setAttribute('metadata', '{"source":"checkout"}');
    visitor.say('two');
    (await backend.reply()).begin('Second.').finish();
    await visitor.sees('Second.');
    const sent = backend.calls('/chat').map(({ body }) => (JSON.parse(body) as { metadata: unknown }).metadata);
    expect(sent).to.deep.equal([{ source: 'home', data: { cart: [1] } }, { source: 'checkout' }]);
    expect(warnings).to.deep.equal([]);
  });

  it('of a listener of chat-message-sending goes along with that message', async () => {
    const visitor = await mountWidget({ metadata: '{"source":"home"}' });
    await visitor.open();
    visitor.widget.addEventListener('chat-message-sending', () => {
      visitor.widget.setAttribute('metadata', '{"source":"listener"}');
    });
    visitor.say('one');
    (await backend.reply()).begin('First.').finish();
    await visitor.sees('First.');
    expect(JSON.parse(backend.calls('/chat')[0]?.body ?? '')).to.have.deep.property('metadata', { source: 'listener' });
  });

  for (const nonsense of ['{nonsense', '[1]', '"text"', 'null', '7']) {
    it(`is left out, with one warning, where it is ${nonsense}`, async () => {
      const visitor = await mountWidget({ metadata: nonsense });
      await visitor.open();
      visitor.widget.setAttribute('theme', 'dark');
      visitor.widget.setAttribute('position', 'start');
      visitor.say('hello');
      (await backend.reply()).begin('Hi.').finish();
      await visitor.sees('Hi.');
      expect(JSON.parse(backend.calls('/chat')[0]?.body ?? '')).to.have.deep.property('metadata', {});
      expect(warnings.length).to.equal(1);
      expect(warnings[0]).to.include('metadata');
    });
  }
});

describe('open', () => {
  it('is reflected, and shows and hides the panel', async () => {
    const visitor = await mountWidget();
    visitor.widget.open = true;
    expect(visitor.widget.hasAttribute('open')).to.equal(true);
    await visitor.isOpen();
    expect(visitor.launcher.ariaExpanded).to.equal('true');
    visitor.widget.removeAttribute('open');
    await until(() => visitor.panel?.hidden, 'a hidden panel');
    expect(visitor.widget.open).to.equal(false);
    expect(visitor.launcher.ariaExpanded).to.equal('false');
    visitor.widget.setAttribute('open', '');
    await until(() => visitor.panel?.hidden === false, 'a panel');
    expect(visitor.names()).to.deep.equal(['ready', 'opened', 'closed', 'opened']);
  });

  it('in the markup opens without taking the focus', async () => {
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    const visitor = await mountWidget({ open: '' });
    await visitor.isOpen();
    expectSame(document.activeElement, field);
    visitor.widget.removeAttribute('open');
    await until(() => visitor.panel?.hidden, 'a hidden panel');
    expectSame(document.activeElement, field);
    field.remove();
  });

  it('says nothing of opening or closing for a chat that nobody has seen', async () => {
    const visitor = await mountWidget();
    visitor.widget.toggle();
    visitor.widget.toggle();
    await visitor.open();
    expect(visitor.names()).to.deep.equal(['ready', 'opened']);
  });
});

describe('mode', () => {
  for (const mode of ['inline', 'page']) {
    it(`${mode} shows the panel at once, where the element stands, without a launcher or the focus`, async () => {
      const visitor = await mountWidget({ mode });
      await visitor.isOpen();
      expect(visitor.panel?.mode).to.equal(mode);
      expect(getComputedStyle(visitor.launcher).display).to.equal('none');
      expect(getComputedStyle(visitor.widget).display).to.equal('block');
      expectSame(visitor.button('Close chat'), undefined);
      expectSame(document.activeElement, document.body);
      expect(visitor.names()).to.deep.equal(['ready']);
    });

    it(`can become ${mode} and floating again`, async () => {
      const visitor = await mountWidget();
      visitor.widget.setAttribute('mode', mode);
      await visitor.isOpen();
      visitor.widget.removeAttribute('mode');
      await until(() => visitor.panel?.hidden, 'a hidden panel');
      expect(visitor.panel?.mode).to.equal('floating');
      expect(getComputedStyle(visitor.launcher).display).not.to.equal('none');
    });
  }

  it('of another name is floating', async () => {
    const visitor = await mountWidget({ mode: 'sideways' });
    expect(getComputedStyle(visitor.launcher).display).not.to.equal('none');
    await visitor.open();
    expect(visitor.panel?.mode).to.equal('floating');
  });
});

describe('position', () => {
  for (const [position, side] of [
    ['', 'right'],
    ['end', 'right'],
    ['start', 'left'],
    ['middle', 'right'],
  ] as const) {
    it(`"${position}" puts launcher and panel to the ${side}`, async () => {
      const visitor = await mountWidget({ position });
      await visitor.open();
      for (const part of [visitor.launcher, visitor.panel?.shadowRoot?.querySelector('.panel')]) {
        const { left, right } = part?.getBoundingClientRect() ?? new DOMRect();
        expect(left < innerWidth - right ? 'left' : 'right').to.equal(side);
      }
    });
  }
});

describe('theme', () => {
  it('is the panel’s, also when it changes, and auto for nonsense', async () => {
    const visitor = await mountWidget({ theme: 'dark' });
    await visitor.open();
    const themes = [visitor.panel?.theme];
    for (const theme of ['light', 'auto', 'pink']) {
      visitor.widget.setAttribute('theme', theme);
      await Promise.resolve();
      themes.push(visitor.panel?.theme);
    }
    expect(themes).to.deep.equal(['dark', 'light', 'auto', 'auto']);
  });
});
