import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { debugToken, importHmacKey, resolvePolicy, type PolicySettings } from '../../src/identity/index.ts';
import { claims, encode, nowMs, nowSeconds, otherSecret, profileWith, secret, sign, signTexts } from './fixtures.ts';

const retired = 'the-secret-of-last-year-that-was-retired';
const foreign = 'the-secret-of-another-agent-of-this-host';
const environment = 'the-secret-of-the-environment-of-this-host';

const around = {
  beyondKeys: [],
  retiredKeys: [importHmacKey({ id: 'last-year', secret: retired })],
  environmentKeys: [importHmacKey({ id: 'environment', secret: environment })],
  otherAgents: [{ agentId: 'help', keys: [importHmacKey({ id: 'k', secret: foreign })] }],
  isRevoked: async (key: string) => key === 'jti:gone',
};

function debug(token: string, settings: PolicySettings = {}) {
  return debugToken(token, profileWith(resolvePolicy(settings)), around, nowMs);
}

test('Wo15 of a good token the header, the claims, the person and the time left are shown', async () => {
  const header = { alg: 'HS256', typ: 'JWT', kid: 'key-1' };
  assert.deepEqual(await debug(sign({ ...claims, name: 'Ada' }, header)), {
    accepted: true,
    reason: null,
    header,
    claims: { ...claims, name: 'Ada' },
    subject: 'user-1',
    keyId: 'key-1',
    expiresAt: (nowSeconds + 3_600) * 1000,
    secondsLeft: 3_600,
    hints: [],
  });
});

const HS256 = { alg: 'HS256' };
const inAnHour = { iat: nowSeconds, exp: nowSeconds + 3_600 };

const cases: readonly (readonly [string, string, string, RegExp, PolicySettings?])[] = [
  [
    'the hex-decoded secret',
    sign(claims, HS256, Buffer.from(secret, 'hex')),
    'invalid_signature',
    /hex-decoded secret.*"key-1"/,
  ],
  [
    'the base64-decoded secret',
    sign(claims, HS256, Buffer.from(secret, 'base64')),
    'invalid_signature',
    /base64-decoded/,
  ],
  ['the secret and a line break', sign(claims, HS256, `${secret}\n`), 'invalid_signature', /line break at its end/],
  ['the quoted secret', sign(claims, HS256, `"${secret}"`), 'invalid_signature', /quotation marks/],
  ['a retired key', sign(claims, HS256, retired), 'invalid_signature', /retired key \("last-year"\)/],
  ['the environment’s secret', sign(claims, HS256, environment), 'invalid_signature', /WIDGET_JWT_HMAC_SECRET/],
  ['another agent’s key', sign(claims, HS256, foreign), 'invalid_signature', /token of another agent \("help"\)/],
  ['a secret of nobody', sign(claims, HS256, otherSecret), 'invalid_signature', /secret that is not known here/],
  [
    'an unknown kid',
    sign(claims, { ...HS256, kid: 'x' }, otherSecret),
    'invalid_signature',
    /kid names no active key \(there are: "key-1"\)/,
  ],
  [
    'a wrong kid',
    sign(claims, { ...HS256, kid: 'x' }),
    'invalid_signature',
    /signed with key "key-1", but kid says otherwise/,
  ],
  ['alg none', `${encode('{"alg":"none"}')}.${encode(JSON.stringify(claims))}.`, 'unsupported_algorithm', /alg none/],
  ['alg HS512', sign(claims, { alg: 'HS512' }), 'unsupported_algorithm', /alg is "HS512".*sign with HS256/],
  [
    'alg ES256 where the policy allows it and no such key is there',
    sign(claims, { alg: 'ES256' }),
    'unsupported_algorithm',
    /^alg is "ES256", which this policy allows, and this agent has no such key: import the public key \(keys import --public-key <file> --algorithm ES256\)$/,
    { algorithms: ['HS256', 'ES256'] },
  ],
  [
    'alg RS256 where the policy does not allow it, nor has a key for all that it allows',
    sign(claims, { alg: 'RS256' }),
    'unsupported_algorithm',
    /^alg is "RS256", which this policy does not allow: sign with HS256$/,
    { algorithms: ['HS256', 'ES256'] },
  ],
  [
    'a key whose algorithm the policy does not allow',
    sign(),
    'not_configured',
    /^signed with key "key-1", which is for HS256: the policy does not allow that\n.*import the public key.*--algorithm RS256\)$/,
    { algorithms: ['RS256'] },
  ],
  [
    'a lifetime of seconds that is over',
    sign({ sub: 'a', iat: nowSeconds - 100, exp: nowSeconds - 97 }),
    'expired',
    /expired 1 minute ago.*\nit lasts 3 seconds in all: was the lifetime given in another unit\?/,
  ],
  ['exp in milliseconds', sign({ sub: 'a', exp: nowMs + 3_600_000 }), 'lifetime_too_long', /exp is in milliseconds/],
  ['iat in milliseconds', sign({ ...claims, iat: nowMs }), 'not_yet_valid', /iat is in milliseconds/],
  ['exp as text', sign({ sub: 'a', exp: String(nowSeconds) }), 'malformed', /exp is no number/],
  ['no exp', sign({ sub: 'a' }), 'missing_claim', /no exp, which this policy requires/],
  ['no sub', sign(inAnHour), 'missing_claim', /no sub, which says who it is/],
  ['no email', sign({ ...claims, ...inAnHour }), 'missing_claim', /no email/, { identityClaim: 'email' }],
  ['a number as sub', sign({ ...inAnHour, sub: 7 }), 'invalid_sub', /sub is a number: sign String\(user\.id\)/],
  ['an empty sub', sign({ ...inAnHour, sub: '' }), 'invalid_sub', /text of 1 to 255 characters/],
  [
    'a reserved domain',
    sign({ ...inAnHour, email: 'a@b.test' }),
    'reserved_domain',
    /treated as anonymous/,
    { identityClaim: 'email' },
  ],
  ['an expired one', sign({ ...claims, exp: nowSeconds - 7_300 }), 'expired', /expired 2 hours ago/],
  [
    'one of tomorrow',
    sign({ ...claims, nbf: nowSeconds + 300 }),
    'not_yet_valid',
    /begins in 5 minutes: check the clock/,
  ],
  [
    'one of a week',
    sign({ ...inAnHour, sub: 'a', exp: nowSeconds + 604_800 }),
    'lifetime_too_long',
    /lasts 7 days; this policy allows 1 day/,
  ],
  [
    'another audience',
    sign({ ...claims, aud: 'there' }),
    'wrong_audience',
    /aud is "there"; this policy expects \["here"\]/,
    { audience: ['here'] },
  ],
  ['no issuer', sign(claims), 'wrong_issuer', /iss is missing; this policy expects \["us"\]/, { issuer: ['us'] }],
  ['a number in custom', sign({ ...claims, custom: { seats: 3 } }), 'claim_too_large', /custom\.seats is no text/],
  [
    'a name that a terminal would obey',
    sign({ ...claims, custom: { '\u001b[2J\naccepted': 3 } }),
    'claim_too_large',
    /custom\."\\u001b\[2J\\naccepted" is no text/,
  ],
  [
    'a long text in custom',
    sign({ ...claims, custom: { a: 'x'.repeat(501) } }),
    'claim_too_large',
    /custom\.a has more than 500/,
  ],
  ['a revoked one', sign({ ...claims, jti: 'gone' }), 'revoked', /logged out/],
  [
    'the token of a call to the host',
    sign(claims, { alg: 'HS256', typ: 'chat-action+jwt' }),
    'malformed',
    /typ says that it is .*an action's call.*typ "JWT"/,
  ],
  ['a header with "Bearer"', `Bearer ${sign()}`, 'malformed', /begins with "Bearer"/],
  ['padding', signTexts('{"alg":"HS256"} ', JSON.stringify(claims)).replace('.', '=.'), 'malformed', /padding/],
  ['white space', `${sign()}\n`, 'malformed', /white space/],
  ['the whole answer', JSON.stringify({ token: sign() }), 'malformed', /it is JSON/],
  ['a secret', secret, 'malformed', /looks like a secret/],
  ['an encrypted token', 'a.b.c.d.e', 'malformed', /encrypted \(JWE\)/],
  ['half a token', sign().split('.').slice(0, 2).join('.'), 'malformed', /three parts/],
  ['nothing', '', 'malformed', /empty/],
  ['too much', 'x'.repeat(9_000), 'too_large', /more than 8192 bytes/],
];
for (const [what, token, reason, hint, settings] of cases) {
  test(`Wo15 ${what}: ${reason}, and what to do about it`, async () => {
    const report = await debug(token, settings);
    assert.deepEqual([report.accepted, report.reason], [false, reason]);
    assert.match(report.hints.join('\n'), hint);
  });
}

test('Wo15 an agent without active keys is named as such, and a retired key is still recognised', async () => {
  const report = await debugToken(sign(claims, HS256, retired), profileWith({}, []), around, nowMs);
  assert.equal(report.reason, 'not_configured');
  assert.match(report.hints.join('\n'), /retired key \("last-year"\)\nthis agent has no active key/);
});

test('A5 a token that is good for ever is accepted where exp is recommended, with a warning', async () => {
  const { accepted, secondsLeft, hints } = await debug(sign({ sub: 'a' }), { expiry: 'recommended' });
  assert.deepEqual([accepted, secondsLeft], [true, null]);
  assert.match(hints.join(), /good for ever: sign exp/);
});

const nobodies = ['undefined', 'null', 'NaN', '[object Object]', 'None'];
const warnings: readonly (readonly [string, object, RegExp])[] = [
  [
    'an expired one within the tolerance',
    { iat: nowSeconds - 3_600, exp: nowSeconds - 5 },
    /^it expired 5 seconds ago, and is accepted because clocks may differ by 60 s \(clockToleranceSeconds\)/,
  ],
  [
    'the text "3600" as lifetime, which jsonwebtoken reads as milliseconds',
    { iat: nowSeconds - 8, exp: nowSeconds - 5 },
    /^it expired 5 seconds ago[^]*\nit lasts 3 seconds in all: .*expiresIn: "3600" is milliseconds/,
  ],
  ['exp at iat', { iat: nowSeconds, exp: nowSeconds }, /exp is not after iat/],
  ...nobodies.map(
    (sub) =>
      [
        `the text "${sub}" as sub`,
        { sub, exp: nowSeconds + 600 },
        /^sub is the text ".*": .* when it was signed/,
      ] as const,
  ),
];
for (const [what, payload, hint] of warnings) {
  test(`Wo15 ${what} is accepted, with a warning`, async () => {
    const { accepted, hints } = await debug(sign({ sub: 'user-1', ...payload }));
    assert.ok(accepted);
    assert.match(hints.join('\n'), hint);
  });
}

test('Wo15 a good token and a good name get no warning', async () => {
  for (const sub of ['undefined-7', 'Nancy', '0', 'nullable'])
    assert.deepEqual((await debug(sign({ ...claims, sub }))).hints, []);
});

test('Wo15 no report holds a secret or the token', async () => {
  const known = [secret, retired, foreign, environment, Buffer.from(secret, 'hex').toString('base64')];
  for (const [, token, , , settings] of cases) {
    const report = await debug(token, settings);
    const shown = inspect(report, { depth: 9, maxStringLength: null }) + JSON.stringify(report);
    for (const part of [...known, token.split('.')[2] ?? '']) {
      assert.ok(part.length < 10 || !shown.includes(part), token);
    }
  }
});
