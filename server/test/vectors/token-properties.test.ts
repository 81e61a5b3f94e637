import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { verifyToken, type IdentityProfile, type Policy } from '../../src/identity/index.ts';
import {
  encode,
  hs256,
  nowMs,
  nowSeconds,
  otherSecret,
  profileWith,
  secret,
  sign,
  signTexts,
} from '../identity/fixtures.ts';

async function reasonOf(token: string, profile: IdentityProfile = profileWith(), at = nowMs): Promise<string> {
  const result = await verifyToken(token, profile, at);
  return result.ok ? 'ok' : result.reason;
}

type Times = {
  readonly exp?: number | undefined;
  readonly nbf?: number | undefined;
  readonly iat?: number | undefined;
};

/** Most often near the edges, sometimes far away. */
const offset = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -310, max: 310 }) },
  { weight: 2, arbitrary: fc.integer({ min: 86_000, max: 86_800 }) },
  fc.integer({ min: -90_000, max: 90_000 }),
);
const someTimes: fc.Arbitrary<Times> = fc.record({ exp: offset, nbf: offset, iat: offset }, { requiredKeys: [] });
const somePolicy = fc.record({
  clockToleranceSeconds: fc.constantFrom(0, 1, 60, 300),
  maxLifetimeSeconds: fc.constantFrom(null, 300, 86_400),
  expiry: fc.constantFrom('required', 'recommended'),
});

const at = (time: number | undefined) => (time === undefined ? undefined : nowSeconds + time);
const signTimes = ({ exp, nbf, iat }: Times) => sign({ sub: 'a', exp: at(exp), nbf: at(nbf), iat: at(iat) });

/** The rules of docs/identity.md, with the present as zero. */
function expected(
  { exp, nbf, iat }: Times,
  policy: Pick<Policy, 'clockToleranceSeconds' | 'maxLifetimeSeconds' | 'expiry'>,
) {
  const { clockToleranceSeconds: tolerance, maxLifetimeSeconds: cap } = policy;
  if (exp !== undefined && exp + tolerance <= 0) return 'expired';
  if ((nbf ?? 0) > tolerance || (iat ?? 0) > tolerance) return 'not_yet_valid';
  if (exp === undefined) return policy.expiry === 'required' ? 'missing_claim' : 'ok';
  if (cap !== null && exp > (iat ?? tolerance) + cap) return 'lifetime_too_long';
  return 'ok';
}

test('Wo17 B4 any times under any policy get the reason that the rules say', async () => {
  await fc.assert(
    fc.asyncProperty(someTimes, somePolicy, async (times, policy) => {
      assert.equal(await reasonOf(signTimes(times), profileWith(policy)), expected(times, policy));
    }),
    { numRuns: 1_000, seed: 1 },
  );
});

test('Wo17 a token that is good at two moments is good at every moment between them', async () => {
  const moments = fc.array(fc.integer({ min: -400_000, max: 400_000 }), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(someTimes, moments, async (times, milliseconds) => {
      const profile = profileWith({ maxLifetimeSeconds: null });
      const token = signTimes(times);
      const [first = 0, between = 0, last = 0] = milliseconds.toSorted((one, other) => one - other);
      const [before, after] = [
        await reasonOf(token, profile, nowMs + first),
        await reasonOf(token, profile, nowMs + last),
      ];
      fc.pre(before === 'ok' && after === 'ok');
      assert.equal(await reasonOf(token, profile, nowMs + between), 'ok');
    }),
    { numRuns: 100, seed: 2 },
  );
});

test('Wo17 more tolerance never refuses what less accepts', async () => {
  const tolerances = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }));
  await fc.assert(
    fc.asyncProperty(someTimes, tolerances, async (times, [one, other]) => {
      const token = signTimes(times);
      const under = (clockToleranceSeconds: number) => reasonOf(token, profileWith({ clockToleranceSeconds }));
      if ((await under(Math.min(one, other))) === 'ok') assert.equal(await under(Math.max(one, other)), 'ok');
    }),
    { numRuns: 400, seed: 3 },
  );
});

/** A JSON text, and whether one of its objects has a name twice. Names are written with escapes at random. */
type Text = { readonly json: string; readonly isDouble: boolean };
const names = fc.constantFrom(
  'a',
  'b',
  'sub',
  'exp',
  '__proto__',
  '',
  '"',
  '\\',
  'ä',
  '💬',
  '{',
  '}',
  ',',
  '[:',
  '\u2028',
);

const unicodeEscape = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;

const spelled = fc.tuple(names, fc.array(fc.boolean(), { minLength: 9, maxLength: 9 })).map(([name, escapes]) => {
  // Code points: half of a surrogate pair, written as it is, has no UTF-8.
  const units = Array.from(name, (character, index) => {
    const hex = Array.from({ length: character.length }, (_, half) => unicodeEscape(character.charCodeAt(half)));
    const isPlain = JSON.stringify(character) === `"${character}"`;
    return isPlain && escapes[index] !== true ? character : hex.join('');
  });
  return { name, json: `"${units.join('')}"` };
});

const { value: jsonText } = fc.letrec<{ value: Text }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc
      .constantFrom('1', '"a"', '"{\\"a\\":1,\\"a\\":1}"', 'null', '"\\\\"', '"a,b"')
      .map((json) => ({ json, isDouble: false })),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => ({
      json: `[${items.map(({ json }) => json).join(' , ')}]`,
      isDouble: items.some(({ isDouble }) => isDouble),
    })),
    fc.array(fc.tuple(spelled, tie('value')), { maxLength: 4 }).map((members) => ({
      json: `{${members.map(([name, { json }]) => `${name.json}\n: ${json}`).join(',\t')}}`,
      isDouble:
        new Set(members.map(([{ name }]) => name)).size < members.length ||
        members.some(([, { isDouble }]) => isDouble),
    })),
  ),
}));

test('H12 a name that occurs twice is found in any JSON, however it is spelled, and nothing else is taken for one', async () => {
  await fc.assert(
    fc.asyncProperty(jsonText, fc.boolean(), async ({ json, isDouble }, inHeader) => {
      const inside = (members: string) => `{${members},"x":${json}}`;
      const payload = `"sub":"a","exp":${nowSeconds + 60}`;
      const token = inHeader ? signTexts(inside('"alg":"HS256"'), `{${payload}}`) : signTexts(hs256, inside(payload));
      assert.equal(await reasonOf(token), isDouble ? 'malformed' : 'ok');
    }),
    { numRuns: 1_000, seed: 4 },
  );
});

const someSecret = fc.uint8Array({ minLength: 1, maxLength: 100 });

test('B14 no other secret, and no other header or payload, makes the signature good', async () => {
  await fc.assert(
    fc.asyncProperty(someSecret, fc.string({ unit: 'binary' }), async (bytes, name) => {
      const claims = { sub: 'a', exp: nowSeconds + 60 };
      assert.equal(await reasonOf(sign(claims, { alg: 'HS256' }, bytes)), 'invalid_signature');
      const [head, , signature] = sign(claims).split('.');
      const other = encode(JSON.stringify({ ...claims, name: name.toWellFormed() }));
      assert.equal(await reasonOf(`${head}.${other}.${signature}`), 'invalid_signature');
    }),
    { numRuns: 300, seed: 5 },
  );
});

test('B8 the order of the keys in a ring, and others beside them, change no verdict', async () => {
  const ring = [
    { id: 'one', secret },
    { id: 'two', secret: otherSecret },
    { id: 'three', secret: 'a-third-secret-that-is-also-long-enough' },
  ];
  const order = fc.shuffledSubarray(ring, { minLength: 1 });
  const signer = fc.constantFrom(...ring, { id: 'none', secret: 'x'.repeat(40) });
  const kid = fc.constantFrom(undefined, 'one', 'two', 'three', 'none');
  await fc.assert(
    fc.asyncProperty(order, signer, kid, async (keys, key, named) => {
      const token = sign({ sub: 'a', exp: nowSeconds + 60 }, { alg: 'HS256', kid: named }, key.secret);
      const fits = keys.includes(key) && (named === undefined || named === key.id);
      const result = await verifyToken(token, profileWith({}, keys), nowMs);
      assert.equal(result.ok ? result.token.keyId : result.reason, fits ? key.id : 'invalid_signature');
    }),
    { numRuns: 200, seed: 6 },
  );
});

test('A9 two tokens are revoked together if they share a jti, or have none and are one text, and only then', async () => {
  const jti = fc.constantFrom(
    undefined,
    '',
    'a',
    'b',
    'a ',
    'x'.repeat(129),
    'y'.repeat(129),
    '\ud800',
    '\ud801',
    'jti:a',
  );
  const token = fc.record({ jti, sub: fc.constantFrom('a', 'b') });
  const keyOf = async (payload: { readonly jti?: string | undefined; readonly sub: string }) => {
    const result = await verifyToken(sign({ ...payload, exp: nowSeconds + 60 }), profileWith(), nowMs);
    return result.ok ? result.token.revocationKey : assert.fail(result.reason);
  };
  await fc.assert(
    fc.asyncProperty(token, token, async (one, other) => {
      const isNamed = one.jti !== undefined && one.jti !== '';
      const areOne = one.jti === other.jti && (isNamed || one.sub === other.sub);
      assert.equal((await keyOf(one)) === (await keyOf(other)), areOne);
    }),
    { numRuns: 300, seed: 7 },
  );
});
