import { expect } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import { at, bodiesOf, box, haveConversation, leave, options, text, write } from './support/conversation.ts';
import {
  ada,
  answer,
  calls,
  isShown,
  json,
  noContent,
  openDashboard,
  press,
  problem,
  shown,
  useDashboard,
} from './support/dashboard.ts';

describe('the page of a conversation', () => {
  afterEach(leave);
  useDashboard();
  const open = () => openDashboard('/dashboard/conversations/c1');

  it('shows what was said, who that is, and that somebody waits; what was written is no markup', async () => {
    haveConversation();
    await open();
    await isShown('Can I talk to <b>somebody</b>?');
    expect(shown('Waiting for a person')).to.equal(true);
    expect(document.title).to.contain('Mo');
    const contact = [...document.querySelectorAll('a')].find(
      ({ textContent }) => textContent.trim() === 'All of this visitor',
    );
    expect(contact?.getAttribute('href')).to.equal('/dashboard/contacts/shop/u%2F1');
    await until(() => bodiesOf('conversations/c1/read').length > 0, 'that it was read');
    expect(bodiesOf('conversations/c1/read')).to.deep.equal([{ messageId: 'm1' }]);
  });

  it('lets an operator take over, reply by Enter, and keeps the words and their id where sending fails', async () => {
    const { takeOver, messages } = haveConversation();
    answer('post', 'conversations/c1/take-over', takeOver);
    await open();
    await isShown('Waiting for a person');
    expect(document.querySelector<HTMLInputElement>('input[name=mode]')?.disabled).to.equal(true);
    press('Take over');
    await isShown('You answer');
    answer('post', 'conversations/c1/reply', () => problem(503, 'unavailable'));
    await write('Hello');
    await sendKeys({ down: 'Shift' });
    await sendKeys({ press: 'Enter' });
    await sendKeys({ up: 'Shift' });
    await sendKeys({ type: 'there' });
    await sendKeys({ press: 'Enter' });
    await until(() => document.querySelector('.composer .error'), 'why it failed');
    expect(box().value).to.equal('Hello\nthere');
    answer('post', 'conversations/c1/reply', () => {
      const author = { kind: 'operator', name: 'Ada' };
      messages.push({
        id: 'm3',
        role: 'assistant',
        parts: text('Hello there'),
        metadata: { createdAt: at(3), status: 'complete', author },
      });
      return noContent();
    });
    await sendKeys({ press: 'Enter' });
    await until(() => box().value === '', 'the empty box');
    const [first, second] = bodiesOf('conversations/c1/reply') as { id: string; text: string }[];
    expect(first).to.deep.equal(second);
    expect(first?.text).to.equal('Hello\nthere');
    await isShown('Hello there');
  });

  it('tells the visitor that somebody types, and nobody who writes a note', async () => {
    const { takeOver, live } = haveConversation();
    takeOver();
    await open();
    await isShown('You answer');
    await write('Hel');
    await until(() => bodiesOf('conversations/c1/typing').length === 1, 'that somebody types');
    press('Close');
    answer('post', 'conversations/c1/close', () => json({ live }));
    const note = document.querySelectorAll<HTMLInputElement>('input[name=mode]')[1];
    note?.click();
    await until(() => bodiesOf('conversations/c1/typing').length === 2, 'that nobody does');
    await write('psst');
    await until(
      () => bodiesOf('conversations/c1/presence').some((body) => (body as { typing?: boolean }).typing),
      'the colleagues',
    );
    expect(bodiesOf('conversations/c1/typing')).to.deep.equal([{ typing: true }, { typing: false }]);
  });

  it('says who was faster', async () => {
    const { live } = haveConversation();
    answer('post', 'conversations/c1/take-over', () => {
      Object.assign(live.handoff, { state: 'active', name: 'Otto', operatorId: 'o2' });
      return problem(409, 'conflict', { detail: 'Otto has taken over and answers here.' });
    });
    await open();
    await isShown('Waiting for a person');
    press('Take over');
    await isShown('Otto has taken over and answers here.');
    await isShown('Otto answers');
  });

  it('follows what happens elsewhere: messages, notes, typing, who looks, and what was missed', async () => {
    const { live, messages, notes, tell, change, isListening } = haveConversation();
    await open();
    await isShown('Waiting for a person');
    await isListening();
    messages.push({ id: 'm3', role: 'user', parts: text('Anybody?'), metadata: { createdAt: at(3) } });
    messages.push({ id: 'm4', role: 'assistant', parts: [], metadata: { createdAt: at(4), status: 'streaming' } });
    change('message');
    await isShown('Anybody?');
    await isShown('Writing…');
    notes.push({ id: 'n1', author: { id: 'o2', name: 'Otto' }, text: 'Be kind', createdAt: at(2) });
    change('note');
    await isShown('Be kind');
    const kinds = [...document.querySelectorAll('.transcript article')].map(({ className }) => className);
    expect(kinds).to.deep.equal(['message visitor', 'message agent', 'note', 'message visitor', 'message agent']);
    tell({ type: 'typing', agentId: 'shop', conversationId: 'c1', typing: true });
    await isShown('Mo types…');
    tell({ type: 'typing', agentId: 'shop', conversationId: 'c1', typing: false });
    await until(() => !shown('Mo types…'), 'the end of the typing');
    live.present.push({ id: 'o2', name: 'Otto', typing: true });
    tell({ type: 'presence', agentId: 'shop', conversationId: 'c1' });
    await isShown('Otto types…');
    live.status = 'closed';
    tell({ type: 'resumed' });
    await isShown('Reopen');
  });

  it('finds a saved reply by “/”, fills it in and leaves the sending to the operator', async () => {
    const { takeOver } = haveConversation();
    takeOver();
    await open();
    await isShown('You answer');
    await write('Hi! /th');
    await until(() => options().length > 0, 'the saved replies');
    expect(options(), 'of this agent and of all').to.deep.equal(['/thanks']);
    await sendKeys({ press: 'Enter' });
    expect(box().value).to.equal('Hi! Thank you, Mo! Ada');
    expect(bodiesOf('conversations/c1/reply')).to.deep.equal([]);
    box().value = '';
    await write(' /');
    await until(() => options().length === 2, 'both');
    await sendKeys({ press: 'ArrowDown' });
    await sendKeys({ press: 'Tab' });
    expect(box().value).to.equal(' One moment.');
  });

  it('lets a viewer look and do nothing', async () => {
    haveConversation();
    await openDashboard('/dashboard/conversations/c1', { operator: { ...ada, role: 'viewer' } });
    await isShown('You may look at conversations.');
    expect(document.querySelector('textarea')).to.equal(null);
    expect(shown('Take over')).to.equal(false);
    expect(shown('Delete this conversation')).to.equal(false);
    expect(bodiesOf('conversations/c1/read')).to.deep.equal([]);
    expect(document.querySelector('select')?.disabled).to.equal(true);
  });

  it('deletes it for an administrator, who is asked first, and leaves it', async () => {
    haveConversation();
    await open();
    await isShown('Delete this conversation');
    press('Delete this conversation');
    await isShown('for its visitor too');
    answer('delete', 'conversations/c1', () =>
      json({ removed: { conversations: 1, attachments: 0, filesPending: false } }),
    );
    answer('get', 'conversations', () => json({ conversations: [], nextBefore: null }));
    answer('get', 'agents', () => json({ agents: [] }));
    press('Delete for good');
    await isShown('Conversation deleted');
    await isShown('No conversations yet');
    expect(calls.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).to.deep.equal([
      'conversations/c1',
    ]);
  });

  it('says where there is no such conversation', async () => {
    haveConversation();
    answer('get', 'conversations/c1', () => problem(404, 'not_found', { detail: 'There is no such conversation.' }));
    await open();
    await isShown('There is no such conversation.');
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      it(`has nothing that axe finds, ${theme}, at ${width} px, and nothing sticks out`, async () => {
        await setViewport({ width, height: 800 });
        const { takeOver, notes, live } = haveConversation();
        takeOver();
        notes.push({ id: 'n1', author: { id: 'o1', name: 'Ada' }, text: 'Be kind '.repeat(40), createdAt: at(2) });
        live.present.push({ id: 'o2', name: 'Otto', typing: true });
        await openDashboard('/dashboard/conversations/c1', { theme });
        await isShown('Be kind');
        await write('/');
        await until(() => options().length > 0, 'the saved replies');
        expect(await violations(document.body)).to.deep.equal([]);
        expect(document.documentElement.scrollWidth).to.be.at.most(width);
        await setViewport({ width: 800, height: 600 });
      });
    }
  }
});
