import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { ViewMessage } from '../../src/client/index.ts';
import { en } from '../../src/strings/index.ts';
import { reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, nameOf } from './support/mount.ts';

type Tool = Extract<ViewMessage['parts'][number], { type: 'dynamic-tool' }>;

const name = 'cancel order';
const asks: Tool = {
  type: 'dynamic-tool',
  toolName: 'cancel_order',
  toolCallId: 't',
  state: 'approval-requested',
  input: { order_number: 'F-20431', refund: true },
  approval: { id: 'a1' },
};

const question = userMessage('u', 'cancel my order');
const withTool = (tool: Tool, change: Partial<ViewMessage> = {}) => reply('r', '', { parts: [tool], ...change });

describe('an action in the conversation', () => {
  const states: readonly (readonly [Partial<Tool>, string])[] = [
    [{ state: 'output-available', output: 'secret' }, en.toolDone(name)],
    [{ state: 'output-error', errorText: 'secret' }, en.toolFailed(name)],
    [{ state: 'approval-responded', approval: { id: 'a1', approved: true } }, en.toolApproved(name)],
    [{ state: 'output-denied', approval: { id: 'a1', approved: false } }, en.toolDeclined(name)],
    [{ state: 'output-denied', approval: { id: 'a1', approved: false, reason: 'expired' } }, en.toolExpired(name)],
  ];
  for (const [change, label] of states) {
    it(`says: ${label}`, async () => {
      const { text, root } = await mount({ messages: [question, withTool({ ...asks, ...change })] });
      expect(text()).to.contain(label);
      expect(text()).not.to.contain('secret');
      expect(root.querySelectorAll('.reply button').length).to.equal(0);
    });
  }

  it('says that it runs while it does, and not any more once its reply is over', async () => {
    const running: Tool = { ...asks, state: 'input-available' };
    const { client, panel, text } = await mount({
      messages: [question, withTool(running, { status: 'streaming' })],
      reply: 'streaming',
    });
    expect(text()).to.contain(en.tool(name));
    client.emit({ messages: [question, withTool(running, { status: 'interrupted' })], reply: 'idle' });
    await drawn(panel);
    expect(text()).to.contain(en.toolFailed(name));
  });
});

describe('an action that asks first', () => {
  it('shows what it is about to do, all of it, as written', async () => {
    const markup = '<b onclick="alert(1)">F-1</b>';
    const { find, root } = await mount({ messages: [question, withTool({ ...asks, input: { order: markup, n: 2 } })] });
    const card = find('.approval');
    expect(card.getAttribute('role')).to.equal('group');
    expect(card.getAttribute('aria-label')).to.equal(en.toolWaiting(name));
    expect([...root.querySelectorAll('dd')].map((value) => value.textContent.trim())).to.deep.equal([markup, '2']);
    expect(card.querySelectorAll('b').length).to.equal(1);
  });

  for (const [label, approved] of [
    [en.approveTool(name), true],
    [en.declineTool(name), false],
  ] as const) {
    it(`is answered by the keyboard: ${label}; the focus goes on in the composer`, async () => {
      const { client, panel, button, input, root } = await mount({ messages: [question, withTool(asks)] });
      button(label).focus();
      await sendKeys({ press: 'Enter' });
      expect(client.calls.at(-1)).to.deep.equal(['answerApproval', 'a1', approved]);
      await drawn(panel);
      expect(root.activeElement).to.equal(input);
    });
  }

  it('has its buttons in reach of the Tab key, to approve first', async () => {
    const { root } = await mount({ messages: [question, withTool(asks)] });
    const buttons = [...root.querySelectorAll<HTMLButtonElement>('.approval button')];
    expect(buttons.map(nameOf)).to.deep.equal([en.approveTool(name), en.declineTool(name)]);
    expect(buttons.every(({ tabIndex, disabled }) => tabIndex === 0 && !disabled)).to.equal(true);
  });

  it('cannot be answered while a reply is being written', async () => {
    const { client, button } = await mount({ messages: [question, withTool(asks)], reply: 'waiting' });
    expect(button(en.approveTool(name)).getAttribute('aria-disabled')).to.equal('true');
    button(en.approveTool(name)).click();
    expect(client.calls.filter(([call]) => call === 'answerApproval')).to.deep.equal([]);
  });

  it('is read out when it asks', async () => {
    const { client, panel, find } = await mount({ messages: [question], reply: 'streaming' });
    const text = { type: 'text', text: 'Please look at this.', state: 'done' } as const;
    client.emit({ messages: [question, reply('r', '', { parts: [text, asks] })], reply: 'idle' });
    await drawn(panel);
    expect(find('.announcer').textContent).to.contain(en.toolWaiting(name));
    expect(find('.announcer').textContent).to.contain('Please look at this.');
  });

  it('leaves nothing of its input on the screen when the visitor changes', async () => {
    const { client, root } = await mount({ messages: [question, withTool(asks)] });
    client.emit({ messages: [], epoch: 2, conversationId: 'c2', identity: { state: 'anonymous' } });
    expect(root.querySelector('.panel')?.textContent).not.to.contain('F-20431');
  });
});
