import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { signUserToken, type UserToken } from '../../src/sign/index.ts';
import jsonwebtoken from 'jsonwebtoken';
import { startServer, json, secret } from '../http/harness.ts';

test('W2 W3 a token that a Node host signs says who it is, for an hour, and the server accepts it', async (t) => {
  const { send, clock } = await startServer(t, { agent: { policy: 'widgent' } });
  const token = await signUserToken({
    secret,
    subject: 'user-1',
    name: 'Ada',
    email: 'ada@shop.example',
    claims: { metadata: { plan: 'pro' } },
    clock: () => clock.now,
  });
  const iat = Math.floor(clock.now / 1000);
  const decoded = jsonwebtoken.verify(token, secret, { algorithms: ['HS256'], clockTimestamp: iat });
  const { jti, ...claims } = decoded as { jti: string };
  assert.deepEqual(claims, {
    sub: 'user-1',
    name: 'Ada',
    email: 'ada@shop.example',
    metadata: { plan: 'pro' },
    iat,
    exp: iat + 3_600,
  });
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.partialDeepStrictEqual(await json(await send('/identity', { method: 'POST', token })), {
    verified: true,
    subject: 'user-1',
  });
});

test('W2 two tokens of one user have different ids, so that a logout ends one alone', async (t) => {
  const { send, clock } = await startServer(t);
  const user = { secret, subject: 'user-1', clock: () => clock.now };
  const [one, other] = [await signUserToken(user), await signUserToken({ ...user, keyId: 'k1' })];
  await send('/logout', { method: 'POST', token: one });
  const identify = async (token: string) => json(await send('/identity', { method: 'POST', token }));
  assert.deepEqual(await identify(one), { verified: false, reason: 'revoked' });
  assert.partialDeepStrictEqual(await identify(other), { verified: true });
});

const mistakes: readonly (readonly [string, object, RegExp])[] = [
  ['a short secret', { secret: 'only-thirty-one-bytes-of-secret' }, /at least 32 bytes/],
  ['a number', { subject: 7 }, /String\(user\.id\)/],
  ['an empty subject', { subject: '' }, /1 to 255/],
  ['a long subject', { subject: 'x'.repeat(256) }, /1 to 255/],
  ['a lifetime of zero', { expiresInSeconds: 0 }, /positive whole number/],
  ['a lifetime of half a second', { expiresInSeconds: 0.5 }, /positive whole number/],
  ['a subject among the claims', { claims: { sub: 'admin' } }, /"sub" is set by signUserToken itself/],
  ['an end among the claims', { claims: { exp: 1 } }, /"exp"/],
];
for (const [what, wrong, message] of mistakes) {
  test(`W2 ${what} is refused where it is signed, without showing the secret`, async () => {
    const user = { secret, subject: 'a', ...wrong } as UserToken;
    await assert.rejects(signUserToken(user), (error: unknown) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
      return !inspect(error).includes(user.secret);
    });
  });
}
