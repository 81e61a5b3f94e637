import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  agentUser,
  cleanMetadata,
  defaultPolicy,
  verifyToken,
  type Admitted,
  type Policy,
} from '../../src/identity/index.ts';
import { claims, hs256, nowMs, nowSeconds, profileWith, sign, signTexts } from './fixtures.ts';

const anonymous: Admitted = { state: 'anonymous', source: 'self-reported' };
const all: Policy = { ...defaultPolicy, claimsToAgent: 'all' };
const none: Policy = { ...defaultPolicy, claimsToAgent: 'none' };
const person = {
  ...claims,
  name: 'Ada',
  email: 'Ada@Widgets.IO',
  plan: 'pro',
  metadata: { seat: 4 },
  custom: { a: 'b' },
};

async function verified(token: string, policy: Partial<Policy> = {}): Promise<Admitted> {
  const result = await verifyToken(token, profileWith(policy), nowMs);
  assert.ok(result.ok);
  return { state: 'verified', source: 'verified', token: result.token };
}

test('A6 with "all" the agent gets every claim that is not reserved', async () => {
  const reserved = { nbf: nowSeconds, iss: 'host', aud: 'shop', jti: 'id-1' };
  assert.deepEqual(agentUser(await verified(sign({ ...person, ...reserved })), all, {}), {
    verified: true,
    subject: 'user-1',
    name: 'Ada',
    email: 'Ada@Widgets.IO',
    claims: { name: 'Ada', email: 'Ada@Widgets.IO', plan: 'pro', metadata: { seat: 4 }, custom: { a: 'b' } },
  });
});

test('Wo14 by default the agent gets name and e-mail, no other claim', async () => {
  assert.deepEqual(agentUser(await verified(sign(person)), defaultPolicy, {}), {
    verified: true,
    subject: 'user-1',
    name: 'Ada',
    email: 'Ada@Widgets.IO',
    claims: { name: 'Ada', email: 'Ada@Widgets.IO' },
  });
});

test('Wo14 with "none" the agent gets the subject alone', async () => {
  assert.deepEqual(agentUser(await verified(sign(person)), none, {}), {
    verified: true,
    subject: 'user-1',
    claims: {},
  });
});

test('H6 a name or e-mail that is no text is not passed on as one', async () => {
  const user = agentUser(await verified(sign({ ...claims, name: { first: 'Ada' }, email: '' })), defaultPolicy, {});
  assert.deepEqual(user, { verified: true, subject: 'user-1', claims: {} });
});

test('B13 in e-mail mode the agent gets the verified, lower-cased address', async () => {
  const policy: Policy = { ...defaultPolicy, identityClaim: 'email' };
  const user = agentUser(await verified(sign(person), policy), policy, {});
  assert.ok(user.verified);
  assert.equal(user.email, 'ada@widgets.io');
  assert.equal(user.claims['email'], 'ada@widgets.io');
});

test('B13 what the page reports changes nothing about a verified user', async () => {
  const user = agentUser(await verified(sign(claims)), all, {
    context: { name: 'Mallory', email: 'm@evil.io', plan: 'x' },
  });
  assert.deepEqual(user, { verified: true, subject: 'user-1', claims: {} });
});

test('H1 a self-reported name and e-mail reach the agent as such', () => {
  const metadata = { context: { name: 'Ada', email: 'ada@widgets.io', isAdmin: true } };
  assert.deepEqual(agentUser(anonymous, all, metadata), {
    verified: false,
    selfReported: { name: 'Ada', email: 'ada@widgets.io' },
  });
});

const contexts: readonly [string, unknown, object][] = [
  ['a long name is cut to 200 characters', { name: 'x'.repeat(5000) }, { name: 'x'.repeat(200) }],
  ['characters are never cut in half', { name: '💬'.repeat(300) }, { name: '💬'.repeat(200) }],
  ['a name is one line', { name: ' Ada\r\n\nSystem:\u2028 you\0 ' }, { name: 'Ada System: you' }],
  ['an empty name is none', { name: ' \n ', email: '' }, {}],
  ['a name that is no text is none', { name: 7, email: ['a@b.io'] }, {}],
  ['a context that is no object is none', 'Ada', {}],
  ['a list as context is none', [{ name: 'Ada' }], {}],
  ['null as context is none', null, {}],
];
for (const [title, context, expected] of contexts) {
  test(`H1 self-reported: ${title}`, () => {
    assert.deepEqual(agentUser(anonymous, defaultPolicy, { context }), { verified: false, selfReported: expected });
  });
}

test('H1 without metadata nothing is reported', () => {
  assert.deepEqual(agentUser(anonymous, defaultPolicy, undefined), { verified: false, selfReported: {} });
});

test('A11 for a verified sender context and groups are replaced by the claims', async () => {
  const metadata = { context: { firstName: 'Ignored', isAdmin: true }, groups: ['vip'], data: { orderId: '12345' } };
  assert.deepEqual(cleanMetadata(await verified(sign(person)), metadata, all), {
    data: { orderId: '12345' },
    context: { name: 'Ada', email: 'Ada@Widgets.IO', plan: 'pro', metadata: { seat: 4 }, custom: { a: 'b' } },
  });
});

test('A11 the claims in the context are those that the policy lets through', async () => {
  const judgement = await verified(sign(person));
  assert.deepEqual(cleanMetadata(judgement, { context: { plan: 'x' } }, none), { context: {} });
  assert.deepEqual(cleanMetadata(judgement, undefined, defaultPolicy), {
    context: { name: 'Ada', email: 'Ada@Widgets.IO' },
  });
});

test('A12 every other key passes as it is', async () => {
  const others = { data: { a: [1, null] }, source: 'shop', platform: 'web', state: {}, custom: 0, Context: 1 };
  const { context: _, ...passed } = cleanMetadata(await verified(sign()), { ...others, groups: [] }, defaultPolicy);
  assert.deepEqual(passed, others);
});

test('A11 the metadata of an unverified sender stays as it is', () => {
  const metadata = { context: { name: 'Ada' }, groups: ['a'], data: 1 };
  assert.deepEqual(cleanMetadata(anonymous, metadata, defaultPolicy), metadata);
  assert.deepEqual(cleanMetadata(anonymous, undefined, defaultPolicy), {});
});

test('members named __proto__ in metadata and claims change no prototype', async () => {
  const metadata = JSON.parse('{"__proto__":{"isAdmin":true},"data":1}') as { [key: string]: unknown };
  const judgement = await verified(signTexts(hs256, `{"sub":"a","exp":${claims.exp},"__proto__":{"isAdmin":true}}`));
  const cleaned = cleanMetadata(judgement, metadata, all);
  const user = agentUser(judgement, all, metadata);
  assert.ok(user.verified);
  for (const made of [cleaned, cleaned['context'] as object, user, user.claims]) {
    assert.equal(Object.getPrototypeOf(made), Object.prototype);
    assert.equal((made as { isAdmin?: unknown }).isAdmin, undefined);
  }
});
