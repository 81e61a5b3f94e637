import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPolicy, policySchema } from '../../src/identity/index.ts';

test('every setting has the documented default', () => {
  assert.deepEqual(policySchema.parse({}), {
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
  assert.deepEqual(defaultPolicy, policySchema.parse({}));
  assert.ok(Object.isFrozen(defaultPolicy));
});

test('Wo17 the clock tolerance is 60 seconds where nothing is set', () => {
  assert.equal(policySchema.parse({}).clockToleranceSeconds, 60);
});

for (const setting of ['audience', 'issuer'] as const) {
  test(`${setting} takes a string or a list and becomes a list`, () => {
    assert.deepEqual(policySchema.parse({ [setting]: 'a' })[setting], ['a']);
    assert.deepEqual(policySchema.parse({ [setting]: ['a', 'b'] })[setting], ['a', 'b']);
    assert.equal(policySchema.parse({ [setting]: null })[setting], null);
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
  ['open', 'expected object'],
];
for (const [value, named] of refused) {
  test(`${JSON.stringify(value)} is refused by a message that names the place`, () => {
    const result = policySchema.safeParse(value);
    assert.ok(!result.success);
    assert.match(result.error.message, new RegExp(named));
  });
}

const notYet: readonly object[] = [
  { algorithms: ['RS256'] },
  { algorithms: ['HS256', 'ES256'] },
  { algorithms: [] },
  { algorithms: ['none'] },
  { algorithms: 'HS256' },
  { jwksUrl: 'https://host.example/jwks.json' },
];
for (const value of notYet) {
  test(`H15 ${JSON.stringify(value)} is refused by a message that says what is supported`, () => {
    const result = policySchema.safeParse(value);
    assert.ok(!result.success);
    assert.match(result.error.message, /only HS256 is supported so far/);
  });
}
