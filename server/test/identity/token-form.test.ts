import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isIdentityReason } from '../../../src/protocol/index.ts';
import { verifyToken } from '../../src/identity/index.ts';
import { claims, encode, hs256, nowMs, profileWith, sign, signTexts } from './fixtures.ts';

const profile = profileWith();
const valid = sign({ ...claims, name: 'Ada' });
const [headerPart, payloadPart, signaturePart] = valid.split('.') as [string, string, string];

async function reasonOf(token: string): Promise<string> {
  const result = await verifyToken(token, profile, nowMs);
  return result.ok ? 'ok' : result.reason;
}

test('the token that the cases below vary is accepted', async () => {
  assert.equal(await reasonOf(valid), 'ok');
});

const forms: readonly [string, string][] = [
  ['the empty text', ''],
  ['one part', headerPart],
  ['two parts', `${headerPart}.${payloadPart}`],
  ['four parts', `${valid}.x`],
  ['five parts, as an encrypted token has', `${headerPart}..${payloadPart}.${signaturePart}.x`],
  ['an empty header', `.${payloadPart}.${signaturePart}`],
  ['an empty payload', `${headerPart}..${signaturePart}`],
  ['dots alone', '..'],
  ['padding', `${headerPart}=.${payloadPart}.${signaturePart}`],
  ['padding of the signature', `${valid}=`],
  ['a line break at the end', `${valid}\n`],
  ['a space in the middle', `${headerPart}. ${payloadPart}.${signaturePart}`],
  ['a tab in a part', `${headerPart.slice(0, 4)}\t${headerPart.slice(4)}.${payloadPart}.${signaturePart}`],
  ['a part of a length that no bytes have', `${headerPart}.${payloadPart}.${signaturePart}AA`],
  ['letters of other scripts', `${headerPart}.${payloadPart}.${signaturePart.slice(0, -1)}Ａ`],
  ['a header that is a list', signTexts('["HS256"]', '{}')],
  ['a header that is null', signTexts('null', '{}')],
  ['a payload that is a list', signTexts(hs256, '[]')],
  ['a payload that is a string', signTexts(hs256, '"user-1"')],
  ['a payload that is no JSON', signTexts(hs256, '{"sub":"a",}')],
  ['a payload with a comment', signTexts(hs256, '{"sub":"a"/**/}')],
  ['a payload with something after it', signTexts(hs256, '{"sub":"a"}{}')],
  ['a payload with a byte order mark', signTexts(hs256, '\ufeff{"sub":"a"}')],
  ['a payload that is no UTF-8', signTexts(hs256, Uint8Array.of(0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d))],
  ['a surrogate encoded as UTF-8', signTexts(hs256, Buffer.from('7b22ed a080223a317d'.replaceAll(' ', ''), 'hex'))],
];
for (const [title, token] of forms) {
  test(`H12 malformed: ${title}`, async () => assert.equal(await reasonOf(token), 'malformed'));
}

const duplicates: readonly [string, string, string][] = [
  ['sub', hs256, '{"sub":"a","exp":1800000100,"sub":"admin"}'],
  ['sub, the same value twice', hs256, '{"sub":"a","exp":1800000100,"sub":"a"}'],
  ['sub, once with an escape', hs256, '{"sub":"a","exp":1800000100,"s\\u0075b":"admin"}'],
  ['alg', '{"alg":"HS256","alg":"HS256"}', '{"sub":"a","exp":1800000100}'],
  ['a name in a nested object', hs256, '{"sub":"a","exp":1800000100,"custom":{"plan":"a","plan":"b"}}'],
  ['a name in an object in a list', hs256, '{"sub":"a","exp":1800000100,"x":[1,{"y":1,"y":2}]}'],
  ['a name after a nested object has ended', hs256, '{"sub":"a","exp":1800000100,"x":{"z":1},"x":1}'],
  ['__proto__', hs256, '{"sub":"a","exp":1800000100,"__proto__":1,"__proto__":2}'],
  ['the empty name', hs256, '{"sub":"a","exp":1800000100,"":1,"":2}'],
];
for (const [title, header, payload] of duplicates) {
  test(`H12 a name that occurs twice is malformed: ${title}`, async () => {
    assert.equal(await reasonOf(signTexts(header, payload)), 'malformed');
  });
}

const distinct: readonly [string, string][] = [
  ['a name again as a value', '{"sub":"sub","exp":1800000100,"a":"exp"}'],
  ['a name again in another object', '{"sub":"a","exp":1800000100,"x":{"sub":"b"},"y":{"sub":"c"}}'],
  ['equal strings in a list', '{"sub":"a","exp":1800000100,"x":["a","a","sub"]}'],
  ['punctuation and quotes inside strings', '{"sub":"a","exp":1800000100,"x":"{\\"sub\\":1,[","y\\\\":"\\\\","y":"}"}'],
  ['names that differ in case', '{"sub":"a","exp":1800000100,"Sub":"b"}'],
  ['a name after a list', '{"sub":"a","x":[],"exp":1800000100,"y":[{},{}]}'],
];
for (const [title, payload] of distinct) {
  test(`names that are no duplicates are accepted: ${title}`, async () => {
    assert.equal(await reasonOf(signTexts(hs256, payload)), 'ok');
  });
}

test('B7 a token of 8 KiB is read, one byte more is too large', async () => {
  const overhead = sign({ ...claims, x: '' }).length;
  const padding = 'x'.repeat(Math.floor(((8192 - overhead) * 3) / 4));
  const atLimit = sign({ ...claims, x: padding });
  assert.ok(atLimit.length <= 8192 && atLimit.length > 8185);
  assert.equal(await reasonOf(atLimit), 'ok');
  assert.equal(await reasonOf('x'.repeat(8192)), 'malformed');
  assert.equal(await reasonOf('x'.repeat(8193)), 'too_large');
  assert.equal(await reasonOf(sign({ ...claims, x: `${padding}xxxxxxx` })), 'too_large');
});

test('size is counted in bytes', async () => {
  assert.equal(await reasonOf('é'.repeat(4096)), 'malformed');
  assert.equal(await reasonOf('é'.repeat(4097)), 'too_large');
});

test('nesting is accepted to 32 levels and malformed beyond, however deep', async () => {
  const nested = (levels: number) => `{"sub":"a","exp":1800000100,"x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  assert.equal(await reasonOf(signTexts(hs256, nested(31))), 'ok');
  assert.equal(await reasonOf(signTexts(hs256, nested(32))), 'malformed');
  assert.equal(await reasonOf(signTexts(hs256, nested(3000))), 'malformed');
  assert.equal(await reasonOf(signTexts(hs256, `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`)), 'malformed');
  assert.equal(await reasonOf(signTexts('['.repeat(6000), '{}')), 'malformed');
});

test('B14 every token with one changed bit is refused', async () => {
  for (let at = 0; at < valid.length; at += 1) {
    for (let bit = 0; bit < 7; bit += 1) {
      const changed = String.fromCharCode(valid.charCodeAt(at) ^ (1 << bit));
      const reason = await reasonOf(valid.slice(0, at) + changed + valid.slice(at + 1));
      assert.ok(isIdentityReason(reason), `character ${at} as ${JSON.stringify(changed)}: ${reason}`);
    }
  }
});

test('B14 every token with a byte replaced, dropped or added is refused', async () => {
  const edit = fc.record({
    at: fc.nat(valid.length - 1),
    drop: fc.nat(2),
    insert: fc.string({ maxLength: 2, unit: 'binary' }),
  });
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, drop, insert }) => {
      const changed = valid.slice(0, at) + insert + valid.slice(at + drop);
      fc.pre(changed !== valid);
      assert.ok(isIdentityReason(await reasonOf(changed)));
    }),
    { numRuns: 500 },
  );
});

test('no other spelling of a token is accepted: spare bits', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(signaturePart.at(-1) ?? '');
  for (const spare of [1, 2, 3]) {
    const twin = `${valid.slice(0, -1)}${alphabet[last ^ spare]}`;
    assert.deepEqual(Buffer.from(twin.split('.')[2] ?? '', 'base64url'), Buffer.from(signaturePart, 'base64url'));
    assert.equal(await reasonOf(twin), 'malformed');
  }
});

test('no other spelling of a token is accepted: the alphabet of plain base64', async () => {
  const token = sign({ ...claims, name: '???>>>~~~ÿÿÿ' });
  assert.ok(/[-_]/.test(token));
  assert.equal(await reasonOf(token.replaceAll('-', '+').replaceAll('_', '/')), 'malformed');
});

test('random text is refused and never throws', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.base64String(), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
    fc.tuple(fc.json(), fc.json()).map(([header, payload]) => `${encode(header)}.${encode(payload)}.AAAA`),
    fc.tuple(fc.uint8Array(), fc.uint8Array()).map(([header, payload]) => signTexts(header, payload)),
  );
  await fc.assert(
    fc.asyncProperty(text, async (token) => assert.ok(isIdentityReason(await reasonOf(token)))),
    { numRuns: 500 },
  );
});

test('well-signed tokens of any JSON claims get an answer and never throw', async () => {
  const anyClaims = fc.dictionary(
    fc.oneof(
      fc.constantFrom('sub', 'exp', 'iat', 'nbf', 'aud', 'iss', 'jti', 'custom', 'email', '__proto__'),
      fc.string(),
    ),
    fc.jsonValue(),
  );
  const strict = profileWith({ audience: ['a'], issuer: ['a'], identityClaim: 'email', expiry: 'recommended' });
  await fc.assert(
    fc.asyncProperty(anyClaims, async (payload) => {
      const token = sign(payload);
      for (const judged of [profile, strict]) {
        const result = await verifyToken(token, judged, nowMs);
        assert.ok(result.ok || isIdentityReason(result.reason));
      }
    }),
    { numRuns: 500 },
  );
});
