import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { AuditEntry } from '../../server/dashboard/src/audit/sentences.ts';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import {
  ada,
  answer,
  heading,
  isShown,
  json,
  noContent,
  openDashboard,
  press,
  shown,
  unreachable,
  useDashboard,
} from './support/dashboard.ts';

const attack = '<img src=x onerror="window.attacked = true">';

const entry = (id: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  at: '2026-11-03T14:05:00.000Z',
  agentId: 'shop',
  agentName: 'Shop',
  kind: 'key-created',
  subject: null,
  reason: null,
  detail: { keyId: 'k1', after: { name: 'Website', algorithm: 'HS256' } },
  operator: { id: 'o1', name: 'Grace' },
  ...more,
});

const asked: URLSearchParams[] = [];

function answerAudit(
  pages: (query: URLSearchParams) => { entries: readonly AuditEntry[]; nextBefore?: string; people?: object },
): void {
  answer('get', 'audit', ({ url }) => {
    const query = new URL(url).searchParams;
    asked.push(query);
    return json({ nextBefore: null, people: {}, ...pages(query) });
  });
}

const rows = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('.audit-row')].map(({ innerText }) =>
    innerText.replaceAll(/\s+/g, ' ').trim(),
  );
const select = (name: string): HTMLSelectElement =>
  document.querySelector<HTMLSelectElement>(`select[name="${name}"]`) ?? expect.fail(name);

const some: readonly AuditEntry[] = [
  entry('1'),
  entry('2', {
    kind: 'policy-changed',
    detail: { before: { access: 'open' }, after: { access: 'verified-only', maxLifetimeSeconds: 600 } },
  }),
  entry('3', { kind: 'token-refused', reason: 'expired', detail: { count: 12 }, operator: null }),
  entry('4', { kind: 'conversation-assigned', detail: { conversationId: 'c1', before: null, after: 'o2' } }),
  entry('5', { kind: 'contact-removed', detail: { conversations: 3, attachments: 1 } }),
  entry('6', {
    kind: 'from-the-future',
    detail: null,
    operator: { id: 'o3', name: attack },
    subject: attack,
    agentName: attack,
  }),
];

describe('the audit log', () => {
  useDashboard();
  beforeEach(() => {
    asked.length = 0;
    answer('get', 'events', noContent);
    answer('get', 'agents', () => json({ agents: [{ id: 'shop', name: 'Shop' }] }));
    answer('get', 'operators', () => json({ operators: [{ id: 'o1', name: 'Grace' }] }));
  });
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('W10 says in words who did what, what it was before and what it is now', async () => {
    answerAudit(() => ({ entries: some, people: { o2: 'Otto' } }));
    await openDashboard('/dashboard/audit');
    await isShown('Grace created the key “Website”');
    expect(heading()).to.equal('Audit log');
    const [created, policy, refused, assigned, removed, odd] = rows();
    expect(created).to.include('name: Website').and.not.to.include('none');
    expect(policy).to.include('Grace changed who is let in').and.to.include('access: open is now verified-only');
    expect(policy).to.include('max lifetime seconds: as by default is now 600');
    expect(refused).to.include('Tokens were refused 12 times: expired').and.not.to.include('Grace');
    expect(assigned).to.include('Grace gave a conversation to Otto');
    expect(assigned).to.include('nobody is now Otto').and.to.include('Show the conversation');
    expect(assigned).not.to.include('conversation:');
    expect(removed).to.include('Grace deleted a contact with 3 conversations');
    expect(odd).to.include(attack);
    expect(document.querySelector('.audit-row img')).to.equal(null);
    expect((window as { attacked?: boolean }).attacked).to.equal(undefined);
  });

  it('is filtered by what stands in the address, and says so in it; exports what is shown', async () => {
    answerAudit((query) => ({ entries: query.get('kind') === 'key-created' ? [entry('1')] : [] }));
    await openDashboard('/dashboard/audit?kind=key-created&from=2026-11-01');
    await isShown('Grace created the key');
    expect(asked[0]?.get('from')).to.equal(new Date(2026, 10, 1).toISOString());
    const links = [...document.querySelectorAll<HTMLAnchorElement>('a[download]')].map((link) => new URL(link.href));
    expect(links.map(({ pathname }) => pathname)).to.deep.equal([
      '/dashboard/api/export/audit.csv',
      '/dashboard/api/export/audit.jsonl',
    ]);
    expect(links[0]?.searchParams.get('kind')).to.equal('key-created');
    await until(() => document.querySelector('select[name="operator"]'), 'the people');
    select('operator').value = 'o1';
    select('kind').value = 'key-removed';
    for (const name of ['operator', 'kind']) select(name).dispatchEvent(new Event('change', { bubbles: true }));
    await isShown('Nothing found');
    expect(new URLSearchParams(location.search).get('kind')).to.equal('key-removed');
    expect(asked.at(-1)?.get('operator')).to.equal('o1');
    press('Show everything');
    await isShown('Nothing has happened yet');
    expect(location.search).to.equal('');
  });

  it('asks for more at its end, and for what failed again', async () => {
    const many = (from: number) => Array.from({ length: 100 }, (_, index) => entry(`${from - index}`));
    answerAudit((query) =>
      query.get('before') === 'b' ? { entries: many(100) } : { entries: many(200), nextBefore: 'b' },
    );
    await openDashboard('/dashboard/audit');
    await isShown('Grace created');
    expect(rows().length).to.be.lessThan(40);
    window.scrollTo(0, document.body.scrollHeight);
    await until(() => asked.some((query) => query.get('before') === 'b'), 'the next page');
    window.scrollTo(0, 0);
  });

  it('says what is wrong where it cannot be loaded, and has no choice of people for who may not see them', async () => {
    answer('get', 'audit', unreachable);
    await openDashboard('/dashboard/audit', { operator: { ...ada, role: 'operator' } });
    await isShown('Try again');
    expect(document.querySelector('select[name="operator"]')).to.equal(null);
    answerAudit(() => ({ entries: [] }));
    press('Try again');
    await isShown('Nothing has happened yet');
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [800, 360]) {
      it(`has nothing that axe finds, ${theme}, ${width} wide, and fits`, async () => {
        await setViewport({ width, height: 800 });
        answerAudit(() => ({ entries: some }));
        const app = await openDashboard('/dashboard/audit', { theme });
        await isShown('Grace created');
        await until(() => document.querySelector('select[name="operator"]'), 'the people');
        expect(await violations(app)).to.deep.equal([]);
        expect(document.documentElement.scrollWidth).to.be.at.most(width);
        expect(shown('undefined')).to.equal(false);
      });
    }
  }
});
