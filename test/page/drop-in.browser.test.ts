import { expect } from '@open-wc/testing';
import type { ChatApi, ChatWidgetElement } from '../../src/page/index.ts';
import { answerFile, backend, bearerOf, networkError, useBackend } from '../shell/support/backend.ts';
import { token } from '../shell/support/token.ts';
import { nextTask, until } from '../shell/support/until.ts';
import { Visitor } from '../shell/support/widget.ts';
import { openPage, scriptAddress, scriptTag, useHostPages, type HostPage } from './support/host-page.ts';

// The snippets of five other chats, as their documents print them, with the address of the built script in the place of theirs.
useBackend();
useHostPages();

const ada = token({ sub: 'ada', name: 'Ada' });
const grace = token({ sub: 'grace', name: 'Grace' });
const forged = token({ sub: 'ada' }, 'bad');

const script = (attributes = '') => `<script src="${scriptAddress()}" ${attributes}></script>`;
const chatOf = (page: HostPage) => page.window['chat'] as ChatApi;
const widgetOf = (page: HostPage) => page.widgets[0] as ChatWidgetElement;
const attributesOf = (page: HostPage) => widgetOf(page).getAttributeNames().toSorted();
const isKnown = (page: HostPage, subject: string) =>
  until(() => {
    const identity = (page.window['chat'] as ChatApi | undefined)?.state?.identity;
    return identity?.state === 'verified' && identity.subject === subject;
  }, `${subject}, verified`);

let count = 0;
/** An agent that no other test has: these snippets name no server, and the script’s own origin is that of all tests. */
const newAgent = (): string => `bot_${++count}`;
const identities = (agent: string) =>
  backend
    .calls('/identity')
    .filter((request) => request.agent === agent)
    .map(bearerOf);

function expectQuiet({ warnings, errors, rejections }: HostPage): void {
  expect({ warnings, errors, rejections }).to.deep.equal({ warnings: [], errors: [], rejections: [] });
}

describe('the snippet of Applied', () => {
  const element = (agent: string, jwt: string, rest = '') =>
    `<applied-chat-widget agent-id="${agent}" contact-context-token="${jwt}" ${rest}></applied-chat-widget>`;

  for (const [where, html] of [
    ['above the script', (widget: string) => `<body>${widget}${script()}</body>`],
    ['below the script', (widget: string) => `<head>${script()}</head><body>${widget}</body>`],
  ] as const) {
    it(`A7 <applied-chat-widget> takes agent-id, contact-context-token and metadata, ${where}`, async () => {
      const agent = newAgent();
      const page = await openPage(html(element(agent, ada, `metadata='{"data":{"orderId":"12345"}}'`)));
      await isKnown(page, 'ada');
      expect(identities(agent)).to.deep.equal([ada]);
      expect(page.widgets.length).to.equal(1);
      const visitor = new Visitor(widgetOf(page));
      await visitor.open();
      visitor.say('Where is it?');
      (await backend.reply()).begin('On its way.').finish();
      await visitor.sees('On its way.');
      const sent = backend.calls('/chat').find((request) => request.agent === agent);
      expect(sent && bearerOf(sent)).to.equal(ada);
      expect(JSON.parse(sent?.body ?? '{}')).to.deep.include({ metadata: { data: { orderId: '12345' } } });
      expectQuiet(page);
    });
  }

  it('A8 an element that is rendered anew with another token, or given one, is another user’s', async () => {
    const agent = newAgent();
    const page = await openPage(`<body>${script()}</body>`);
    expect(page.widgets).to.deep.equal([]);
    page.document.body.innerHTML = element(agent, ada);
    await isKnown(page, 'ada');
    page.document.body.innerHTML = element(agent, grace);
    await isKnown(page, 'grace');
    widgetOf(page).setAttribute('contact-context-token', ada);
    await isKnown(page, 'ada');
    expect(identities(agent)).to.deep.equal([ada, grace, ada]);
    expectQuiet(page);
  });

  it('A9 window.applied.logout() clears the screen at once, revokes the token, and leaves nobody', async () => {
    const agent = newAgent();
    const page = await openPage(`<body>${element(agent, ada)}${script()}</body>`);
    await isKnown(page, 'ada');
    const visitor = new Visitor(widgetOf(page));
    await visitor.open();
    visitor.say('a secret of Ada');
    (await backend.reply()).begin('Noted.').finish();
    await visitor.sees('Noted.');
    const leaving = (page.window['applied'] as ChatApi).logout();
    expect(visitor.text).not.to.include('a secret of Ada');
    await leaving;
    expect(chatOf(page).state?.identity.state).to.equal('anonymous');
    const logouts = backend.calls('/logout').filter((request) => request.agent === agent);
    expect(logouts.map(bearerOf)).to.deep.equal([ada]);
    expectQuiet(page);
  });
});

describe('the ways of BestChatBot', () => {
  it('B10 in the markup: data-user-token, and its key in the place of an agent', async () => {
    const agent = newAgent();
    const page = await openPage(script(`data-api-key="${agent}" data-user-token="${ada}"`));
    await isKnown(page, 'ada');
    expect(identities(agent)).to.deep.equal([ada]);
    expect(attributesOf(page)).to.deep.equal(['agent-id']);
    expectQuiet(page);
  });

  it('B10 B11 at runtime: a call once there is a token, which goes out as a bearer', async () => {
    const agent = newAgent();
    const page = await openPage(script(`data-api-key="${agent}"`));
    await chatOf(page).identify(ada);
    const [request] = backend.calls('/identity').filter((call) => call.agent === agent);
    expect(request?.headers.get('Authorization')).to.equal(`Bearer ${ada}`);
    expectQuiet(page);
  });
});

describe('the snippets of Hilal', () => {
  it('H7 the script tag: data-org-id, data-bot-id, data-user-token', async () => {
    const agent = newAgent();
    const page = await openPage(
      `<body>${script(`data-org-id="org_1" data-bot-id="${agent}" data-user-token="${ada}"`)}</body>`,
    );
    await isKnown(page, 'ada');
    expect(identities(agent)).to.deep.equal([ada]);
    expect(attributesOf(page)).to.deep.equal(['agent-id']);
    expectQuiet(page);
  });

  it('H1 H7 data-user-name and data-user-email are said, not proven', async () => {
    const agent = newAgent();
    const page = await openPage(
      script(`data-org-id="org_1" data-bot-id="${agent}" data-user-name="Ada" data-user-email="ada@fernhill.shop"`),
    );
    await until(() => page.widgets.length > 0, 'the widget');
    expect(widgetOf(page).getAttribute('data-user-name')).to.equal('Ada');
    expect(widgetOf(page).getAttribute('data-user-email')).to.equal('ada@fernhill.shop');
    expectQuiet(page);
  });

  it('H8 window.HilalChat.init({organizationId, botId, userToken}), in the line after the script', async () => {
    const agent = newAgent();
    const page = await openPage(`<body>${script()}<script>
      window.HilalChat.init({
        organizationId: 'org_1',
        botId: '${agent}',
        userToken: '${ada}'
      });
    </script></body>`);
    await isKnown(page, 'ada');
    expect(identities(agent)).to.deep.equal([ada]);
    expect(attributesOf(page)).to.deep.equal(['agent-id']);
    expect(widgetOf(page).outerHTML).not.to.include(ada);
    expectQuiet(page);
  });

  it('H8 what has no counterpart is named on the console, never with its value, and gets nowhere', async () => {
    const page = await openPage(`<body>${script()}<script>
      HilalChat.init({ botId: '${newAgent()}', theme: 'dark', accent: 'secret-accent', onclick: 'secret-code' });
    </script></body>`);
    await until(() => page.widgets.length > 0, 'the widget');
    expect(attributesOf(page)).to.deep.equal(['agent-id', 'theme']);
    expect(page.warnings.length).to.equal(1);
    expect(page.warnings[0]).to.match(/Hilal: accent, onclick$/);
  });

  it('H8 what the page says after it is later, though its names have to be looked up', async () => {
    const agent = newAgent();
    const page = await openPage(`<body>${script()}<script>
      HilalChat.init({ botId: '${agent}', userToken: '${ada}' });
      chatbotIdentify('${grace}');
    </script></body>`);
    await isKnown(page, 'grace');
    expect(identities(agent)).to.deep.equal([grace]);
    const other = newAgent();
    const left = await openPage(`<body>${script()}<script>
      HilalChat.init({ botId: '${other}', userToken: '${ada}' });
      window.left = HilalChat.logout();
    </script></body>`);
    await left.window['left'];
    expect(chatOf(left).state?.identity.state).to.equal('anonymous');
    expect(identities(other)).to.deep.equal([]);
  });
});

describe('the snippet of Widgent', () => {
  it('W6 W7 init({productId, serviceKey}), then widgent("identify", token), again for another user', async () => {
    const agent = newAgent();
    const page = await openPage(`<body>${script()}<script>
      // Initialize the widget first
      window.widgent.init({
        productId: '${agent}',
        serviceKey: 'YOUR_SERVICE_KEY',
      });
      // Then identify the user
      (async () => {
        const { token } = await Promise.resolve({ token: '${ada}' });
        window.widgent('identify', token);
      })();
    </script></body>`);
    await isKnown(page, 'ada');
    expect(attributesOf(page)).to.deep.equal(['agent-id']);
    await (page.window['widgent'] as ChatApi)('identify', grace);
    await isKnown(page, 'grace');
    expect(identities(agent)).to.deep.equal([ada, grace]);
    expectQuiet(page);
  });

  it('W7 calls of a stub are kept in their order until the script is there', async () => {
    const agent = newAgent();
    const page = await openPage(`<script>
      window.widgent = window.widgent || function () { (widgent.q = widgent.q || []).push(arguments) };
      widgent('init', { productId: '${agent}', serviceKey: 'key' });
      widgent('identify', '${ada}');
      widgent('identify', '${grace}');
    </script><script async src="${scriptAddress()}"></script>`);
    await isKnown(page, 'grace');
    expect(identities(agent)).to.deep.equal([grace]);
    expectQuiet(page);
  });
});

describe('the snippets of Wonderchat', () => {
  for (const name of ['data-agent-id', 'data-id']) {
    it(`Wo9 data-identity-token on the script tag, beside ${name}`, async () => {
      const agent = newAgent();
      const attributes = `data-name="wonderchat" data-address="app.wonderchat.io" data-widget-size="normal"`;
      const page = await openPage(
        `<body>${script(`${name === 'data-id' ? attributes : ''} ${name}="${agent}" data-identity-token="${ada}"`)}</body>`,
      );
      await isKnown(page, 'ada');
      expect(identities(agent)).to.deep.equal([ada]);
      expect(attributesOf(page)).to.deep.equal(['agent-id']);
      expectQuiet(page);
    });

    it(`Wo10 chatbotIdentify(token) any number of times, without a reload, beside ${name}`, async () => {
      const agent = newAgent();
      const page = await openPage(script(`${name}="${agent}" data-identity-token="${ada}"`));
      await isKnown(page, 'ada');
      const identify = page.window['chatbotIdentify'] as ChatApi['identify'];
      for (const next of [grace, ada, grace]) await identify(next);
      expectQuiet(page);
      const refusal: unknown = await identify(forged).catch((error: unknown) => error);
      expect(refusal).to.include({ reason: 'invalid_signature' });
      await identify(ada);
      expect(identities(agent)).to.deep.equal([ada, grace, ada, grace, forged, ada]);
    });
  }

  it('Wo11 calls made before the script is there are later than its markup, and only the last goes out', async () => {
    const agent = newAgent();
    const page = await openPage(`<script>
      window.chatbotIdentify = window.chatbotIdentify || function () { (chatbotIdentify.q = chatbotIdentify.q || []).push(arguments) };
      chatbotIdentify('${forged}');
      chatbotIdentify(42);
      chatbotIdentify('${grace}');
    </script><script async src="${scriptAddress()}" data-id="${agent}" data-identity-token="${ada}"></script>`);
    await isKnown(page, 'grace');
    expect(identities(agent)).to.deep.equal([grace]);
    expect(page.errors.length).to.equal(1);
    expect(page.errors[0]).to.include('pass the JWT');
  });
});

describe('a page that was written for another chat', () => {
  const globals = ['applied', 'HilalChat', 'widgent', 'chatbotIdentify'];

  it('alone has their names: a page with data-agent-id, or a <chat-widget>, fetches no table', async () => {
    const page = await openPage(scriptTag('data-agent-id="shop"'));
    // Booleans: a failing comparison of what they are would look through the whole page.
    for (const name of globals) expect(name in page.window, name).to.equal(false);
    expect(page.window.customElements.get('applied-chat-widget') === undefined).to.equal(true);
    const bare = await openPage(
      `<body>${script()}<chat-widget agent-id="shop" server="${backend.server}"></chat-widget></body>`,
    );
    await chatOf(bare).init({ theme: 'dark' });
    await nextTask();
    for (const { fetched } of [page, bare]) expect(fetched()).not.to.include('drop-in');
    expectQuiet(page);
    expectQuiet(bare);
  });

  it('may have the script twice', async () => {
    const agent = newAgent();
    const tag = () => script(`data-bot-id="${agent}" data-user-token="${ada}"`);
    const page = await openPage(`<body>${tag()}${tag()}</body>`);
    await isKnown(page, 'ada');
    await nextTask();
    expect(page.widgets.length).to.equal(1);
    expectQuiet(page);
  });

  it('keeps what it has itself under the names that are common words', async () => {
    const page = await openPage(`<script>window.applied = { coupons: 2 }; var HilalChat = 'mine'</script>${script()}`);
    expect((page.window['applied'] as { coupons?: number }).coupons).to.equal(2);
    expect(typeof page.window['HilalChat']).to.equal('string');
    expectQuiet(page);
  });

  it('whose table does not arrive is told by the promise, and can ask again', async () => {
    let isAway = true;
    answerFile('drop-in', () => (isAway ? networkError() : undefined));
    const page = await openPage(`<body>${script()}</body>`);
    const { init } = page.window['widgent'] as { init: (options: object) => Promise<unknown> };
    const options = { productId: newAgent(), serviceKey: 'key' };
    expect(await init(options).catch((error: Error) => error.name)).to.equal('TypeError');
    expect(page.widgets).to.deep.equal([]);
    isAway = false;
    await init(options);
    expect(page.widgets.length).to.equal(1);
  });

  it('is told when an init names no agent', async () => {
    const page = await openPage(`<body>${script()}</body>`);
    const outcome = await chatOf(page)
      .init({ theme: 'dark' })
      .catch((error: Error) => error.message);
    expect(outcome).to.include('agentId');
    expect(page.widgets).to.deep.equal([]);
  });
});
