import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import {
  ada,
  answer,
  answerSession,
  calls,
  describedBy,
  field,
  heading,
  isShown,
  json,
  noContent,
  openDashboard,
  press,
  problem,
  shown,
  type,
  useDashboard,
} from './support/dashboard.ts';

useDashboard();
afterEach(() => setViewport({ width: 800, height: 600 }));

const time = '2026-11-20T10:00:00Z';
const sessions = [
  { id: 'a', device: 'Firefox on macOS', createdAt: time, lastUsedAt: time, isCurrent: true },
  { id: 'b', device: 'Chrome on Android', createdAt: time, lastUsedAt: time, isCurrent: false },
];
const answerSessions = (): void => answer('get', 'account/sessions', () => json({ sessions, nextBefore: null }));

async function openSignIn(next = ''): Promise<void> {
  answerSession(null);
  await openDashboard(`/dashboard/sign-in${next}`, { operator: null });
}

/** Fills the sign-in form in and sends it. */
function signIn(password: string): void {
  type('E-mail', 'ada@example.com');
  type('Password', password);
  press('Sign in');
}

describe('the sign-in page', () => {
  it('goes to where somebody was going', async () => {
    await openSignIn('?next=%2Fdashboard%2Faccount%3Ffilter%3Dnew');
    answerSessions();
    answer('post', 'session', () => {
      answerSession(ada);
      return noContent();
    });
    signIn('a long password');
    await isShown('Firefox on macOS');
    expect(heading()).to.equal('Your account');
    expect(location.search).to.equal('?filter=new');
    const sent = calls.find(({ method }) => method === 'POST');
    expect(sent?.body).to.deep.equal({ email: 'ada@example.com', password: 'a long password' });
    expect(sent?.headers.get('x-chat-dashboard')).to.equal('1');
  });

  for (const next of ['https://evil.example/dashboard', '//evil.example/dashboard', '/shop', 'javascript:alert(1)']) {
    it(`does not go to ${next}`, async () => {
      answer('get', 'overview', () => problem(503, 'unavailable'));
      await openDashboard(`/dashboard/sign-in?${new URLSearchParams({ next })}`);
      await isShown('being restarted');
      expect(location.pathname).to.equal('/dashboard/');
    });
  }

  it('says beside each field what is missing, and sends nothing', async () => {
    await openSignIn();
    type('E-mail', 'ada');
    press('Sign in');
    await isShown('Enter an e-mail address');
    expect(describedBy(field('E-mail'))).to.include('such as ada@example.com');
    expect(describedBy(field('Password'))).to.equal('Fill this in.');
    expect(document.activeElement).to.equal(field('E-mail'));
    expect(field('E-mail').value).to.equal('ada');
    expect(calls.filter(({ method }) => method === 'POST')).to.deep.equal([]);
  });

  it('says why it was refused, keeps what was typed, and stays', async () => {
    await openSignIn();
    answer('post', 'session', () =>
      problem(401, 'unauthenticated', { detail: 'The e-mail or the password is wrong.' }),
    );
    signIn('wrong');
    await isShown('The e-mail or the password is wrong.');
    expect(field('E-mail').value).to.equal('ada@example.com');
    expect(location.pathname).to.equal('/dashboard/sign-in');
  });

  it('says how long to wait after too many attempts', async () => {
    await openSignIn();
    answer('post', 'session', () => {
      const refused = problem(429, 'rate_limited');
      refused.headers.set('retry-after', '40');
      return refused;
    });
    signIn('wrong');
    await isShown('Try again in 40 seconds.');
  });

  it('sends once, however often the button is pressed', async () => {
    await openSignIn();
    const held = Promise.withResolvers<Response>();
    answer('post', 'session', () => held.promise);
    signIn('wrong');
    await isShown('Signing in…');
    press('Signing in…');
    held.resolve(problem(401, 'unauthenticated'));
    await until(() => !shown('Signing in…'), 'the answer');
    expect(calls.filter(({ method }) => method === 'POST').length).to.equal(1);
  });

  it('offers the organisation’s sign-in where there is one, and says where to begin where nobody has an account', async () => {
    answerSession(null, { needsSetup: true, oidc: { label: 'Fernhill' } });
    await openDashboard('/dashboard/sign-in?next=%2Fdashboard%2Faudit', { operator: null });
    const link = [...document.querySelectorAll('a')].find(({ textContent }) => textContent.includes('Fernhill'));
    expect(link?.getAttribute('href')).to.equal('/dashboard/api/oidc/start?next=%2Fdashboard%2Faudit');
    expect(shown('one-time link that the server printed')).to.equal(true);
  });
});

const links = [
  { path: 'setup', kind: 'setup', button: 'Create account', call: 'setup', extra: { email: 'ada@example.com' } },
  { path: 'invitation', kind: 'invitation', button: 'Go on', call: 'invitations/accept', extra: {} },
] as const;
/** Who makes another link, which is not to be said on the other page. */
const renewals = { setup: 'chat-widget-server operators link', invitation: 'People → Manage' } as const;

/** Opens a one-time link, which the server says is for Grace unless it is for the first administrator. */
async function openLink(path: string, kind: string, token = '#se-cret'): Promise<void> {
  answerSession(null);
  const who = kind === 'setup' ? { email: null, name: null } : { email: 'grace@example.com', name: 'Grace' };
  answer('post', 'links/check', () => json({ kind, ...who }));
  await openDashboard(`/dashboard/${path}${token}`, { operator: null });
  await until(() => document.querySelector('form, .notice'), 'what the link is for');
}

/** What was sent but for the question whom a link is for. */
const posted = (): unknown => calls.find(({ method, path }) => method === 'POST' && path !== 'links/check')?.body;

describe('one-time links', () => {
  for (const { path, kind, button, call, extra } of links) {
    it(`takes the token of ${path} out of the address, and gives it to the server alone`, async () => {
      await openLink(path, kind);
      expect(location.href).not.to.include('se-cret');
      answer('post', call, () => {
        answerSession(ada);
        answer('get', 'overview', () => problem(503, 'unavailable'));
        return noContent();
      });
      type('Your name', 'Ada');
      if ('email' in extra) type('E-mail', extra.email);
      type('Password', 'correct horse battery');
      type('The same again', 'correct horse batter');
      press(button);
      await isShown('This is not the password above.');
      type('The same again', 'correct horse battery');
      press(button);
      await isShown('being restarted');
      expect(heading()).to.equal('Overview');
      expect(posted()).to.deep.equal({ token: 'se-cret', name: 'Ada', ...extra, password: 'correct horse battery' });
      expect(history.state).to.equal(null);
    });

    it(`keeps the token of ${path} nowhere: who loads the page again is told to open the link again`, async () => {
      await openLink(path, kind);
      expect(JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }])).not.to.include('se-cret');
      for (const element of document.querySelectorAll('cw-dashboard')) element.remove();
      await openDashboard(`/dashboard/${path}`, { operator: null });
      await isShown('It can be opened again until it is used.');
      expect(document.querySelector('form')).to.equal(null);
    });

    it(`shows no form for a link of ${path} that was used`, async () => {
      answerSession(null);
      answer('post', 'links/check', () => problem(404, 'not_found', { detail: 'This link has been used.' }));
      await openDashboard(`/dashboard/${path}#old`, { operator: null });
      await isShown('This link has been used.');
      expect(document.querySelector('form')).to.equal(null);
      expect(shown('Go to the sign-in page')).to.equal(true);
      expect(links.filter((each) => shown(renewals[each.path])).map((each) => each.path)).to.deep.equal([path]);
    });

    it(`says who makes a new link where that of ${path} ended while its form was filled in`, async () => {
      await openLink(path, kind);
      const ended = () => problem(404, 'not_found', { detail: 'This link has been used.' });
      answer('post', call, ended);
      answer('post', 'links/check', ended);
      type('Your name', 'Ada');
      if ('email' in extra) type('E-mail', extra.email);
      type('Password', 'correct horse battery');
      type('The same again', 'correct horse battery');
      press(button);
      await isShown(renewals[path]);
      expect(document.querySelector('form')).to.equal(null);
    });

    it(`says all at once what is wrong in the form of ${path}, and sends nothing`, async () => {
      await openLink(path, kind);
      type('Your name', 'Ada');
      if ('email' in extra) type('E-mail', 'ada');
      type('Password', 'short');
      type('The same again', 'shorter');
      press(button);
      await isShown('A password has at least 12 characters.');
      expect(describedBy(field('The same again'))).to.include('This is not the password above.');
      if ('email' in extra) expect(describedBy(field('E-mail'))).to.include('Enter an e-mail address');
      expect(posted()).to.equal(undefined);
    });

    it(`says what to do where ${path} was opened without a token`, async () => {
      answerSession(null);
      await openDashboard(`/dashboard/${path}`, { operator: null });
      await isShown('from its first to its last character');
      expect(document.querySelector('form')).to.equal(null);
    });
  }

  it('says whose account an invitation opens, and what they are called so far', async () => {
    await openLink('invitation', 'invitation');
    expect(field('You sign in with').value).to.equal('grace@example.com');
    expect(field('You sign in with').readOnly).to.equal(true);
    expect(field('Your name').value).to.equal('Grace');
    expect(heading()).to.equal('Welcome');
  });

  it('calls a link for who has forgotten the password what it is', async () => {
    await openLink('invitation', 'reset');
    expect(heading()).to.equal('Choose a new password');
  });

  it('takes no link for another page’s', async () => {
    await openLink('setup', 'invitation');
    await isShown('from its first to its last character');
    expect(document.querySelector('form')).to.equal(null);
  });

  it('says why a link was refused', async () => {
    await openLink('invitation', 'invitation', '#old');
    answer('post', 'invitations/accept', () =>
      problem(422, 'invalid_input', {
        fields: { token: 'This link was used before.', password: 'This is too short.' },
      }),
    );
    type('Your name', 'Ada');
    type('Password', 'aaaaaaaaaaaa');
    type('The same again', 'aaaaaaaaaaaa');
    press('Go on');
    await isShown('This link was used before.');
    expect(describedBy(field('Password'))).to.include('This is too short.');
    expect(document.activeElement).to.equal(field('Password'));
  });
});

describe('the account page', () => {
  it('changes the name, which is the one in the menu from then on', async () => {
    answerSessions();
    await openDashboard('/dashboard/account');
    await isShown('Firefox on macOS');
    expect(field('Your name').value).to.equal('Ada');
    answer('patch', 'account', () => {
      answerSession({ ...ada, name: 'Ada L.' });
      return noContent();
    });
    type('Your name', 'Ada L.');
    press('Save name');
    await isShown('Name saved');
    expect(calls.find(({ method }) => method === 'PATCH')?.body).to.deep.equal({ name: 'Ada L.' });
    await until(() => document.querySelector('.who')?.textContent?.includes('Ada L.'), 'the name');
  });

  it('changes the password, and forgets what was typed', async () => {
    answerSessions();
    await openDashboard('/dashboard/account');
    await isShown('Firefox on macOS');
    answer('patch', 'account', () =>
      problem(422, 'invalid_input', { fields: { currentPassword: 'This is not your password.' } }),
    );
    type('Current password', 'old');
    type('New password', 'correct horse battery');
    type('The same again', 'correct horse battery');
    press('Change password');
    await isShown('This is not your password.');
    expect(document.activeElement).to.equal(field('Current password'));
    expect(field('New password').value).to.equal('correct horse battery');
    answer('patch', 'account', noContent);
    press('Change password');
    await isShown('Password changed');
    expect(field('New password').value).to.equal('');
    const asked = () => calls.filter((made) => made.path === 'account/sessions').length;
    await until(() => asked() === 2, 'the sessions anew');
  });

  it('lists sessions and ends one, after asking', async () => {
    answerSessions();
    await openDashboard('/dashboard/account');
    await isShown('Chrome on Android');
    expect(document.querySelectorAll('tbody button').length).to.equal(1);
    press('End session of Chrome on Android');
    await isShown('is signed out at once');
    press('Cancel');
    await until(() => document.querySelector('cw-confirm-dialog') === null, 'the end of the dialog');
    expect(calls.some(({ method }) => method === 'DELETE')).to.equal(false);
    answer('delete', 'account/sessions/b', () => {
      answer('get', 'account/sessions', () => json({ sessions: sessions.slice(0, 1), nextBefore: null }));
      return noContent();
    });
    press('End session of Chrome on Android');
    await isShown('is signed out at once');
    press('End session');
    await isShown('Session ended');
    await until(() => !shown('Chrome on Android'), 'one session');
  });

  it('says why the sessions could not be loaded, and tries again', async () => {
    answer('get', 'account/sessions', () => problem(503, 'unavailable'));
    await openDashboard('/dashboard/account');
    await isShown('being restarted');
    answerSessions();
    press('Try again');
    await isShown('Firefox on macOS');
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds wrong, and nothing wider than 360 pixels, ${theme}`, async () => {
      await setViewport({ width: 360, height: 740 });
      answerSessions();
      await openDashboard('/dashboard/account', { theme });
      await isShown('Chrome on Android');
      press('Change password');
      await isShown('Fill this in.');
      expect(await violations(document.body)).to.deep.equal([]);
      expect(document.documentElement.scrollWidth).to.equal(360);
      press('End session of Chrome on Android');
      await isShown('is signed out at once');
      expect(await violations(document.body)).to.deep.equal([]);
    });

    it(`has nothing that axe finds wrong at the sign-in page, ${theme}`, async () => {
      answerSession(null, { needsSetup: true, oidc: { label: 'Fernhill' } });
      await openDashboard('/dashboard/sign-in', { operator: null, theme });
      press('Sign in');
      await isShown('Fill this in.');
      expect(await violations(document.body)).to.deep.equal([]);
    });
  }
});
