import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { session } from '../../server/dashboard/src/api/index.ts';
import { navigate } from '../../server/dashboard/src/navigation.ts';
import { until } from '../shell/support/until.ts';
import { at, bodiesOf, box, haveConversation, leave, options, write } from './support/conversation.ts';
import {
  ada,
  answer,
  isShown,
  json,
  noContent,
  openDashboard,
  press,
  shown,
  useDashboard,
} from './support/dashboard.ts';

describe('what an operator writes in a conversation', () => {
  afterEach(leave);
  useDashboard();
  const open = () => openDashboard('/dashboard/conversations/c1');

  it('finds a saved reply that was written while the conversation is open, and sends no “/” that finds none', async () => {
    const { takeOver } = haveConversation();
    const cannedReplies: object[] = [];
    answer('get', 'canned-replies', () => json({ cannedReplies }));
    takeOver();
    await open();
    await isShown('You answer');
    cannedReplies.push({ id: 'r9', agentId: null, shortcut: 'new', text: 'Brand new', updatedAt: at(0) });
    await write('/');
    await until(() => options().length === 1, 'the new one');
    await sendKeys({ type: 'x' });
    await sendKeys({ press: 'Enter' });
    await isShown('No saved reply is called “/x”.');
    await sendKeys({ press: 'Backspace' });
    await sendKeys({ press: 'Escape' });
    await sendKeys({ press: 'Enter' });
    await isShown('Write more than “/”.');
    expect(bodiesOf('conversations/c1/reply')).to.deep.equal([]);
    await sendKeys({ type: 'new' });
    await until(() => options().length === 1, 'the new one again');
    await sendKeys({ press: 'Enter' });
    expect(box().value).to.equal('Brand new');
  });

  it('keeps a reply a reply where a colleague takes over meanwhile, sends nothing, and says who answers', async () => {
    const { takeOver, live, change, isListening } = haveConversation();
    answer('post', 'conversations/c1/take-over', takeOver);
    await open();
    await isShown('Waiting for a person');
    await isListening();
    press('Take over');
    await isShown('You answer now');
    await write('Dear Mo');
    Object.assign(live.handoff, { name: 'Otto', operatorId: 'o2' });
    change('handoff');
    await isShown('Otto answers now. Your reply is kept.');
    expect(shown('You answer now'), 'what was said before').to.equal(false);
    await sendKeys({ press: 'Enter' });
    press('Send reply');
    expect(box().value).to.equal('Dear Mo');
    for (const path of ['reply', 'notes']) expect(bodiesOf(`conversations/c1/${path}`)).to.deep.equal([]);
    takeOver();
    change('handoff');
    await until(() => !shown('Your reply is kept'), 'that it can be sent');
    answer('post', 'conversations/c1/reply', () => noContent());
    box().focus();
    await sendKeys({ press: 'Enter' });
    await until(() => box().value === '', 'the empty box');
  });

  it('has what was being written again after a reload, for this operator only, until they sign out', async () => {
    const { takeOver } = haveConversation();
    takeOver();
    const again = async (operator = ada): Promise<string> => {
      document.querySelector('cw-dashboard')?.remove();
      await openDashboard('/dashboard/conversations/c1', { operator });
      await until(() => document.querySelector('textarea'), 'the box');
      return box().value;
    };
    await open();
    await isShown('You answer');
    await write('Half a sen');
    expect(await again()).to.equal('Half a sen');
    expect(await again({ ...ada, id: 'o9' })).to.equal('');
    expect(await again()).to.equal('Half a sen');
    expect(document.querySelector<HTMLInputElement>('input[name=mode]')?.checked).to.equal(true);
    session.forget();
    await until(() => document.querySelector('cw-dashboard textarea') === null, 'the end of the session');
    expect(JSON.stringify({ ...sessionStorage })).not.to.contain('Half a sen');
  });
});

describe('the way around a conversation', () => {
  afterEach(leave);
  useDashboard();

  it('has the focus on its heading after a link led there, with a way back to the inbox', async () => {
    haveConversation();
    answer('get', 'agents', () => json({ agents: [] }));
    await openDashboard('/dashboard/saved-replies', { operator: { ...ada, role: 'viewer' } });
    await isShown('/thanks');
    navigate('/dashboard/conversations/c1');
    await isShown('Waiting for a person');
    const focused = document.activeElement;
    expect([focused?.localName, focused?.textContent.trim()]).to.deep.equal(['h1', 'Mo']);
    const back = [...document.querySelectorAll('main a')].find(({ textContent }) => textContent === 'Inbox');
    expect(back?.getAttribute('href')).to.equal('/dashboard/inbox');
  });

  it('assigns by the button only, not by what the arrow keys pass', async () => {
    const { live } = haveConversation();
    await openDashboard('/dashboard/conversations/c1');
    await isShown('Waiting for a person');
    answer('post', 'conversations/c1/assign', () => {
      live.assignee = { id: 'o2', name: 'Otto' };
      return json({ live });
    });
    const choice = document.querySelector<HTMLSelectElement>('#assignee') ?? expect.fail('there is no choice');
    choice.closest('details')?.setAttribute('open', '');
    choice.focus();
    await sendKeys({ press: 'ArrowDown' });
    await sendKeys({ press: 'ArrowDown' });
    expect(bodiesOf('conversations/c1/assign')).to.deep.equal([]);
    press('Assign');
    await until(() => bodiesOf('conversations/c1/assign').length > 0, 'the call');
    expect(bodiesOf('conversations/c1/assign')).to.deep.equal([{ operatorId: 'o2' }]);
    await isShown('Assigned');
  });

  it('offers to leave a visitor who waits to the agent, and to hand back one who was taken over', async () => {
    const { takeOver, change, isListening } = haveConversation();
    await openDashboard('/dashboard/conversations/c1');
    await isShown('Leave it to the agent');
    expect(shown('Hand back')).to.equal(false);
    await isListening();
    takeOver();
    change('handoff');
    await isShown('Hand back');
    expect(shown('Leave it to the agent')).to.equal(false);
  });

  it('signs no event, and says of it when, not on which day it is today', async () => {
    const { messages } = haveConversation();
    const now = new Date().toISOString();
    const parts = [{ type: 'data-handoff', data: { state: 'active', name: 'Otto' } }];
    messages.push({ id: 'm3', role: 'assistant', parts, metadata: { createdAt: now, status: 'complete' } });
    await openDashboard('/dashboard/conversations/c1');
    await isShown('Otto took over.');
    const event = document.querySelector<HTMLElement>('.transcript .event');
    expect(event?.innerText).not.to.contain('Shop help');
    expect(event?.querySelector('time')?.dateTime).to.equal(now);
    expect(event?.querySelector('time')?.textContent).not.to.contain(String(new Date().getFullYear()));
  });
});
