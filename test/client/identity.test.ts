import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anonymous, nextIdentity, peekSubject, type Identity, type IdentityEvent } from '../../src/client/identity.ts';

const tokenOf = (payload: object, note = '') =>
  `h.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${note}s`;
const ada = tokenOf({ sub: 'ada' });
const adaAgain = tokenOf({ sub: 'ada' }, 'newer');
const grace = tokenOf({ sub: 'grace' });

/** The identity after events, and the effects of the last of them. */
function after(...events: IdentityEvent[]) {
  let identity: Identity = anonymous;
  let effects: readonly string[] = [];
  for (const event of events) ({ identity, effects } = nextIdentity(identity, event));
  return { identity, effects, state: identity.view.state };
}

const token = (value: string): IdentityEvent => ({ type: 'token', token: value });
const verified = (call: number, subject: string): IdentityEvent => ({
  type: 'verified',
  call,
  subject,
  claims: { sub: subject },
  expiresAt: null,
});

test('H1 a visitor is anonymous until the page says a name, and then self-reported', () => {
  assert.equal(after().state, 'anonymous');
  const { identity, effects } = after({ type: 'self-report', name: 'Ada', email: undefined });
  assert.deepEqual(identity.view, { state: 'self-reported', name: 'Ada' });
  assert.deepEqual(effects, []);
});

test('H1 a token is being verified until the server has judged, and then it is verified', () => {
  const asked = after(token(ada));
  assert.equal(asked.state, 'verifying');
  assert.deepEqual(asked.effects, ['verify']);
  const proved = after(token(ada), verified(1, 'ada'));
  assert.equal(proved.state, 'verified');
  assert.deepEqual(proved.effects, ['adopt']);
});

test('a first token raises the epoch and wipes nothing: the visitor keeps the anonymous conversation', () => {
  const { identity, effects } = after(token(ada));
  assert.equal(identity.epoch, 1);
  assert.ok(!effects.includes('wipe'));
});

test('a new token of the same subject is a refresh: the epoch stays and what waits may leave', () => {
  const before = after(token(ada), verified(1, 'ada')).identity;
  const refreshing = nextIdentity(before, token(adaAgain));
  assert.equal(refreshing.identity.view.state, 'verified');
  assert.equal(refreshing.identity.epoch, before.epoch);
  const refreshed = nextIdentity(refreshing.identity, verified(2, 'ada'));
  assert.deepEqual(refreshed.effects, ['flush']);
  assert.equal(refreshed.identity.epoch, before.epoch);
});

test('A8 a token of another subject wipes at once, before the server was asked', () => {
  const { identity, effects } = after(token(ada), verified(1, 'ada'), token(grace));
  assert.deepEqual(effects, ['wipe', 'verify']);
  assert.equal(identity.subject, undefined);
  assert.equal(identity.epoch, 2);
});

test('a subject that the server names otherwise than the token looked wipes when it is known', () => {
  const { identity, effects } = after(token(ada), verified(1, 'ada'), token(adaAgain), verified(2, 'somebody else'));
  assert.deepEqual(effects, ['wipe', 'adopt']);
  assert.equal(identity.epoch, 2);
});

test('an answer about an earlier token is passed over', () => {
  const { identity, effects } = after(token(ada), token(grace), verified(1, 'ada'));
  assert.equal(identity.view.state, 'verifying');
  assert.deepEqual(effects, []);
});

test('a refused token says why; nobody is proved by it', () => {
  const { identity } = after(token(ada), { type: 'refused', call: 1, reason: 'invalid_signature' });
  assert.deepEqual(identity.view, { state: 'rejected', reason: 'invalid_signature' });
  assert.equal(identity.subject, undefined);
});

test('Wo18 an expired token leaves the conversation where it is, for the visitor who comes back', () => {
  const { identity, effects } = after(token(ada), verified(1, 'ada'), { type: 'refused', call: 1, reason: 'expired' });
  assert.equal(identity.view.state, 'expired');
  assert.equal(identity.subject, 'ada');
  assert.ok(!effects.includes('wipe'));
});

test('A9 a token that was revoked elsewhere takes its owner off the screen', () => {
  const { identity, effects } = after(token(ada), verified(1, 'ada'), { type: 'refused', call: 1, reason: 'revoked' });
  assert.deepEqual(effects, ['wipe']);
  assert.equal(identity.subject, undefined);
});

test('A9 logout forgets the token and wipes, and an answer that is still under way changes nothing', () => {
  const { identity } = after(token(ada), { type: 'logout' }, verified(1, 'ada'));
  assert.equal(identity.view.state, 'anonymous');
  assert.equal(identity.token, undefined);
});

test('the same token again is no event', () => {
  const { effects, identity } = after(token(ada), verified(1, 'ada'), token(ada));
  assert.deepEqual(effects, []);
  assert.equal(identity.call, 1);
});

test('a refused token that comes again is judged again', () => {
  const { effects } = after(token(ada), { type: 'refused', call: 1, reason: 'not_yet_valid' }, token(ada));
  assert.deepEqual(effects, ['verify']);
});

test('a promised token holds the visitor back from being anonymous', () => {
  assert.equal(after({ type: 'asking' }).state, 'verifying');
  assert.equal(after({ type: 'asking' }, { type: 'ask-failed' }).state, 'anonymous');
});

/** Verified as `subject` by the first of two tokens, when the second comes. */
const renewed = (subject: string, first: object, second: object) =>
  after(token(tokenOf(first)), verified(1, subject), token(tokenOf(second, 'newer'))).effects.join();

test('A4 B5 once the server has named the subject, the claim that named it tells a refresh from a switch', () => {
  const ada = { sub: 'tenant', email: 'Ada@Mail.dev' };
  const bob = { sub: 'tenant', email: 'bob@mail.dev' };
  assert.equal(renewed('tenant', ada, bob), 'verify');
  assert.equal(renewed('ada@mail.dev', ada, { ...ada, sub: 'other' }), 'verify');
  assert.equal(renewed('ada@mail.dev', ada, bob), 'wipe,verify');
  assert.equal(renewed('tenant', ada, { ...ada, sub: 'other' }), 'wipe,verify');
  // Both claims say the same, so either may be the one.
  const same = { sub: 'ada@mail.dev', email: 'ada@mail.dev' };
  assert.equal(renewed('ada@mail.dev', same, { ...same, email: 'bob@mail.dev' }), 'wipe,verify');
  // Named by something that the token does not show.
  assert.equal(renewed('elsewhere', ada, bob), 'wipe,verify');
});

test('whom a token names is read without trust and without throwing', () => {
  const email = 'Ada@Example.com';
  assert.equal(peekSubject(ada), peekSubject(adaAgain));
  assert.equal(peekSubject(tokenOf({ email })), peekSubject(tokenOf({ email: 'ada@example.com' })));
  const all = [{ sub: 'ada' }, { sub: 'Ωmega' }, { sub: email }, { email }, { sub: 'ada', email }, { sub: 'b', email }];
  assert.equal(new Set(all.map((claims) => peekSubject(tokenOf(claims)))).size, all.length);
  for (const broken of [
    '',
    '.',
    'a.b.c',
    'a.!!!.c',
    `a.${Buffer.from('null').toString('base64url')}.c`,
    tokenOf({ sub: 7 }),
  ]) {
    assert.equal(peekSubject(broken), undefined);
  }
});

const forwarded = (call: number, who: string): IdentityEvent => ({ type: 'forwarded', call, who });

test('a token that nobody here can judge is forwarded: whose content it is, it says itself', () => {
  const adas = peekSubject(ada) ?? '';
  const { identity, effects, state } = after(token(ada), forwarded(1, adas));
  assert.equal(state, 'forwarded');
  assert.deepEqual(effects, ['adopt']);
  assert.deepEqual(identity.view, { state: 'forwarded' });
  const refreshed = after(token(ada), forwarded(1, adas), token(adaAgain), forwarded(2, adas));
  assert.deepEqual(refreshed.effects, ['flush']);
  assert.equal(refreshed.identity.epoch, 1);
  assert.deepEqual(after(token(ada), forwarded(1, adas), token(grace)).effects, ['wipe', 'verify']);
});

test('a forwarded token that does not say whose it is is nobody else’s', () => {
  const one = after(token('opaque'), forwarded(1, 'unknown:1'));
  assert.deepEqual(nextIdentity(one.identity, token('opaque')).effects, []);
  assert.deepEqual(nextIdentity(one.identity, token('another')).effects, ['wipe', 'verify']);
});

test('an answer about an earlier token does not forward the present one', () => {
  assert.equal(after(token(ada), token(grace), forwarded(1, 'somebody')).state, 'verifying');
});
