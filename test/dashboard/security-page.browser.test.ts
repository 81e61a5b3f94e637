import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { TokenReport } from '../../server/dashboard/src/security/types.ts';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import {
  answer,
  calls,
  describedBy,
  field,
  isShown,
  json,
  press,
  problem,
  shown,
  type,
  useDashboard,
} from './support/dashboard.ts';
import {
  choose,
  key,
  keyList,
  openPage,
  origins,
  preview,
  refusals,
  secret,
  sent,
  settings,
  time,
} from './support/security.ts';

useDashboard();
afterEach(() => setViewport({ width: 800, height: 600 }));

describe('the policy on the security page', () => {
  it('says what each setting does, and where it comes from', async () => {
    await openPage();
    for (const { effect } of settings) expect(shown(effect), effect).to.equal(true);
    expect(shown('Configuration file')).to.equal(true);
    expect(shown('Set here')).to.equal(true);
  });

  it('Wo4 shows what a change would silence before it is made, and sends what was changed', async () => {
    await openPage();
    answer('put', 'agents/shop/policy', () => json(preview));
    press('Change policy');
    await isShown('Review changes');
    expect(document.querySelector<HTMLSelectElement>('[name="access"]')?.disabled).to.equal(true);
    const select = document.querySelector<HTMLSelectElement>('[name="maxActiveKeys"]');
    if (select) select.value = '1';
    type('Audience', 'shop, help');
    type('Longest lifetime', '');
    press('Review changes');
    await isShown('No longer accepted: “Old”.');
    expect(shown('One counts.') && shown('Until now: Three count.')).to.equal(true);
    const changes = { maxLifetimeSeconds: null, audience: ['shop', 'help'], maxActiveKeys: 1 };
    expect(sent('PUT', 'agents/shop/policy')).to.deep.equal({ changes, revision: 'r1' });
    const puts = () => calls.filter(({ method }) => method === 'PUT').length;
    expect(puts()).to.equal(1);
    press('Change policy');
    await isShown('Policy changed');
    expect(puts()).to.equal(2);
    await until(() => !shown('Review changes'), 'the overview');
    const loads = (): number => calls.filter(({ method, path }) => method === 'GET' && path.endsWith('/keys')).length;
    await until(() => loads() === 2, 'the keys as the new policy has them');
  });

  it('says beside a setting what does not fit', async () => {
    await openPage();
    answer('put', 'agents/shop/policy', () =>
      problem(422, 'invalid_input', { fields: { clockToleranceSeconds: 'From 0 to 300.' } }),
    );
    press('Change policy');
    await isShown('Review changes');
    type('Difference of clocks', 'many');
    press('Review changes');
    await isShown('From 0 to 300.');
    expect(describedBy(field('Difference of clocks'))).to.include('From 0 to 300.');
    expect(document.activeElement).to.equal(field('Difference of clocks'));
  });

  it('a preset is looked at first, and can be left again', async () => {
    await openPage();
    answer('put', 'agents/shop/policy', () => json(preview));
    press('Use applied');
    await isShown('No longer accepted: “Old”.');
    expect(sent('PUT', 'agents/shop/policy')).to.deep.equal({ changes: { preset: 'applied' }, revision: 'r1' });
    press('Cancel');
    await until(() => !document.querySelector('cw-confirm-dialog'), 'no dialog');
    press('Use our defaults');
    await isShown('No longer accepted: “Old”.');
    expect(sent('PUT', 'agents/shop/policy')).to.deep.equal({ changes: { preset: null }, revision: 'r1' });
  });

  it('Wo2 an operator reads it, and changes nothing; keys are not shown at all', async () => {
    await openPage({ role: 'operator' });
    expect(shown('What expiry does.')).to.equal(true);
    for (const name of ['Change policy', 'New key', 'Use applied', 'Save sites'])
      expect(() => press(name), name).to.throw();
    expect(calls.some(({ path }) => path.endsWith('/keys'))).to.equal(false);
  });
});

describe('allowed origins on the security page', () => {
  it('W13 are saved as they are typed, one a line, and refused beside their field', async () => {
    await openPage();
    answer('put', 'agents/shop/origins', () =>
      problem(422, 'invalid_input', { fields: { allowedOrigins: 'new.example: not an origin.' } }),
    );
    const area = document.querySelector<HTMLTextAreaElement>('[name="allowedOrigins"]');
    if (!area) throw new Error('no field');
    expect(area.value).to.equal('https://shop.example');
    area.value = 'https://shop.example\n new.example\n\n';
    press('Save sites');
    await isShown('new.example: not an origin.');
    expect(describedBy(area)).to.include('new.example: not an origin.');
    const allowedOrigins = ['https://shop.example', 'new.example'];
    expect(sent('PUT', 'agents/shop/origins')).to.deep.equal({ allowedOrigins, revision: 'o1' });
    answer('put', 'agents/shop/origins', () =>
      json({ ...origins, allowedOrigins: ['https://file.example'], source: 'configuration' }),
    );
    press('As in the configuration file');
    await isShown('It allows https://file.example.');
    press('Go back');
    await until(() => area.value === 'https://file.example', 'what the file says');
    expect(sent('PUT', 'agents/shop/origins')).to.deep.equal({ allowedOrigins: null, revision: 'o1' });
  });
});

const report = (changes: Partial<TokenReport>): TokenReport => ({
  accepted: true,
  reason: null,
  header: { alg: 'HS256' },
  claims: { sub: 'ada', name: '<img src=x onerror=alert(1)>' },
  subject: 'ada',
  keyId: 'key-1',
  jwksKid: null,
  expiresAt: time,
  secondsLeft: 600,
  hints: [],
  ...changes,
});

async function debug(answered: TokenReport, text = 'eyJ.a.b'): Promise<void> {
  answer('post', 'agents/shop/debugger', () => json(answered));
  const area = document.querySelector<HTMLTextAreaElement>('[name="token"]');
  if (area) area.value = text;
  press('Debug token');
  await until(() => document.querySelector('.decoded, #debugger .notice'), 'the report');
}

describe('the Token Debugger', () => {
  it('Wo15 shows header, claims and time left of a good token, as text', async () => {
    await openPage();
    await debug(report({}), ' eyJ.a.b\n');
    expect(sent('POST', 'agents/shop/debugger')).to.deep.equal({ token: 'eyJ.a.b' });
    expect(shown('Accepted')).to.equal(true);
    expect(shown('10 minutes, until')).to.equal(true);
    expect(shown('"name": "<img src=x onerror=alert(1)>"')).to.equal(true);
    expect(document.querySelector('#debugger img')).to.equal(null);
    press('Clear');
    await until(() => !shown('Accepted'), 'nothing');
    expect(document.querySelector<HTMLTextAreaElement>('[name="token"]')?.value).to.equal('');
  });

  it('A5 Wo15 shows the reason of a refused one with its hints, and warns of one without an end', async () => {
    await openPage();
    await debug(report({ accepted: false, reason: 'invalid_signature', hints: ['signed with a retired key ("Old")'] }));
    expect(shown('Refused: Bad signature')).to.equal(true);
    expect(shown('signed with a retired key ("Old")')).to.equal(true);
    expect(shown('The Token Debugger says which')).to.equal(false);
    await debug(report({ accepted: false, reason: 'expired', secondsLeft: -125 }));
    await isShown('None: it ended 2 minutes ago');
    await debug(report({ expiresAt: null, secondsLeft: null, hints: ['it has no exp, so it is good for ever'] }));
    await isShown('It has no end (exp).');
    expect(shown('it has no exp, so it is good for ever')).to.equal(true);
  });

  it('says beside the field that there is no token, and nothing of the one before', async () => {
    await openPage();
    await debug(report({}));
    await isShown('Accepted');
    calls.length = 0;
    const area = document.querySelector<HTMLTextAreaElement>('[name="token"]');
    if (area) area.value = '';
    press('Debug token');
    await isShown('Fill this in.');
    expect(shown('Accepted')).to.equal(false);
    expect(sent('POST', 'agents/shop/debugger')).to.equal(undefined);
  });
});

describe('refused tokens', () => {
  it('W10 are drawn by reason and over time, with all numbers as text beside', async () => {
    await openPage({ refusals });
    expect(shown('Expired') && shown('1,248') && shown('100%')).to.equal(true);
    expect(shown('of_the_future')).to.equal(true);
    const label = document.querySelector('.refusal-chart svg')?.getAttribute('aria-label') ?? '';
    expect(label).to.match(/^1,250 refused tokens; most of them, 1,250, from /);
    const heights = [...document.querySelectorAll('.refusal-chart rect')].map((bar) =>
      Number(bar.getAttribute('height')),
    );
    expect(heights.length).to.equal(24);
    expect(heights.at(-1)).to.be.greaterThan(100);
    const [first, second] = document.querySelectorAll<HTMLElement>('.share');
    expect(first?.getBoundingClientRect().width).to.be.greaterThan(20 * (second?.getBoundingClientRect().width ?? 0));
    document.querySelector<HTMLDetailsElement>('#refusals details')?.setAttribute('open', '');
    await isShown('From');
  });

  it('are of 24 hours or of 30 days, as the address says', async () => {
    await openPage({ query: '?days=30' });
    await isShown('No token was refused in the last 30 days.');
    choose('24 hours');
    await isShown('No token was refused in the last 24 hours.');
    // The words follow the address at once, the numbers when they come.
    await until(() => calls.filter(({ path }) => path === 'agents/shop/refusals').length === 2, 'the numbers');
    expect(location.search).to.equal('');
  });
});

describe('the security page', () => {
  const keys = keyList([
    key({ isRevealable: true }),
    key({ id: 'key-0', name: 'O'.repeat(100), standing: 'retired' }),
    key({ id: 'environment', name: 'WIDGET_JWT_HMAC_SECRET', source: 'environment', standing: 'others-win' }),
    key({ id: 'key-9', standing: 'beyond-max-active-keys' }),
  ]);
  const fits = (): void => {
    expect(document.documentElement.scrollWidth).to.be.at.most(innerWidth);
  };
  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 1280]) {
      it(`can be used by everybody, ${theme}, ${width} px wide`, async () => {
        await setViewport({ width, height: 900 });
        const app = await openPage({ theme, refusals, keys });
        await debug(report({ accepted: false, reason: 'expired', hints: ['get a fresh one'] }));
        for (const details of document.querySelectorAll('details')) details.open = true;
        expect(await violations(app)).to.deep.equal([]);
        fits();
        press('Change policy');
        await isShown('Review changes');
        const editor = document.querySelector('cw-policy-section');
        expect(editor && (await violations(editor))).to.deep.equal([]);
        fits();
      });

      it(`its dialogs can be used by everybody, ${theme}, ${width} px wide`, async () => {
        await setViewport({ width, height: 900 });
        await openPage({ theme, keys });
        const dialog = document.querySelector('cw-add-key-dialog');
        if (!dialog) throw new Error('no dialog');
        answer('post', 'agents/shop/keys', () => json({ key: { id: 'k', name: 'k' }, secret, replaced: [] }));
        press('New key');
        await isShown('To know it by');
        expect(await violations(dialog)).to.deep.equal([]);
        press('Create key');
        await until(() => document.querySelector('.secret'), 'the secret');
        expect(await violations(dialog)).to.deep.equal([]);
        press('I have stored it');
        press('Bring a key');
        await isShown('A public key');
        choose('A public key');
        await isShown('BEGIN PUBLIC KEY');
        expect(await violations(dialog)).to.deep.equal([]);
        fits();
      });
    }
  }
});
