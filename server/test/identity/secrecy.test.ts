import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
  agentUser,
  cleanMetadata,
  createIdentityService,
  keysFor,
  policySettingsSchema,
} from '../../src/identity/index.ts';
import { createFakeStore } from './fake-store.ts';
import { claims, encode, nowMs, nowSeconds, otherSecret, profileWith, secret, sign } from './fixtures.ts';

const good = sign({ ...claims, name: 'Ada' });
const [header, payload, signature] = good.split('.') as [string, string, string];
const swapped = `${header}.${encode(JSON.stringify({ ...claims, sub: 'admin' }))}.${signature}`;
const tokens: readonly string[] = [
  good,
  swapped,
  sign({ ...claims, jti: 'id-1' }),
  sign({ ...claims, exp: nowSeconds - 60 }),
  sign({ ...claims, nbf: nowSeconds + 99 }),
  sign({ ...claims, sub: 7 }),
  sign({ ...claims, custom: 7 }),
  sign({ ...claims, exp: nowSeconds + 1e6 }),
  sign(claims, { alg: 'none' }),
  sign(claims, { alg: 'HS256', crit: ['x'] }),
  sign(claims, { alg: 'HS256', kid: 'unknown' }),
  sign(claims, { alg: 'HS256' }, otherSecret),
  `${good}=`,
  `${header}.${payload}`,
  `${'x'.repeat(9000)}.${good}`,
  good.replaceAll('.', ' '),
];

/** Pieces of 16 characters, of payloads and signatures: whatever shows 31 characters of one shows a piece. Headers say nothing. */
function telltales(): readonly string[] {
  const parts = tokens.flatMap((token) => token.split(/[. =]/).slice(1));
  return [...new Set(parts.flatMap((part) => part.match(/.{16}/g) ?? []))];
}

async function collectOutputs(): Promise<readonly unknown[]> {
  const outputs: unknown[] = [];
  const keep = async (run: () => unknown) => {
    try {
      outputs.push(await run());
    } catch (error) {
      outputs.push(error, (error as Error).stack);
    }
  };
  for (const onInvalidToken of ['block', 'anonymous', 'deny'] as const) {
    const store = createFakeStore();
    const service = createIdentityService({ store, clock: () => nowMs });
    const profile = profileWith({ onInvalidToken, claimsToAgent: 'all' });
    outputs.push(profile, store.written);
    for (const token of tokens) {
      for (const authorization of [`Bearer ${token}`, `Basic ${token}`, token]) {
        const credentials = { authorization, claimedSource: token };
        const judgement = await service.judge(profile, credentials);
        outputs.push(judgement);
        if (judgement.state !== 'refused') {
          outputs.push(agentUser(judgement, profile.policy, {}), cleanMetadata(judgement, {}, profile.policy));
        }
        await keep(() => service.inspect(profile, authorization));
        await keep(() => service.revoke(profile, authorization, 'hash-1'));
      }
    }
  }
  for (const bad of [secret.slice(0, 31), ` ${secret}`, `-----BEGIN ${secret}`]) {
    await keep(() => keysFor({ configured: [{ id: 'a', secret: bad }] }));
    await keep(() => keysFor({ configured: [], environmentSecret: bad }));
    await keep(() => policySettingsSchema.parse({ secret: bad }));
  }
  return outputs;
}

test('Wo13 H16 no token, no part of one and no secret is in any answer, record, message or error', async (context) => {
  const printed: unknown[] = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    context.mock.method(console, method, (...values: unknown[]) => void printed.push(...values));
  }
  const outputs = [...(await collectOutputs()), ...printed];
  const texts = outputs.flatMap((output) => [
    inspect(output, { depth: 20, maxStringLength: null, maxArrayLength: null }),
    JSON.stringify(output) ?? '',
  ]);
  assert.ok(texts.length > 200);
  const everything = [...new Set(texts)].join('\n');
  for (const forbidden of [...telltales(), secret.slice(0, 31), otherSecret]) {
    assert.equal(everything.includes(forbidden), false, `${forbidden} leaked`);
  }
});
