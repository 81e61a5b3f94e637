import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { Conversation } from '../../server/dashboard/src/conversation/index.ts';
import { navigate } from '../../server/dashboard/src/navigation.ts';
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
  unreachable,
  useDashboard,
  goBack,
} from './support/dashboard.ts';
import { conversation } from './support/listed-conversation.ts';

const attack = '<img src=x onerror="window.attacked = true">';

/** What the list was asked for, in order. */
const asked: URLSearchParams[] = [];

function answerList(
  pages: (query: URLSearchParams) => { conversations: readonly Conversation[]; nextBefore?: string },
): void {
  answer('get', 'conversations', ({ url }) => {
    const query = new URL(url).searchParams;
    asked.push(query);
    return json({ nextBefore: null, ...pages(query) });
  });
}

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.conversation-row')];
const select = (name: string): HTMLSelectElement =>
  document.querySelector<HTMLSelectElement>(`select[name="${name}"]`) ?? expect.fail(name);

describe('the inbox', () => {
  useDashboard();
  beforeEach(() => {
    asked.length = 0;
    answer('get', 'events', noContent);
    answer('get', 'agents', () =>
      json({
        agents: [
          { id: 'shop', name: 'Shop' },
          { id: 'other', name: 'Other' },
        ],
      }),
    );
  });
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('H11 marks the rows of verified visitors, and those who only say who they are', async () => {
    answerList(() => ({
      conversations: [
        conversation('1'),
        conversation('2', { verified: false, subject: null }),
        conversation('3', { verified: false, subject: null, contactName: null }),
      ],
    }));
    await openDashboard('/dashboard/inbox');
    await isShown('Visitor 1');
    const badges = rows().map((row) => row.querySelector('.badge')?.textContent.trim());
    expect(badges).to.deep.equal(['Verified', 'Self-reported', 'Anonymous']);
    expect(rows().map((row) => row.getAttribute('href'))[0]).to.equal('/dashboard/conversations/1');
  });

  it('says above the list that visitors wait for a person, and leads to them', async () => {
    const waits = { handoff: { state: 'requested' } } as const;
    const all = [
      conversation('1'),
      conversation('2', waits),
      conversation('3', waits),
      conversation('4', { ...waits, status: 'closed' }),
    ];
    answerList((query) => ({ conversations: query.get('handoff') === 'requested' ? all.slice(1, 3) : all }));
    await openDashboard('/dashboard/inbox');
    await isShown('2 visitors ask for a person.');
    press('Show who waits');
    await until(() => rows().length === 2, 'those who wait');
    expect(shown('Show who waits')).to.equal(false);
  });

  it('shows what is unread, who answers, who takes care, and where it began; all of it as text', async () => {
    answerList(() => ({
      conversations: [
        conversation('1', {
          unreadCount: 3,
          contactName: attack,
          lastMessage: attack,
          site: attack,
          handoff: { state: 'active', name: attack },
          assignee: { id: 'o1', name: attack },
        }),
        conversation('2', { unreadCount: 100, handoff: { state: 'requested' }, status: 'closed', site: null }),
      ],
    }));
    await openDashboard('/dashboard/inbox');
    await isShown('99+ unread');
    expect(shown('3 unread') && shown('Asks for a person') && shown('Closed')).to.equal(true);
    expect(document.querySelector('main img')).to.equal(null);
    expect('attacked' in window).to.equal(false);
    expect(rows()[0]?.textContent).to.include(attack);
  });

  it('keeps filters in the address, where Back and a link find them', async () => {
    answerList(() => ({ conversations: [conversation('1')] }));
    await openDashboard('/dashboard/inbox?status=open&from=2026-11-01&to=2026-11-03');
    await isShown('Visitor 1');
    expect(select('status').value).to.equal('open');
    const from = new Date(2026, 10, 1).toISOString();
    const to = new Date(2026, 10, 4).toISOString();
    expect([asked[0]?.get('status'), asked[0]?.get('from'), asked[0]?.get('to')]).to.deep.equal(['open', from, to]);
    select('verified').value = 'true';
    select('verified').dispatchEvent(new Event('change', { bubbles: true }));
    await until(() => asked.at(-1)?.get('verified') === 'true', 'the filter');
    expect(location.search).to.equal('?status=open&from=2026-11-01&to=2026-11-03&verified=true');
    expect(heading()).to.equal('Inbox');
  });

  it('goes Back to the filters as they were, and past what was typed to what stood there before', async () => {
    answerList(() => ({ conversations: [conversation('1')] }));
    await openDashboard('/dashboard/inbox');
    await isShown('Visitor 1');
    select('verified').value = 'true';
    select('verified').dispatchEvent(new Event('change', { bubbles: true }));
    await until(() => asked.at(-1)?.get('verified') === 'true', 'the filter');
    const input = document.querySelector<HTMLInputElement>('input[type="search"]') ?? expect.fail();
    for (const value of ['fern', 'ferns']) {
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await until(() => asked.at(-1)?.get('query') === value, value);
    }
    goBack();
    expect(location.search).to.equal('?verified=true');
    await until(() => asked.at(-1)?.get('verified') === 'true' && !asked.at(-1)?.has('query'), 'the filter alone');
    await until(() => input.value === '', 'an empty field');
    goBack();
    expect(location.search).to.equal('');
    await until(() => asked.at(-1)?.has('verified') === false, 'no filter');
    expect(heading()).to.equal('Inbox');
    await until(() => select('verified').value === '', 'no choice');
  });

  it('says that days stand the wrong way round', async () => {
    answerList(() => ({ conversations: [] }));
    await openDashboard('/dashboard/inbox?from=2026-11-03&to=2026-11-01');
    await isShown('The first day is after the last one');
  });

  it('says which filter of an address there is not, and takes it away', async () => {
    answer('get', 'conversations', ({ url }) =>
      new URL(url).searchParams.has('status')
        ? problem(422, 'invalid_input', { fields: { status: 'must be one of open, closed' } })
        : json({ conversations: [conversation('1')], nextBefore: null }),
    );
    await openDashboard('/dashboard/inbox?status=nonsense');
    await isShown('“status” must be one of open, closed.');
    expect(shown('Try again')).to.equal(false);
    press('Take all filters away');
    await isShown('Visitor 1');
  });

  it('searches while one types, and shows what was found', async () => {
    answerList((query) => ({
      conversations: query.has('query')
        ? [conversation('2', { found: { messageId: 'm', text: 'my **fern** (Ferns) refern' } })]
        : [],
    }));
    await openDashboard('/dashboard/inbox');
    await isShown('No conversations yet');
    const input = document.querySelector<HTMLInputElement>('input[type="search"]') ?? expect.fail();
    for (const value of ['f', 'fe', 'fern ']) {
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    await isShown('my fern (Ferns) refern');
    const marks = [...document.querySelectorAll('.said mark')].map(({ textContent }) => textContent);
    expect(marks).to.deep.equal(['fern', 'Fern']);
    expect(asked.map((query) => query.get('query'))).to.deep.equal([null, 'fern']);
    expect(location.search).to.equal('?query=fern');
  });

  it('says that nothing was found, and how to see all again', async () => {
    answerList((query) => ({ conversations: query.has('query') ? [] : [conversation('1')] }));
    await openDashboard('/dashboard/inbox?query=nothing');
    await isShown('Nothing found');
    press('Show all conversations');
    await isShown('Visitor 1');
    expect(location.search).to.equal('');
  });

  it('asks on while the server has looked and found nothing yet', async () => {
    answerList((query) => {
      const at = Number(query.get('before') ?? 0);
      return at < 3 ? { conversations: [], nextBefore: String(at + 1) } : { conversations: [conversation('late')] };
    });
    await openDashboard('/dashboard/inbox?feedback=down');
    await isShown('Visitor late');
    expect(asked.length).to.equal(4);
  });

  it('says why there is nothing, and tries again', async () => {
    answer('get', 'conversations', unreachable);
    await openDashboard('/dashboard/inbox');
    await isShown('The server cannot be reached');
    answerList(() => ({ conversations: [conversation('1')] }));
    press('Try again');
    await isShown('Visitor 1');
  });

  it('exports what the filters leave', async () => {
    answerList(() => ({ conversations: [conversation('1')] }));
    await openDashboard('/dashboard/inbox?query=fern&verified=true');
    await isShown('Visitor 1');
    document.querySelector<HTMLElement>('.export-menu > summary')?.click();
    await isShown('As a table (CSV)');
    const links = [...document.querySelectorAll<HTMLAnchorElement>('.export-menu a')];
    expect(links.map((link) => [link.getAttribute('href'), link.hasAttribute('download')])).to.deep.equal([
      ['/dashboard/api/export/conversations.csv?query=fern&verified=true', true],
      ['/dashboard/api/export/conversations.jsonl?query=fern&verified=true', true],
    ]);
  });

  it('scrolls through 100,000 conversations with few rows on the page at any time', async () => {
    const perPage = 5_000;
    answerList((query) => {
      const from = Number(query.get('before') ?? 0);
      const next = from + perPage;
      const conversations = Array.from({ length: perPage }, (_, index) => conversation(`${from + index}`));
      return next < 100_000 ? { conversations, nextBefore: `${next}` } : { conversations };
    });
    await openDashboard('/dashboard/inbox');
    await isShown('Visitor 0');
    let most = 0;
    await until(() => {
      most = Math.max(most, rows().length);
      window.scrollTo(0, document.documentElement.scrollHeight);
      return shown('Visitor 99999');
    }, 'the last of 100,000');
    expect(asked.length).to.equal(20);
    expect(most).to.be.lessThan(60);
    expect(document.querySelectorAll('main *').length).to.be.lessThan(2_500);
    navigate('/dashboard/account');
  }).timeout(60_000);

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 1_280]) {
      it(`has nothing that axe finds wrong, ${theme}, ${width} pixels wide`, async () => {
        await setViewport({ width, height: 800 });
        answerList(() => ({
          conversations: [
            conversation('1', { unreadCount: 2, contactName: 'A name that is much too long for its row '.repeat(4) }),
            conversation('2', {
              verified: false,
              handoff: { state: 'requested' },
              site: `https://${'long'.repeat(40)}.example`,
            }),
          ],
        }));
        await openDashboard('/dashboard/inbox?status=open', { theme });
        await isShown('Visitor 2');
        document.querySelector('.export-menu')?.setAttribute('open', '');
        expect(await violations(document.body)).to.deep.equal([]);
        expect(document.documentElement.scrollWidth).to.equal(width);
      });
    }
  }
});
