import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { importHmacKey, keysFor, SigningKeyError } from '../../src/identity/index.ts';
import { otherSecret, secret } from './fixtures.ts';

function refusal(run: () => unknown): SigningKeyError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SigningKeyError && error instanceof TypeError);
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('H2 a secret of 64 hex characters is used as its text, not as the bytes it spells', () => {
  assert.deepEqual(Buffer.from(importHmacKey({ id: 'a', secret }).secret), Buffer.from(secret, 'ascii'));
});

test('a secret of 32 bytes is enough, counted in UTF-8; one of 31 is refused', () => {
  assert.equal(importHmacKey({ id: 'a', secret: 'x'.repeat(32) }).secret.length, 32);
  assert.equal(importHmacKey({ id: 'a', secret: 'é'.repeat(16) }).secret.length, 32);
  assert.equal(refusal(() => importHmacKey({ id: 'a', secret: 'x'.repeat(31) })).code, 'secret_too_short');
});

test('the refusal of a short secret says how to make a good one', () => {
  assert.match(refusal(() => importHmacKey({ id: 'a', secret: 'short' })).message, /openssl rand -hex 32/);
});

for (const padded of [`${secret}\n`, ` ${secret}`, `${secret}\r\n`]) {
  test(`a secret with white space at an end is refused: ${JSON.stringify(padded.replace(secret, '…'))}`, () => {
    assert.equal(refusal(() => importHmacKey({ id: 'a', secret: padded })).code, 'secret_has_white_space');
  });
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');
const publicTexts: { readonly [title: string]: string } = {
  'RSA, PEM': rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
  'RSA, PKCS #1 PEM': rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString().trim(),
  'RSA, PEM on one line with escaped breaks': rsa.publicKey
    .export({ type: 'spki', format: 'pem' })
    .toString()
    .trim()
    .replaceAll('\n', '\\n'),
  'RSA, private PEM': rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim(),
  'RSA, body of the PEM alone': rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  'RSA, PKCS #1 body alone': rsa.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
  'P-256, body of the PEM alone': elliptic.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  'P-256, base64url': elliptic.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
  'Ed25519, body of the PEM alone': edwards.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  'RSA, JWK': JSON.stringify(rsa.publicKey.export({ format: 'jwk' })),
  JWKS: JSON.stringify({ keys: [elliptic.publicKey.export({ format: 'jwk' })] }),
  SSH: `ssh-ed25519 ${randomBytes(51).toString('base64')} someone@host`,
};
for (const [title, text] of Object.entries(publicTexts)) {
  test(`H15 a key that is no shared secret cannot become an HMAC secret: ${title}`, () => {
    assert.equal(refusal(() => importHmacKey({ id: 'a', secret: text })).code, 'not_a_shared_secret');
  });
}

test('random secrets in hex, base64 and base64url are all accepted', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 64 }), (bytes) => {
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        assert.ok(importHmacKey({ id: 'a', secret: Buffer.from(bytes).toString(encoding) }).secret.length >= 32);
      }
    }),
    { numRuns: 200 },
  );
});

test('a key shows its secret neither when printed nor when serialised', () => {
  const key = importHmacKey({ id: 'a', secret });
  const bytes = Buffer.from(secret).toJSON().data.slice(0, 8).join(',');
  for (const shown of [inspect(key, { depth: 9 }), JSON.stringify(key)]) {
    assert.ok(!shown.includes(secret) && !shown.replaceAll(/\s/g, '').includes(bytes), shown);
  }
});

test('no refusal holds the secret', () => {
  const secrets = [...Object.values(publicTexts), 'too-short-but-secret', `${secret}\n`, ` ${otherSecret}`];
  for (const text of secrets) {
    const error = refusal(() => importHmacKey({ id: 'a', secret: text }));
    assert.ok(!inspect(error).includes(text.trim()), error.code);
  }
});

test('H4 the secret of the environment serves an agent without keys', () => {
  const keys = keysFor({ configured: [], environmentSecret: secret });
  assert.deepEqual(
    keys.map((key) => [key.id, key.algorithm === 'HS256' && Buffer.from(key.secret).toString()]),
    [['environment', secret]],
  );
});

test('H4 the keys of the agent win over the environment', () => {
  const keys = keysFor({ configured: [{ id: 'own', secret: otherSecret }], environmentSecret: secret });
  assert.deepEqual(
    keys.map((key) => key.id),
    ['own'],
  );
});

test('H12 without any secret, or with an empty variable, there is no key', () => {
  assert.deepEqual(keysFor({ configured: [] }), []);
  assert.deepEqual(keysFor({ configured: [], environmentSecret: '' }), []);
});

test('H4 a short secret in the environment is refused, not passed over', () => {
  assert.equal(refusal(() => keysFor({ configured: [], environmentSecret: 'short' })).code, 'secret_too_short');
});

test('B8 three keys can be active, or as many as the policy allows', () => {
  const configured = ['a', 'b', 'c', 'd'].map((id) => ({ id, secret }));
  assert.equal(keysFor({ configured: configured.slice(0, 3) }).length, 3);
  assert.equal(refusal(() => keysFor({ configured })).code, 'too_many_keys');
  assert.equal(refusal(() => keysFor({ configured: configured.slice(0, 2), maxActiveKeys: 1 })).code, 'too_many_keys');
});

test('two keys of one id are refused, and so is a key without an id', () => {
  const twice = [
    { id: 'a', secret },
    { id: 'a', secret: otherSecret },
  ];
  assert.equal(refusal(() => keysFor({ configured: twice })).code, 'duplicate_key_id');
  assert.equal(refusal(() => importHmacKey({ id: '', secret })).code, 'invalid_key_id');
});
