import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allowRuleSchema, allows, type AllowRule } from '../../../src/agents/actions/allow-rule.ts';

const claims = {
  sub: 'ada',
  plan: 'club',
  level: 3,
  staff: true,
  none: null,
  roles: ['admin', 'buyer'],
  metadata: { plan: 'gold', deep: { er: 1 } },
  'https://shop.example/role': 'editor',
};

describe('a rule over claims', () => {
  const yes: readonly AllowRule[] = [
    { claim: 'plan', equals: 'club' },
    { claim: 'level', equals: 3 },
    { claim: 'staff', equals: true },
    { claim: 'plan', in: ['free', 'club'] },
    { claim: 'roles', has: 'admin' },
    { claim: 'sub', exists: true },
    { claim: ['metadata', 'plan'], equals: 'gold' },
    { claim: ['metadata', 'deep', 'er'], in: [1] },
    { claim: 'https://shop.example/role', equals: 'editor' },
    {
      and: [
        { claim: 'sub', exists: true },
        {
          or: [
            { claim: 'plan', equals: 'free' },
            { claim: 'level', in: [3] },
          ],
        },
      ],
    },
  ];
  for (const rule of yes) {
    test(`W11 lets through: ${JSON.stringify(rule)}`, () => {
      assert.ok(allowRuleSchema.safeParse(rule).success);
      assert.equal(allows(rule, claims), true);
    });
  }

  const no: readonly AllowRule[] = [
    { claim: 'plan', equals: 'Club' },
    { claim: 'level', equals: '3' },
    { claim: 'staff', equals: 'true' },
    { claim: 'plan', in: ['free'] },
    { claim: 'roles', equals: 'admin' },
    { claim: 'roles', has: 'owner' },
    { claim: 'plan', has: 'club' },
    { claim: 'none', exists: true },
    { claim: 'missing', exists: true },
    { claim: 'toString', exists: true },
    { claim: '__proto__', exists: true },
    { claim: ['metadata', 'constructor'], exists: true },
    { claim: ['sub', 'length'], equals: 3 },
    { claim: 'metadata.plan', equals: 'gold' },
    {
      and: [
        { claim: 'sub', exists: true },
        { claim: 'plan', equals: 'free' },
      ],
    },
    { or: [{ claim: 'plan', equals: 'free' }] },
  ];
  for (const rule of no) {
    test(`W11 keeps out: ${JSON.stringify(rule)}`, () => {
      assert.equal(allows(rule, claims), false);
    });
  }

  const broken: readonly unknown[] = [
    {},
    null,
    true,
    'plan',
    [],
    { and: [] },
    { or: [] },
    { claim: 'plan' },
    { claim: '', exists: true },
    { claim: [], exists: true },
    { claim: 'plan', exists: false },
    { claim: 'plan', equals: null },
    { claim: 'plan', equals: { a: 1 } },
    { claim: 'plan', in: [] },
    { claim: 'plan', equals: 'club', not: true },
    { claim: 'plan', equals: 'club', in: ['free'] },
    { not: { claim: 'plan', exists: true } },
    { and: [{ claim: 'plan', exists: true }], or: [{ claim: 'plan', exists: true }] },
  ];
  for (const rule of broken) {
    test(`W11 is refused, and allows nothing: ${JSON.stringify(rule)}`, () => {
      assert.equal(allowRuleSchema.safeParse(rule).success, false);
    });
  }

  test('W11 is not nested deeper than eight', () => {
    const nested = (depth: number): AllowRule =>
      depth === 1 ? { claim: 'sub', exists: true } : { and: [nested(depth - 1)] };
    assert.ok(allowRuleSchema.safeParse(nested(8)).success);
    assert.equal(allowRuleSchema.safeParse(nested(9)).success, false);
    assert.equal(allowRuleSchema.safeParse(nested(5_000)).success, false);
  });
});
