import { expect } from '@open-wc/testing';
import type { ChatError, IdentityState, TokenSource } from '../../src/client/index.ts';
import { answer, backend, bearerOf, networkError, noContent, problem, useBackend } from './support/backend.ts';
import { useHurry } from './support/hurry.ts';
import { token } from './support/token.ts';
import { nextTask, until } from './support/until.ts';
import { useRejections } from './support/warnings.ts';
import { mountWidget } from './support/widget.ts';

useBackend();
useHurry();
useRejections();

const ada = token({ sub: 'ada', name: 'Ada' });
const grace = token({ sub: 'grace', name: 'Grace' });
const forged = token({ sub: 'ada' }, 'bad');
const identities = () => backend.calls('/identity').map(bearerOf);

async function rejection(promise: Promise<unknown>): Promise<ChatError> {
  return promise.then(
    () => expect.fail('It was expected to reject'),
    (error: unknown) => error as ChatError,
  );
}

describe('identify()', () => {
  it('resolves with the state and the claims', async () => {
    const { widget } = await mountWidget();
    const state = await widget.identify(ada);
    expect(state).to.deep.include({ state: 'verified', subject: 'ada', claims: { sub: 'ada', name: 'Ada' } });
    expect(widget.state.identity).to.deep.equal(state);
  });

  it('takes a function that gives the token', async () => {
    const { widget } = await mountWidget();
    expect((await widget.identify(() => Promise.resolve(ada))).state).to.equal('verified');
    expect(identities()).to.deep.equal([ada]);
  });

  it('rejects with a typed error when the token is not accepted, and says so in an event', async () => {
    const visitor = await mountWidget();
    const error = await rejection(visitor.widget.identify(forged));
    expect(error).to.include({ code: 'invalid_token', reason: 'invalid_signature', retryable: false });
    expect(error.message).to.be.a('string').and.not.to.include(forged);
    expect(visitor.widget.state.identity).to.deep.equal({ state: 'rejected', reason: 'invalid_signature' });
    expect(visitor.detail('identity-changed')).to.deep.equal({ state: 'rejected', reason: 'invalid_signature' });
  });

  it('rejects with a typed error, and no word of the page’s own, when the function fails', async () => {
    const { widget } = await mountWidget();
    const error = await rejection(widget.identify(() => Promise.reject(new Error(`inner ${ada}`))));
    expect(error).to.include({ code: 'token_provider', retryable: true });
    expect(JSON.stringify([error.message, error.stack])).not.to.include(ada);
  });

  it('rejects for an agent that is not there', async () => {
    answer('post', '/identity', () => problem('agent_not_found'));
    const { widget } = await mountWidget();
    expect(await rejection(widget.identify(ada))).to.include({ code: 'agent_not_found', retryable: false });
  });

  it('goes on asking a server that is away, and resolves when it is back', async () => {
    let failures = 3;
    answer('post', '/identity', () => (failures-- > 0 ? networkError() : undefined));
    const { widget } = await mountWidget();
    expect((await widget.identify(ada)).state).to.equal('verified');
  });

  for (const nothing of ['', undefined, null]) {
    it(`takes ${JSON.stringify(nothing)} for nobody, as templates write it for guests, and signs nobody out by it`, async () => {
      const visitor = await mountWidget();
      expect(await visitor.widget.identify(nothing)).to.deep.equal({ state: 'anonymous' });
      expect(identities()).to.deep.equal([]);
      expect(visitor.names()).not.to.include('failed');
      await visitor.widget.identify(ada);
      expect(await rejection(visitor.widget.identify(nothing))).to.be.instanceOf(TypeError);
      expect(visitor.widget.state.identity.state).to.equal('verified');
    });
  }

  for (const nonsense of [42, {}, ['token'], true]) {
    it(`throws a TypeError that says what to pass for ${JSON.stringify(nonsense)}`, async () => {
      const { widget } = await mountWidget();
      expect(() => widget.identify(nonsense as TokenSource)).to.throw(TypeError, /pass the JWT .*or a function/);
      await nextTask();
      expect(widget.state.identity.state).to.equal('anonymous');
    });
  }

  it('leaves no rejection behind where nobody waits for the promise', async () => {
    const visitor = await mountWidget();
    void visitor.widget.identify(forged);
    await visitor.heard('identity-changed');
    void visitor.widget.identify(() => Promise.reject(new Error('no')));
    await visitor.heard('failed');
    void visitor.widget.send(' ');
    void visitor.widget.logout();
  });
});

describe('many calls', () => {
  it('Wo10 the visitor is who the latest call says, any number of times, without a reload', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    for (const [each, name] of [
      [ada, 'Ada'],
      [grace, 'Grace'],
      [ada, 'Ada'],
    ] as const) {
      await visitor.widget.identify(each);
      await visitor.sees(`Signed in as ${name}`);
    }
    expect(identities()).to.deep.equal([ada, grace, ada]);
  });

  it('Wo11 of those made before the widget has loaded only the last goes out, and all have its result', async () => {
    const { widget } = await mountWidget({ 'contact-context-token': forged });
    const states = await Promise.all([forged, grace, ada].map((each) => widget.identify(each)));
    expect(states.map((state) => state.state === 'verified' && state.subject)).to.deep.equal(['ada', 'ada', 'ada']);
    expect(identities()).to.deep.equal([ada]);
  });

  it('an earlier one is superseded by a later one, and by an attribute', async () => {
    const { widget } = await mountWidget();
    await widget.identify(ada);
    const first = rejection(widget.identify(grace));
    const second = rejection(widget.identify(forged));
    widget.setAttribute('contact-context-token', ada);
    expect([(await first).code, (await second).code]).to.deep.equal(['superseded', 'superseded']);
    await until(() => widget.state.identity.state === 'verified', 'verified');
    expect(widget.state.identity).to.include({ subject: 'ada' });
  });

  it('a logout before the widget has loaded takes back what was said', async () => {
    const { widget } = await mountWidget();
    const identified = widget.identify(ada);
    await widget.logout();
    expect((await identified).state).to.equal('anonymous');
    expect(identities()).to.deep.equal([]);
  });
});

describe('logout()', () => {
  it('A9 empties the screen before it returns, and settles when the server has confirmed', async () => {
    const visitor = await mountWidget({ 'contact-context-token': ada });
    await visitor.open();
    await visitor.sees('Signed in as Ada');
    visitor.say('a secret');
    (await backend.reply()).begin('Kept.').finish();
    await visitor.sees('Kept.');
    visitor.write('a secret draft');
    let confirm = (): void => undefined;
    const confirmation = new Promise<void>((resolve) => (confirm = resolve));
    answer('post', '/logout', () => confirmation.then(noContent));
    let isSettled = false;
    const leaving = visitor.widget.logout().then(() => (isSettled = true));
    expect(visitor.widget.state.identity).to.deep.equal({ state: 'anonymous' });
    expect(visitor.text).not.to.include('secret');
    expect(visitor.input?.value).to.equal('');
    await until(() => backend.calls('/logout').length > 0, 'the logout on the server');
    expect(isSettled).to.equal(false);
    confirm();
    await leaving;
    expect(backend.calls('/logout').map(bearerOf)).to.deep.equal([ada]);
  });

  it('is over only when a server that was away has answered', async () => {
    const { widget } = await mountWidget({ 'contact-context-token': ada });
    await until(() => widget.state.identity.state === 'verified', 'verified');
    answer('post', '/logout', () => problem('unavailable'), { once: true });
    await widget.logout();
    expect(backend.calls('/logout').map(bearerOf)).to.deep.equal([ada, ada]);
  });
});

describe('state', () => {
  it('is frozen, whether or not the client has been fetched', async () => {
    const { widget } = await mountWidget();
    const before = widget.state;
    expect(before).to.deep.equal({ identity: { state: 'anonymous' }, open: false, unreadCount: 0 });
    const resolved = await widget.identify(ada);
    for (const state of [before, widget.state, resolved]) {
      expect(Object.isFrozen(state)).to.equal(true);
      const identity: IdentityState = 'identity' in state ? state.identity : state;
      expect(Object.isFrozen(identity)).to.equal(true);
    }
    expect(before.identity.state).to.equal('anonymous');
  });
});

describe('the token', () => {
  it('Wo13 is in no storage, no event, no state and no address', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    await visitor.widget.identify(ada);
    visitor.say('hello');
    (await backend.reply()).begin('Hi.').finish();
    await visitor.sees('Hi.');
    const states = [visitor.widget.state];
    await rejection(visitor.widget.identify(forged));
    states.push(visitor.widget.state);
    await visitor.widget.logout();
    const told = visitor.events.map(({ detail }) => detail);
    expect(told.length).to.be.greaterThan(5);
    const resources = performance.getEntriesByType('resource').map(({ name }) => name);
    const kept = JSON.stringify([told, states, { ...localStorage }, { ...sessionStorage }, document.cookie, resources]);
    for (const secret of [ada, forged]) {
      for (const part of secret.split('.').slice(1, 2)) expect(kept).not.to.include(part);
      expect(kept).not.to.include(secret);
    }
    expect(backend.requests.every(({ path, body }) => !`${path}${body}`.includes(ada))).to.equal(true);
  });
});
