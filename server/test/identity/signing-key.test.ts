import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { importHmacKey, keysFor, SigningKeyError } from '../../src/identity/index.ts';
import { otherSecret, secret } from './fixtures.ts';
import { keyTexts } from './key-texts.ts';

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
const sealed = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;

test('H15 a key that is no shared secret cannot become an HMAC secret, whatever its kind and spelling', () => {
  const passed = keyTexts.filter(([, text]) => !isRefused(text)).map(([title]) => title);
  assert.deepEqual(passed, []);
  assert.ok(keyTexts.length > 800, `${keyTexts.length}`);
});

function isRefused(secretText: string): boolean {
  try {
    importHmacKey({ id: 'a', secret: secretText });
    return false;
  } catch (error) {
    assert.ok(error instanceof SigningKeyError);
    // Nothing of it is repeated, neither its beginning nor its end.
    const shown = inspect(error);
    const pieces = [secretText.slice(0, 24), secretText.slice(-24), secretText.slice(40, 64)];
    assert.ok(!pieces.some((piece) => shown.includes(piece)), shown);
    return error.code === 'not_a_shared_secret';
  }
}

test('H15 kinds of keys that nothing here can read are refused as well', () => {
  for (const pair of [
    generateKeyPairSync('ec', { namedCurve: 'secp521r1' }),
    generateKeyPairSync('ed448'),
    generateKeyPairSync('x25519'),
    generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }),
  ]) {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      assert.ok(isRefused(pair.publicKey.export({ type: 'spki', format: 'der' }).toString(encoding)));
      assert.ok(isRefused(pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString(encoding)));
    }
  }
  assert.ok(isRefused(rsa.privateKey.export(sealed).toString()));
});

test('a secret that only begins like a key is accepted', () => {
  const length = (bytes: number) => Buffer.concat([Buffer.from([0x30, bytes - 2]), Buffer.alloc(bytes - 2, 0xff)]);
  for (const text of [
    length(48).toString('base64'),
    length(64).toString('hex'),
    Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]).toString('base64'),
    Buffer.alloc(300, 0x2a).toString('base64url'),
    'sk-proj-0123456789abcdef0123456789abcdef',
    'MIIB-is-how-many-keys-begin-but-this-is-none',
    'the {braces} and [brackets] of a long passphrase',
  ]) {
    assert.equal(isRefused(text), false, text);
  }
});

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
  const secrets = [
    ...keyTexts.slice(0, 20).map(([, text]) => text),
    'too-short-but-secret',
    `${secret}\n`,
    ` ${otherSecret}`,
  ];
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
