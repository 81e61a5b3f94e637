import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createIdentityService,
  KeysUnavailableError,
  type IdentityProfile,
  type Lapse,
  type Policy,
  type Standing,
} from '../../src/identity/index.ts';
import { createFakeStore } from './fake-store.ts';
import { claims, nowMs, otherSecret, profileWith, secret, sign } from './fixtures.ts';

const oneKey = { id: 'key-1', secret };
const forged = sign(claims, { alg: 'HS256' }, otherSecret);

function setUp() {
  const { written, ...store } = createFakeStore();
  const time = { now: nowMs };
  const service = createIdentityService({ store, clock: () => time.now });
  const profile = profileWith();
  const judge = (token: string | undefined, as: IdentityProfile = profile) =>
    service.judge(as, { authorization: token === undefined ? undefined : `Bearer ${token}`, claimedSource: undefined });
  return { time, service, profile, judge, written };
}

type Review = readonly [what: string, policy: Partial<Policy>, keys: (typeof oneKey)[] | undefined, verdict: Standing];
const goodUntil = (expiresAt: number): Standing => ({ state: 'good', expiresAt });
const lapsed = (why: Lapse): Standing => ({ state: 'lapsed', why });
const reviews: readonly Review[] = [
  ['nothing has changed', {}, undefined, goodUntil((claims.exp + 60) * 1000)],
  ['the tolerance is another', { clockToleranceSeconds: 5 }, undefined, goodUntil((claims.exp + 5) * 1000)],
  ['only verified visitors are let in', { access: 'verified-only' }, undefined, goodUntil((claims.exp + 60) * 1000)],
  ['another audience is asked for', { audience: ['elsewhere'] }, undefined, lapsed('wrong_audience')],
  ['another issuer is asked for', { issuer: ['elsewhere'] }, undefined, lapsed('wrong_issuer')],
  ['tokens may live for a minute', { maxLifetimeSeconds: 60 }, undefined, lapsed('lifetime_too_long')],
  [
    'invalid tokens are passed over',
    { maxLifetimeSeconds: 60, onInvalidToken: 'anonymous' },
    undefined,
    lapsed('lifetime_too_long'),
  ],
  ['its algorithm is not allowed', { algorithms: ['ES256'] }, undefined, lapsed('not_configured')],
  ['the person is another claim', { identityClaim: 'email' }, undefined, lapsed('other_subject')],
  ['its key has gone', {}, [], lapsed('not_configured')],
  ['another key is in its place', {}, [{ id: 'key-1', secret: otherSecret }], lapsed('invalid_signature')],
];
for (const [what, policy, keys, verdict] of reviews) {
  test(`W8 A14 a token that was accepted is judged once more when ${what}`, async () => {
    const { judge, service, profile, written } = setUp();
    const token = sign({ ...claims, email: 'ada@fernhill.com' });
    assert.equal((await service.inspect(profile, `Bearer ${token}`)).state, 'verified');
    const judgement = await judge(token);
    assert.ok(judgement.state === 'verified');
    const present = profileWith(policy, keys ?? [oneKey]);
    assert.deepEqual(await service.review(present, `Bearer ${token}`, judgement), verdict);
    await service.close();
    assert.deepEqual(written.audit, [], 'a second look is no second refusal');
  });
}

test('W8 a token that was accepted has lapsed once it is revoked or over, judged by the moment that is asked for', async () => {
  const { judge, service, profile, time } = setUp();
  const authorization = `Bearer ${sign()}`;
  const judgement = await judge(sign());
  assert.ok(judgement.state === 'verified');
  const acceptedAt = time.now;
  time.now = (claims.exp + 60) * 1000 - 1;
  assert.equal((await service.review(profile, authorization, judgement)).state, 'good');
  time.now += 1;
  assert.deepEqual(await service.review(profile, authorization, judgement), lapsed('expired'));
  assert.equal((await service.review(profile, authorization, judgement, acceptedAt)).state, 'good');
  time.now = acceptedAt;
  await service.revoke(profile, authorization, undefined);
  time.now = (claims.exp + 60) * 1000;
  assert.deepEqual(await service.review(profile, authorization, judgement, acceptedAt), lapsed('revoked'));
});

test('H3 of a token whose keys cannot be had nothing is said, and least of all that it was revoked', async () => {
  const { judge, service, profile } = setUp();
  const judgement = await judge(sign());
  assert.ok(judgement.state === 'verified');
  const keyless = { ...profile, keys: [], keysProblem: new KeysUnavailableError('away') };
  await assert.rejects(service.review(keyless, `Bearer ${sign()}`, judgement), KeysUnavailableError);
});

test('Wo1 who came without a good token stays while the policy lets such visitors in', async () => {
  const { judge, service, profile } = setUp();
  const admittedAs = async (as: IdentityProfile, token?: string) => {
    const judgement = await judge(token, as);
    return judgement.state === 'refused' ? assert.fail() : judgement;
  };
  const nobody = await admittedAs(profile);
  const open: Standing = { state: 'good', expiresAt: null };
  assert.deepEqual(await service.review(profile, undefined, nobody), open);
  assert.deepEqual(
    await service.review(profileWith({ access: 'verified-only' }), undefined, nobody),
    lapsed('no_permission'),
  );
  const lenient = profileWith({ onInvalidToken: 'anonymous' });
  const passedOver = await admittedAs(lenient, forged);
  assert.deepEqual(await service.review(lenient, `Bearer ${forged}`, passedOver), open);
  assert.deepEqual(await service.review(profile, `Bearer ${forged}`, passedOver), lapsed('invalid_signature'));
});
