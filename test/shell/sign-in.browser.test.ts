import { expect } from '@open-wc/testing';
import { en } from '../../src/strings/index.ts';
import { useBackend } from './support/backend.ts';
import { token } from './support/token.ts';
import { until } from './support/until.ts';
import { useRejections, useWarnings } from './support/warnings.ts';
import { mountWidget, type Visitor } from './support/widget.ts';

useBackend();
useRejections();

const forged = token({ sub: 'ada', name: 'Ada' }, 'bad');

/** Somebody whose sign-in was refused, before the button that offers another one. */
async function visit(attributes: Record<string, string> = {}): Promise<Visitor> {
  const visitor = await mountWidget(attributes);
  await visitor.open();
  await visitor.widget.identify(forged).catch(() => undefined);
  return visitor;
}

/** By which the visitor could ask. */
const signInButtons = ({ panel }: Visitor): readonly string[] =>
  [...(panel?.renderRoot.querySelectorAll('button') ?? [])]
    .map((button) => button.textContent.trim())
    .filter((text) => text === en.signIn || text === en.signInAgain);

describe('who asks to sign in', () => {
  const warnings = useWarnings();
  const told = () => warnings.filter((text) => text.includes('asked to sign in'));
  afterEach(() => history.replaceState(null, '', location.pathname + location.search));

  // First: it is said once a page.
  it('is told to sign in on the site where the page does nothing, and its author is told so once', async () => {
    const visitor = await visit();
    await until(() => visitor.button('Sign in again'), 'the button');
    visitor.button('Sign in again')?.focus();
    await visitor.press('Sign in again');
    await until(() => visitor.panel?.renderRoot.textContent.includes(en.signInHere) === true, 'the words');
    expect(signInButtons(visitor)).to.deep.equal([]);
    expect(visitor.panel?.renderRoot.activeElement?.textContent.trim()).to.equal(en.signInHere);
    const other = await visit();
    await other.press('Sign in again');
    await until(() => other.panel?.renderRoot.textContent.includes(en.signInHere) === true, 'the words');
    expect(visitor.names().filter((name) => name === 'sign-in-requested').length).to.equal(1);
    expect(told().length, warnings.join('\n')).to.equal(1);
    expect(told()[0]).to.include('chat-sign-in-requested').and.to.include('sign-in-url');
  });

  it('keeps the button where the page takes it up, by a listener of the element or of window.chat’s', async () => {
    const visitor = await visit();
    const take = (event: Event): void => event.preventDefault();
    for (const target of [visitor.widget, document]) {
      target.addEventListener('chat-sign-in-requested', take);
      await visitor.press('Sign in again');
      target.removeEventListener('chat-sign-in-requested', take);
    }
    // What the third one does, the first two would have done by then.
    await visitor.press('Sign in again');
    await until(() => signInButtons(visitor).length === 0, 'the words');
    expect(visitor.names().filter((name) => name === 'sign-in-requested').length).to.equal(3);
  });

  it('gets the button back with another identity', async () => {
    const visitor = await visit();
    await visitor.press('Sign in again');
    await until(() => signInButtons(visitor).length === 0, 'the words');
    await visitor.widget.identify(token({ sub: 'ada', name: 'Ada' }));
    await visitor.widget.identify(forged).catch(() => undefined);
    await until(() => signInButtons(visitor).length === 1, 'the button');
  });

  it('is brought to sign-in-url', async () => {
    const visitor = await visit({ 'sign-in-url': '#the-login' });
    await visitor.press('Sign in again');
    await until(() => location.hash === '#the-login', 'the address');
    expect(visitor.names()).to.include('sign-in-requested');
  });

  it('stays where the page takes the event for its own', async () => {
    const visitor = await visit({ 'sign-in-url': '#the-login' });
    visitor.widget.addEventListener('chat-sign-in-requested', (event) => event.preventDefault(), { once: true });
    await visitor.press('Sign in again');
    // What the second one does, the first one would have done by then.
    visitor.widget.setAttribute('sign-in-url', '#the-other');
    await visitor.press('Sign in again');
    await until(() => location.hash !== '', 'the address');
    expect(location.hash).to.equal('#the-other');
    expect(visitor.events.find(({ name }) => name === 'sign-in-requested')?.event.cancelable).to.equal(true);
  });

  for (const url of [
    'javascript:void (location.hash = "run")',
    'http://elsewhere.example/',
    'data:text/html,hello',
    'https://',
  ]) {
    it(`is not brought to ${url}`, async () => {
      const visitor = await visit({ 'sign-in-url': url });
      const before = location.href;
      await visitor.press('Sign in again');
      await until(() => warnings.some((text) => text.includes('sign-in-url')), 'the warning');
      expect(location.href).to.equal(before);
    });
  }
});
