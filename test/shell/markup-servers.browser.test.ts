import { expect } from '@open-wc/testing';
import { ChatWidgetElement } from '../../src/shell/index.ts';
import { backend, bearerOf, useBackend } from './support/backend.ts';
import { useHurry } from './support/hurry.ts';
import { token } from './support/token.ts';
import { until } from './support/until.ts';
import { useRejections, useWarnings } from './support/warnings.ts';
import { mountWidget } from './support/widget.ts';

useBackend();
useHurry();
useRejections();
const warnings = useWarnings();

const ada = token({ sub: 'ada' });
const told = () => warnings.filter((text) => text.includes('named in the markup alone'));

/** A widget of markup that somebody has put into the page, whose script came from elsewhere. */
async function mountForeign(attributes: { readonly [name: string]: string } = {}) {
  const visitor = await mountWidget(attributes);
  // Nothing was fetched yet that could have read it.
  ChatWidgetElement.defaultServer = 'https://chat.shop.example/widget/chat.js';
  return visitor;
}

describe('a server that only the markup names', () => {
  it('gets no token: not of identify, a provider, an attribute, nor of a token-url, which is not asked', async () => {
    let asked = 0;
    const { fetch } = globalThis;
    globalThis.fetch = (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input, document.baseURI);
      if (pathname !== '/chat-token') return fetch(input, init);
      asked += 1;
      return Promise.resolve(Response.json({ token: ada }));
    };
    const { widget } = await mountForeign({ 'token-url': '/chat-token' });
    await until(() => told().length > 0, 'the warning');
    const provider = () => Promise.resolve(String((asked += 1)));
    for (const source of [ada, provider]) {
      const error: unknown = await widget.identify(source).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(TypeError);
      expect(String(error)).to.include(backend.server).and.not.include(ada);
    }
    widget.setAttribute('data-user-token', ada);
    await widget.send('hello').catch(() => undefined);
    globalThis.fetch = fetch;
    expect(asked).to.equal(0);
    expect(told().length).to.equal(1);
    expect(widget.state.identity.state).to.equal('anonymous');
    expect(backend.calls('/chat').length).to.equal(1);
    expect(backend.requests.map(bearerOf).filter(Boolean)).to.deep.equal([]);
  });

  it('gets none as an endpoint either, and a <base> makes no other server of it', async () => {
    const base = document.createElement('base');
    base.href = `${backend.server}/`;
    const visitors = [
      await mountForeign({ endpoint: `${backend.server}/chat` }),
      await mountForeign({ endpoint: '', server: '/' }),
    ];
    document.head.append(base);
    try {
      for (const { widget } of visitors) {
        expect(await widget.identify(ada).catch((reason: unknown) => reason)).to.be.instanceOf(TypeError);
      }
    } finally {
      base.remove();
    }
    expect(backend.requests.map(bearerOf).filter(Boolean)).to.deep.equal([]);
  });

  it('gets them once a script has named it, whatever the path that it named', async () => {
    const { widget } = await mountForeign();
    widget.update({ server: `${backend.server}/` });
    await widget.identify(ada);
    expect(backend.calls('/identity').map(bearerOf)).to.deep.equal([ada]);
    expect(told()).to.deep.equal([]);
  });

  it('gets them where it is the server of the script, with or without the attribute', async () => {
    for (const attributes of [{}, { server: '' }] as const) {
      const { widget } = await mountForeign(attributes);
      ChatWidgetElement.defaultServer = `${backend.server}/widget/chat.js`;
      await widget.identify(ada);
      widget.remove();
    }
    expect(backend.calls('/identity').map(bearerOf)).to.deep.equal([ada, ada]);
  });
});
