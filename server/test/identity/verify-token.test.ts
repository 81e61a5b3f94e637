import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import type { IdentityReason } from '../../../src/protocol/index.ts';
import { signActionToken } from '../../src/agents/actions/action-token.ts';
import { verifyToken, type IdentityProfile, type Policy } from '../../src/identity/index.ts';
import {
  claims,
  encode,
  hs256,
  nowMs,
  nowSeconds,
  otherSecret,
  profileWith,
  secret,
  sign,
  signTexts,
} from './fixtures.ts';

async function outcome(
  token: string,
  profile: IdentityProfile = profileWith(),
  at = nowMs,
): Promise<IdentityReason | 'ok'> {
  const result = await verifyToken(token, profile, at);
  return result.ok ? 'ok' : result.reason;
}

async function accepted(token: string, profile: IdentityProfile = profileWith()) {
  const result = await verifyToken(token, profile, nowMs);
  assert.ok(result.ok, result.ok ? '' : result.reason);
  return result.token;
}

test('A3 a token signed as the documents show is accepted', async () => {
  const text = jsonwebtoken.sign(
    { sub: 'user-1', email: 'ada@widgets.io', plan: 'pro', orderId: 'o-1', iat: nowSeconds },
    secret,
    { expiresIn: '1h' },
  );
  assert.deepEqual(await accepted(text), {
    subject: 'user-1',
    claims: {
      sub: 'user-1',
      email: 'ada@widgets.io',
      plan: 'pro',
      orderId: 'o-1',
      iat: nowSeconds,
      exp: nowSeconds + 3600,
    },
    expiresAt: (nowSeconds + 3600) * 1000,
    keyId: 'key-1',
    revocationKey: `sha256:${createHash('sha256')
      .update(text.slice(0, text.lastIndexOf('.')))
      .digest('hex')}`,
  });
});

test('H5 a token with exp in its payload and the algorithm named is accepted', async () => {
  const payload = { sub: 'user-1', name: 'Ada', email: 'ada@widgets.io', exp: nowSeconds + 3600, iat: nowSeconds };
  assert.equal(await outcome(jsonwebtoken.sign(payload, secret, { algorithm: 'HS256' })), 'ok');
});

test('W2 a token without iat, as Python signs it, is accepted', async () => {
  assert.equal(await outcome(sign({ sub: 'user-1', name: 'Ada', exp: nowSeconds + 3600 })), 'ok');
});

test('H2 a token signed with the decoded bytes of a hex secret is not accepted', async () => {
  assert.equal(await outcome(sign(claims, { alg: 'HS256' }, Buffer.from(secret, 'hex'))), 'invalid_signature');
});

const sub = (value: unknown) => sign({ ...claims, sub: value });
const subjects: readonly [string, string, IdentityReason | 'ok'][] = [
  ['A4 an e-mail as sub is accepted', sub('ada@widgets.io'), 'ok'],
  ['Wo6 a sub of one character is accepted', sub('1'), 'ok'],
  ['Wo6 a sub of 255 characters is accepted', sub('x'.repeat(255)), 'ok'],
  ['Wo6 characters are counted, not bytes', sub('💬'.repeat(255)), 'ok'],
  ['Wo6 a sub of 256 characters is refused', sub('x'.repeat(256)), 'invalid_sub'],
  ['Wo6 an empty sub is refused', sub(''), 'invalid_sub'],
  ['Wo6 a number as sub is refused', sub(42), 'invalid_sub'],
  ['Wo6 null as sub is refused', sub(null), 'invalid_sub'],
  ['Wo6 an object as sub is refused', sub({ id: 1 }), 'invalid_sub'],
  ['Wo6 a list as sub is refused', sub(['user-1']), 'invalid_sub'],
  ['Wo6 a sub with a lone surrogate, which has no UTF-8, is refused', sub('a\ud800'), 'invalid_sub'],
  ['Wo6 a sub with NUL is refused', sub('user-1\0'), 'invalid_sub'],
  ['Wo6 a token without sub is refused', sign({ iat: claims.iat, exp: claims.exp }), 'missing_claim'],
  [
    'Wo6 a sub inside __proto__ is no sub',
    signTexts(hs256, `{"exp":${claims.exp},"__proto__":{"sub":"admin"}}`),
    'missing_claim',
  ],
];
for (const [title, token, expected] of subjects) {
  test(title, async () => assert.equal(await outcome(token), expected));
}

const custom = (value: unknown) => sign({ ...claims, custom: value });
const customs: readonly [string, string, IdentityReason | 'ok'][] = [
  ['Wo8 a map of strings is accepted', custom({ plan: 'pro', role: '' }), 'ok'],
  ['Wo8 an empty map is accepted', custom({}), 'ok'],
  ['Wo8 a value of 500 characters is accepted', custom({ plan: 'x'.repeat(500) }), 'ok'],
  ['Wo8 a value of 501 characters is refused', custom({ plan: 'x'.repeat(501) }), 'claim_too_large'],
  ['Wo8 a number as value is refused', custom({ seats: 3 }), 'claim_too_large'],
  ['Wo8 a nested map is refused', custom({ a: { b: 'c' } }), 'claim_too_large'],
  ['Wo8 a list is refused', custom(['a']), 'claim_too_large'],
  ['Wo8 a string is refused', custom('pro'), 'claim_too_large'],
  ['Wo8 null is refused', custom(null), 'claim_too_large'],
];
for (const [title, token, expected] of customs) {
  test(title, async () => assert.equal(await outcome(token), expected));
}

const times = (offsets: { exp?: number; nbf?: number; iat?: number }) =>
  sign({
    sub: 'a',
    ...Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, nowSeconds + offset])),
  });
const clock: readonly [string, string, Partial<Policy>, IdentityReason | 'ok'][] = [
  ['Wo17 59 s after exp is within the tolerance', times({ exp: -59 }), {}, 'ok'],
  ['Wo17 60 s after exp is expired', times({ exp: -60 }), {}, 'expired'],
  ['B14 without tolerance a token is expired at exp', times({ exp: 0 }), { clockToleranceSeconds: 0 }, 'expired'],
  [
    'B14 without tolerance a token is good one second before exp',
    times({ exp: 1 }),
    { clockToleranceSeconds: 0 },
    'ok',
  ],
  ['Wo17 nbf 60 s ahead is within the tolerance', times({ exp: 900, nbf: 60 }), {}, 'ok'],
  ['Wo17 nbf 61 s ahead is not yet valid', times({ exp: 900, nbf: 61 }), {}, 'not_yet_valid'],
  ['Wo17 iat 60 s ahead is within the tolerance', times({ exp: 900, iat: 60 }), {}, 'ok'],
  ['Wo17 iat 61 s ahead is not yet valid', times({ exp: 900, iat: 61 }), {}, 'not_yet_valid'],
  ['without tolerance nbf now is valid', times({ exp: 900, nbf: 0 }), { clockToleranceSeconds: 0 }, 'ok'],
  ['without tolerance nbf in 1 s is not', times({ exp: 900, nbf: 1 }), { clockToleranceSeconds: 0 }, 'not_yet_valid'],
  ['H5 exp is required by default', times({}), {}, 'missing_claim'],
  ['A5 exp can be made optional', times({}), { expiry: 'recommended' }, 'ok'],
  ['A5 an exp that is there counts, optional or not', times({ exp: -60 }), { expiry: 'recommended' }, 'expired'],
  ['B4 a lifetime of 24 h is accepted', times({ iat: 0, exp: 86_400 }), {}, 'ok'],
  ['B4 a lifetime of 24 h and a second is refused', times({ iat: 0, exp: 86_401 }), {}, 'lifetime_too_long'],
  ['B4 an old token of too long a lifetime is refused', times({ iat: -86_400, exp: 10 }), {}, 'lifetime_too_long'],
  ['B4 a token of 24 h by a clock within the tolerance is accepted', times({ iat: 60, exp: 86_460 }), {}, 'ok'],
  ['B4 without iat the time from now is capped', times({ exp: 86_461 }), {}, 'lifetime_too_long'],
  ['B4 without iat the tolerance covers a clock that is ahead', times({ exp: 86_460 }), {}, 'ok'],
  [
    'B4 without iat and tolerance 24 h are the limit',
    times({ exp: 86_401 }),
    { clockToleranceSeconds: 0 },
    'lifetime_too_long',
  ],
  ['W3 the cap can be an hour', times({ iat: 0, exp: 3601 }), { maxLifetimeSeconds: 3600 }, 'lifetime_too_long'],
  ['the cap can be lifted', times({ iat: 0, exp: 1e9 }), { maxLifetimeSeconds: null }, 'ok'],
];
for (const [title, token, policy, expected] of clock) {
  test(title, async () => assert.equal(await outcome(token, profileWith(policy)), expected));
}

test('Wo17 the edge of expiry is exact to the millisecond', async () => {
  const token = sign(claims);
  const edge = (claims.exp + 60) * 1000;
  assert.equal(await outcome(token, profileWith(), edge - 1), 'ok');
  assert.equal(await outcome(token, profileWith(), edge), 'expired');
});

const notNumbers = ['"1800003600"', 'null', 'true', '[1800003600]', '{}', '1e400', '-1e400'];
for (const name of ['exp', 'nbf', 'iat']) {
  for (const value of notNumbers) {
    test(`H12 ${name} as ${value} is malformed`, async () => {
      const { [name as 'exp']: _, ...others } = { ...claims, nbf: nowSeconds };
      const payload = `{"${name}":${value},${JSON.stringify(others).slice(1)}`;
      assert.equal(await outcome(signTexts(hs256, payload)), 'malformed');
    });
  }
}

test('an exp beyond all dates gives an expiry that every store can hold', async () => {
  const profile = profileWith({ maxLifetimeSeconds: null });
  assert.equal((await accepted(sign({ sub: 'a', exp: 1e300 }), profile)).expiresAt, 8.64e15);
  assert.equal((await accepted(sign({ sub: 'a', exp: nowSeconds + 0.5005 }), profile)).expiresAt, nowMs + 500);
});

test('a token without exp has no expiry', async () => {
  assert.equal((await accepted(sign({ sub: 'a' }), profileWith({ expiry: 'recommended' }))).expiresAt, null);
});

const party = (name: 'aud' | 'iss', value: unknown) => sign({ ...claims, [name]: value });
const ours = { audience: ['shop', 'help'], issuer: ['https://host', 'host'] };
const parties: readonly [string, string, Partial<Policy>, IdentityReason | 'ok'][] = [
  ['Wo7 aud is free where the policy names none', party('aud', 'whatever'), {}, 'ok'],
  ['an aud that the policy names is accepted', party('aud', 'help'), { audience: ours.audience }, 'ok'],
  ['one of several aud is enough', party('aud', ['other', 'shop']), { audience: ours.audience }, 'ok'],
  ['another aud is refused', party('aud', 'other'), { audience: ours.audience }, 'wrong_audience'],
  ['a longer aud is refused', party('aud', 'shop2'), { audience: ours.audience }, 'wrong_audience'],
  ['no aud is refused', sign(claims), { audience: ours.audience }, 'wrong_audience'],
  ['an empty list of aud is refused', party('aud', []), { audience: ours.audience }, 'wrong_audience'],
  ['a number as aud is refused', party('aud', 1), { audience: ours.audience }, 'wrong_audience'],
  ['a number among the aud is refused', party('aud', ['shop', 1]), { audience: ours.audience }, 'wrong_audience'],
  ['iss is free where the policy names none', party('iss', 1), {}, 'ok'],
  ['an iss that the policy names is accepted', party('iss', 'host'), { issuer: ours.issuer }, 'ok'],
  ['another iss is refused', party('iss', 'https://host/'), { issuer: ours.issuer }, 'wrong_issuer'],
  ['a list as iss is refused', party('iss', ['host']), { issuer: ours.issuer }, 'wrong_issuer'],
  ['no iss is refused', sign(claims), { issuer: ours.issuer }, 'wrong_issuer'],
];
for (const [title, token, policy, expected] of parties) {
  test(title, async () => assert.equal(await outcome(token, profileWith(policy)), expected));
}

const withHeader = (header: object) => sign(claims, header);
const rsaJwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const headers: readonly [string, string, IdentityReason | 'ok'][] = [
  ['H15 alg none is refused', withHeader({ alg: 'none' }), 'unsupported_algorithm'],
  ['H15 alg nOnE is refused', withHeader({ alg: 'nOnE' }), 'unsupported_algorithm'],
  ['H15 alg NONE is refused', withHeader({ alg: 'NONE' }), 'unsupported_algorithm'],
  [
    'H15 an unsecured token, with an empty signature, is refused by its algorithm',
    `${encode('{"alg":"none"}')}.${encode(JSON.stringify(claims))}.`,
    'unsupported_algorithm',
  ],
  [
    'H12 HS256 with an empty signature is malformed',
    `${encode(hs256)}.${encode(JSON.stringify(claims))}.`,
    'malformed',
  ],
  ['H15 alg in lower case is refused', withHeader({ alg: 'hs256' }), 'unsupported_algorithm'],
  ['H15 no alg is refused', withHeader({ typ: 'JWT' }), 'unsupported_algorithm'],
  ['H15 alg as a list is refused', withHeader({ alg: ['HS256'] }), 'unsupported_algorithm'],
  ['Wo5 HS384 is refused', jsonwebtoken.sign(claims, secret, { algorithm: 'HS384' }), 'unsupported_algorithm'],
  ['Wo5 HS512 is refused', jsonwebtoken.sign(claims, secret, { algorithm: 'HS512' }), 'unsupported_algorithm'],
  ['Wo5 RS256 is refused', withHeader({ alg: 'RS256' }), 'unsupported_algorithm'],
  ['Wo5 ES256 is refused', withHeader({ alg: 'ES256' }), 'unsupported_algorithm'],
  ['an unknown crit is refused', withHeader({ alg: 'HS256', crit: ['exp'], exp: 1 }), 'unsupported_algorithm'],
  ['an empty crit is refused', withHeader({ alg: 'HS256', crit: [] }), 'unsupported_algorithm'],
  ['b64 false is refused', withHeader({ alg: 'HS256', b64: false, crit: ['b64'] }), 'unsupported_algorithm'],
  ['b64 without crit is refused', withHeader({ alg: 'HS256', b64: false }), 'unsupported_algorithm'],
  ['a token without typ is accepted', withHeader({ alg: 'HS256' }), 'ok'],
  ['a kid that names the key is accepted', withHeader({ alg: 'HS256', kid: 'key-1' }), 'ok'],
  ['a kid in another case is refused', withHeader({ alg: 'HS256', kid: 'KEY-1' }), 'invalid_signature'],
  ['a kid that is a path is refused', withHeader({ alg: 'HS256', kid: '../../../../dev/null' }), 'invalid_signature'],
  ['a kid that is SQL is refused', withHeader({ alg: 'HS256', kid: "key-1' UNION SELECT 'x" }), 'invalid_signature'],
  [
    'a kid that names no key of its own is refused',
    withHeader({ alg: 'HS256', kid: '__proto__' }),
    'invalid_signature',
  ],
  ['an empty kid is refused', withHeader({ alg: 'HS256', kid: '' }), 'invalid_signature'],
  ['a number as kid is refused', withHeader({ alg: 'HS256', kid: 0 }), 'invalid_signature'],
  ['null as kid is refused', withHeader({ alg: 'HS256', kid: null }), 'invalid_signature'],
  ['a list as kid is refused', withHeader({ alg: 'HS256', kid: ['key-1'] }), 'invalid_signature'],
  [
    'a key in the header is not used',
    sign(claims, { alg: 'HS256', jwk: { kty: 'oct', k: encode(otherSecret) } }, otherSecret),
    'invalid_signature',
  ],
  ['a public key in the header is not used', sign(claims, { alg: 'RS256', jwk: rsaJwk }), 'unsupported_algorithm'],
  [
    'jku, x5u and x5c are passed over',
    withHeader({ alg: 'HS256', jku: 'http://127.0.0.1:1/', x5u: 'http://127.0.0.1:1/', x5c: ['x'] }),
    'ok',
  ],
];
for (const [title, token, expected] of headers) {
  test(title, async () => assert.equal(await outcome(token), expected));
}

test('nothing is fetched, whatever the header points to', async (context) => {
  const fetch = context.mock.method(globalThis, 'fetch', async () => assert.fail('fetched'));
  await outcome(
    sign(claims, { alg: 'HS256', jku: 'https://evil.example/keys', x5u: 'https://evil.example/c' }, otherSecret),
  );
  assert.equal(fetch.mock.callCount(), 0);
});

const ring = profileWith({}, [
  { id: 'new', secret },
  { id: 'old', secret: otherSecret },
]);

test('B8 a token of either active key is accepted, with or without its kid', async () => {
  for (const header of [{ alg: 'HS256' }, { alg: 'HS256', kid: 'old' }]) {
    assert.equal((await accepted(sign(claims, header, otherSecret), ring)).keyId, 'old');
  }
  assert.equal((await accepted(sign(claims), ring)).keyId, 'new');
});

test('B8 a kid that names the other key is refused', async () => {
  assert.equal(await outcome(sign(claims, { alg: 'HS256', kid: 'new' }, otherSecret), ring), 'invalid_signature');
});

test('H14 a token of a key that has gone is refused', async () => {
  assert.equal(await outcome(sign(claims, { alg: 'HS256' }, otherSecret)), 'invalid_signature');
});

test('B7 other claims are kept as they are', async () => {
  const others = { picture: 'https://p', phone: '+1', nested: { list: [1, { deep: null }] }, user_id: 7 };
  const { claims: kept } = await accepted(sign({ ...claims, ...others }));
  assert.deepEqual(kept, { ...claims, ...others });
});

test('claims are frozen at every depth', async () => {
  const { claims: kept } = await accepted(sign({ ...claims, nested: { list: [{ a: 1 }] } }));
  const nested = kept['nested'] as { list: { a: number }[] };
  for (const part of [kept, nested, nested.list, nested.list[0]]) assert.ok(Object.isFrozen(part));
});

test('a member named __proto__ changes no prototype', async () => {
  const { claims: kept } = await accepted(
    signTexts(hs256, `{"sub":"a","exp":${claims.exp},"__proto__":{"isAdmin":true}}`),
  );
  assert.equal(Object.getPrototypeOf(kept), Object.prototype);
  assert.equal(kept['isAdmin'], undefined);
  assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
});

test('A9 a jti names the token for revocation', async () => {
  const keyOf = async (jti: unknown) => (await accepted(sign({ ...claims, jti }))).revocationKey;
  assert.equal(await keyOf('id-1'), 'jti:id-1');
  assert.equal(await keyOf('x'.repeat(128)), `jti:${'x'.repeat(128)}`);
  assert.match(await keyOf('x'.repeat(129)), /^jti-sha256:[0-9a-f]{64}$/);
  assert.notEqual(await keyOf('\ud800'), await keyOf('\ud801'));
  for (const none of ['', 7, null, ['id-1']]) assert.match(await keyOf(none), /^sha256:[0-9a-f]{64}$/);
});

/** Each has every fault of the ones below it as well. */
const bad = { exp: nowSeconds - 60, iat: nowSeconds + 61, aud: 'x', iss: 'x', sub: 1, custom: 1 };
const strict = { audience: ['shop'], issuer: ['host'] };
const order: readonly [IdentityReason, string, IdentityProfile][] = [
  ['too_large', '!'.repeat(8193), profileWith({}, [])],
  ['malformed', `${sign(bad, { alg: 'none' })}=`, profileWith({}, [])],
  ['not_configured', sign(bad, { alg: 'none' }, otherSecret), profileWith({}, [])],
  ['unsupported_algorithm', sign(bad, { alg: 'none', kid: 'unknown' }, otherSecret), profileWith(strict)],
  ['invalid_signature', sign(bad, { alg: 'HS256' }, otherSecret), profileWith(strict)],
  ['malformed', sign({ ...bad, nbf: 'soon' }), profileWith(strict)],
  ['expired', sign(bad), profileWith(strict)],
  ['not_yet_valid', sign({ ...bad, exp: undefined }), profileWith(strict)],
  ['missing_claim', sign({ ...bad, exp: undefined, iat: nowSeconds }), profileWith(strict)],
  ['lifetime_too_long', sign({ ...bad, iat: nowSeconds, exp: nowSeconds + 86_401 }), profileWith(strict)],
  ['wrong_audience', sign({ ...bad, iat: nowSeconds, exp: nowSeconds + 1 }), profileWith(strict)],
  ['wrong_issuer', sign({ ...bad, iat: nowSeconds, exp: nowSeconds + 1, aud: 'shop' }), profileWith(strict)],
  ['invalid_sub', sign({ ...claims, sub: 1, custom: 1 }), profileWith()],
  ['reserved_domain', sign({ ...claims, email: 'a@b.test', custom: 1 }), profileWith({ identityClaim: 'email' })],
  ['claim_too_large', sign({ ...claims, custom: 1 }), profileWith()],
];
for (const [at, [reason, token, profile]] of order.entries()) {
  test(`H12 order of reasons, ${at + 1}: ${reason} comes before what follows it`, async () => {
    assert.equal(await outcome(token, profile), reason);
  });
}

test('H12 a bad signature is judged before a claim that is malformed', async () => {
  assert.equal(await outcome(sign({ sub: 'a', exp: 'never' }, { alg: 'HS256' }, otherSecret)), 'invalid_signature');
});

test('the token of an action’s call to the host is nobody’s, also where it is signed with the visitors’ key', async () => {
  const token = await signActionToken({
    key: new TextEncoder().encode(secret),
    action: 'orders',
    audience: 'https://shop.example',
    user: { verified: true, sub: 'user-1', claims, metadata: {} },
    conversation: { id: 'c', agentId: 'shop' },
    toolCallId: 't',
    carried: '{}',
    now: nowMs,
  });
  assert.equal(await outcome(token), 'malformed');
  // Nothing but its kind is wrong with it.
  assert.equal(await outcome(sign(jsonwebtoken.decode(token, { json: true }) ?? {})), 'ok');
});
