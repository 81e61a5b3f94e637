import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultPolicy,
  policyPresets,
  policySettingsSchema,
  presetNames,
  resolvePolicy,
  verifyToken,
  type Policy,
  type PresetName,
} from '../../src/identity/index.ts';
import { claims, nowMs, nowSeconds, profileWith, sign } from './fixtures.ts';

/** Setting by setting what the five documents say; where one says nothing our default stands. */
const documented: { readonly [Setting in keyof Policy]: { readonly [Name in PresetName]: Policy[Setting] } } = {
  access: { applied: 'open', bestchatbot: 'open', hilal: 'open', widgent: 'open', wonderchat: 'verified-only' },
  onInvalidToken: {
    applied: 'block',
    bestchatbot: 'block',
    hilal: 'anonymous',
    widgent: 'anonymous',
    wonderchat: 'deny',
  },
  identityClaim: { applied: 'sub', bestchatbot: 'email', hilal: 'sub', widgent: 'sub', wonderchat: 'sub' },
  expiry: {
    applied: 'recommended',
    bestchatbot: 'recommended',
    hilal: 'required',
    widgent: 'required',
    wonderchat: 'recommended',
  },
  maxLifetimeSeconds: { applied: null, bestchatbot: 86_400, hilal: null, widgent: 3_600, wonderchat: null },
  clockToleranceSeconds: { applied: 60, bestchatbot: 60, hilal: 60, widgent: 60, wonderchat: 60 },
  algorithms: {
    applied: ['HS256'],
    bestchatbot: ['HS256'],
    hilal: ['HS256'],
    widgent: ['HS256'],
    wonderchat: ['HS256'],
  },
  jwksUrl: { applied: null, bestchatbot: null, hilal: null, widgent: null, wonderchat: null },
  audience: { applied: null, bestchatbot: null, hilal: null, widgent: null, wonderchat: null },
  issuer: { applied: null, bestchatbot: null, hilal: null, widgent: null, wonderchat: null },
  maxActiveKeys: { applied: 1, bestchatbot: 3, hilal: 1, widgent: 1, wonderchat: 1 },
  revealableKeys: { applied: true, bestchatbot: false, hilal: false, widgent: true, wonderchat: true },
  claimsToAgent: { applied: 'all', bestchatbot: 'all', hilal: 'basic', widgent: 'basic', wonderchat: 'basic' },
  claimAnonymousConversations: { applied: true, bestchatbot: true, hilal: true, widgent: true, wonderchat: true },
};

const ids: { readonly [Name in PresetName]: string } = {
  applied: 'A3 A5 A6',
  bestchatbot: 'B3 B4 B8 B9 B14',
  hilal: 'H5 H13 H15',
  widgent: 'W3 W12',
  wonderchat: 'Wo1 Wo4 Wo5 Wo16 Wo17',
};

for (const name of presetNames) {
  test(`${ids[name]} the preset ${name} sets what its document says`, () => {
    const expected = Object.fromEntries(Object.entries(documented).map(([setting, of]) => [setting, of[name]]));
    assert.deepEqual(resolvePolicy(policySettingsSchema.parse(name)), expected);
    assert.deepEqual(resolvePolicy(policySettingsSchema.parse({ preset: name })), expected);
  });
}

/** Where two of the documents contradict each other: each side is a value that can be set, alone and over each preset. */
const conflicts = Object.entries(documented).filter(([, of]) => new Set(Object.values(of).map(String)).size > 1);

test('the documents contradict each other in eight settings', () => {
  const names = conflicts.map(([setting]) => setting);
  assert.deepEqual(names, [
    'access',
    'onInvalidToken',
    'identityClaim',
    'expiry',
    'maxLifetimeSeconds',
    'maxActiveKeys',
    'revealableKeys',
    'claimsToAgent',
  ]);
});

for (const [setting, of] of conflicts) {
  test(`each side of the conflict over ${setting} can be chosen, whatever the preset`, () => {
    for (const value of Object.values(of)) {
      for (const preset of presetNames) {
        const settings = policySettingsSchema.parse({ preset, [setting]: value });
        const policy = resolvePolicy(settings);
        assert.deepEqual(policy, { ...resolvePolicy({ preset }), [setting]: value });
      }
    }
  });
}

test('what a configuration names wins over what is stored, and its preset names all of its settings', () => {
  const stored = policySettingsSchema.parse({ preset: 'wonderchat', clockToleranceSeconds: 5, audience: 'here' });
  const policy = resolvePolicy(stored, policySettingsSchema.parse({ preset: 'hilal', expiry: 'recommended' }));
  assert.partialDeepStrictEqual(policy, {
    ...policyPresets.hilal,
    expiry: 'recommended',
    clockToleranceSeconds: 5,
    audience: ['here'],
  });
  assert.deepEqual(resolvePolicy({}, {}), defaultPolicy);
});

test('a preset that does not exist is refused by a message that names those there are', () => {
  const result = policySettingsSchema.safeParse('intercom');
  assert.match(result.error?.message ?? '', /applied[^]*bestchatbot[^]*hilal[^]*widgent[^]*wonderchat/);
});

/** One token each, as the document's own example signs it, and one that only this document refuses. */
const hour = { iat: nowSeconds, exp: nowSeconds + 3_600 };
const day = { iat: nowSeconds, exp: nowSeconds + 86_400 };
const judged: readonly (readonly [string, PresetName, object, true | string])[] = [
  ['A4 a customer id', 'applied', { sub: 'c1', email: 'a@b.example', plan: 'pro', ...hour }, true],
  ['A5 a token without exp', 'applied', { sub: 'c1' }, true],
  ['B3 an e-mail alone', 'bestchatbot', { email: 'Ada@Mail.com', ...hour }, true],
  ['B3 no e-mail', 'bestchatbot', { sub: 'c1', ...hour }, 'missing_claim'],
  ['B4 a day and a second', 'bestchatbot', { email: 'ada@mail.com', ...day, exp: day.exp + 1 }, 'lifetime_too_long'],
  ['B15 a reserved domain', 'bestchatbot', { email: 'ada@shop.test', ...hour }, 'reserved_domain'],
  ['H5 an hour', 'hilal', { sub: 'u1', name: 'Ada', email: 'a@b.example', ...hour }, true],
  ['H5 no exp', 'hilal', { sub: 'u1' }, 'missing_claim'],
  ['H5 a day, since an hour is a recommendation', 'hilal', { sub: 'u1', ...day }, true],
  ['W3 an hour', 'widgent', { sub: 'u1', metadata: { a: 1 }, ...hour }, true],
  ['W3 an hour and a second', 'widgent', { sub: 'u1', ...hour, exp: hour.exp + 1 }, 'lifetime_too_long'],
  ['W3 no exp', 'widgent', { sub: 'u1' }, 'missing_claim'],
  ['Wo7 no exp', 'wonderchat', { sub: 'u1' }, true],
  ['Wo17 59 seconds late', 'wonderchat', { sub: 'u1', exp: nowSeconds - 59 }, true],
  ['Wo17 60 seconds late', 'wonderchat', { sub: 'u1', exp: nowSeconds - 60 }, 'expired'],
  ['Wo6 an empty subject', 'wonderchat', { sub: '', ...hour }, 'invalid_sub'],
  ['Wo8 a long value', 'wonderchat', { sub: 'u1', custom: { a: 'x'.repeat(501) }, ...hour }, 'claim_too_large'],
];
for (const [what, preset, payload, expected] of judged) {
  test(`${what}: ${expected === true ? 'accepted' : expected} under the preset ${preset}`, async () => {
    const verdict = await verifyToken(sign(payload), profileWith(resolvePolicy({ preset })), nowMs);
    assert.equal(verdict.ok || verdict.reason, expected);
  });
}

test('Wo5 H15 under every preset a token of another algorithm is refused', async () => {
  for (const preset of presetNames) {
    for (const alg of ['none', 'HS512', 'RS256', 'ES256']) {
      const verdict = await verifyToken(sign(claims, { alg }), profileWith(resolvePolicy({ preset })), nowMs);
      assert.equal(verdict.ok || verdict.reason, 'unsupported_algorithm');
    }
  }
});
