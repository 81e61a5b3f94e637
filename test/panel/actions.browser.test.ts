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

/** As a person sees it: what stands in a box, in brackets. */
function seenIn(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const box of copy.querySelectorAll('code')) box.replaceWith(`[${box.textContent}]`);
  return copy.textContent ?? '';
}

function ancestors(element: Element, end: Element): readonly Element[] {
  const { parentElement: parent } = element;
  return parent === null || element === end ? [] : [parent, ...ancestors(parent, end)];
}

describe('an action in the conversation', () => {
  it('does not name the one that asked for a person, which the conversation says in words, unless it says more', async () => {
    const asked: Tool = {
      type: 'dynamic-tool',
      toolName: 'handoff',
      toolCallId: 't',
      state: 'output-available',
      input: {},
      output: { outcome: 'asked' },
    };
    const { client, panel, root, text } = await mount({ messages: [question, withTool(asked)] });
    expect(root.querySelector('[part=tool]')).to.equal(null);
    client.emit({ messages: [question, withTool({ ...asked, output: { text: 'Ticket 7' } })] });
    await drawn(panel);
    expect(text()).to.contain('Ticket 7');
  });

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

  const unseen: readonly (readonly [string, string, string])[] = [
    ['an order that turns what follows around', 'F-1\u202e13402', 'F-1[U+202E]13402'],
    ['isolates', '\u2067abc\u2069', '[U+2067]abc[U+2069]'],
    ['marks of direction', 'a\u200e\u200f\u061cb', 'a[U+200E][U+200F][U+061C]b'],
    ['what has no width', 'ad\u200ba@s\u2060hop\ufeff', 'ad[U+200B]a@s[U+2060]hop[U+FEFF]'],
    ['joiners', 'a\u200cb\u200dc', 'a[U+200C]b[U+200D]c'],
    ['a soft hyphen', 'can\u00adcel', 'can[U+00AD]cel'],
    ['control characters', 'a\0\u0008\u001b[2J\r\u0085b', 'a[U+0000][U+0008][U+001B][2J[U+000D][U+0085]b'],
    ['separators of lines', 'a\u2028b\u2029c', 'a[U+2028]b[U+2029]c'],
    ['text in tags', 'ok\u{e0061}\u{e007f}', 'ok[U+E0061][U+E007F]'],
    ['variation selectors', 'a\ufe0f\u{e0100}', 'a[U+FE0F][U+E0100]'],
    ['fillers', 'a\u3164\u115f\u034fb', 'a[U+3164][U+115F][U+034F]b'],
    ['half a pair', 'a\ud83db', 'a[U+D83D]b'],
    ['line breaks and tabs, which are seen as they are', 'a\n\tb', 'a\n\tb'],
    ['letters of all kinds, which are too', 'Zoë שלום 李四 🌿 ‘U+202E’', 'Zoë שלום 李四 🌿 ‘U+202E’'],
  ];
  for (const [what, value, seen] of unseen) {
    it(`shows what nobody would see: ${what}`, async () => {
      const { root } = await mount({
        messages: [question, withTool({ ...asks, input: { order: value, [value]: 1 } })],
      });
      const [shown] = root.querySelectorAll('dd');
      const [, name] = root.querySelectorAll('dt');
      expect(shown && seenIn(shown)).to.equal(seen);
      expect(name && seenIn(name)).to.equal(seen.replaceAll('-', ' '));
      expect(shown?.querySelector('code')?.offsetWidth).not.to.equal(0);
    });
  }

  it('shows what nobody would see within lists and objects too', async () => {
    const input = { orders: ['F-1', { 'to\u202e': '\u200beve\u0007' }] };
    const { root } = await mount({ messages: [question, withTool({ ...asks, input })] });
    const [shown] = root.querySelectorAll('dd');
    expect(shown && seenIn(shown)).to.equal('["F-1",{"to[U+202E]":"[U+200B]eve\\u0007"}]');
  });

  it('keeps each value to itself: one that is written from right to left moves nothing beside it', async () => {
    const { root } = await mount({ messages: [question, withTool({ ...asks, input: { to: 'שלום', from: 'Ada' } })] });
    const values = [...root.querySelectorAll<HTMLElement>('dd bdi')];
    expect(values.map((value) => [value.dir, getComputedStyle(value).direction])).to.deep.equal([
      ['auto', 'rtl'],
      ['auto', 'ltr'],
    ]);
    expect(values.every((value) => getComputedStyle(value).unicodeBidi.startsWith('isolate'))).to.equal(true);
  });

  it('shows a long value to its end, and cuts nothing off that cannot be scrolled to', async () => {
    const long = `${'word '.repeat(3_000)}${'x'.repeat(5_000)}\nThe end`;
    const { root, find } = await mount({ messages: [question, withTool({ ...asks, input: { long } })] });
    const [value] = root.querySelectorAll('dd');
    expect(value?.textContent).to.equal(long);
    const card = find('.approval');
    const boxes = [value, ...ancestors(value ?? card, card)].filter((box) => box !== undefined);
    for (const box of boxes) {
      const { overflowX, overflowY, webkitLineClamp, textOverflow } = getComputedStyle(box);
      expect([overflowX, overflowY, webkitLineClamp, textOverflow]).to.deep.equal([
        'visible',
        'visible',
        'none',
        'clip',
      ]);
      expect(box.scrollWidth).to.be.at.most(box.clientWidth || box.scrollWidth);
    }
    const scroller = find('.scroller');
    expect(scroller.scrollHeight).to.be.greaterThan(card.offsetHeight);
    expect(card.getBoundingClientRect().right).to.be.at.most(scroller.getBoundingClientRect().right);
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
