import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { session } from '../../server/dashboard/src/api/index.ts';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import { ada, answer, heading, isShown, json, openDashboard, press, shown, useDashboard } from './support/dashboard.ts';

useDashboard();
afterEach(() => setViewport({ width: 800, height: 600 }));

const agents = [
  { id: 'shop', name: 'Fernhill <b>shop</b>' },
  { id: 'docs', name: 'Docs' },
];
const nothing = {
  messages: 0,
  conversations: 0,
  verified: 0,
  withoutHuman: 0,
  feedback: { up: 0, down: 0 },
  refused: {},
  replyTime: null,
  humanTime: null,
};

/** A day of a busy shop; every fifth is quiet. */
function day(at: number) {
  const name = new Date(Date.UTC(2026, 9, 22 + at)).toISOString().slice(0, 10);
  if (at % 5 === 4) return { ...nothing, day: name };
  return {
    day: name,
    messages: 120 + 37 * (at % 7),
    conversations: 30 + (at % 11),
    verified: 20 + (at % 5),
    withoutHuman: 26,
    feedback: { up: 9, down: at % 4 },
    refused: at % 6 === 0 ? { expired: 12, signature_mismatch: 3 } : {},
    replyTime: { count: 120, medianMs: 2_100 + 130 * (at % 9), p95Ms: 7_800 + 400 * (at % 5) },
    humanTime: at % 3 === 0 ? { count: 2, medianMs: 95_000, p95Ms: 260_000 } : null,
  };
}

const total = {
  messages: 6_214,
  conversations: 1_040,
  verified: 692,
  withoutHuman: 901,
  feedback: { up: 270, down: 45 },
  refused: { expired: 60, signature_mismatch: 15 },
  replyTime: { count: 3_600, medianMs: 2_600, p95Ms: 8_900 },
  humanTime: { count: 20, medianMs: 95_000, p95Ms: 260_000 },
};
const before = {
  ...total,
  messages: 5_000,
  verified: 500,
  refused: {},
  replyTime: { ...total.replyTime, medianMs: 5_200 },
};
const busy = () => ({
  timeZone: 'Europe/Berlin',
  countedUntil: new Date().toISOString(),
  agents,
  days: Array.from({ length: 30 }, (_, at) => day(at)),
  total,
  before,
});

let asked: URLSearchParams[] = [];
function answerOverview(changes: object = {}): void {
  asked = [];
  answer('get', 'overview', ({ url }) => {
    asked.push(new URL(url).searchParams);
    return json({ ...busy(), ...changes });
  });
}

const card = (title: string): HTMLElement => {
  const found = [...document.querySelectorAll('h2')].find(({ textContent }) => textContent === title);
  return found?.closest<HTMLElement>('section') ?? expect.fail(`There is no “${title}”`);
};

describe('the overview', () => {
  it('W10 says of each figure what it is, how much, and how it compares; the chart says it in a sentence', async () => {
    answerOverview();
    await openDashboard('/dashboard/');
    await isShown('6,214');
    expect(heading()).to.equal('Overview');
    expect(card('Messages').innerText).to.include('▲ up 24 %');
    expect(card('Verified visitors').innerText).to.include('67%').and.to.include('▲ up 18 points');
    expect(card('Time to the end of an answer').innerText).to.include('2.6 sec').and.to.include('▼ down 50 %');
    expect(card('Refused tokens').innerText).to.include('nothing to compare with before');
    const drawing = card('Messages').querySelector('svg[role="img"]');
    expect(drawing?.getAttribute('aria-label')).to.match(
      /^Messages by day: between 0 on (26 Oct|Oct 26) and 342 on (28 Oct|Oct 28)\.$/,
    );
    expect(card('Messages').querySelectorAll('rect').length).to.equal(30);
    expect(document.querySelectorAll('cw-dashboard main [style]').length).to.equal(0);
  });

  const scales: readonly (readonly [string, object, string, readonly string[]])[] = [
    ['1 message', { messages: 1 }, 'Messages', ['2', '1', '0']],
    ['5 messages', { messages: 5 }, 'Messages', ['6', '3', '0']],
    ['6 messages', { messages: 6 }, 'Messages', ['6', '3', '0']],
    ['41 messages', { messages: 41 }, 'Messages', ['50', '25', '0']],
    ['1,234 messages', { messages: 1_234 }, 'Messages', ['1,600', '800', '0']],
    ['shares', {}, 'Verified visitors', ['100%', '50%', '0']],
    ...(
      [
        [7, '8 ms', '4 ms'],
        [730, '800 ms', '400 ms'],
        [8_900, '10 sec', '5 sec'],
        [62_000, '80 sec', '40 sec'],
        [83_000, '1.5 min', '45 sec'],
        [260_000, '5 min', '2.5 min'],
        [100 * 60_000, '2 hr', '60 min'],
        [30 * 3_600_000, '30 hr', '15 hr'],
        [130 * 3_600_000, '6 days', '3 days'],
      ] as const
    ).map(
      ([p95Ms, top, half]) =>
        [
          `${p95Ms} milliseconds`,
          { replyTime: { count: 1, medianMs: 1, p95Ms } },
          'Time to the end of an answer',
          [top, half, '0'],
        ] as const,
    ),
  ];
  for (const [what, changes, title, labels] of scales) {
    it(`draws lines at what stands beside them, evenly, one of them at the top: ${what}`, async () => {
      answerOverview({ days: [{ ...day(0), messages: 0, replyTime: null, ...changes }] });
      await openDashboard('/dashboard/');
      await isShown('6,214');
      const spans = [...card(title).querySelectorAll<HTMLElement>('.chart-axis span')];
      expect(spans.map(({ innerText }) => innerText.replaceAll(/\s/g, ' '))).to.deep.equal(labels);
      const lines = [...card(title).querySelectorAll('line.grid')].map((line) => Number(line.getAttribute('y1')));
      expect(lines.toSorted((one, two) => one - two)).to.deep.equal([0, 60, 120]);
    });
  }

  it('shows a figure as a table, with what the chart leaves out', async () => {
    answerOverview();
    await openDashboard('/dashboard/');
    await isShown('6,214');
    card('Refused tokens').querySelector('summary')?.click();
    await isShown('expired: 12, signature_mismatch: 3');
    expect(card('Refused tokens').querySelectorAll('tbody tr').length).to.equal(30);
  });

  it('keeps the agent and the time in the address, and asks for days of the reader’s time zone', async () => {
    answerOverview();
    await openDashboard('/dashboard/?agent=docs&days=7');
    await isShown('6,214');
    document.querySelectorAll<HTMLInputElement>('input[name="days"]')[2]?.click();
    await until(() => asked.length === 2, 'the second question');
    expect(location.search).to.equal('?agent=docs&days=90');
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(asked.map((each) => Object.fromEntries(each))).to.deep.equal([
      { agent: 'docs', days: '7', timeZone },
      { agent: 'docs', days: '90', timeZone },
    ]);
    const select = document.querySelector('select') ?? expect.fail('no agents');
    expect([...select.options].map(({ text }) => text)).to.include('Fernhill <b>shop</b>');
    select.value = '';
    select.dispatchEvent(new Event('change'));
    await until(() => asked.length === 3, 'the third question');
    expect(location.search).to.equal('?days=90');
  });

  it('says until when was counted, where the server is behind', async () => {
    answerOverview({ countedUntil: '2026-11-01T10:00:00Z' });
    await openDashboard('/dashboard/');
    await isShown('The server is counting the rest');
    expect(document.querySelector('.notice')?.textContent).to.match(/Counted until .*Nov.*2026/);
  });

  for (const [role, links] of [
    [
      'admin',
      ['/dashboard/agents', '/dashboard/agents/shop/security', '/dashboard/agents/shop/install', '/dashboard/people'],
    ],
    ['operator', ['/dashboard/agents/shop/install']],
    ['viewer', []],
  ] as const) {
    it(`leads ${role} to what is left to do, where nobody has come yet`, async () => {
      answerOverview({ total: nothing, before: nothing });
      await openDashboard('/dashboard/', { operator: { ...ada, role } });
      await isShown('Nothing has happened yet');
      const found = [...document.querySelectorAll('.steps a')].map((link) => link.getAttribute('href'));
      expect(found).to.deep.equal(links);
    });
  }

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds wrong, ${theme}`, async () => {
      answerOverview();
      await openDashboard('/dashboard/', { theme });
      await isShown('6,214');
      for (const summary of document.querySelectorAll<HTMLElement>('summary')) summary.click();
      await isShown('Show as table');
      expect(await violations(document.body)).to.deep.equal([]);
    });
  }

  it('fits a window of 360 pixels', async () => {
    await setViewport({ width: 360, height: 740 });
    answerOverview();
    await openDashboard('/dashboard/');
    await isShown('6,214');
    press('Menu');
    expect(shown('Overview')).to.equal(true);
    expect(document.documentElement.scrollWidth).to.be.at.most(360);
    expect(await violations(document.body)).to.deep.equal([]);
  });

  it('is where the brand leads, and where somebody signs in to', async () => {
    answerOverview();
    await openDashboard('/dashboard/sign-in');
    await isShown('6,214');
    expect(location.pathname).to.equal('/dashboard/');
    session.forget();
    await until(() => location.pathname === '/dashboard/sign-in', 'the sign-in page');
    expect(location.search).to.equal('');
  });
});
