import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import {
  answer,
  calls,
  describedBy,
  field,
  isShown,
  json,
  openDashboard,
  press,
  problem,
  shown,
  type,
  useDashboard,
} from './support/dashboard.ts';

type Changes = { readonly [name: string]: unknown };

describe('the install page', () => {
  useDashboard();
  const file = (code: string) => [{ name: 'HTML', code }];
  const install = {
    agent: { id: 'shop', name: 'Shop help' },
    server: 'https://chat.example',
    snippets: [
      {
        id: 'script',
        title: 'Script tag',
        hint: 'Anywhere.',
        tokenHint: 'Asks.',
        files: file('plain'),
        identifiedFiles: file('signed'),
      },
      {
        id: 'react',
        title: 'React',
        hint: 'In React.',
        tokenHint: 'Asks.',
        files: file('react plain'),
        identifiedFiles: file('react signed'),
      },
    ],
    signing: [
      { id: 'node', title: 'Node', file: 'sign.mjs', code: 'sign()' },
      { id: 'php', title: 'PHP', file: 'sign.php', code: 'sign();' },
    ],
    allowsSites: false,
    hasLooks: true,
  };
  const visit = (changes: Changes) => ({
    origin: 'https://shop.example',
    identity: 'anonymous',
    reason: '',
    hint: 'A hint.',
    firstAt: '2026-11-20T10:00:00Z',
    lastAt: '2026-11-20T10:00:00Z',
    ...changes,
  });
  const answerVisits = (...visits: readonly object[]): void =>
    answer('get', 'agents/shop/install/check', () => json({ now: '2026-11-20T10:00:00Z', visits }));
  const held: ((response: Response) => void)[] = [];
  // By then the page is gone.
  afterEach(() => {
    for (const release of held.splice(0)) release(json({}));
  });
  /** Answers once. What is asked afterwards waits for the end of the test, so that nothing is asked when it is over. */
  const answerOnce = (...visits: readonly object[]): void => {
    let answers = 0;
    answer('get', 'agents/shop/install/check', () =>
      answers++ === 0 ? json({ now: '2026-11-20T10:00:00Z', visits }) : new Promise((resolve) => held.push(resolve)),
    );
  };
  const open = async (query = '', theme: 'light' | 'dark' = 'light'): Promise<void> => {
    answer('get', 'agents/shop/install', () => json(install));
    await openDashboard(`/dashboard/agents/shop/install${query}`, { theme });
    await isShown('Your site');
  };

  it('shows the code of the site and of the backend that were chosen, by their address', async () => {
    answerOnce();
    await open('?site=react&visitors=signed-in&language=php');
    await isShown('react signed');
    await isShown('sign();');
    document.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
    await isShown('react plain');
    expect(shown('sign();')).to.equal(false);
    expect(location.search).to.equal('?site=react&language=php');
    document.querySelector<HTMLInputElement>('input[type=radio]')?.click();
    await until(() => document.querySelector('pre')?.textContent === 'plain', 'the script tag');
    expect(location.search).to.equal('?site=script&language=php');
  });

  it('asks where visitors sign in, puts it into the code and the address, and says beside it what cannot be followed', async () => {
    answerOnce();
    await open('?visitors=signed-in');
    await isShown('Colour and place of the launcher stand in the code');
    answer('get', 'agents/shop/install', (request) => {
      const asked = new URL(request.url).searchParams.get('signInUrl');
      if (asked === '/login') return json(install);
      return problem(422, 'invalid_input', { fields: { signInUrl: 'Write a path.' } });
    });
    type('Sign-in page of your site', 'nonsense');
    press('Put it into the code');
    await isShown('Write a path.');
    expect(describedBy(field('Sign-in page of your site'))).to.include('Write a path.');
    type('Sign-in page of your site', '/login');
    press('Put it into the code');
    await isShown('The code names your sign-in page');
    expect(new URLSearchParams(location.search).get('sign-in')).to.equal('/login');
  });

  it('takes a path of the site from its address, and nothing that leads elsewhere', async () => {
    answerOnce();
    const asked: (string | null)[] = [];
    const given = [
      '/login',
      'https://evil.example/login',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'login',
    ];
    for (const address of given) {
      answer('get', 'agents/shop/install', ({ url }) => {
        asked.push(new URL(url).searchParams.get('signInUrl'));
        return json(install);
      });
      const query = new URLSearchParams({ visitors: 'signed-in', 'sign-in': address });
      const app = await openDashboard(`/dashboard/agents/shop/install?${query}`);
      await isShown('Your site');
      expect(field('Sign-in page of your site').value).to.equal(address === '/login' ? address : '');
      app.remove();
    }
    expect(asked).to.deep.equal(['/login', null, null, null, null, null]);
  });

  it('puts a whole address that was typed into the code, and not into its own', async () => {
    answerOnce();
    await open('?visitors=signed-in&sign-in=%2Flogin');
    const asked: (string | null)[] = [];
    answer('get', 'agents/shop/install', ({ url }) => {
      asked.push(new URL(url).searchParams.get('signInUrl'));
      return json(install);
    });
    type('Sign-in page of your site', 'https://shop.example/login');
    press('Put it into the code');
    await isShown('The code names your sign-in page');
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => asked.length === 2, 'the agent anew');
    expect(asked).to.deep.equal(['https://shop.example/login', 'https://shop.example/login']);
    expect(new URLSearchParams(location.search).has('sign-in')).to.equal(false);
    expect(field('Sign-in page of your site').value).to.equal('https://shop.example/login');
  });

  it('sees by a visit, and when it is shown again, that a site may use the agent by now', async () => {
    for (const notice of ['a visit', 'a look']) {
      answerVisits();
      await open();
      await isShown('No site may use this agent yet');
      await isShown('Waiting for the first request');
      let refused = 0;
      answer('get', 'agents/shop/install', () => problem(503, 'unavailable', { detail: `${++refused}` }));
      document.dispatchEvent(new Event('visibilitychange'));
      await until(() => refused === 1, 'a question');
      answer('get', 'agents/shop/install', () => json({ ...install, allowsSites: true }));
      expect(shown('No site may use this agent yet')).to.equal(true);
      if (notice === 'a visit') answerVisits(visit({ identity: 'verified' }));
      else document.dispatchEvent(new Event('visibilitychange'));
      await until(() => !shown('No site may use this agent yet'), notice);
      expect(shown('Your site')).to.equal(true);
      document.querySelector('cw-dashboard')?.remove();
    }
  }).timeout(20_000);

  it('waits for the first request, and says what arrived: hostile origins as text', async () => {
    answerVisits(visit({ origin: '', hint: 'The preview.' }));
    await open();
    await isShown('No site may use this agent yet');
    await isShown('Waiting for the first request');
    const hostile = 'https://<img src=x onerror=alert(1)>.example';
    answerVisits(visit({ origin: hostile, identity: 'refused', reason: 'origin_not_allowed' }));
    await isShown('See why below');
    expect(shown(hostile)).to.equal(true);
    expect(document.querySelector('main img')).to.equal(null);
    answerVisits(visit({ identity: 'reached' }));
    await isShown('The chat is on your page.');
    answerVisits(visit({}), visit({ identity: 'reached', hint: 'Asked for its looks.' }));
    await isShown('It works. Visitors are anonymous so far.');
    expect(shown('Asked for its looks.')).to.equal(false);
    answerVisits(visit({ identity: 'refused', reason: 'invalid_signature' }), visit({ identity: 'verified' }));
    await isShown('The last request was refused');
    expect(shown('It works')).to.equal(false);
    const stranger = visit({ origin: 'https://stranger.example', identity: 'refused', reason: 'origin_not_allowed' });
    answerVisits(stranger, visit({}), visit({ identity: 'verified' }));
    await isShown('visitors are verified');
    answer('get', 'agents/shop/install/check', () => problem(503, 'unavailable'));
    await isShown('cannot be asked at the moment');
    answerOnce(visit({}));
    await isShown('It works.');
    const asked = calls.length;
    await until(() => calls.length > asked, 'the last question');
  }).timeout(20_000);

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds wrong, and nothing wider than 360 pixels, ${theme}`, async () => {
      await setViewport({ width: 360, height: 740 });
      answerOnce(visit({ identity: 'verified' }), visit({ identity: 'refused', reason: 'expired' }));
      await open('?visitors=signed-in', theme);
      await isShown('visitors are verified');
      expect(await violations(document.body)).to.deep.equal([]);
      expect(document.documentElement.scrollWidth).to.equal(360);
    });
  }
});
