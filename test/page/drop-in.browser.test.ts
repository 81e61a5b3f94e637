import { expect } from '@open-wc/testing';
import type { ChatApi } from '../../src/page/index.ts';
import { answerFile, backend, networkError, useBackend } from '../shell/support/backend.ts';
import { nextTask, until } from '../shell/support/until.ts';
import { Visitor } from '../shell/support/widget.ts';
import { ada, attributesOf, chatOf, expectQuiet, forged, grace, identities, isKnown } from './support/drop-in.ts';
import { logouts, newAgent, script, widgetOf } from './support/drop-in.ts';
import { openPage, scriptAddress, scriptTag, useHostPages } from './support/host-page.ts';

// The names that five other chats have on a page. Their snippets word for word: printed-snippets.browser.test.ts, what comes
// after the first sign-in: drop-in-life.browser.test.ts.
useBackend();
useHostPages();

describe('the snippet of Applied', () => {
  it('A9 window.applied.logout() clears the screen at once, revokes the token, and leaves nobody', async () => {
    const agent = newAgent();
    const element = `<applied-chat-widget agent-id="${agent}" contact-context-token="${ada}"></applied-chat-widget>`;
    const page = await openPage(`<body>${element}${script()}</body>`);
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
    expect(logouts(agent)).to.deep.equal([ada]);
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

  for (const tag of ['input', 'select', 'output']) {
    it(`Wo9 an element called chatbotIdentify that holds an <${tag}> called q is no list of calls`, async () => {
      const agent = newAgent();
      const page = await openPage(
        `<body><form id="chatbotIdentify"><${tag} name="q"></${tag}></form>${script(`data-id="${agent}" data-identity-token="${ada}"`)}</body>`,
      );
      await isKnown(page, 'ada');
      expect(identities(agent)).to.deep.equal([ada]);
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
