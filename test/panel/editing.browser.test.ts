import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { ChatSnapshot } from '../../src/client/index.ts';
import { en } from '../../src/strings/index.ts';
import { agent } from './support/conversation-states.ts';
import { failed, reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';

const last = userMessage('u2', 'the last\nquestion');
const messages = [userMessage('u1', 'a question'), reply('r1', 'an answer'), last, reply('r2', 'another')];

const mountAnswered = (change: Partial<ChatSnapshot> = {}) => mount({ agent, messages, ...change });
const bar = ({ root }: Mounted) => root.querySelector('.editing');
const sent = ({ client }: Mounted) => client.calls.filter(([name]) => name === 'send' || name === 'editLast');
const refused = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const buttons = ({ root }: Mounted) =>
  [...root.querySelectorAll('.mine')].map((article) => article.querySelectorAll('.tools button').length);

async function begin(mounted: Mounted): Promise<void> {
  mounted.button(en.editMessage).click();
  await drawn(mounted.panel);
}

async function submit(mounted: Mounted): Promise<void> {
  mounted.find<HTMLFormElement>('form[part=composer]').requestSubmit();
  await drawn(mounted.panel);
}

describe('changing the last message', () => {
  it('puts its text into the composer, says so, and marks it', async () => {
    const mounted = await mountAnswered();
    expect(buttons(mounted)).to.deep.equal([0, 1]);
    await begin(mounted);
    expect(mounted.input.value).to.equal('the last\nquestion');
    expect(mounted.root.activeElement).to.equal(mounted.input);
    expect(bar(mounted)?.textContent).to.contain(en.editing);
    expect(mounted.find('.announcer').textContent).to.equal(en.editing);
    expect(mounted.root.querySelectorAll('.mine.edited').length).to.equal(1);
  });

  it('sends it in the place of the old one', async () => {
    const mounted = await mountAnswered();
    await begin(mounted);
    mounted.type('better');
    await submit(mounted);
    expect(sent(mounted)).to.deep.equal([['editLast', 'u2', 'better']]);
    expect([bar(mounted), mounted.input.value]).to.deep.equal([null, '']);
    mounted.type('a new one');
    await submit(mounted);
    expect(sent(mounted).at(-1)?.slice(0, 2)).to.deep.equal(['send', 'a new one']);
  });

  for (const [way, cancel] of [
    ['Escape', () => sendKeys({ press: 'Escape' })],
    ['its button', async ({ button }: Mounted) => button(en.cancel).click()],
  ] as const) {
    it(`is given up by ${way}, and what was being written before is there again`, async () => {
      const mounted = await mountAnswered();
      mounted.panel.mode = 'floating';
      let isClosed = false;
      mounted.panel.addEventListener('panel-close', () => (isClosed = true));
      mounted.type('half a thou');
      await begin(mounted);
      expect(mounted.input.value).to.equal('the last\nquestion');
      await cancel(mounted);
      await drawn(mounted.panel);
      expect([bar(mounted), mounted.input.value, isClosed]).to.deep.equal([null, 'half a thou', false]);
      expect(mounted.root.activeElement).to.equal(mounted.input);
    });
  }

  it('gives back what was being written before, once it is sent', async () => {
    const mounted = await mountAnswered();
    mounted.type('half a thou');
    await begin(mounted);
    await submit(mounted);
    expect(mounted.input.value).to.equal('half a thou');
  });

  it('begins with the up key in an empty composer, and in no other', async () => {
    const mounted = await mountAnswered();
    mounted.input.focus();
    mounted.type('x');
    await sendKeys({ press: 'ArrowUp' });
    expect(bar(mounted)).to.equal(null);
    mounted.type('');
    await sendKeys({ press: 'ArrowUp' });
    await drawn(mounted.panel);
    expect(mounted.input.value).to.equal('the last\nquestion');
    expect(bar(mounted)).not.to.equal(null);
  });

  const others: readonly (readonly [string, Partial<ChatSnapshot>])[] = [
    ['while it is answered', { reply: 'streaming' }],
    ['that was not sent', { messages: [...messages, userMessage('u3', 'x', failed('network'))] }],
    [
      'with a file',
      {
        messages: [{ ...last, parts: [...last.parts, { type: 'file', mediaType: 'image/png', url: 'x' }] }],
      },
    ],
    ['to a person', { handoff: { state: 'active', name: 'Grace' } }],
    [
      'that a person has answered, who is gone',
      {
        handoff: { state: 'ended' },
        messages: [
          ...messages.slice(0, 3),
          reply('a1', 'Done', { metadata: { author: { kind: 'operator', name: 'Grace' } } }),
        ],
      },
    ],
    [
      'that a hand-off has followed',
      {
        handoff: { state: 'ended' },
        messages: [...messages, reply('a1', '', { parts: [{ type: 'data-handoff', data: { state: 'ended' } }] })],
      },
    ],
    ['on a server that takes no changes', { agent: { ...agent, features: {} } }],
  ];
  for (const [which, change] of others) {
    it(`is not offered for one ${which}`, async () => {
      const mounted = await mountAnswered(change);
      expect(Math.max(...buttons(mounted))).to.equal(0);
      mounted.input.focus();
      await sendKeys({ press: 'ArrowUp' });
      expect(bar(mounted)).to.equal(null);
    });
  }

  it('goes on where the server is busy, and says so', async () => {
    const mounted = await mountAnswered();
    mounted.client.results.editLast = refused('conversation_busy');
    await begin(mounted);
    mounted.type('better');
    await submit(mounted);
    expect(mounted.input.value).to.equal('better');
    expect(bar(mounted)).not.to.equal(null);
    expect(mounted.find('[part=notice]').textContent).to.contain(en.failures.conversation_busy);
  });

  it('becomes a new message where another one is the last by now, and nothing of it is lost', async () => {
    const mounted = await mountAnswered();
    await begin(mounted);
    mounted.type('better');
    mounted.client.emit({ messages: [...messages, userMessage('u9', 'from another tab')] });
    await drawn(mounted.panel);
    expect([bar(mounted), mounted.input.value]).to.deep.equal([null, 'better']);
  });

  it('leaves the text to the client where that keeps it', async () => {
    const mounted = await mountAnswered();
    mounted.client.results.editLast = () => {
      const kept = userMessage('u3', 'better', { ...failed('network'), metadata: { editedFrom: 'u2' } });
      mounted.client.emit({ messages: [...messages, kept] });
      return refused('network')();
    };
    await begin(mounted);
    mounted.type('better');
    await submit(mounted);
    expect([bar(mounted), mounted.input.value]).to.deep.equal([null, '']);
    expect(mounted.root.querySelector('[part=notice]')).to.equal(null);
    expect(mounted.text()).to.contain(en.failures.network);
  });

  it('ends with the visitor', async () => {
    const mounted = await mountAnswered();
    mounted.type('a secret of the one before');
    await begin(mounted);
    mounted.client.emit({ epoch: 2, conversationId: 'c2', messages: [] });
    expect([bar(mounted), mounted.input.value]).to.deep.equal([null, '']);
    mounted.client.emit({ messages });
    await drawn(mounted.panel);
    mounted.type('new');
    await submit(mounted);
    expect(sent(mounted).map(([name]) => name)).to.deep.equal(['send']);
    expect(mounted.input.value).to.equal('');
  });
});
