import { expect } from '@open-wc/testing';
import { resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import { navigate } from '../../server/dashboard/src/navigation.ts';
import { until } from '../shell/support/until.ts';
import {
  answer,
  calls,
  describedBy,
  field,
  heading,
  isShown,
  json,
  noContent,
  press,
  problem,
  shown,
  type,
  useDashboard,
} from './support/dashboard.ts';
import { choose, everything, key, keyList, openPage, preview, secret, sent } from './support/security.ts';

useDashboard();
afterEach(() => resetMouse());

describe('keys on the security page', () => {
  it('H2 H3 Wo3 a new secret is shown once, and nothing of it is left in the page afterwards', async () => {
    await openPage();
    answer('post', 'agents/shop/keys', () => json({ key: { id: 'key-2', name: 'Staging' }, secret, replaced: [] }));
    press('New key');
    await isShown('To know it by');
    type('Name', 'Staging');
    press('Create key');
    await until(() => document.querySelector('.secret')?.textContent === secret, 'the secret');
    expect(sent('POST', 'agents/shop/keys')).to.deep.equal({ name: 'Staging' });
    expect(shown('It is shown now and never again.')).to.equal(true);
    expect(document.querySelector('cw-copy-button')?.text).to.equal(secret);
    expect(document.querySelector<HTMLAnchorElement>('a[href*="/install"]')).to.not.equal(null);
    expect(shown('WIDGET_JWT_HMAC_SECRET')).to.equal(true);
    press('I have stored it');
    await until(() => !everything().includes(secret), 'no secret');
    expect(document.querySelector('dialog[open]')).to.equal(null);
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).to.not.include(secret);
  });

  it('H3 a secret that is on the screen stays until somebody has stored it, and is gone with the page', async () => {
    await openPage();
    answer('post', 'agents/shop/keys', () => json({ key: { id: 'key-2', name: 'Staging' }, secret, replaced: [] }));
    const show = async (): Promise<void> => {
      press('New key');
      await isShown('To know it by');
      press('Create key');
      await until(() => everything().includes(secret), 'the secret');
    };
    await show();
    const dialog = document.querySelector('cw-add-key-dialog cw-dialog')?.shadowRoot?.querySelector('dialog');
    for (const key of ['Escape', 'Escape'] as const) await sendKeys({ press: key });
    await sendMouse({ type: 'click', position: [4, 4] });
    dialog?.close();
    await until(() => dialog?.open, 'the dialog, again');
    expect(everything()).to.include(secret);
    const page = document.querySelector('security-page');
    navigate('/dashboard/places/elsewhere');
    await until(() => heading() === 'elsewhere', 'another page');
    expect(everything()).to.not.include(secret);
    await until(() => !page?.outerHTML.includes(secret), 'nothing in what was taken out either');
  });

  it('Wo4 where one key may be active, it is said before that the new one ends the other', async () => {
    const one = { maxActiveKeys: 1, algorithms: ['HS256'], revealableKeys: false, jwksUrl: null };
    await openPage({ keys: keyList([key({})], { policy: one }) });
    press('New key');
    await isShown('It takes the place of “Backend” at once');
  });

  it('A2 Wo3 a secret is shown again to whoever says their password, where the policy has it so', async () => {
    await openPage({ keys: keyList([key({ isRevealable: true })]) });
    let tries = 0;
    answer('post', 'agents/shop/keys/key-1/reveal', () =>
      ++tries === 1
        ? problem(422, 'invalid_input', { fields: { password: 'This is not your password.' } })
        : json({ secret }),
    );
    press('Show secret Backend');
    await isShown('the audit log says that you have seen it');
    type('Your password', 'wrong');
    press('Show secret');
    await isShown('This is not your password.');
    expect(describedBy(field('Your password'))).to.equal('This is not your password.');
    type('Your password', 'right');
    press('Show secret');
    await until(() => document.querySelector('.secret')?.textContent === secret, 'the secret');
    expect(everything()).to.not.include('right');
  });

  it('H3 a key that cannot be shown again has no button for it', async () => {
    await openPage();
    expect(() => press('Show secret Backend')).to.throw();
  });

  it('Wo3 a key is removed when its name was typed, and says what came of it', async () => {
    await openPage();
    answer('delete', 'agents/shop/keys/key-1', () => json({ stillAcceptedBy: [], countsAgain: ['environment'] }));
    press('Remove Backend');
    await isShown('Last used on');
    press('Remove key');
    await isShown('This is not “Backend”.');
    expect(calls.filter(({ method }) => method === 'DELETE')).to.deep.equal([]);
    type('Type “Backend” to confirm', 'Backend');
    press('Remove key');
    await isShown('WIDGET_JWT_HMAC_SECRET counts again.');
    expect(sent('DELETE', 'agents/shop/keys/key-1')).to.deep.equal({ confirm: 'Backend' });
  });

  it('B8 a key is retired and renamed, and each says how it counts', async () => {
    const keys = [
      key({}),
      key({ id: 'key-0', name: 'Old', standing: 'retired', lastUsedDay: null }),
      key({ id: 'key-9', name: 'Fourth', standing: 'beyond-max-active-keys' }),
      key({
        id: 'environment',
        name: 'WIDGET_JWT_HMAC_SECRET',
        source: 'environment',
        standing: 'others-win',
        preview: null,
      }),
      key({ id: 'jwks:1', name: 'idp-1', source: 'jwks', algorithm: 'RS256' }),
    ];
    await openPage({ keys: keyList(keys) });
    for (const text of [
      'Active',
      'Retired',
      'Too many keys are active',
      'The agent has keys of its own',
      'Your JWKS address',
    ]) {
      expect(shown(text), text).to.equal(true);
    }
    expect(() => press('Retire Old')).to.throw();
    expect(() => press('Remove idp-1')).to.throw();
    answer('post', 'agents/shop/keys/key-1/retire', () => json({ stillAcceptedBy: ['key-9'], countsAgain: [] }));
    press('Retire Backend');
    await isShown('It cannot be made active again.');
    press('Retire key');
    await isShown('Its tokens go on being accepted: “Fourth” holds the same secret.');
    answer('patch', 'agents/shop/keys/key-1', noContent);
    press('Rename Backend');
    await until(() => document.querySelector('dialog [name="name"], cw-dialog [name="name"]'), 'the field');
    type('Name', 'Shop backend');
    press('Rename');
    await isShown('Key renamed');
    expect(sent('PATCH', 'agents/shop/keys/key-1')).to.deep.equal({ name: 'Shop backend' });
  });

  it('a key is brought along: what does not fit is said beside its field', async () => {
    await openPage();
    answer('post', 'agents/shop/keys/import', () =>
      problem(422, 'invalid_input', { fields: { secret: 'It is too short.' } }),
    );
    press('Bring a key');
    await isShown('A public key');
    type('Secret', 'short');
    press('Import key');
    await isShown('It is too short.');
    expect(describedBy(field('Secret'))).to.include('It is too short.');
    expect(sent('POST', 'agents/shop/keys/import')).to.deep.equal({ kind: 'secret', secret: 'short' });
    choose('A JWKS address');
    await isShown('identity provider publishes');
    answer('put', 'agents/shop/policy', () => json(preview));
    type('JWKS address', 'https://idp.example/keys');
    press('Use this address');
    await isShown('The keys of this address count');
    const changes = { jwksUrl: 'https://idp.example/keys', algorithms: ['HS256', 'RS256'] };
    expect(sent('PUT', 'agents/shop/policy')).to.deep.equal({ changes });
  });

  it('without keys it says what that means, and with those of the file that they are changed there', async () => {
    await openPage({ keys: keyList([]) });
    expect(shown('all visitors are anonymous')).to.equal(true);
    for (const app of document.querySelectorAll('cw-dashboard')) app.remove();
    await openPage({
      keys: keyList([key({ source: 'configuration' })], { mayStore: false, problem: 'Another master key.' }),
    });
    expect(shown('The configuration file names this agent’s keys')).to.equal(true);
    expect(shown('Another master key.')).to.equal(true);
    expect(() => press('New key')).to.throw();
  });
});
