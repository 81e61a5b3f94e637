import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { ConfigError, decodeConfig, readIdentities } from '../../src/config/index.ts';
import { resolvePolicy } from '../../src/identity/index.ts';

const secret = 'a-perfectly-fine-secret-of-this-shop';
const { publicKey } = generateKeyPairSync('ed25519');
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

function identityOf(settings: object) {
  const { agents } = decodeConfig({ agents: [{ id: 'shop', name: 'Shop', ...settings }] });
  return readIdentities(agents, undefined)[0] ?? assert.fail();
}

test('a policy is a preset’s name, or a preset with what is different', () => {
  assert.deepEqual(resolvePolicy(identityOf({ policy: 'hilal' }).settings), resolvePolicy({ preset: 'hilal' }));
  const { settings } = identityOf({ policy: { preset: 'hilal', access: 'verified-only' } });
  assert.deepEqual(resolvePolicy(settings), { ...resolvePolicy({ preset: 'hilal' }), access: 'verified-only' });
});

test('keys that are not named are left to the store, and an empty list is a ring without keys', () => {
  assert.equal(identityOf({}).keys, undefined);
  assert.deepEqual(identityOf({ keys: [] }).keys, []);
});

test('a public key brings its algorithm along where no algorithms are named', () => {
  const key = { id: 'k', algorithm: 'EdDSA', publicKey: pem };
  assert.deepEqual(resolvePolicy(identityOf({ keys: [key] }).settings).algorithms, ['EdDSA']);
  const both = [key, { id: 's', secret }];
  assert.deepEqual(resolvePolicy(identityOf({ keys: both }).settings).algorithms, ['EdDSA', 'HS256']);
  assert.deepEqual(resolvePolicy(identityOf({ keys: [{ id: 's', secret }] }).settings).algorithms, ['HS256']);
});

const mistakes: readonly (readonly [string, object, RegExp])[] = [
  ['an unknown preset', { policy: 'intercom' }, /^agents\[0\]\.policy\.preset: .*"applied"/],
  ['a setting beside a preset', { policy: { preset: 'hilal', expiry: 'soon' } }, /^agents\[0\]\.policy\.expiry: /],
  [
    'a JWKS without an algorithm for it',
    { policy: { jwksUrl: 'https://host.example/jwks' } },
    /^agents\[0\]\.policy\.jwksUrl: needs "algorithms"/,
  ],
  [
    'a JWKS over plain http',
    { policy: { algorithms: ['RS256'], jwksUrl: 'http://host.example/jwks' } },
    /^agents\[0\]\.policy\.jwksUrl: must be an https URL/,
  ],
  [
    'a public key without its algorithm',
    { keys: [{ id: 'k', publicKey: pem }] },
    /^agents\[0\]\.keys\[0\]\.algorithm: /,
  ],
  [
    'a public key for HS256',
    { keys: [{ id: 'k', publicKey: pem, algorithm: 'HS256' }] },
    /^agents\[0\]\.keys\[0\]\.algorithm: /,
  ],
  [
    'a key of both kinds',
    { keys: [{ id: 'k', publicKey: pem, algorithm: 'EdDSA', secret }] },
    /^agents\[0\]\.keys\[0\]/,
  ],
  [
    'another kind of key',
    { keys: [{ id: 'k', publicKey: pem, algorithm: 'RS256' }] },
    /^agents\[0\]\.keys: .*no RSA key/,
  ],
  [
    'a key that its policy does not allow',
    { policy: 'hilal', keys: [{ id: 'k', publicKey: pem, algorithm: 'EdDSA' }] },
    /^agents\[0\]\.keys: "k" is for EdDSA, which policy\.algorithms does not name/,
  ],
  [
    'two keys where one may be active',
    {
      policy: 'wonderchat',
      keys: [
        { id: 'a', secret },
        { id: 'b', secret },
      ],
    },
    /allows 1/,
  ],
];
for (const [what, settings, message] of mistakes) {
  test(`${what} is named with its place, and no secret with it`, () => {
    assert.throws(
      () => identityOf(settings),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, message);
        return !error.message.includes(secret);
      },
    );
  });
}
