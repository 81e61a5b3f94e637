import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test, type TestContext } from 'node:test';
import { json, newSession, problem, sendBody, startServer } from '../http/harness.ts';
import { hmac, pair, signerOf, type PublicAlgorithm, type Signer, type VectorKey } from './agents.ts';
import { jwkOf, startJwksHost } from './jwks-host.ts';
import { encode } from './draft.ts';
import { overHttp } from './over-http.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const [older, newer] = [pair('older', 'ES256'), pair('newer', 'ES256')];
const keys = { RS256: pair('rsa', 'RS256'), ES256: older, EdDSA: pair('ed', 'EdDSA') };
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

type Answer = Awaited<ReturnType<typeof startJwksHost>>['answer'];

const setOf =
  (...members: readonly object[]): Answer =>
  (response) =>
    void response.end(JSON.stringify({ keys: members }));
const member = ({ publicKey, id }: VectorKey, more: object = {}) =>
  jwkOf(publicKey ?? assert.fail(), { kid: id, use: 'sig', ...more });

/** A server on a port, whose agent takes its keys from a host on another one. */
async function startPair(t: TestContext, answer: Answer) {
  const host = await startJwksHost(t, answer);
  const policy = { algorithms: [...algorithms], jwksUrl: `${host.url}/jwks.json`, maxLifetimeSeconds: null };
  const harness = await overHttp(t, await startServer(t, { agent: { keys: undefined, policy } }));
  const { clock, send, agent, logged } = harness;

  function token(algorithm: PublicAlgorithm, sign: Signer, header: object = {}): string {
    const iat = Math.floor(clock.now / 1000);
    const parts = [
      { alg: algorithm, ...header },
      { sub: 'ada', iat, exp: iat + 200_000 },
    ];
    const text = parts.map((part) => encode(JSON.stringify(part))).join('.');
    return `${text}.${encode(sign(text))}`;
  }
  return {
    host,
    clock,
    agent,
    logged,
    send,
    token,
    by: (key: VectorKey, header: object = { kid: key.id }) => token(key.algorithm as PublicAlgorithm, key.sign, header),
    /** What the identity call says: `verified`, or the reason. */
    ask: async (text: string) => {
      const response = await send('/identity', { method: 'POST', token: text });
      if (response.status !== 200) return (await problem(response)).status;
      const { verified, reason } = await json(response);
      return verified === true ? 'verified' : reason;
    },
    chat: (text: string) => send('/chat', { token: text, session: newSession(), body: sendBody('hello') }),
  };
}

test('a key that the host has taken out of its set: its tokens are invalid_signature once the set was asked for again', async (t) => {
  const { host, clock, by, ask, chat, agent } = await startPair(t, setOf(member(older), member(newer)));
  const [first, second] = [by(older), by(newer)];
  assert.deepEqual([await ask(first), await ask(second)], ['verified', 'verified']);
  host.answer = setOf(member(newer));
  clock.now += 10 * minuteMs - 1;
  assert.equal(await ask(first), 'verified', 'as documented, for up to ten minutes');
  clock.now += 1;
  assert.deepEqual([await ask(first), await ask(second)], ['invalid_signature', 'verified']);
  const unnamed = by(older, {});
  assert.equal(await ask(unnamed), 'invalid_signature');
  for (const each of [first, unnamed]) {
    assert.partialDeepStrictEqual(await problem(await chat(each)), { status: 401, reason: 'invalid_signature' });
  }
  assert.equal(agent.turns.length, 0);
});

test('a key that the host has put in is found at once, and asked for once in 30 seconds', async (t) => {
  const { host, clock, by, ask } = await startPair(t, setOf(member(older)));
  assert.equal(await ask(by(older)), 'verified');
  host.answer = setOf(member(older), member(newer));
  assert.equal(await ask(by(newer)), 'invalid_signature', 'the set was asked for this very moment');
  clock.now += 30_000;
  assert.equal(await ask(by(newer)), 'verified');
  for (let at = 0; at < 20; at++) {
    assert.equal(await ask(by(newer, { kid: `unknown-${at}` })), 'invalid_signature');
  }
  assert.equal(host.asked.length, 2);
});

test('H15 of two keys with the same kid each verifies its own tokens, and nobody else’s', async (t) => {
  const kid = 'the-same';
  const { by, ask, token } = await startPair(
    t,
    setOf(member(older, { kid }), member(newer, { kid }), member(keys.RS256, { kid }), member(keys.EdDSA, { kid })),
  );
  for (const key of [older, newer, keys.RS256, keys.EdDSA]) assert.equal(await ask(by(key, { kid })), 'verified');
  assert.equal(await ask(by(pair('x', 'ES256'), { kid })), 'invalid_signature');
  assert.equal(await ask(token('ES256', keys.EdDSA.sign, { kid })), 'invalid_signature');
  assert.equal(await ask(token('RS256', older.sign, { kid })), 'invalid_signature');
  assert.equal(await ask(token('PS256', keys.RS256.sign, { kid })), 'invalid_signature');
});

for (const [what, more] of [
  ['names no algorithm', {}],
  ['names RS256', { alg: 'RS256' }],
] as const) {
  test(`H15 an RSA key of the set that ${what} is never used by another algorithm than the token’s`, async (t) => {
    const { token, ask } = await startPair(t, setOf(member(keys.RS256, more)));
    const { privateKey } = keys.RS256;
    const [pkcs, pss] = [signerOf('RS256', privateKey), signerOf('PS256', privateKey)];
    assert.equal(await ask(token('RS256', pkcs)), 'verified');
    assert.equal(await ask(token('RS256', pss)), 'invalid_signature');
    assert.equal(await ask(token('PS256', pkcs)), 'invalid_signature');
    assert.equal(await ask(token('PS256', pss)), 'alg' in more ? 'invalid_signature' : 'verified');
  });
}

test('H15 no token makes the server ask anybody but the host of the policy', async (t) => {
  const evil = await startJwksHost(t, setOf(member(newer)));
  const { host, by, ask } = await startPair(t, setOf(member(older)));
  const url = `${evil.url}/jwks.json`;
  const { publicKey = assert.fail() } = newer;
  const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const chosen = [
    { jku: url },
    { x5u: url },
    { jwk: jwkOf(publicKey) },
    { x5c: [der] },
    { iss: evil.url },
    { kid: url },
  ];
  for (const header of [...chosen, Object.assign({}, ...chosen) as object]) {
    assert.equal(await ask(by(newer, header)), 'invalid_signature', JSON.stringify(header));
  }
  assert.deepEqual(evil.asked, []);
  assert.deepEqual(new Set(host.asked), new Set(['/jwks.json']));
});

/** What a host may answer where a set is expected. */
const faults: { readonly [what: string]: Answer } = {
  'answers 500': (response) => void response.writeHead(500).end(),
  'answers 404 with a set': (response) => void response.writeHead(404).end(JSON.stringify({ keys: [member(older)] })),
  'closes the connection': (response) => void response.destroy(),
  'breaks off': (response) => {
    response.writeHead(200, { 'content-length': '5000' });
    response.write('{"keys":[', () => response.destroy());
  },
  redirects: (response, { url }) => {
    if (url === '/there') setOf(member(older))(response, {} as never);
    else response.writeHead(302, { location: '/there' }).end();
  },
  'answers a page': (response) => void response.end('<!doctype html><title>Sign in</title>'),
  'answers half a set': (response) => void response.end(JSON.stringify({ keys: [member(older)] }).slice(0, -9)),
  'answers a list': (response) => void response.end(JSON.stringify([member(older)])),
  'answers a bare key': (response) => void response.end(JSON.stringify(member(older))),
  'answers nothing': (response) => void response.end(),
  'answers 33 keys': setOf(...Array.from({ length: 33 }, () => member(older))),
  'answers without an end': (response) => {
    const more = () => {
      if (!response.destroyed) response.write(' '.repeat(16_384), () => setImmediate(more));
    };
    more();
  },
  'answers never': () => undefined,
  'answers a byte now and then': (response) => {
    const timer = setInterval(() => response.write(' '), 100);
    response.on('close', () => clearInterval(timer));
  },
};

// Side by side: two of them wait for the server's patience of 5 seconds, three times each.
describe('a host that fails', { concurrency: true }, () => {
  for (const [what, answer] of Object.entries(faults)) {
    test(`while the host ${what} its last set counts for a day; without one no token is judged: 503, and nothing reaches the agent`, async (t) => {
      const { host, clock, by, ask, chat, agent, logged } = await startPair(t, answer);
      const good = by(older);
      assert.equal(await ask(good), 503);
      assert.partialDeepStrictEqual(await problem(await chat(good)), { status: 503, code: 'unavailable' });
      assert.equal(await ask(by(pair('x', 'ES256'))), 503, 'nothing can be said of a bad one either');
      assert.equal(await ask(`${good}=`), 'malformed', 'but for what needs no key');
      assert.match(logged(), /The keys of http:\/\/127\.0\.0\.1:\d+\/jwks\.json could not be fetched: /);
      assert.equal(agent.turns.length, 0);
      assert.ok(!host.asked.includes('/there'));

      host.answer = setOf(member(older));
      clock.now += 30_000;
      assert.equal(await ask(good), 'verified');
      host.answer = answer;
      clock.now += 23 * hourMs;
      assert.equal(await ask(good), 'verified');
      assert.equal(await ask(by(newer)), 'invalid_signature');
      assert.equal(await ask(by(newer, {})), 'invalid_signature');
      clock.now += hourMs;
      assert.equal(await ask(good), 503);
    });
  }
});

for (const [what, members] of [
  ['is empty', []],
  ['has shared keys alone', [{ kty: 'oct', kid: 'older', k: encode('x'.repeat(40)), alg: 'HS256' }]],
  ['has keys of other curves alone', [jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey)]],
] as const) {
  test(`H15 a set that ${what} is a set: each token is invalid_signature, by HS256 unsupported_algorithm`, async (t) => {
    const { by, ask, token } = await startPair(t, setOf(...members));
    for (const key of [older, keys.RS256, keys.EdDSA]) assert.equal(await ask(by(key)), 'invalid_signature');
    assert.equal(
      await ask(token('HS256' as PublicAlgorithm, hmac('x'.repeat(40)), { kid: 'older' })),
      'unsupported_algorithm',
    );
  });
}
