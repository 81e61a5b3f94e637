import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { ChatSnapshot, ViewMessage } from '../../src/client/index.ts';
import { en } from '../../src/strings/index.ts';
import { agent, operator } from './support/conversation-states.ts';
import { reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, nameOf, type Mounted } from './support/mount.ts';

const question = userMessage('u', 'a question');
const answer = reply('r', 'An **answer**');
const judged = (rating: 'up' | 'down' | undefined, comment?: string): ViewMessage => ({
  ...answer,
  metadata: rating === undefined ? {} : { feedback: { rating, ...(comment && { comment }) } },
});

const mountAnswer = (change: Partial<ChatSnapshot> = {}) => mount({ agent, messages: [question, answer], ...change });

const tools = ({ root }: Mounted, selector = '.reply') =>
  [...root.querySelectorAll(`${selector} .tools button`)].map(nameOf);
const pressed = ({ root }: Mounted) => [...root.querySelectorAll('.reply .tools [aria-pressed=true]')].map(nameOf);
const announced = ({ find }: Mounted) => find('.announcer').textContent;
const refused = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
/** What was said to the client, of which a method is the first word. */
const said = ({ client }: Mounted, method: string) => client.calls.filter(([name]) => name === method);

/** With a client that shows what it was told, as the real one does. */
async function mountJudging(): Promise<Mounted> {
  const mounted = await mountAnswer();
  mounted.client.results.feedback = (_, rating, comment) => {
    mounted.client.emit({ messages: [question, judged(rating ?? undefined, comment)] });
    return Promise.resolve();
  };
  return mounted;
}

async function press(mounted: Mounted, name: string): Promise<void> {
  mounted.button(name).focus();
  mounted.button(name).click();
  await drawn(mounted.panel);
}

describe('under an answer', () => {
  it('stand copying, asking again and judging, for the newest; no asking again for others', async () => {
    const mounted = await mountAnswer({
      messages: [question, { ...answer, id: 'r0' }, userMessage('u2', 'b'), answer],
    });
    const all = [...mounted.root.querySelectorAll('.reply')].map((article) =>
      [...article.querySelectorAll('.tools button')].map(nameOf),
    );
    expect(all).to.deep.equal([
      [en.copyAnswer, en.helpful, en.notHelpful],
      [en.copyAnswer, en.regenerate, en.helpful, en.notHelpful],
    ]);
    mounted.button(en.regenerate).click();
    expect(mounted.client.calls.at(-1)).to.deep.equal(['regenerate', 'r']);
  });

  const without: readonly (readonly [string, Partial<ChatSnapshot>, readonly string[]])[] = [
    [
      'that is being written',
      { messages: [question, reply('r', 'An', { status: 'streaming' })], reply: 'streaming' },
      [],
    ],
    [
      'that asks for an approval',
      {
        messages: [
          question,
          reply('r', '', {
            parts: [
              { type: 'text', text: 'Shall I?' },
              {
                type: 'dynamic-tool',
                toolName: 't',
                toolCallId: 't',
                state: 'approval-requested',
                input: {},
                approval: { id: 'a' },
              },
            ],
          }),
        ],
      },
      [],
    ],
    ['that was stopped', { messages: [question, { ...answer, status: 'stopped' }] }, [en.copyAnswer]],
    ['of a person', { messages: [question, { ...answer, metadata: { author: operator } }] }, [en.copyAnswer]],
    ['while another message is on its way', { reply: 'waiting' }, [en.copyAnswer, en.helpful, en.notHelpful]],
    ['of a server that takes no feedback', { agent: { ...agent, features: {} } }, [en.copyAnswer, en.regenerate]],
    [
      'while a person answers',
      { handoff: { state: 'active', name: 'Grace' } },
      [en.copyAnswer, en.helpful, en.notHelpful],
    ],
  ];
  for (const [which, change, names] of without) {
    it(`stands no more than makes sense: one ${which}`, async () => {
      expect(tools(await mountAnswer(change))).to.deep.equal(names);
    });
  }

  it('copies the answer as it was written, and says so', async () => {
    const mounted = await mountAnswer();
    let copied = '';
    const { clipboard } = navigator;
    const fake = { writeText: (text: string) => Promise.resolve(void (copied = text)) };
    Object.defineProperty(navigator, 'clipboard', { value: fake, configurable: true });
    try {
      await press(mounted, en.copyAnswer);
      await drawn(mounted.panel);
    } finally {
      Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
    }
    expect(copied).to.equal('An **answer**');
    expect(tools(mounted)[0]).to.equal(en.copied);
    expect(announced(mounted)).to.equal(en.copied);
  });
});

describe('feedback', () => {
  it('is given by one press and taken back by another', async () => {
    const mounted = await mountJudging();
    await press(mounted, en.helpful);
    expect(pressed(mounted)).to.deep.equal([en.helpful]);
    expect(mounted.text()).to.contain(en.feedbackThanks);
    expect(announced(mounted)).to.equal(en.feedbackThanks);
    await press(mounted, en.helpful);
    expect(pressed(mounted)).to.deep.equal([]);
    expect(mounted.root.querySelector('.reply .state')).to.equal(null);
    expect(said(mounted, 'feedback')).to.deep.equal([
      ['feedback', 'r', 'up'],
      ['feedback', 'r', null],
    ]);
  });

  it('is shown as it was given before', async () => {
    expect(pressed(await mountAnswer({ messages: [question, judged('down')] }))).to.deep.equal([en.notHelpful]);
  });

  it('asks what could be better, with the cursor in the field, and goes on at the button', async () => {
    const mounted = await mountJudging();
    const { find, root, button } = mounted;
    await press(mounted, en.notHelpful);
    expect(said(mounted, 'feedback')).to.deep.equal([['feedback', 'r', 'down']]);
    expect(root.activeElement).to.equal(find('.feedback textarea'));
    await sendKeys({ type: ' Too long ' });
    await press(mounted, en.feedbackSend);
    expect(said(mounted, 'feedback').at(-1)).to.deep.equal(['feedback', 'r', 'down', 'Too long']);
    expect(root.querySelector('.feedback')).to.equal(null);
    expect(root.activeElement).to.equal(button(en.notHelpful));
    expect(mounted.text()).to.contain(en.feedbackThanks);
  });

  for (const [way, leave] of [
    ['Escape, which closes nothing else', () => sendKeys({ press: 'Escape' })],
    ['its button', async ({ button }: Mounted) => button(en.cancel).click()],
  ] as const) {
    it(`needs no comment: ${way}`, async () => {
      const mounted = await mountJudging();
      mounted.panel.mode = 'floating';
      let isClosed = false;
      mounted.panel.addEventListener('panel-close', () => (isClosed = true));
      await press(mounted, en.notHelpful);
      await leave(mounted);
      await drawn(mounted.panel);
      expect(mounted.root.querySelector('.feedback')).to.equal(null);
      expect(mounted.root.activeElement).to.equal(mounted.button(en.notHelpful));
      expect(said(mounted, 'feedback').length).to.equal(1);
      expect(isClosed).to.equal(false);
    });
  }

  it('keeps what is typed into the comment from a page’s own shortcuts', async () => {
    const mounted = await mountJudging();
    await press(mounted, en.notHelpful);
    const heard: string[] = [];
    const listen = ({ key }: KeyboardEvent) => heard.push(key);
    document.addEventListener('keydown', listen);
    await sendKeys({ press: 'k' });
    document.removeEventListener('keydown', listen);
    expect(heard).to.deep.equal([]);
  });

  it('says where it could not be given, and why', async () => {
    const mounted = await mountAnswer();
    mounted.client.results.feedback = refused('network');
    await press(mounted, en.helpful);
    await drawn(mounted.panel);
    expect(mounted.text()).to.contain(en.failures.network).and.not.to.contain(en.feedbackThanks);
    expect(announced(mounted)).to.equal(en.failures.network);
    expect(pressed(mounted)).to.deep.equal([]);
  });

  it('keeps a comment that did not arrive, to be sent again', async () => {
    const mounted = await mountJudging();
    await press(mounted, en.notHelpful);
    await sendKeys({ type: 'Too long' });
    mounted.client.results.feedback = refused('unavailable');
    await press(mounted, en.feedbackSend);
    await drawn(mounted.panel);
    expect(mounted.find<HTMLTextAreaElement>('.feedback textarea').value).to.equal('Too long');
    expect(mounted.text()).to.contain(en.failures.unavailable);
  });

  it('says nothing of what failed for a visitor who is gone', async () => {
    const mounted = await mountAnswer();
    mounted.client.results.feedback = refused('network');
    mounted.button(en.helpful).click();
    mounted.client.emit({ epoch: 2, messages: [question, answer] });
    await drawn(mounted.panel);
    expect(mounted.text()).not.to.contain(en.failures.network);
  });
});

describe('sources', () => {
  const source = (index: number) =>
    ({ type: 'source-url', sourceId: `${index}`, url: `https://h${index}.example/a`, title: `T${index}` }) as const;
  const mountSources = (count: number) =>
    mount({ messages: [reply('r', '', { parts: Array.from({ length: count }, (_, index) => source(index + 1)) })] });

  it('say their host beside their title', async () => {
    const { find } = await mountSources(1);
    expect(find('.sources a').textContent.replaceAll(/\s+/g, ' ').trim()).to.equal(
      `T1 h1.example (${en.opensInNewTab})`,
    );
  });

  it('of the page’s own site need no host', async () => {
    const parts = [{ type: 'source-url', sourceId: 's', url: '/help/a', title: 'T' } as const];
    const { find } = await mount({ messages: [reply('r', '', { parts })] });
    expect(find('.sources a').textContent.trim()).to.equal(`T (${en.opensInNewTab})`);
  });

  it('are shown to the third, the others behind a button, all numbered in one order', async () => {
    const { root, find } = await mountSources(6);
    const details = find<HTMLDetailsElement>('.sources details');
    expect(details.open).to.equal(false);
    expect(find('.sources summary').textContent).to.equal(en.moreSources(3));
    expect(root.querySelectorAll('.sources > ol li').length).to.equal(3);
    expect(details.querySelectorAll('li').length).to.equal(3);
    find('.sources summary').click();
    expect(details.open).to.equal(true);
  });

  it('are all shown where the button would take as much room', async () => {
    const { root } = await mountSources(4);
    expect(root.querySelectorAll('.sources > ol li').length).to.equal(4);
    expect(root.querySelector('.sources details')).to.equal(null);
  });
});

describe('what an action says of its result', () => {
  const mountTool = (output: unknown) =>
    mount({
      messages: [
        reply('r', '', {
          parts: [
            {
              type: 'dynamic-tool',
              toolName: 'find_order',
              toolCallId: 't',
              state: 'output-available',
              input: {},
              output,
            },
          ],
        }),
      ],
    });

  it('is there to be opened, as written, with what cannot be seen', async () => {
    const { find } = await mountTool({ text: '<b>Sent</b>\u202e', secret: 1 });
    const details = find<HTMLDetailsElement>('details.tool');
    expect(details.open).to.equal(false);
    expect(find('details.tool > div').textContent.trim()).to.equal('<b>Sent</b>U+202E');
    expect(find('details.tool > summary').textContent.trim()).to.equal(en.toolDone('find order'));
  });

  for (const output of [{ secret: 'x' }, 'secret', ['secret'], null, 7, { text: { a: 1 } }, { text: '  ' }]) {
    it(`is nothing where it has no text: ${JSON.stringify(output)}`, async () => {
      const { root, text } = await mountTool(output);
      expect(root.querySelector('details.tool')).to.equal(null);
      expect(text()).to.contain(en.toolDone('find order')).and.not.to.contain('secret');
    });
  }
});
