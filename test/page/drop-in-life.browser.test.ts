import { expect } from '@open-wc/testing';
import type { ChatApi } from '../../src/page/index.ts';
import { backend, bearerOf, useBackend } from '../shell/support/backend.ts';
import { nextTask, until } from '../shell/support/until.ts';
import { Visitor } from '../shell/support/widget.ts';
import { ada, attributesOf, chatOf, expectQuiet, grace, identities, isKnown } from './support/drop-in.ts';
import { logouts, newAgent, script, widgetOf } from './support/drop-in.ts';
import { openPage, useHostPages, type HostPage } from './support/host-page.ts';

// What a page that was written for another chat does after the first sign-in: accounts, logouts, other agents, new markup.
useBackend();
useHostPages();

type Alias = {
  readonly id: string;
  readonly name: string;
  /** A page on which Ada is signed in. */
  readonly html: (agent: string) => string;
  /** Signs somebody in as the page does from then on. */
  readonly identify: (page: HostPage, jwt: string, agent: string) => unknown;
};

const hilalInit = (page: HostPage, userToken: string, botId: string) =>
  (page.window['HilalChat'] as { init: (options: object) => unknown }).init({
    organizationId: 'org_1',
    botId,
    userToken,
  });
const appliedElement = (agent: string, jwt: string, rest = '') =>
  `<applied-chat-widget agent-id="${agent}" contact-context-token="${jwt}" ${rest}></applied-chat-widget>`;

const aliases: readonly Alias[] = [
  {
    id: 'A8',
    name: 'contact-context-token of <applied-chat-widget>',
    html: (agent) => `${appliedElement(agent, ada)}${script()}`,
    identify: (page, jwt) => widgetOf(page).setAttribute('contact-context-token', jwt),
  },
  {
    id: 'B10',
    name: 'chat.identify(token) beside data-api-key',
    html: (agent) => script(`data-api-key="${agent}" data-user-token="${ada}"`),
    identify: (page, jwt) => chatOf(page).identify(jwt),
  },
  {
    id: 'H7 H8',
    name: 'HilalChat.init() beside the script tag',
    html: (agent) => script(`data-org-id="org_1" data-bot-id="${agent}" data-user-token="${ada}"`),
    identify: hilalInit,
  },
  {
    id: 'H8',
    name: 'HilalChat.init() after another',
    html: (agent) => `${script()}<script>HilalChat.init({ botId: '${agent}', userToken: '${ada}' })</script>`,
    identify: hilalInit,
  },
  {
    id: 'W7',
    name: 'widgent("identify", token)',
    html: (agent) =>
      `${script()}<script>widgent.init({ productId: '${agent}' }); widgent('identify', '${ada}')</script>`,
    identify: (page, jwt) => (page.window['widgent'] as ChatApi)('identify', jwt),
  },
  {
    id: 'Wo10',
    name: 'chatbotIdentify(token)',
    html: (agent) => script(`data-id="${agent}" data-identity-token="${ada}"`),
    identify: (page, jwt) => (page.window['chatbotIdentify'] as ChatApi['identify'])(jwt),
  },
];

for (const { id, name, html, identify } of aliases) {
  describe(`${name}, later on`, () => {
    async function open() {
      const agent = newAgent();
      const page = await openPage(`<body>${html(agent)}</body>`);
      await isKnown(page, 'ada');
      const visitor = new Visitor(widgetOf(page));
      await visitor.open();
      visitor.say('a secret of Ada');
      (await backend.reply()).begin('Noted.').finish();
      await visitor.sees('Noted.');
      return { agent, page, visitor };
    }

    it(`${id} switches accounts at once, in the same widget`, async () => {
      const { agent, page, visitor } = await open();
      await identify(page, grace, agent);
      expect(visitor.text).not.to.include('a secret of Ada');
      await isKnown(page, 'grace');
      expect(identities(agent)).to.deep.equal([ada, grace]);
      expect(page.widgets.length).to.equal(1);
      expectQuiet(page);
    });

    it(`${id} A9 signs in again after a logout, and nothing of the time before comes back`, async () => {
      const { agent, page, visitor } = await open();
      await chatOf(page).logout();
      expect(chatOf(page).state?.identity.state).to.equal('anonymous');
      expect(logouts(agent)).to.deep.equal([ada]);
      await identify(page, grace, agent);
      await isKnown(page, 'grace');
      expect(visitor.text).not.to.include('a secret of Ada');
      expect(identities(agent)).to.deep.equal([ada, grace]);
      expectQuiet(page);
    });
  });
}

describe('an <applied-chat-widget> that a page renders anew', () => {
  const open = async () => {
    const agent = newAgent();
    const page = await openPage(`<body>${script()}<main>${appliedElement(agent, ada)}</main></body>`);
    await isKnown(page, 'ada');
    const main = page.document.querySelector('main') as HTMLElement;
    return { agent, page, main };
  };

  it('A8 is another user’s when it is another element with another token', async () => {
    const { agent, page, main } = await open();
    main.innerHTML = appliedElement(agent, grace);
    await isKnown(page, 'grace');
    expect(identities(agent)).to.deep.equal([ada, grace]);
    expectQuiet(page);
  });

  it('A8 is the same user’s when it is taken out and put back, and ended in between', async () => {
    const { agent, page, main } = await open();
    const element = widgetOf(page);
    element.remove();
    await nextTask();
    main.append(element);
    await isKnown(page, 'ada');
    expect(identities(agent)).to.deep.equal([ada, ada]);
    expect(logouts(agent)).to.deep.equal([]);
    expectQuiet(page);
  });

  it('A8 goes on without another request when it is moved', async () => {
    const { agent, page } = await open();
    page.document.body.append(widgetOf(page));
    await nextTask();
    expect(chatOf(page).state?.identity.state).to.equal('verified');
    expect(identities(agent)).to.deep.equal([ada]);
  });

  it('A8 is another user’s when it was given another token while it was out', async () => {
    const { agent, page, main } = await open();
    const element = widgetOf(page);
    element.remove();
    await nextTask();
    element.setAttribute('contact-context-token', grace);
    await nextTask();
    expect(identities(agent)).to.deep.equal([ada]);
    main.append(element);
    await isKnown(page, 'grace');
    expect(identities(agent)).to.deep.equal([ada, grace]);
    expectQuiet(page);
  });

  it('A8 A9 stays signed out when it is moved or put back after window.applied.logout()', async () => {
    const { agent, page, main } = await open();
    const element = widgetOf(page);
    await (page.window['applied'] as ChatApi).logout();
    element.remove();
    await nextTask();
    main.append(element);
    await chatOf(page).open();
    await new Visitor(element).isOpen();
    expect(chatOf(page).state?.identity.state).to.equal('anonymous');
    expect(identities(agent)).to.deep.equal([ada]);
    element.setAttribute('contact-context-token', grace);
    await isKnown(page, 'grace');
    expectQuiet(page);
  });

  for (const nonsense of ['{nonsense', '[1]']) {
    it(`A7 says once that its metadata is no JSON object, and chats without: ${nonsense}`, async () => {
      const agent = newAgent();
      const page = await openPage(`<body>${appliedElement(agent, ada, `metadata='${nonsense}'`)}${script()}</body>`);
      await isKnown(page, 'ada');
      const visitor = new Visitor(widgetOf(page));
      await visitor.open();
      widgetOf(page).setAttribute('theme', 'dark');
      visitor.say('hello');
      (await backend.reply()).begin('Hi.').finish();
      await visitor.sees('Hi.');
      const [sent] = backend.calls('/chat').filter((request) => request.agent === agent);
      expect(JSON.parse(sent?.body ?? '')).to.have.deep.property('metadata', {});
      expect(page.warnings.length).to.equal(1);
      expect(page.warnings[0]).to.include('metadata');
      expect({ errors: page.errors, rejections: page.rejections }).to.deep.equal({ errors: [], rejections: [] });
    });
  }
});

describe('a second init with another agent', () => {
  const calls = {
    HilalChat: (botId: string, jwt: string) =>
      `HilalChat.init({ organizationId: 'org_1', botId: '${botId}', userToken: '${jwt}' })`,
    widgent: (productId: string, jwt: string) =>
      `widgent.init({ productId: '${productId}', serviceKey: 'key' }); widgent('identify', '${jwt}')`,
  };
  const run = ({ window }: HostPage, code: string) =>
    (window as unknown as { eval: (code: string) => unknown }).eval(code);
  const messagesTo = (agent: string) =>
    backend
      .calls('/chat')
      .filter((request) => request.agent === agent)
      .map(bearerOf);

  for (const [id, name, call] of [
    ['H8', 'HilalChat', calls.HilalChat],
    ['W6', 'widgent', calls.widgent],
  ] as const) {
    it(`${id} ${name}: switches the agent, ends the conversation with the first, and signs in there`, async () => {
      const [first, second] = [newAgent(), newAgent()];
      const page = await openPage(`<body>${script()}<script>${call(first, ada)}</script></body>`);
      await isKnown(page, 'ada');
      const visitor = new Visitor(widgetOf(page));
      await visitor.open();
      visitor.say('for the first only');
      (await backend.reply()).begin('Noted.').finish();
      await visitor.sees('Noted.');
      run(page, call(second, grace));
      await isKnown(page, 'grace');
      expect(visitor.text).not.to.include('for the first only');
      expect(attributesOf(page)).to.deep.equal(['agent-id', 'open']);
      expect(widgetOf(page).getAttribute('agent-id')).to.equal(second);
      expect([identities(first), identities(second)]).to.deep.equal([[ada], [grace]]);
      await until(() => visitor.input, 'the composer');
      visitor.say('for the second');
      (await backend.reply()).begin('Hello.').finish();
      await visitor.sees('Hello.');
      expect([messagesTo(first), messagesTo(second)]).to.deep.equal([[ada], [grace]]);
      expect(page.widgets.length).to.equal(1);
      expectQuiet(page);
    });

    it(`${id} ${name}: is the last word also while the first one is being looked up`, async () => {
      const [first, second] = [newAgent(), newAgent()];
      const page = await openPage(
        `<body>${script()}<script>${call(first, ada)};${call(second, grace)}</script></body>`,
      );
      await isKnown(page, 'grace');
      expect([identities(first), identities(second)]).to.deep.equal([[], [grace]]);
      expect(page.widgets.length).to.equal(1);
    });
  }

  it('H8 HilalChat: another bot than that of the script tag', async () => {
    const [first, second] = [newAgent(), newAgent()];
    const page = await openPage(script(`data-bot-id="${first}" data-user-token="${ada}"`));
    await isKnown(page, 'ada');
    run(page, calls.HilalChat(second, grace));
    await isKnown(page, 'grace');
    expect(attributesOf(page)).to.deep.equal(['agent-id']);
    expect([identities(first), identities(second)]).to.deep.equal([[ada], [grace]]);
    expectQuiet(page);
  });

  it('H8 HilalChat: the same bot goes on with the conversation', async () => {
    const agent = newAgent();
    const page = await openPage(`<body>${script()}<script>${calls.HilalChat(agent, ada)}</script></body>`);
    await isKnown(page, 'ada');
    const visitor = new Visitor(widgetOf(page));
    await visitor.open();
    visitor.say('still here');
    (await backend.reply()).begin('Noted.').finish();
    await visitor.sees('Noted.');
    await run(page, calls.HilalChat(agent, ada));
    expect(visitor.text).to.include('still here');
    expectQuiet(page);
  });
});
