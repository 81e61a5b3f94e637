import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IdentityReason } from '../../../src/protocol/index.ts';
import { createIdentityService, type IdentityProfile, type Judgement, type Policy } from '../../src/identity/index.ts';
import { createFakeStore } from './fake-store.ts';
import { claims, nowMs, nowSeconds, otherSecret, profileWith, sign } from './fixtures.ts';

function setUp(policy: Partial<Policy> = {}) {
  const store = createFakeStore();
  const time = { now: nowMs };
  const service = createIdentityService({ store, clock: () => time.now });
  const profile = profileWith(policy);
  const judge = (token: string | undefined, claimedSource?: string, as: IdentityProfile = profile) =>
    service.judge(as, { authorization: token === undefined ? undefined : `Bearer ${token}`, claimedSource });
  return { store, time, service, profile, judge, written: store.written };
}

const expired = sign({ ...claims, iat: nowSeconds - 7200, exp: nowSeconds - 3600 });
const forged = sign(claims, { alg: 'HS256' }, otherSecret);

test('H1 without a token the sender is anonymous, or self-reported where the widget says so', async () => {
  const { judge, written } = setUp();
  assert.deepEqual(await judge(undefined), { state: 'anonymous', source: 'anonymous' });
  assert.deepEqual(await judge(undefined, 'self-reported'), { state: 'anonymous', source: 'self-reported' });
  assert.deepEqual(written.audit, []);
});

test('H10 a widget that only says it is verified is anonymous', async () => {
  const { judge } = setUp();
  for (const claimed of ['verified', 'VERIFIED', '', 'admin', '__proto__']) {
    assert.deepEqual(await judge(undefined, claimed), { state: 'anonymous', source: 'anonymous' });
  }
});

test('A4 a valid token makes the sender its subject, whatever the widget believes', async () => {
  const { judge } = setUp();
  const judgement = await judge(sign(), 'anonymous');
  assert.equal(judgement.state, 'verified');
  assert.ok(judgement.state === 'verified');
  assert.equal(judgement.source, 'verified');
  assert.equal(judgement.token.subject, 'user-1');
});

type Row = readonly [string, Partial<Policy>, string | undefined, string | undefined, Judgement];
const refused = (code: 'invalid_token' | 'no_permission', reason?: IdentityReason): Judgement =>
  reason === undefined ? { state: 'refused', code } : { state: 'refused', code, reason };
const anonymous = (reason: IdentityReason, source: 'anonymous' | 'self-reported' = 'anonymous'): Judgement => ({
  state: 'anonymous',
  source,
  reason,
});
const reservedEmail = sign({ ...claims, email: 'ada@shop.test' });
const privately = { access: 'verified-only' } as const;
const byEmail = { identityClaim: 'email' } as const;
const policies: readonly Row[] = [
  ['B14 block refuses an expired token', {}, expired, undefined, refused('invalid_token', 'expired')],
  ['B14 block refuses a tampered token', {}, forged, undefined, refused('invalid_token', 'invalid_signature')],
  ['B14 block refuses what is no token', {}, 'nonsense', undefined, refused('invalid_token', 'malformed')],
  [
    'H13 anonymous goes on without the token and says why',
    { onInvalidToken: 'anonymous' },
    forged,
    undefined,
    anonymous('invalid_signature'),
  ],
  [
    'W12 anonymous goes on after expiry',
    { onInvalidToken: 'anonymous' },
    expired,
    'self-reported',
    anonymous('expired', 'self-reported'),
  ],
  [
    'W12 anonymous refuses what was said as somebody once the token has expired',
    { onInvalidToken: 'anonymous' },
    expired,
    'verified',
    refused('invalid_token', 'expired'),
  ],
  [
    'B15 what was said as somebody is not taken as nobody’s where the address turns out to be on a reserved domain',
    byEmail,
    reservedEmail,
    'verified',
    refused('invalid_token', 'reserved_domain'),
  ],
  ['Wo16 deny refuses permission', { onInvalidToken: 'deny' }, expired, undefined, refused('no_permission', 'expired')],
  ['Wo1 verified-only refuses who has no token', privately, undefined, 'self-reported', refused('no_permission')],
  [
    'A1 verified-only with block says first that the token is invalid',
    privately,
    forged,
    undefined,
    refused('invalid_token', 'invalid_signature'),
  ],
  [
    'Wo16 verified-only with deny refuses permission',
    { ...privately, onInvalidToken: 'deny' },
    forged,
    undefined,
    refused('no_permission', 'invalid_signature'),
  ],
  [
    'Wo16 verified-only with anonymous refuses permission',
    { ...privately, onInvalidToken: 'anonymous' },
    expired,
    undefined,
    refused('no_permission', 'expired'),
  ],
  ['B15 a reserved domain is anonymous under block', byEmail, reservedEmail, undefined, anonymous('reserved_domain')],
  [
    'B15 a reserved domain is anonymous under deny',
    { ...byEmail, onInvalidToken: 'deny' },
    reservedEmail,
    undefined,
    anonymous('reserved_domain'),
  ],
  [
    'B15 a reserved domain is anonymous under anonymous',
    { ...byEmail, onInvalidToken: 'anonymous' },
    reservedEmail,
    undefined,
    anonymous('reserved_domain'),
  ],
  [
    'B15 a reserved domain does not open an agent for verified visitors',
    { ...byEmail, ...privately },
    reservedEmail,
    undefined,
    refused('no_permission', 'reserved_domain'),
  ],
];
for (const [title, policy, token, claimed, expected] of policies) {
  test(title, async () => {
    const { judge, service, written } = setUp(policy);
    assert.deepEqual(await judge(token, claimed), expected);
    await service.close();
    const reason = 'reason' in expected ? expected.reason : undefined;
    const entry = { agentId: 'shop', at: nowMs, kind: 'token-refused', reason, detail: { count: 1 } };
    const audited = reason === undefined ? [] : [entry];
    assert.deepEqual(written.audit, audited);
    assert.equal(written.contacts.size, 0);
  });
}

test('Wo1 verified-only admits a verified visitor', async () => {
  const { judge } = setUp(privately);
  assert.equal((await judge(sign())).state, 'verified');
});

test('H12 an agent without keys says not_configured', async () => {
  const { judge } = setUp();
  assert.deepEqual(await judge(sign(), undefined, profileWith({}, [])), refused('invalid_token', 'not_configured'));
});

const schemes: readonly [string, IdentityReason | 'ok'][] = [
  [`Bearer ${sign()}`, 'ok'],
  [`bearer ${sign()}`, 'ok'],
  [`BEARER   ${sign()}`, 'ok'],
  [`Bearer`, 'malformed'],
  [`Bearer `, 'malformed'],
  [``, 'malformed'],
  [sign(), 'malformed'],
  [`Basic ${sign()}`, 'malformed'],
  [`Bearer\t${sign()}`, 'malformed'],
  [`Bearer, ${sign()}`, 'malformed'],
  [`Bearer ${sign()}, Bearer ${sign()}`, 'malformed'],
  [`Bearer ${sign()} ${sign()}`, 'malformed'],
  [`Bearer token=${sign()}`, 'malformed'],
  [`Bearer ${'x'.repeat(8193)}`, 'too_large'],
];
for (const [authorization, expected] of schemes) {
  test(`B11 Authorization "${authorization.slice(0, 12)}…" (${authorization.length} characters): ${expected}`, async () => {
    const { service, profile } = setUp();
    const judgement = await service.judge(profile, { authorization, claimedSource: undefined });
    assert.equal(judgement.state === 'verified' ? 'ok' : judgement.reason, expected);
  });
}

test('W8 every request is judged anew: a token expires between two', async () => {
  const { judge, time } = setUp();
  assert.equal((await judge(sign())).state, 'verified');
  time.now = (claims.exp + 60) * 1000;
  assert.deepEqual(await judge(sign()), refused('invalid_token', 'expired'));
});

test('Wo12 every request is judged anew: a key goes between two', async () => {
  const { judge } = setUp();
  assert.equal((await judge(sign())).state, 'verified');
  const rotated = profileWith({}, [{ id: 'key-2', secret: otherSecret }]);
  assert.deepEqual(await judge(sign(), undefined, rotated), refused('invalid_token', 'invalid_signature'));
});

test('A9 logout revokes a token for this agent until it would have expired', async () => {
  const { judge, service, profile, written } = setUp();
  await service.revoke(profile, `Bearer ${sign()}`, undefined);
  assert.deepEqual(await judge(sign()), refused('invalid_token', 'revoked'));
  assert.deepEqual([...written.revoked.values()], [(claims.exp + 60) * 1000]);
});

for (const [policy, lifeSeconds] of [
  [{}, 86_460],
  [{ maxLifetimeSeconds: 7_200, clockToleranceSeconds: 0 }, 7_200],
  [{ maxLifetimeSeconds: 60 }, claims.exp - nowSeconds + 60],
  [{ maxLifetimeSeconds: null }, 10 * 365 * 86_400],
] as const) {
  test(`Wo21 a jti stays revoked as long as any token that carries it could be good: ${JSON.stringify(policy)}`, async () => {
    const { service, profile, written } = setUp(policy);
    await service.revoke(profile, `Bearer ${sign({ ...claims, jti: 'id-1' })}`, undefined);
    assert.deepEqual([...written.revoked], [['shop/jti:id-1', (nowSeconds + lifeSeconds) * 1000]]);
  });
}

test('Wo21 logout with a token that has expired ends those of the same jti that have not', async () => {
  const { judge, service, profile } = setUp();
  const old = sign({ ...claims, jti: 'id-1', iat: nowSeconds - 7_200, exp: nowSeconds - 3_600 });
  await service.revoke(profile, `Bearer ${old}`, undefined);
  assert.deepEqual(await judge(sign({ ...claims, jti: 'id-1' })), refused('invalid_token', 'revoked'));
});

test('A9 a revoked token says why it is worthless where that is known already', async () => {
  const { judge, service, profile } = setUp({ ...byEmail });
  await service.revoke(profile, `Bearer ${reservedEmail}`, undefined);
  assert.deepEqual(await judge(reservedEmail), anonymous('reserved_domain'));
});

test('A9 a revocation holds for one agent', async () => {
  const { judge, service, profile } = setUp();
  await service.revoke(profile, `Bearer ${sign()}`, undefined);
  const other = { ...profile, agentId: 'help' };
  assert.equal((await judge(sign(), undefined, other)).state, 'verified');
});

test('Wo21 a jti revokes all tokens that carry it, and no other', async () => {
  const { judge, service, profile } = setUp();
  await service.revoke(profile, `Bearer ${sign({ ...claims, jti: 'a' })}`, undefined);
  assert.equal((await judge(sign({ ...claims, jti: 'b' }))).state, 'verified');
  assert.equal((await judge(sign())).state, 'verified');
  assert.deepEqual(
    await judge(sign({ ...claims, iat: nowSeconds - 1, jti: 'a' })),
    refused('invalid_token', 'revoked'),
  );
});

test('A9 logout closes the session and tells all processes, without a token too', async () => {
  const { service, profile, written } = setUp();
  await service.revoke(profile, undefined, 'hash-1');
  assert.deepEqual([...written.closedSessions], ['shop/hash-1']);
  assert.deepEqual(written.published, [{ channel: 'revoked:shop', payload: 'session:hash-1' }]);
  assert.equal(written.revoked.size, 0);
});

test('A9 logout tells all processes which token was revoked, and records whose it was', async () => {
  const { service, profile, written } = setUp();
  await service.revoke(profile, `Bearer ${sign({ ...claims, jti: 'id-1' })}`, 'hash-1');
  assert.deepEqual(written.published, [
    { channel: 'revoked:shop', payload: 'session:hash-1' },
    { channel: 'revoked:shop', payload: 'jti:id-1' },
  ]);
  assert.deepEqual(written.audit, [
    { agentId: 'shop', at: nowMs, kind: 'token-revoked', subject: 'user-1', detail: { keyId: 'key-1' } },
  ]);
});

test('A9 logout can be repeated: told again, recorded once', async () => {
  const { service, profile, written } = setUp();
  const token = `Bearer ${sign({ ...claims, jti: 'id-1' })}`;
  await service.revoke(profile, token, 'hash-1');
  await service.revoke(profile, token, 'hash-1');
  assert.equal(written.revoked.size, 1);
  assert.equal(written.audit.length, 1);
  assert.equal(written.published.length, 4);
});

const worthless: readonly [string, string][] = [
  [
    'a forged token, which would revoke the jti of somebody else',
    sign({ ...claims, jti: 'id-1' }, { alg: 'HS256' }, otherSecret),
  ],
  ['an unsigned token', sign({ ...claims, jti: 'id-1' }, { alg: 'none' })],
  ['garbage', 'garbage'],
  ['an oversized text', 'x'.repeat(10_000)],
  ['a token that has expired by itself', expired],
];
for (const [title, token] of worthless) {
  test(`A9 logout leaves no revocation behind for ${title}, and closes the session`, async () => {
    const { service, profile, written } = setUp();
    await service.revoke(profile, `Bearer ${token}`, 'hash-1');
    assert.equal(written.revoked.size, 0);
    assert.deepEqual([...written.closedSessions], ['shop/hash-1']);
  });
}

test('A9 a token that becomes valid later is revoked too', async () => {
  const { judge, service, profile, time } = setUp();
  const later = sign({ ...claims, nbf: nowSeconds + 600 });
  await service.revoke(profile, `Bearer ${later}`, undefined);
  time.now += 600_000;
  assert.deepEqual(await judge(later), refused('invalid_token', 'revoked'));
});

test('A9 a token that is still accepted by tolerance is revoked too', async () => {
  const { judge, service, profile } = setUp();
  const late = sign({ ...claims, iat: nowSeconds - 100, exp: nowSeconds - 59 });
  assert.equal((await judge(late)).state, 'verified');
  await service.revoke(profile, `Bearer ${late}`, undefined);
  assert.deepEqual(await judge(late), refused('invalid_token', 'revoked'));
});

test('A5 a token without exp stays revoked for ten years', async () => {
  const { service, profile, written } = setUp({ expiry: 'recommended' });
  await service.revoke(profile, `Bearer ${sign({ sub: 'a', jti: 'id-1' })}`, undefined);
  assert.deepEqual([...written.revoked.values()], [nowMs + 10 * 365 * 86_400_000]);
});

test('a revocation is kept to a time that every store can hold', async () => {
  const { service, profile, written } = setUp({ maxLifetimeSeconds: null });
  await service.revoke(profile, `Bearer ${sign({ sub: 'a', exp: 1e300 })}`, undefined);
  assert.deepEqual([...written.revoked.values()], [8.64e15]);
});

test('H9 inspection answers with the reason under every policy', async () => {
  for (const onInvalidToken of ['block', 'anonymous', 'deny'] as const) {
    const { service, profile } = setUp({ onInvalidToken, access: 'verified-only' });
    assert.deepEqual(await service.inspect(profile, undefined), { state: 'none' });
    assert.deepEqual(await service.inspect(profile, `Bearer ${expired}`), { state: 'rejected', reason: 'expired' });
    const good = await service.inspect(profile, `Bearer ${sign()}`);
    assert.ok(good.state === 'verified' && good.token.claims['sub'] === 'user-1');
    await service.revoke(profile, `Bearer ${sign()}`, undefined);
    assert.deepEqual(await service.inspect(profile, `Bearer ${sign()}`), { state: 'rejected', reason: 'revoked' });
  }
});

test('A13 the last token gives the contact its claims, and the change is recorded by name alone', async () => {
  const { judge, written } = setUp();
  await judge(sign({ ...claims, name: 'Chris', plan: 'pro', tags: ['a'] }));
  assert.deepEqual(written.audit, []);
  const second = { ...claims, name: 'Christina', tags: ['a'], phone: '+1' };
  await judge(sign(second));
  assert.deepEqual(written.contacts.get('shop/user-1'), second);
  assert.deepEqual(written.audit, [
    {
      agentId: 'shop',
      at: nowMs,
      kind: 'claims-changed',
      subject: 'user-1',
      detail: { claims: ['name', 'plan', 'phone'] },
    },
  ]);
});

test('A13 a fresh token with the same claims is no change', async () => {
  const { judge, written } = setUp();
  await judge(sign({ ...claims, jti: 'a', name: 'Chris', custom: { plan: 'pro' } }));
  await judge(
    sign({ ...claims, jti: 'b', iat: nowSeconds - 9, nbf: nowSeconds, custom: { plan: 'pro' }, name: 'Chris' }),
  );
  assert.deepEqual(written.audit, []);
});

test('A13 a token that is refused changes no contact', async () => {
  const { judge, service, profile, written } = setUp({ onInvalidToken: 'anonymous' });
  await judge(sign({ ...claims, name: 'Chris' }));
  await judge(sign({ ...claims, name: 'Mallory' }, { alg: 'HS256' }, otherSecret));
  const revoked = sign({ ...claims, name: 'Christina' });
  await service.revoke(profile, `Bearer ${revoked}`, undefined);
  await judge(revoked);
  assert.equal(written.contacts.get('shop/user-1')?.['name'], 'Chris');
});

test('a store that cannot be reached admits nobody', async () => {
  const { store, profile } = setUp();
  const broken = {
    ...store,
    revocations: { ...store.revocations, has: async () => Promise.reject(new Error('down')) },
  };
  const service = createIdentityService({ store: broken, clock: () => nowMs });
  await assert.rejects(service.judge(profile, { authorization: `Bearer ${sign()}`, claimedSource: undefined }), /down/);
});
