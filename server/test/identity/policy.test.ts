import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPolicy, policySettingsSchema, resolvePolicy } from '../../src/identity/index.ts';

test('every setting has the documented default', () => {
  assert.deepEqual(resolvePolicy(), {
    access: 'open',
    onInvalidToken: 'block',
    identityClaim: 'sub',
    expiry: 'required',
    maxLifetimeSeconds: 86_400,
    clockToleranceSeconds: 60,
    algorithms: ['HS256'],
    jwksUrl: null,
    audience: null,
    issuer: null,
    maxActiveKeys: 3,
    revealableKeys: false,
    claimsToAgent: 'basic',
    claimAnonymousConversations: true,
  });
  assert.deepEqual(resolvePolicy(policySettingsSchema.parse({})), defaultPolicy);
  assert.ok(Object.isFrozen(defaultPolicy));
});

test('Wo17 the clock tolerance is 60 seconds where nothing is set', () => {
  assert.equal(resolvePolicy().clockToleranceSeconds, 60);
});

for (const setting of ['audience', 'issuer'] as const) {
  test(`${setting} takes a string or a list and becomes a list`, () => {
    assert.deepEqual(policySettingsSchema.parse({ [setting]: 'a' })[setting], ['a']);
    assert.deepEqual(policySettingsSchema.parse({ [setting]: ['a', 'b'] })[setting], ['a', 'b']);
    assert.equal(policySettingsSchema.parse({ [setting]: null })[setting], null);
  });
}

const refused: readonly [unknown, string][] = [
  [{ acces: 'open' }, 'acces'],
  [{ allowedOrigins: ['https://a.example'] }, 'allowedOrigins'],
  [{ access: 'closed' }, 'access'],
  [{ onInvalidToken: 'ignore' }, 'onInvalidToken'],
  [{ identityClaim: 'name' }, 'identityClaim'],
  [{ expiry: 'never' }, 'expiry'],
  [{ maxLifetimeSeconds: 0 }, 'maxLifetimeSeconds'],
  [{ maxLifetimeSeconds: '3600' }, 'maxLifetimeSeconds'],
  [{ clockToleranceSeconds: 301 }, 'clockToleranceSeconds'],
  [{ clockToleranceSeconds: -1 }, 'clockToleranceSeconds'],
  [{ clockToleranceSeconds: 1.5 }, 'clockToleranceSeconds'],
  [{ maxActiveKeys: 0 }, 'maxActiveKeys'],
  [{ maxActiveKeys: 4 }, 'maxActiveKeys'],
  [{ audience: [] }, 'audience'],
  [{ audience: '' }, 'audience'],
  [{ issuer: [''] }, 'issuer'],
  [{ revealableKeys: 'yes' }, 'revealableKeys'],
  ['open', 'expected one of'],
  [7, 'expected object'],
];
for (const [value, named] of refused) {
  test(`${JSON.stringify(value)} is refused by a message that names the place`, () => {
    const result = policySettingsSchema.safeParse(value);
    assert.ok(!result.success);
    assert.match(result.error.message, new RegExp(named));
  });
}

const badAlgorithms: readonly object[] = [
  { algorithms: [] },
  { algorithms: ['none'] },
  { algorithms: ['HS256', 'None'] },
  { algorithms: ['HS512'] },
  { algorithms: ['ES256', 'ES256'] },
  { algorithms: 'HS256' },
];
for (const value of badAlgorithms) {
  test(`H15 ${JSON.stringify(value)} is refused by a message that says what there is`, () => {
    const result = policySettingsSchema.safeParse(value);
    assert.ok(!result.success);
    assert.match(result.error.message, /expected a list of HS256, RS256, PS256, ES256, EdDSA, each once/);
  });
}

test('A3 B2 Wo5 HS256 is the only algorithm where nothing is set', () => {
  assert.deepEqual(defaultPolicy.algorithms, ['HS256']);
});

const algorithms = ['RS256'];
const badUrls = [
  'http://host.example/jwks.json',
  'http://localhost.host.example/jwks.json',
  'http://127.0.0.1.host.example/jwks.json',
  'https://user:password@host.example/jwks.json',
  'ftp://host.example/jwks.json',
  'file:///etc/passwd',
  'jwks.json',
  '',
];
for (const jwksUrl of badUrls) {
  test(`a JWKS at "${jwksUrl}" is refused: keys come by https, or from this machine`, () => {
    assert.equal(policySettingsSchema.safeParse({ algorithms, jwksUrl }).success, false);
  });
}

for (const jwksUrl of [
  'https://host.example/jwks.json',
  'http://localhost:1/a',
  'http://127.0.0.1:1',
  'http://[::1]/a',
]) {
  test(`a JWKS at ${jwksUrl} is accepted, where an algorithm for it is named`, () => {
    assert.equal(policySettingsSchema.safeParse({ algorithms, jwksUrl }).success, true);
    for (const settings of [{ jwksUrl }, { jwksUrl, algorithms: ['HS256'] }]) {
      const result = policySettingsSchema.safeParse(settings);
      assert.match(result.error?.message ?? '', /needs \\"algorithms\\" beside it/);
    }
  });
}
