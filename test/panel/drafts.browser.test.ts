import { expect } from '@open-wc/testing';
import { en } from '../../src/strings/index.ts';
import { rows } from './support/around-states.ts';
import { openList, until } from './support/around.ts';
import { createFakeClient, reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';

const messages = [userMessage('u', 'a question'), reply('a', 'An answer.')];
const kept = ({ client }: Mounted) =>
  client.calls.filter(([name]) => name === 'keepDraft').map((call) => call.slice(1));

describe('a draft', () => {
  it('is kept when typing pauses, once', async () => {
    const mounted = await mount({ messages });
    for (const text of ['p', 'pr', 'pre']) mounted.type(text);
    expect(kept(mounted)).to.deep.equal([]);
    await until(() => kept(mounted).length > 0, 'the draft');
    expect(kept(mounted)).to.deep.equal([['c1', 'pre']]);
  });

  for (const [name, leave] of [
    ['the page is left', () => dispatchEvent(new PageTransitionEvent('pagehide'))],
    ['the page is hidden', () => document.dispatchEvent(new Event('visibilitychange'))],
  ] as const) {
    it(`is kept at once when ${name}`, async () => {
      const mounted = await mount({ messages });
      mounted.type('precious');
      leave();
      expect(kept(mounted)).to.deep.equal([['c1', 'precious']]);
    });
  }

  it('is kept when the field is left', async () => {
    const mounted = await mount({ messages });
    mounted.input.focus();
    mounted.type('precious');
    mounted.input.blur();
    expect(kept(mounted)).to.deep.equal([['c1', 'precious']]);
  });

  it('is back after a reload', async () => {
    const client = createFakeClient({ messages });
    client.drafts.set('c1', 'precious');
    const { input } = await mount({}, { client });
    await until(() => input.value === 'precious', 'the draft');
  });

  it('is not put over what was typed before the conversation came', async () => {
    const client = createFakeClient({ messages });
    client.drafts.set('c1', 'old');
    const panel = document.createElement('chat-panel');
    panel.client = client;
    document.body.append(panel);
    await panel.updateComplete;
    const input = panel.renderRoot.querySelector('textarea');
    if (input === null) throw new Error('no composer');
    input.value = 'new';
    await drawn(panel);
    expect(input.value).to.equal('new');
    panel.remove();
  });

  it('stays with its conversation', async () => {
    const mounted = await mount({ messages, conversations: rows }, { mode: 'floating' });
    mounted.client.drafts.set('c2', 'about soil');
    mounted.type('about ferns');
    const [, second] = await openList(mounted);
    second?.click();
    mounted.client.emit({ conversationId: 'c2', history: 'loading', messages: [] });
    await drawn(mounted.panel);
    expect(kept(mounted).at(-1)).to.deep.equal(['c1', 'about ferns']);
    expect(mounted.input.value).to.equal('about soil');
  });

  it('stays behind when a new conversation is begun', async () => {
    const mounted = await mount({ messages });
    mounted.type('about ferns');
    mounted.button(en.newConversation).click();
    mounted.client.emit({ conversationId: 'c9', messages: [] });
    await drawn(mounted.panel);
    expect(mounted.client.drafts.get('c1')).to.equal('about ferns');
    expect(mounted.input.value).to.equal('');
  });

  it('goes along when history comes and the conversation gets its own id', async () => {
    const mounted = await mount({ history: 'loading' });
    mounted.type('quick as I am');
    mounted.client.emit({ conversationId: 'c7', history: 'ready', messages });
    await drawn(mounted.panel);
    expect(mounted.input.value).to.equal('quick as I am');
    expect(mounted.client.drafts.get('c7')).to.equal('quick as I am');
  });

  it('never comes to another visitor', async () => {
    const mounted = await mount({ messages });
    mounted.type('secret');
    mounted.client.emit({ epoch: 2, conversationId: 'x', messages: [] });
    await drawn(mounted.panel);
    dispatchEvent(new PageTransitionEvent('pagehide'));
    expect(mounted.input.value).to.equal('');
    expect(kept(mounted).filter(([id]) => id === 'x')).to.deep.equal([]);
  });
});

describe('writing to a person', () => {
  const typing = ({ client }: Mounted) => client.calls.filter(([name]) => name === 'typing').map(([, is]) => is);

  it('is told of while there is one, until the field is empty or left', async () => {
    const mounted = await mount({ messages, handoff: { state: 'active', name: 'Grace' } });
    mounted.input.focus();
    for (const text of ['h', 'hi', '']) mounted.type(text);
    mounted.type('again');
    mounted.input.blur();
    expect(typing(mounted)).to.deep.equal([true, true, false, true, false]);
  });

  it('is told of to nobody else', async () => {
    const mounted = await mount({ messages, handoff: { state: 'ended' } });
    mounted.type('h');
    expect(typing(mounted)).to.deep.equal([]);
  });
});
