import { expect } from '@open-wc/testing';
import { en } from '../../src/strings/index.ts';
import { chooseFromMenu, until } from './support/around.ts';
import { reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';
import { pace } from './support/pace.ts';

const question = userMessage('u', 'Tell me');
const growing = (text: string) => reply('r', text, { status: 'streaming' });

function announced({ find }: Mounted): string {
  return find('.announcer').textContent;
}

describe('a streamed answer', () => {
  it('grows in its own node, and no delta renders anything else', async () => {
    const mounted = await mount({ messages: [question, growing('One')], reply: 'streaming' });
    const { client, panel, find } = mounted;
    const text = find('.text');
    const mutated: Node[] = [];
    const observer = new MutationObserver((records) => mutated.push(...records.map(({ target }) => target)));
    observer.observe(mounted.root, { subtree: true, childList: true, characterData: true, attributes: true });
    for (const delta of [' **two', '** three', '\n\nfour']) client.delta({ messageId: 'r', partIndex: 0, delta });
    await drawn(panel);
    observer.disconnect();
    expect(text.innerHTML).to.equal('<p>One <strong>two</strong> three</p><p>four</p>');
    expect(mutated.filter((node) => !text.contains(node))).to.deep.equal([]);
    expect(mutated.length).to.be.greaterThan(0);
  });

  it('keeps deltas that come between a snapshot and its drawing', async () => {
    const { client, panel, find } = await mount({ messages: [question], reply: 'waiting' });
    client.emit({ messages: [question, growing('a')], reply: 'streaming' });
    client.delta({ messageId: 'r', partIndex: 0, delta: 'b' });
    client.delta({ messageId: 'r', partIndex: 0, delta: 'c' });
    await drawn(panel);
    expect(find('.text').textContent).to.equal('abc');
  });

  it('takes a snapshot’s text as complete, and never doubles what came before it', async () => {
    const { client, panel, find } = await mount({ messages: [question, growing('a')], reply: 'streaming' });
    client.delta({ messageId: 'r', partIndex: 0, delta: 'b' });
    client.emit({ messages: [question, growing('ab')] });
    client.delta({ messageId: 'r', partIndex: 0, delta: 'c' });
    client.emit({ messages: [question, reply('r', 'abc')], reply: 'idle' });
    await drawn(panel);
    expect(find('.text').innerHTML).to.equal('<p>abc</p>');
  });

  it('hides the sign of writing as soon as there is text', async () => {
    const { client, panel, find } = await mount({ messages: [question, growing('')], reply: 'streaming' });
    expect(getComputedStyle(find('.typing')).display).not.to.equal('none');
    client.delta({ messageId: 'r', partIndex: 0, delta: 'a' });
    await drawn(panel);
    expect(getComputedStyle(find('.typing')).display).to.equal('none');
  });

  it('keeps the nodes of other messages when one is added', async () => {
    const { client, panel, root } = await mount({ messages: [question, reply('r', 'a')] });
    const before = [...root.querySelectorAll('[data-message]')];
    client.emit({ messages: [userMessage('u0', 'older'), question, reply('r', 'a'), userMessage('u2', 'newer')] });
    await drawn(panel);
    expect([...root.querySelectorAll('[data-message]')].slice(1, 3)).to.deep.equal(before);
  });
});

describe('what is read out', () => {
  it('is a finished answer, once, and nothing while it grows', async () => {
    const mounted = await mount({ messages: [question], reply: 'waiting' });
    const { client, panel, find } = mounted;
    let changes = 0;
    const observer = new MutationObserver(() => (changes += 1));
    observer.observe(find('.announcer'), { childList: true, characterData: true, subtree: true });
    client.emit({ messages: [question, growing('**On')], reply: 'streaming' });
    await drawn(panel);
    client.delta({ messageId: 'r', partIndex: 0, delta: 'e**' });
    await drawn(panel);
    expect(announced(mounted)).to.equal('');
    client.emit({ messages: [question, reply('r', '**One**')], reply: 'idle' });
    await drawn(panel);
    expect(announced(mounted)).to.equal('Ada: One');
    client.emit({ unreadCount: 1 });
    client.emit({ connection: 'offline' });
    await drawn(panel);
    observer.disconnect();
    expect(changes).to.equal(1);
  });

  it('is no history, be it loaded now or later', async () => {
    const mounted = await mount({ history: 'loading' });
    mounted.client.emit({ history: 'ready', messages: [question, reply('r', 'old')] });
    await drawn(mounted.panel);
    mounted.client.emit({ messages: [reply('r0', 'older'), question, reply('r', 'old')] });
    await drawn(mounted.panel);
    expect(announced(mounted)).to.equal('');
  });

  it('is an answer or a message that failed', async () => {
    const mounted = await mount({ messages: [question, growing('On')], reply: 'streaming' });
    const { client, panel } = mounted;
    client.emit({ messages: [question, reply('r', 'On', { status: 'interrupted' })], reply: 'idle' });
    await drawn(panel);
    expect(announced(mounted)).to.equal(en.interrupted);
    const lost = userMessage('u2', 'b', { delivery: 'failed', failure: { code: 'network', retryable: true } });
    client.emit({ messages: [question, lost] });
    await drawn(panel);
    expect(announced(mounted)).to.equal(`${en.notSent} ${en.failures.network}`);
  });

  it('is each sentence as it ends, once, where the visitor wants that', async () => {
    const mounted = await mount({ messages: [question, growing('')], reply: 'streaming' });
    const { client, panel, find } = mounted;
    const said = () => [...find('.announcer').children].map(({ textContent }) => textContent);
    await chooseFromMenu(mounted, `${en.readAloud} ${en.readAloudHint}`);
    for (const delta of ['It costs **3.', '50** euros. That', ' is all.']) {
      client.delta({ messageId: 'r', partIndex: 0, delta });
      await drawn(panel);
    }
    expect(said()).to.deep.equal(['Ada: It costs 3.50 euros.']);
    expect(find('.announcer').getAttribute('aria-atomic')).to.equal('false');
    client.emit({ messages: [question, reply('r', 'It costs **3.50** euros. That is all.')], reply: 'idle' });
    await drawn(panel);
    expect(said()).to.deep.equal(['Ada: It costs 3.50 euros.', 'That is all.']);
  });

  it('is each sentence also where draws take long, and text comes while they rest', async () => {
    const mounted = await mount({ messages: [question, growing('')], reply: 'streaming' });
    const { client, panel, find } = mounted;
    await chooseFromMenu(mounted, `${en.readAloud} ${en.readAloudHint}`);
    pace.drawMs = 20;
    try {
      for (const delta of ['One.', ' Two.', ' Th']) {
        client.delta({ messageId: 'r', partIndex: 0, delta });
        await drawn(panel);
      }
      expect(find('.announcer').textContent).to.equal('');
      await until(() => find('.announcer').textContent === 'Ada: One. Two.', 'two sentences');
    } finally {
      pace.drawMs = 0;
    }
  });

  it('leaves the log itself silent', async () => {
    const { find } = await mount();
    expect(find('[role=log]').getAttribute('aria-live')).to.equal('off');
  });
});

describe('an identity change', () => {
  const secret = 'secret';

  async function mountSecrets(): Promise<Mounted> {
    const mounted = await mount({
      identity: { state: 'verified', subject: '1', claims: { name: `A ${secret}` }, expiresAt: null },
      messages: [userMessage('u', secret), reply('r', `**${secret}**`), growing(secret), userMessage('u3', secret)].map(
        (message, index) => ({ ...message, id: `${index}` }),
      ),
      reply: 'streaming',
    });
    mounted.type(secret);
    mounted.client.emit({ messages: [...mounted.client.snapshot.messages, reply('r9', secret)] });
    await drawn(mounted.panel);
    expect(announced(mounted)).to.contain(secret);
    return mounted;
  }

  /** Text, attributes and the draft: all that a page or a person could read. */
  const readable = ({ root, input }: Mounted) => root.querySelector('.panel')?.outerHTML + input.value;

  it('takes everything of the person before off the screen in the same task', async () => {
    const mounted = await mountSecrets();
    expect(readable(mounted)).to.contain(secret);
    mounted.client.emit({
      epoch: 2,
      conversationId: 'c2',
      messages: [],
      identity: { state: 'anonymous' },
      reply: 'idle',
    });
    expect(readable(mounted)).not.to.contain(secret);
    expect(mounted.text()).to.contain('Hello, I am Ada');
  });

  it('empties the nodes of the old answers wherever they are held', async () => {
    const mounted = await mountSecrets();
    const held = [...mounted.root.querySelectorAll('.text')];
    mounted.client.delta({ messageId: '2', partIndex: 0, delta: secret });
    mounted.client.emit({ epoch: 2, conversationId: 'c2', messages: [], identity: { state: 'anonymous' } });
    mounted.client.delta({ messageId: '2', partIndex: 0, delta: secret });
    await drawn(mounted.panel);
    expect(held.map((node) => node.textContent).join('')).to.equal('');
    expect(readable(mounted)).not.to.contain(secret);
  });

  it('leaves nothing for a late announcement', async () => {
    const mounted = await mount({ messages: [question, growing(secret)], reply: 'streaming' });
    mounted.client.emit({ messages: [question, reply('r', secret)], reply: 'idle' });
    mounted.client.emit({ epoch: 2, conversationId: 'c2', messages: [] });
    await drawn(mounted.panel);
    expect(announced(mounted)).to.equal('');
  });

  it('shows nothing of another client’s when it is given a new one', async () => {
    const mounted = await mountSecrets();
    const { client } = await mount();
    mounted.panel.client = client;
    await mounted.panel.updateComplete;
    expect(readable(mounted)).not.to.contain(secret);
    mounted.client.emit({ messages: [userMessage('u', secret)] });
    await drawn(mounted.panel);
    expect(readable(mounted)).not.to.contain(secret);
  });
});

describe('a panel that is taken off the page', () => {
  it('follows no client any more, and goes on when it is put back', async () => {
    const { client, panel, text, root } = await mount({ messages: [question] });
    const parent = panel.parentElement;
    panel.remove();
    client.emit({ messages: [question, reply('r', 'meanwhile')] });
    await panel.updateComplete;
    expect(root.textContent).not.to.contain('meanwhile');
    parent?.append(panel);
    await drawn(panel);
    expect(text()).to.contain('meanwhile');
  });
});
