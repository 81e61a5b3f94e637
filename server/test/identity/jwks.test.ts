import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { CompactSign } from 'jose';
import {
  createIdentityService,
  createRemoteKeySets,
  defaultPolicy,
  KeysUnavailableError,
  verifyToken,
  type Algorithm,
  type IdentityProfile,
} from '../../src/identity/index.ts';
import { eventually } from '../storage/test-stores.ts';
import { createFakeStore } from './fake-store.ts';
import { claims, nowSeconds, secret, sign } from './fixtures.ts';

const url = 'https://host.example/.well-known/jwks.json';
const minuteMs = 60_000;

const elliptic = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [first, second] = [elliptic(), elliptic()];
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const edwards = generateKeyPairSync('ed25519');

type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

function jwkOf({ publicKey }: Pair, members: object = {}): object {
  return { ...publicKey.export({ format: 'jwk' }), use: 'sig', ...members };
}

function signWith({ privateKey }: Pair, alg: string, kid?: unknown): Promise<string> {
  const payload = { ...claims, exp: nowSeconds + 200_000 };
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid: kid as string }) })
    .sign(privateKey);
}

/** A host whose answer the test decides, and a clock. */
function createHost(keys: readonly unknown[]) {
  const host = {
    now: nowSeconds * 1000,
    answer: async (): Promise<Response> => Response.json({ keys }),
    calls: 0,
    errors: [] as string[],
    requests: [] as RequestInit[],
    serve: (others: readonly unknown[]) => void (host.answer = async () => Response.json({ keys: others })),
    fail: () => void (host.answer = () => Promise.reject(new TypeError('fetch failed'))),
  };
  const sets = createRemoteKeySets({
    clock: () => host.now,
    fetch: async (_, init) => {
      host.calls++;
      host.requests.push(init ?? {});
      return host.answer();
    },
    onError: (message) => void host.errors.push(message),
  });
  const profile = (...algorithms: readonly Algorithm[]): IdentityProfile => ({
    agentId: 'shop',
    policy: { ...defaultPolicy, algorithms, jwksUrl: url, maxLifetimeSeconds: null },
    keys: [],
    remoteKeys: sets(url),
  });
  const ask = async (token: string, ...algorithms: readonly Algorithm[]) => {
    const verdict = await verifyToken(token, profile(...algorithms), host.now);
    return verdict.ok || verdict.reason;
  };
  return { host, ask, profile };
}

for (const [alg, pair] of [
  ['RS256', rsa],
  ['PS256', rsa],
  ['ES256', first],
  ['EdDSA', edwards],
] as const) {
  test(`${alg} by JWKS: accepted by kid and without one, with and without alg in the set`, async () => {
    for (const members of [{ kid: 'a', alg }, { kid: 'a' }]) {
      const { ask, host } = createHost([jwkOf(second, { kid: 'b' }), jwkOf(pair, members)]);
      assert.equal(await ask(await signWith(pair, alg, 'a'), alg), true);
      assert.equal(await ask(await signWith(pair, alg), alg), true);
      assert.equal(host.calls, 1);
      assert.equal(await ask(await signWith(pair, alg, 'b'), alg), 'invalid_signature');
      assert.equal(await ask(await signWith(pair, alg, 7), alg), 'invalid_signature');
      const others = (['RS256', 'PS256', 'ES256', 'EdDSA'] as const).filter((name) => name !== alg);
      assert.equal(await ask(await signWith(pair, alg, 'a'), ...others), 'unsupported_algorithm');
      assert.equal(await ask(sign({ ...claims }, { alg: 'HS256' }, secret), alg), 'unsupported_algorithm');
    }
  });
}

test('only keys that verify, of enough bits and without private parts, are taken from the set', async () => {
  const shared = { kty: 'oct', k: Buffer.from(secret).toString('base64url'), alg: 'HS256', use: 'sig', kid: 'a' };
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const cases: readonly (readonly [Pair, string, unknown])[] = [
    [first, 'ES256', jwkOf(first, { use: 'enc' })],
    [first, 'ES256', jwkOf(first, { key_ops: ['sign'] })],
    [first, 'ES256', { ...first.privateKey.export({ format: 'jwk' }), use: 'sig' }],
    [rsa, 'RS256', jwkOf(rsa, { d: 'AQAB' })],
    [rsa, 'RS256', jwkOf(rsa, { alg: 'RS512' })],
    [rsa, 'RS256', jwkOf(rsa, { alg: 'PS256' })],
    [weak, 'RS256', jwkOf(weak)],
    [first, 'ES256', { ...jwkOf(first), kty: 'constructor' }],
    [first, 'ES256', jwkOf(first, { x: 'AA' })],
    [first, 'ES256', 'not an object'],
  ];
  for (const [pair, alg, jwk] of cases) {
    const { ask } = createHost([jwk, shared]);
    const token =
      pair === weak
        ? (await signWith(rsa, alg)).replace(/[^.]+$/, Buffer.alloc(128, 1).toString('base64url'))
        : await signWith(pair, alg);
    assert.equal(await ask(token, 'HS256', 'RS256', 'ES256'), 'invalid_signature', JSON.stringify(jwk));
  }
  const { ask } = createHost([shared]);
  assert.equal(await ask(sign({ ...claims }, { alg: 'HS256' }, secret), 'HS256', 'ES256'), 'unsupported_algorithm');
});

test('an RSA key with an exponent of 1, under which every text is its own signature, is not taken', async () => {
  const { ask } = createHost([jwkOf(rsa, { e: 'AQ', kid: 'a' })]);
  const [header, payload] = (await signWith(rsa, 'RS256', 'a')).split('.');
  const digest = createHash('sha256').update(`${header}.${payload}`).digest('hex');
  const tail = `003031300d060960864801650304020105000420${digest}`;
  const padded = `0001${'ff'.repeat(256 - 2 - tail.length / 2)}${tail}`;
  const forged = `${header}.${payload}.${Buffer.from(padded, 'hex').toString('base64url')}`;
  assert.equal(await ask(forged, 'RS256'), 'invalid_signature');
});

test('the address of a JWKS is logged without what follows its path', async () => {
  const errors: string[] = [];
  const sets = createRemoteKeySets({
    clock: () => 0,
    fetch: () => Promise.reject(new TypeError('no')),
    onError: (message) => void errors.push(message),
  });
  await assert.rejects(sets(`${url}?key=hunter2`).candidates('ES256', 'a'), (error: Error) => {
    errors.push(error.message);
    return error instanceof KeysUnavailableError;
  });
  assert.ok(errors.length === 2 && errors.every((text) => text.includes(url) && !text.includes('hunter2')));
});

test('a set is fetched once for ten minutes, by one request at a time', async () => {
  const { ask, host } = createHost([jwkOf(first, { kid: 'a' })]);
  const token = await signWith(first, 'ES256', 'a');
  const verdicts = await Promise.all(Array.from({ length: 20 }, () => ask(token, 'ES256')));
  assert.ok(verdicts.every((verdict) => verdict === true));
  assert.equal(host.calls, 1);
  host.now += 10 * minuteMs - 1;
  assert.equal(await ask(token, 'ES256'), true);
  assert.equal(host.calls, 1);
  host.now += 1;
  await Promise.all(Array.from({ length: 20 }, () => ask(token, 'ES256')));
  assert.equal(host.calls, 2);
  assert.equal(host.requests[0]?.redirect, 'error');
});

test('a key that the host has rotated in is found at once, and one that it took out goes within ten minutes', async () => {
  const { ask, host } = createHost([jwkOf(first, { kid: 'a' })]);
  const [older, newer] = [await signWith(first, 'ES256', 'a'), await signWith(second, 'ES256', 'b')];
  assert.equal(await ask(older, 'ES256'), true);
  host.serve([jwkOf(second, { kid: 'b' })]);
  host.now += 30_000;
  assert.equal(await ask(newer, 'ES256'), true);
  assert.equal(await ask(older, 'ES256'), 'invalid_signature');
});

test('unknown kids ask the host once in 30 seconds, however many there are', async () => {
  const { ask, host } = createHost([jwkOf(first, { kid: 'a' })]);
  const tokens = await Promise.all(Array.from({ length: 30 }, (_, at) => signWith(second, 'ES256', `unknown-${at}`)));
  for (const token of tokens) assert.equal(await ask(token, 'ES256'), 'invalid_signature');
  assert.equal(host.calls, 1);
  host.now += 30_000;
  await Promise.all(tokens.map((token) => ask(token, 'ES256')));
  assert.equal(host.calls, 2);
});

test('while the host is away its last set counts, for 24 hours', async () => {
  const { ask, host } = createHost([jwkOf(first, { kid: 'a' })]);
  const token = await signWith(first, 'ES256', 'a');
  assert.equal(await ask(token, 'ES256'), true);
  host.fail();
  host.now += 23 * 60 * minuteMs;
  assert.equal(await ask(token, 'ES256'), true);
  assert.equal(host.errors.length, 1);
  // The next attempt is on its way, and nobody waits for it.
  host.now += minuteMs;
  const { promise, resolve } = Promise.withResolvers<Response>();
  host.answer = () => promise;
  assert.equal(await ask(token, 'ES256'), true);
  resolve(new Response('down', { status: 503 }));
  await eventually(async () => host.errors.length === 2);
  host.fail();
  host.now += 60 * minuteMs;
  await assert.rejects(ask(token, 'ES256'), KeysUnavailableError);
  host.serve([jwkOf(first, { kid: 'a' })]);
  await assert.rejects(ask(token, 'ES256'), KeysUnavailableError, 'not before the cool-down is over');
  host.now += 30_000;
  assert.equal(await ask(token, 'ES256'), true);
});

const bad: { readonly [what: string]: () => Promise<Response> } = {
  'an error': () => Promise.resolve(new Response('no', { status: 500 })),
  'not found': () => Promise.resolve(Response.json({ keys: [] }, { status: 404 })),
  'no JSON': () => Promise.resolve(new Response('<html>')),
  'no set': () => Promise.resolve(Response.json({ keys: 'many' })),
  'a list': () => Promise.resolve(Response.json([])),
  'too many keys': () => Promise.resolve(Response.json({ keys: Array.from({ length: 33 }, () => jwkOf(first)) })),
  'too many bytes': () => Promise.resolve(new Response('x'.repeat(256 * 1024 + 1))),
};
for (const [what, answer] of Object.entries(bad)) {
  test(`a host that answers ${what} has no keys: nothing is said of a token, and the reason is for the operator`, async () => {
    const { ask, host } = createHost([]);
    host.answer = answer;
    await assert.rejects(ask(await signWith(first, 'ES256', 'a'), 'ES256'), KeysUnavailableError);
    assert.equal(host.errors.length, 1);
    assert.ok(host.errors[0]?.includes(url));
  });
}

test('tokens of other algorithms, and texts that are no tokens, ask the host nothing', async () => {
  const { ask, host } = createHost([jwkOf(first)]);
  for (const token of ['', 'a.b.c', sign(), sign(claims, { alg: 'none' }), sign(claims, { alg: 'HS512' })]) {
    assert.notEqual(await ask(token, 'ES256'), true);
  }
  assert.equal(host.calls, 0);
});

test('a live stream of a key that the host took out has lapsed', async () => {
  const { host, profile } = createHost([jwkOf(first, { kid: 'a' })]);
  const service = createIdentityService({ store: createFakeStore(), clock: () => host.now });
  const authorization = `Bearer ${await signWith(first, 'ES256', 'a')}`;
  const judgement = await service.judge(profile('ES256'), { authorization, claimedSource: undefined });
  assert.ok(judgement.state === 'verified');
  assert.equal((await service.review(profile('ES256'), authorization, judgement)).state, 'good');
  host.serve([jwkOf(second, { kid: 'b' })]);
  host.now += 30_000;
  await service.inspect(profile('ES256'), `Bearer ${await signWith(second, 'ES256', 'b')}`);
  assert.deepEqual(await service.review(profile('ES256'), authorization, judgement), {
    state: 'lapsed',
    why: 'invalid_signature',
  });
});
