import { expect } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { navigate } from '../../server/dashboard/src/navigation.ts';
import { type Route, routes as allRoutes } from '../../server/dashboard/src/routes.ts';
import { violations } from '../panel/support/violations.ts';
import { nextTask, until } from '../shell/support/until.ts';
import {
  ada,
  answer,
  answerSession,
  calls,
  heading,
  isShown,
  noContent,
  openDashboard,
  press,
  problem,
  shown,
  unreachable,
  useDashboard,
  goBack,
} from './support/dashboard.ts';
import { placeRoutes, slow } from './support/pages.ts';

const routes = [...placeRoutes, ...allRoutes.filter(({ path }) => path !== '/dashboard')];

const current = (): string[] =>
  [...document.querySelectorAll('nav[aria-label="Pages"] [aria-current]')].map(({ textContent }) => textContent.trim());
const isAt = (text: string): Promise<void> => until(() => heading() === text, `the page ${text}`);

describe('the dashboard', () => {
  useDashboard();
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('opens at any address, with the parts of it decoded', async () => {
    await openDashboard('/dashboard/places/far%2Faway?filter=new', { routes });
    await isAt('far/away');
    await isShown('filter: new');
    expect(document.title).to.equal('Place · Chat dashboard');
    expect(current()).to.deep.equal(['Places']);
  });

  it('follows a link without loading anew: the heading has the focus, the title is the page’s, Back goes back', async () => {
    const app = await openDashboard('/dashboard', { routes });
    press('Far away');
    await isAt('far/away');
    await until(() => document.activeElement?.localName === 'h1', 'the focus');
    expect(document.title).to.equal('Place · Chat dashboard');
    expect(location.pathname).to.equal('/dashboard/places/far%2Faway');
    goBack();
    await isAt('Start');
    expect(current()).to.deep.equal(['Start']);
    expect(app.isConnected).to.equal(true);
  });

  it('leaves links to other places to the browser', async () => {
    await openDashboard('/dashboard', { routes });
    let prevented: boolean | undefined;
    window.addEventListener(
      'click',
      (event) => {
        prevented = event.defaultPrevented;
        event.preventDefault();
      },
      { once: true },
    );
    press('Outside');
    expect(prevented).to.equal(false);
    expect(heading()).to.equal('Start');
  });

  it('keeps the page while only the query changes', async () => {
    await openDashboard('/dashboard', { routes });
    const page = document.querySelector('place-page');
    navigate('/dashboard?filter=mine');
    await isShown('filter: mine');
    expect(document.querySelector('place-page')).to.equal(page);
  });

  it('shows the page of the last link, however long an earlier one takes', async () => {
    await openDashboard('/dashboard', { routes });
    navigate('/dashboard/slow');
    navigate('/dashboard/places/near');
    await isAt('near');
    slow.resolve();
    for (let turn = 0; turn < 5; turn++) await nextTask();
    expect(heading()).to.equal('near');
    expect(location.pathname).to.equal('/dashboard/places/near');
  });

  it('explains an address that it does not know', async () => {
    await openDashboard('/dashboard/nowhere', { routes });
    await isAt('Not found');
    expect(document.title).to.equal('Not found · Chat dashboard');
  });

  it('explains a page whose files are gone', async () => {
    await openDashboard('/dashboard', { routes });
    navigate('/dashboard/gone');
    await isShown('may have been updated');
  });

  it('shows who may not see a page why, and offers it nowhere', async () => {
    await openDashboard('/dashboard/secret', { routes, operator: { ...ada, role: 'operator' } });
    await isAt('Secret');
    await isShown('Your role does not include this page');
    expect(document.querySelector('place-page')).to.equal(null);
    expect(document.querySelector('nav')?.textContent).not.to.include('Secret');
  });

  it('asks who is not signed in to sign in, and remembers where they were going', async () => {
    answerSession(null);
    await openDashboard('/dashboard/places/near?filter=new', { operator: null });
    await isAt('Sign in');
    expect(new URLSearchParams(location.search).get('next')).to.equal('/dashboard/places/near?filter=new');
    expect(document.querySelector('nav')).to.equal(null);
  });

  it('says when the server cannot be reached, and tries again', async () => {
    answer('get', 'session', unreachable);
    await openDashboard('/dashboard', { routes, operator: null });
    await isShown('The server cannot be reached');
    answerSession(ada);
    press('Try again');
    await isAt('Start');
  });

  it('says that there is no connection where a page’s files do not come, and goes on by itself', async () => {
    let isThere = false;
    const late = { ...placeRoutes[0], path: '/dashboard/late', title: 'Late' } as Route;
    const load: Route['load'] = () => (isThere && late.load ? late.load() : Promise.reject(new TypeError('Failed')));
    await openDashboard('/dashboard', { routes: [...routes, { ...late, load }] });
    answer('get', 'session', unreachable);
    navigate('/dashboard/late');
    await isAt('No connection');
    expect(shown('may have been updated')).to.equal(false);
    expect(document.querySelector('cw-connection')?.textContent).to.include('No connection to the server');
    expect(await violations(document.body)).to.deep.equal([]);
    isThere = true;
    answerSession(ada);
    window.dispatchEvent(new Event('online'));
    await isAt('Start');
    expect(location.pathname).to.equal('/dashboard/late');
    await until(() => !document.querySelector('cw-connection')?.textContent?.includes('No connection'), 'the end');
  });

  it('says at once that the browser is offline, and no more as soon as the server answers', async () => {
    await openDashboard('/dashboard', { routes });
    window.dispatchEvent(new Event('offline'));
    await isShown('No connection to the server');
    expect(heading()).to.equal('Start');
    window.dispatchEvent(new Event('online'));
    await isShown('Connected again');
    expect(shown('No connection to the server')).to.equal(false);
  });

  it('goes to the sign-in page as soon as a call finds the session gone, and says so', async () => {
    answer('get', 'account/sessions', () => problem(401, 'unauthenticated'));
    await openDashboard('/dashboard/account');
    await isAt('Sign in');
    await isShown('You were signed out');
    expect(calls.filter(({ path }) => path === 'account/sessions').length).to.equal(1);
  });

  it('has a menu with the account, the colours and the way out, which Escape closes', async () => {
    await openDashboard('/dashboard', { routes });
    const button = document.querySelector<HTMLButtonElement>('.who > button');
    expect(button?.getAttribute('aria-expanded')).to.equal('false');
    button?.focus();
    await sendKeys({ press: 'Enter' });
    await isShown('Sign out');
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'ArrowDown' });
    await until(() => document.documentElement.hasAttribute('theme'), 'the choice');
    expect(document.documentElement.getAttribute('theme')).to.equal('light');
    await sendKeys({ press: 'Escape' });
    await until(() => !shown('Sign out'), 'the end of the menu');
    expect(document.activeElement).to.equal(button);
    answer('delete', 'session', noContent);
    button?.click();
    await isShown('Sign out');
    press('Sign out');
    await until(() => location.pathname === '/dashboard/sign-in', 'the sign-in page');
    expect(calls.at(-1)).to.include({ method: 'DELETE', path: 'session' });
    expect(shown('You were signed out')).to.equal(false);
    expect(calls.at(-1)?.headers.get('x-chat-dashboard')).to.equal('1');
  });

  it('begins with a link past the navigation', async () => {
    await openDashboard('/dashboard', { routes });
    (document.activeElement as HTMLElement | null)?.blur();
    await sendKeys({ press: 'Tab' });
    expect(document.activeElement?.textContent).to.equal('Skip to the page');
    await sendKeys({ press: 'Enter' });
    expect(document.activeElement?.id).to.equal('main');
    expect(location.hash).to.equal('');
  });

  it('has no column of pages at 360 pixels, but a button that shows them', async () => {
    await setViewport({ width: 360, height: 740 });
    await openDashboard('/dashboard', { routes });
    expect(shown('Places')).to.equal(false);
    press('Menu');
    await isShown('Places');
    press('Places');
    await until(() => !shown('Places'), 'the end of the menu');
    expect(location.pathname).to.equal('/dashboard/places');
    expect(document.querySelector('.bar-toggle')?.getAttribute('aria-expanded')).to.equal('false');
    expect(document.documentElement.scrollWidth).to.equal(360);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds wrong, ${theme}`, async () => {
      await openDashboard('/dashboard', { routes, theme });
      document.querySelector<HTMLElement>('.who > button')?.click();
      await isShown('Sign out');
      expect(await violations(document.body)).to.deep.equal([]);
    });
  }
});
