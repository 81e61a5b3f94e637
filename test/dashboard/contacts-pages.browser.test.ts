import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import {
  answer,
  heading,
  isShown,
  json,
  noContent,
  openDashboard,
  press,
  problem,
  shown,
  useDashboard,
} from './support/dashboard.ts';

const attack = '<img src=x onerror="window.attacked = true">';
const ada = {
  agentId: 'shop',
  agentName: 'Shop',
  subject: 'user/1 ü',
  name: 'Ada',
  email: 'ada@example.com',
  firstSeenAt: '2026-11-01T10:00:00.000Z',
  lastSeenAt: '2026-11-03T10:00:00.000Z',
};
const row = {
  ...{ id: 'c1', agentId: 'shop', agentName: 'Shop', verified: true, subject: ada.subject, contactName: 'Ada' },
  ...{ contactEmail: null, site: null, title: 'Where?', lastMessage: 'Here.', status: 'open', assignee: null },
  ...{ handoff: { state: 'none' }, createdAt: ada.firstSeenAt, updatedAt: ada.lastSeenAt, unreadCount: 0 },
};
const address = `/dashboard/contacts/shop/${encodeURIComponent(ada.subject)}`;

function answerContact(claims: object = { sub: ada.subject, name: 'Ada', plan: { tier: 'gold' } }): void {
  const claimsHistory = [{ at: ada.lastSeenAt, claims: ['plan', 'name'] }];
  answer('get', `contacts/shop/${encodeURIComponent(ada.subject)}`, () =>
    json({ contact: { ...ada, claims }, claimsHistory }),
  );
  answer('get', 'conversations', ({ url }) => {
    const { searchParams } = new URL(url);
    const isTheirs = searchParams.get('subject') === ada.subject && searchParams.get('agent') === 'shop';
    return json({ conversations: isTheirs ? [row] : [], nextBefore: null });
  });
}

describe('the contacts', () => {
  useDashboard();
  beforeEach(() => {
    answer('get', 'events', noContent);
    answer('get', 'agents', () => json({ agents: [{ id: 'shop', name: 'Shop' }] }));
  });
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('lead to each, and are searched by what is typed', async () => {
    answer('get', 'contacts', ({ url }) => {
      const isFound = new URL(url).searchParams.get('query') !== 'bert';
      return json({ contacts: isFound ? [ada] : [], nextBefore: null });
    });
    answerContact();
    await openDashboard('/dashboard/contacts?query=bert');
    await isShown('Nobody found');
    press('Show all contacts');
    await isShown('ada@example.com');
    document.querySelector<HTMLElement>('.contact-row')?.click();
    await until(() => heading() === 'Ada', 'the contact');
    expect(location.pathname).to.equal(address);
    expect(document.title).to.equal('Ada · Chat dashboard');
  });

  it('say what to do where there are none', async () => {
    answer('get', 'contacts', () => json({ contacts: [], nextBefore: null }));
    await openDashboard('/dashboard/contacts');
    await isShown('No contacts yet');
  });

  it('have their claims, what changed in them, and all of their conversations', async () => {
    answerContact();
    await openDashboard(address);
    await isShown('Here.');
    expect(shown('Verified') && shown('"tier": "gold"')).to.equal(true);
    expect(document.querySelector('.claims-history')?.textContent).to.match(/plan,\s*name/);
    expect(document.querySelector('.conversation-row')?.getAttribute('href')).to.equal('/dashboard/conversations/c1');
  });

  it('have claims that are text, whatever a site has signed', async () => {
    answerContact({ name: attack, [attack]: { [attack]: attack } });
    await openDashboard(address);
    await isShown('onerror');
    expect(document.querySelector('main img')).to.equal(null);
    expect('attacked' in window).to.equal(false);
  });

  it('say where there is no such person', async () => {
    answer('get', 'contacts/shop/nobody', () => problem(404, 'not_found', { detail: 'There is no such contact.' }));
    answer('get', 'conversations', () => json({ conversations: [], nextBefore: null }));
    await openDashboard('/dashboard/contacts/shop/nobody');
    await isShown('There is no such contact.');
    await isShown('Go to all contacts');
    expect(shown('Try again')).to.equal(false);
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 1_280]) {
      it(`have nothing that axe finds wrong, ${theme}, ${width} pixels wide`, async () => {
        await setViewport({ width, height: 800 });
        answer('get', 'contacts', () => json({ contacts: [{ ...ada, subject: 'long'.repeat(60) }], nextBefore: null }));
        answerContact({ sub: 'long'.repeat(60), custom: { key: 'long'.repeat(60) } });
        await openDashboard('/dashboard/contacts', { theme });
        await isShown('ada@example.com');
        expect(await violations(document.body)).to.deep.equal([]);
        expect(document.documentElement.scrollWidth).to.equal(width);
        document.querySelector('cw-dashboard')?.remove();
        await openDashboard(address, { theme });
        await isShown('Here.');
        expect(await violations(document.body)).to.deep.equal([]);
        expect(document.documentElement.scrollWidth).to.equal(width);
      });
    }
  }
});
