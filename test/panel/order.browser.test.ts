import { expect } from '@open-wc/testing';
import type { ChatSnapshot, ViewMessage } from '../../src/client/index.ts';
import { createStrings } from '../../src/strings/de.ts';
import { en } from '../../src/strings/index.ts';
import { createRules } from '../../src/strings/rules.ts';
import { at, conversationStates, galleryNow, noon, operator } from './support/conversation-states.ts';
import { reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';

const clock = { now: () => galleryNow, everySecond: () => () => undefined };
const mountAt = (state: Partial<ChatSnapshot>, change: Parameters<typeof mount>[1] = {}) =>
  mount(state, { clock, ...change });
const lines = ({ root }: Mounted) => [...root.querySelectorAll('.day')].map((line) => line.textContent.trim());
const labels = ({ root }: Mounted) =>
  [...root.querySelectorAll('[role=log] article')].map((article) => article.ariaLabel?.replaceAll(/\s/g, ' '));

const row = (unreadCount: number) => ({
  id: 'c1',
  title: '',
  createdAt: '',
  updatedAt: '',
  lastMessage: '',
  unreadCount,
});

describe('times and days', () => {
  it('are told for each message, and in its name', async () => {
    const mounted = await mountAt(conversationStates['answered'] ?? {});
    expect(labels(mounted)).to.deep.equal([
      'You, 12:00 PM',
      'Ada, 12:00 PM',
      'You, 12:01 PM',
      'You, 12:01 PM',
      'Ada, 12:02 PM',
    ]);
    const times = [...mounted.root.querySelectorAll<HTMLTimeElement>('article time')];
    expect(times.map(({ dateTime }) => dateTime)).to.deep.equal([0, 0, 1, 1, 2].map((minutes) => noon(0, minutes)));
  });

  it('are in the visitor’s language', async () => {
    const strings = createStrings(createRules('de'));
    const mounted = await mountAt(conversationStates['days'] ?? {}, { locale: 'de', strings });
    expect(lines(mounted)).to.deep.equal(['Donnerstag, 30. Dezember 1999', 'Gestern', 'Heute', 'Neue Nachrichten']);
    expect(labels(mounted)[0]).to.match(/^Sie, \d\d:\d\d$/);
  });

  it('are none where nobody said when', async () => {
    const mounted = await mountAt({ messages: [userMessage('u', 'a'), reply('r', 'b')] });
    expect([labels(mounted), lines(mounted)]).to.deep.equal([['You', 'Ada'], []]);
    expect(mounted.root.querySelector('article time')).to.equal(null);
  });

  it('are no more than text, whatever a server says', async () => {
    const odd = { metadata: { createdAt: { toString: 'x' }, author: 'root' } } as unknown as Partial<ViewMessage>;
    const mounted = await mountAt({ messages: [userMessage('u', 'a', odd), reply('r', 'b', odd)] });
    expect(labels(mounted)).to.deep.equal(['You', 'Ada']);
  });
});

describe('new messages', () => {
  const answers = (count: number, words = 1) =>
    Array.from({ length: count }, (_, index) => reply(`r${index}`, `Answer ${index} ${'words '.repeat(words)}`));
  const isInView = ({ root, find }: Mounted, selector: string) => {
    const { top, bottom } = find('.scroller').getBoundingClientRect();
    const box = root.querySelector(selector)?.getBoundingClientRect();
    return box !== undefined && box.top >= top && box.bottom <= bottom;
  };

  it('begin with a line, where the server counts some, and it goes when the visitor writes', async () => {
    const mounted = await mountAt({ messages: answers(3), conversations: [row(1)] });
    expect(lines(mounted)).to.deep.equal([en.newMessages]);
    expect(mounted.find('.day.new').nextElementSibling?.textContent).to.contain('Answer 2');
    mounted.client.emit({ messages: [...answers(3), userMessage('u', 'x')] });
    await drawn(mounted.panel);
    expect(lines(mounted)).to.deep.equal([]);
  });

  it('are where reading begins, where they do not fit in', async () => {
    const mounted = await mountAt({ messages: answers(8, 150), conversations: [row(4)] });
    await drawn(mounted.panel);
    expect(isInView(mounted, '.day.new')).to.equal(true);
    expect(mounted.button(en.jump).hidden).to.equal(false);
  });

  it('that came while the panel was closed are there when it opens, read from the first', async () => {
    const mounted = await mountAt({ messages: answers(5, 150) });
    mounted.panel.hidden = true;
    await drawn(mounted.panel);
    mounted.client.emit({ messages: answers(9, 150), unreadCount: 4 });
    await drawn(mounted.panel);
    mounted.panel.hidden = false;
    await drawn(mounted.panel);
    await drawn(mounted.panel);
    expect(mounted.find('.day.new').nextElementSibling?.textContent).to.contain('Answer 5');
    expect(isInView(mounted, '.day.new')).to.equal(true);
  });

  it('below a reader who is elsewhere are counted on the way there', async () => {
    const mounted = await mountAt({ messages: answers(8, 80) });
    await drawn(mounted.panel);
    const scroller = mounted.find('.scroller');
    scroller.scrollTop = 200;
    await new Promise((resolve) => scroller.addEventListener('scroll', resolve, { once: true }));
    await drawn(mounted.panel);
    expect(mounted.find('.jump').ariaLabel).to.equal(en.jump);
    mounted.client.emit({ messages: [...answers(8, 80), userMessage('u', 'of another tab'), reply('x', 'new')] });
    mounted.client.emit({ messages: [...mounted.client.snapshot.messages, reply('y', 'newer')] });
    await drawn(mounted.panel);
    expect(mounted.find('.jump').ariaLabel).to.equal(`${en.jump}, ${en.unread(2)}`);
    expect(mounted.find('.jump .count').textContent).to.equal('2');
    mounted.find('.jump').click();
    await drawn(mounted.panel);
    expect([mounted.find('.jump').hidden, mounted.root.querySelector('.count')]).to.deep.equal([true, null]);
  });
});

describe('a person who takes over', () => {
  it('is told by lines, a name and an initial, once for what they say together', async () => {
    const mounted = await mountAt(conversationStates['person'] ?? {});
    const { root } = mounted;
    const said = [...root.querySelectorAll('.handoff')].map(({ textContent }) => textContent.trim());
    expect(said).to.deep.equal([en.handoffRequested, en.handoffActive('Grace')]);
    expect([...root.querySelectorAll('.author')].map((author) => author.textContent.trim())).to.deep.equal(['GGrace']);
    expect(labels(mounted).slice(3, 5)).to.deep.equal(['Grace, 12:01 PM', 'Grace, 12:02 PM']);
  });

  it('is seen typing, and the agent is not while they are there', async () => {
    const mounted = await mountAt(conversationStates['person'] ?? {});
    const typing = () => [...mounted.root.querySelectorAll('.typing')].map((sign) => sign.textContent.trim());
    expect(typing()).to.deep.equal([en.typing('Grace')]);
    mounted.client.emit({ typing: undefined, reply: 'waiting' });
    await drawn(mounted.panel);
    expect(typing()).to.deep.equal([]);
    mounted.client.emit({ handoff: undefined });
    await drawn(mounted.panel);
    expect(typing()).to.deep.equal([en.writing('Ada')]);
  });

  it('has a name also where none is known', async () => {
    const nameless = { author: { ...operator, name: ' ' } };
    const mounted = await mountAt({
      messages: [
        reply('r0', '', { parts: [{ type: 'data-handoff', data: { state: 'active', name: { a: 1 } } }] }),
        reply('r1', 'Hello', at(noon(0), nameless)),
      ],
    });
    expect(mounted.text()).to.contain(en.handoffActive(en.human));
    expect(labels(mounted)[1]).to.equal(`${en.human}, 12:00 PM`);
  });

  it('leaves no trace where a part says something else', async () => {
    const parts = [{ type: 'data-handoff', data: { state: 'root', name: 'secret' } } as const];
    const mounted = await mountAt({ messages: [reply('r0', '', { parts })] });
    expect(mounted.root.querySelector('.handoff')).to.equal(null);
    expect(mounted.text()).not.to.contain('secret');
  });

  it('is heard of: what they say by their name, what changes as it reads', async () => {
    const mounted = await mountAt({ messages: [userMessage('u', 'a')] });
    const heard: string[] = [];
    for (const message of [
      reply('r0', '', { parts: [{ type: 'data-handoff', data: { state: 'active', name: 'Grace' } }] }),
      reply('r1', 'Hello', at(noon(0), { author: operator })),
    ]) {
      mounted.client.emit({ messages: [...mounted.client.snapshot.messages, message] });
      await drawn(mounted.panel);
      heard.push(mounted.find('.announcer').textContent);
    }
    expect(heard).to.deep.equal([en.handoffActive('Grace'), 'Grace: Hello']);
  });
});
