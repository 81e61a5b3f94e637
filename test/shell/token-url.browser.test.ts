import { expect } from '@open-wc/testing';
import { backend, bearerOf, useBackend } from './support/backend.ts';
import { useHurry } from './support/hurry.ts';
import { token } from './support/token.ts';
import { nextTask, until } from './support/until.ts';
import { useRejections, useWarnings } from './support/warnings.ts';
import { createWidget, mountWidget } from './support/widget.ts';

useBackend();
useHurry();
useRejections();
const warnings = useWarnings();

const ada = token({ sub: 'ada', name: 'Ada' });
const identities = () => backend.calls('/identity').map(bearerOf);

/** The page's own server, in the place of `fetch` as the page has it. */
function useHost(): { answer: () => Response; readonly asked: URL[] } {
  const { fetch } = globalThis;
  const host = { answer: () => Response.json({ token: ada }), asked: [] as URL[] };
  beforeEach(() => {
    host.asked.length = 0;
    host.answer = () => Response.json({ token: ada });
    globalThis.fetch = async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input, document.baseURI);
      if (!url.pathname.endsWith('/chat-token')) return fetch(input, init);
      host.asked.push(url);
      expect(init).to.deep.equal({ method: 'POST', mode: 'same-origin', credentials: 'same-origin' });
      return host.answer();
    };
  });
  afterEach(() => {
    globalThis.fetch = fetch;
  });
  return host;
}

describe('token-url', () => {
  const host = useHost();

  it('W1 an address of the page’s origin is asked for {token} at the start', async () => {
    const { widget } = await mountWidget({ 'token-url': '/chat-token' });
    await until(() => widget.state.identity.state === 'verified', 'verified');
    expect(host.asked.map(String)).to.deep.equal([`${location.origin}/chat-token`]);
    expect(identities()).to.deep.equal([ada]);
  });

  it('W1 another address asks anew, and none signs out', async () => {
    const { widget } = await mountWidget({ 'token-url': '/chat-token' });
    await until(() => widget.state.identity.state === 'verified', 'verified');
    widget.setAttribute('token-url', '/other/chat-token');
    await until(() => host.asked.length === 2, 'the second address');
    widget.removeAttribute('token-url');
    await until(() => widget.state.identity.state === 'anonymous', 'signed out');
  });

  for (const url of ['https://elsewhere.example/chat-token', '//elsewhere.example/chat-token', 'data:,chat-token']) {
    it(`is not asked at ${url}, with one warning`, async () => {
      const visitor = await mountWidget({ 'token-url': url });
      await visitor.heard('failed');
      expect(visitor.detail('failed')).to.include({ code: 'token_provider' });
      await until(() => warnings.length > 0, 'a warning');
      await nextTask();
      expect(warnings.length, warnings.join('\n')).to.equal(1);
      expect(warnings[0]).to.include('token-url').and.to.include(location.origin);
      expect(host.asked).to.deep.equal([]);
    });
  }

  for (const [said, answer] of [
    ['204', () => new Response(null, { status: 204 })],
    ['401', () => new Response('who?', { status: 401 })],
    ['403', () => Response.json({ error: 'who?' }, { status: 403 })],
    ['{"token": null}', () => Response.json({ token: null })],
  ] as const) {
    it(`leaves a visitor anonymous whom the page does not know, and says so by ${said}: nothing has failed`, async () => {
      host.answer = answer;
      const visitor = await mountWidget({ 'token-url': '/chat-token' });
      await until(() => visitor.names().filter((name) => name === 'identity-changed').length === 2, 'an answer');
      expect(visitor.widget.state.identity.state).to.equal('anonymous');
      expect(identities()).to.deep.equal([]);
      expect(visitor.names()).not.to.include('failed');
      expect(warnings).to.deep.equal([]);
    });
  }

  for (const [said, answer] of [
    ['500', () => Response.json({ error: 'database' }, { status: 500 })],
    ['no token at all', () => Response.json({ jwt: ada })],
    ['no JSON', () => new Response('<h1>Sign in</h1>')],
  ] as const) {
    it(`has failed where it answers ${said}`, async () => {
      host.answer = answer;
      const visitor = await mountWidget({ 'token-url': '/chat-token' });
      await visitor.heard('failed');
      expect(visitor.detail('failed')).to.include({ code: 'token_provider' });
      expect(visitor.widget.state.identity.state).to.equal('anonymous');
      await until(() => warnings.length === 1, 'one warning');
    });
  }

  it('counts for nothing where the page gives a token itself', async () => {
    const grace = token({ sub: 'grace' });
    const { widget } = await mountWidget({ 'token-url': '/chat-token', 'data-user-token': grace });
    await until(() => widget.state.identity.state === 'verified', 'verified');
    expect(host.asked).to.deep.equal([]);
    expect(identities()).to.deep.equal([grace]);
  });
});

describe('tokenProvider', () => {
  it('W1 is asked for a token, also when it was set before the element was on the page', async () => {
    const widget = createWidget();
    widget.tokenProvider = () => Promise.resolve(ada);
    document.body.append(widget);
    await until(() => widget.state.identity.state === 'verified', 'verified');
    expect(identities()).to.deep.equal([ada]);
    widget.remove();
  });

  it('signs out when it is taken away', async () => {
    const { widget } = await mountWidget();
    widget.update({ tokenProvider: () => Promise.resolve(ada) });
    await until(() => widget.state.identity.state === 'verified', 'verified');
    widget.tokenProvider = undefined;
    expect(widget.state.identity.state).to.equal('anonymous');
  });
});

describe('a page that is kept for Back', () => {
  it('A9 shows nothing from the moment it is left until it has looked for a logout', async () => {
    const visitor = await mountWidget({ 'contact-context-token': ada });
    await visitor.open();
    await visitor.sees('Signed in as Ada');
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(visitor.text).to.equal('');
    for (const key of Object.keys(localStorage)) if (key.endsWith(' session')) localStorage.removeItem(key);
    const agent = visitor.widget.getAttribute('agent-id') ?? '';
    localStorage.setItem(`chat-widget ${backend.server} ${agent} logout`, `${Date.now()}`);
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(visitor.widget.state.identity.state).to.equal('anonymous');
    await until(() => visitor.text !== '', 'the panel');
    expect(visitor.text).not.to.include('Signed in as');
  });

  it('comes back as it was where nobody has logged out', async () => {
    const visitor = await mountWidget({ 'contact-context-token': ada });
    await visitor.open();
    await visitor.sees('Signed in as Ada');
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(visitor.text).to.include('Signed in as Ada');
  });
});
