import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { CompactSign } from 'jose';
import {
  createIdentityService,
  defaultPolicy,
  importHmacKey,
  importPublicKey,
  SigningKeyError,
  verifyToken,
  type IdentityProfile,
  type PublicAlgorithm,
} from '../../src/identity/index.ts';
import { createFakeStore } from './fake-store.ts';
import { claims, encode, nowMs, secret, sign } from './fixtures.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pairs: { readonly [Algorithm in PublicAlgorithm]: { publicKey: KeyObject; privateKey: KeyObject } } = {
  RS256: rsa,
  PS256: rsa,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const algorithms = Object.keys(pairs) as PublicAlgorithm[];

const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

function profileFor(...allowed: readonly PublicAlgorithm[]): IdentityProfile {
  const keys = allowed.map((algorithm) =>
    importPublicKey({ id: algorithm, algorithm, publicKey: pemOf(pairs[algorithm].publicKey) }),
  );
  return { agentId: 'shop', policy: { ...defaultPolicy, algorithms: allowed }, keys };
}

function signWith(algorithm: PublicAlgorithm, header: object = {}, payload: object = claims): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: algorithm, ...header })
    .sign(pairs[algorithm].privateKey);
}

async function reasonOf(token: string, profile: IdentityProfile) {
  const verdict = await verifyToken(token, profile, nowMs);
  return verdict.ok ? verdict.token.keyId : verdict.reason;
}

for (const algorithm of algorithms) {
  test(`${algorithm} by a PEM key: its tokens are accepted, with and without kid, and others' are not`, async () => {
    const profile = profileFor(algorithm);
    assert.equal(await reasonOf(await signWith(algorithm), profile), algorithm);
    assert.equal(await reasonOf(await signWith(algorithm, { kid: algorithm }), profile), algorithm);
    assert.equal(await reasonOf(await signWith(algorithm, { kid: 'other' }), profile), 'invalid_signature');
    const [header, , signature] = (await signWith(algorithm)).split('.');
    const forged = `${header}.${encode(JSON.stringify({ ...claims, sub: 'admin' }))}.${signature}`;
    assert.equal(await reasonOf(forged, profile), 'invalid_signature');
    for (const other of algorithms.filter((name) => name !== algorithm)) {
      assert.equal(await reasonOf(await signWith(other), profile), 'unsupported_algorithm');
    }
    assert.equal(await reasonOf(sign(), profile), 'unsupported_algorithm');
  });

  test(`H15 the public ${algorithm} key never serves as an HMAC secret, in whatever spelling`, async () => {
    const profile: IdentityProfile = {
      ...profileFor(algorithm),
      policy: { ...defaultPolicy, algorithms: ['HS256', algorithm] },
      keys: [...profileFor(algorithm).keys, importHmacKey({ id: 'shared', secret })],
    };
    const { publicKey } = pairs[algorithm];
    const pem = pemOf(publicKey);
    const der = publicKey.export({ type: 'spki', format: 'der' });
    for (const key of [pem, pem.trim(), pem.replaceAll('\n', '\r\n'), der, der.toString('base64')]) {
      for (const kid of [{}, { kid: algorithm }, { kid: 'shared' }]) {
        const token = sign(claims, { alg: 'HS256', ...kid }, key);
        assert.equal(await reasonOf(token, profile), 'invalid_signature');
      }
    }
    assert.equal(await reasonOf(sign(), profile), 'shared');
    const withHmac = `${encode(JSON.stringify({ alg: algorithm }))}.${encode(JSON.stringify(claims))}`;
    const signature = createHmac('sha256', pem).update(withHmac).digest('base64url');
    assert.equal(await reasonOf(`${withHmac}.${signature}`, profile), 'invalid_signature');
  });
}

test('an RSA key that is meant for RS256 does not verify PS256, and the other way round', async () => {
  assert.equal(await reasonOf(await signWith('PS256', { kid: 'RS256' }), profileFor('RS256')), 'unsupported_algorithm');
  assert.equal(
    await reasonOf(await signWith('PS256', { kid: 'RS256' }), profileFor('RS256', 'PS256')),
    'invalid_signature',
  );
});

test('a key of an algorithm that the policy does not name is as if it were not there', async () => {
  const profile = { ...profileFor('ES256'), policy: defaultPolicy };
  assert.equal(await reasonOf(await signWith('ES256'), profile), 'not_configured');
});

/** (r, s) and (r, n − s) are both valid ECDSA signatures of one text. */
function twinOf(token: string): string {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  return `${header}.${payload}.${twin.toString('base64url')}`;
}

test('a revoked token stays revoked as its ECDSA twin, signed anew, and in other spellings', async () => {
  const profile = profileFor('ES256');
  const service = createIdentityService({ store: createFakeStore(), clock: () => nowMs });
  const token = await signWith('ES256');
  const twin = twinOf(token);
  const again = await signWith('ES256');
  assert.equal(new Set([token, twin, again]).size, 3);
  for (const each of [token, twin, again]) assert.equal(await reasonOf(each, profile), 'ES256');
  await service.revoke(profile, `Bearer ${token}`, undefined);
  for (const each of [token, twin, again]) {
    assert.deepEqual(await service.inspect(profile, `Bearer ${each}`), { state: 'rejected', reason: 'revoked' });
  }
  for (const each of [`${token}=`, `${token}\n`, ` ${token}`]) {
    assert.partialDeepStrictEqual(await service.inspect(profile, `Bearer ${each}`), { state: 'rejected' });
  }
});

function refusal(algorithm: PublicAlgorithm, publicKey: string): string {
  try {
    importPublicKey({ id: 'k', algorithm, publicKey });
  } catch (error) {
    assert.ok(error instanceof SigningKeyError);
    return error.message;
  }
  return 'none';
}

test('RSA keys under 2,048 bits, other curves and unsafe exponents are refused', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 2047 });
  assert.match(refusal('RS256', pemOf(small.publicKey)), /2047 bits/);
  const odd = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  assert.match(refusal('ES256', pemOf(odd.publicKey)), /no P-256 key/);
  const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  assert.match(refusal('ES256', pemOf(koblitz.publicKey)), /no P-256 key/);
  assert.match(refusal('EdDSA', pemOf(generateKeyPairSync('ed448').publicKey)), /no Ed25519 key/);
  assert.match(refusal('EdDSA', pemOf(generateKeyPairSync('x25519').publicKey)), /no Ed25519 key/);
  assert.equal(refusal('RS256', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()), 'none');
});

test('private keys, two keys in one text and certificates are refused, and never repeated', () => {
  const { privateKey, publicKey } = pairs.ES256;
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const wrong of [
    text,
    pemOf(publicKey) + text,
    pemOf(publicKey) + pemOf(publicKey),
    '-----BEGIN CERTIFICATE-----',
    '',
  ]) {
    const message = refusal('ES256', wrong);
    assert.match(message, /is a private key|not one public key in PEM/);
    assert.ok(!message.includes(text.split('\n')[1] ?? ''));
  }
});
