import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyToken } from '../../src/identity/index.ts';
import { claims, nowMs, profileWith, sign } from './fixtures.ts';

const profile = profileWith({ identityClaim: 'email' });

async function judge(email: unknown) {
  const { sub: _, ...others } = claims;
  const result = await verifyToken(sign({ ...others, email }), profile, nowMs);
  return result.ok ? result.token.subject : result.reason;
}

test('B3 the e-mail is the subject, lower-cased', async () => {
  assert.equal(await judge('Ada.Lovelace+Chat@Mail.Widgets.IO'), 'ada.lovelace+chat@mail.widgets.io');
});

test('B3 an e-mail is required, whatever else the token says', async () => {
  const result = await verifyToken(sign(claims), profile, nowMs);
  assert.deepEqual(result, { ok: false, reason: 'missing_claim' });
});

test('B3 the claims keep the e-mail as it was signed', async () => {
  const result = await verifyToken(sign({ ...claims, email: 'Ada@Widgets.IO' }), profile, nowMs);
  assert.ok(result.ok);
  assert.equal(result.token.claims['email'], 'Ada@Widgets.IO');
});

const longLocalPart = 'a'.repeat(64);
const domainOf = (length: number) => `${'b.'.repeat(Math.floor((length - 2) / 2))}${length % 2 === 0 ? 'io' : 'com'}`;
const accepted = [
  'a@b.io',
  "o'hara@widgets.io",
  'a@xn--bcher-kva.de',
  `${longLocalPart}@widgets.io`,
  `${longLocalPart}@${domainOf(188)}`,
];
for (const email of accepted) {
  test(`B3 ${email.slice(0, 30)} (${email.length} characters) is an address`, async () => {
    assert.equal(await judge(email), email);
  });
}

const invalid: readonly unknown[] = [
  '',
  'ada',
  '@widgets.io',
  'ada@',
  'ada@widgets',
  'ada@@widgets.io',
  'ada@widgets.io@widgets.io',
  'ada @widgets.io',
  ' ada@widgets.io',
  'ada@widgets.io\n',
  'ada@widgets.io.',
  '.ada@widgets.io',
  'ada.@widgets.io',
  'a..da@widgets.io',
  '"ada"@widgets.io',
  'ada@-widgets.io',
  'ada@[127.0.0.1]',
  'ada@127.0.0.1',
  'Ada <ada@widgets.io>',
  'mi\u212Ae@widgets.io',
  'ada@ｗidgets.io',
  'ada@widgets。io',
  'ada@widgets.io\0',
  `${longLocalPart}a@widgets.io`,
  `${longLocalPart}@${domainOf(191)}`,
  42,
  null,
  true,
  ['ada@widgets.io'],
  { address: 'ada@widgets.io' },
];
for (const email of invalid) {
  test(`B3 ${JSON.stringify(email).slice(0, 40)} is no address: invalid_sub`, async () => {
    assert.equal(await judge(email), 'invalid_sub');
  });
}

const reserved = [
  'ada@printer.local',
  'ada@local',
  'ada@LOCALHOST',
  'ada@shop.test',
  'ada@test',
  'ada@a.b.example',
  'ada@no.invalid',
  'ada@router.home.arpa',
  'ada@wallet.alt',
  'ada@mail.internal',
  'ada@hidden.onion',
  'ada@office.lan',
  'ada@example.com',
  'ADA@EXAMPLE.COM',
  'ada@mail.example.net',
  'ada@example.org',
];
for (const email of reserved) {
  test(`B15 ${email} is on a reserved domain`, async () => {
    assert.equal(await judge(email), 'reserved_domain');
  });
}

for (const email of [
  'ada@notexample.com',
  'ada@example.com.widgets.io',
  'ada@mytest.io',
  'ada@local.io',
  'ada@contest',
]) {
  test(`B15 ${email} is not taken for a reserved domain`, async () => {
    assert.notEqual(await judge(email), 'reserved_domain');
  });
}
