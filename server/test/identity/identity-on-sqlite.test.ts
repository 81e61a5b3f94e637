import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createIdentityService } from '../../src/identity/index.ts';
import { openStore } from '../../src/storage/index.ts';
import { claims, nowMs, nowSeconds, profileWith, secret, sign } from './fixtures.ts';

async function openService(context: TestContext) {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'chat-identity-'));
  const store = await openStore({ dataDirectory });
  context.after(async () => {
    await store.close();
    await rm(dataDirectory, { recursive: true });
  });
  const service = createIdentityService({ store, clock: () => nowMs });
  const judge = (token: string) =>
    service.judge(profileWith(), { authorization: `Bearer ${token}`, claimedSource: undefined });
  return { store, service, judge, dataDirectory };
}

test('A9 W8 on SQLite a logout refuses the token on the next request and closes the session', async (context) => {
  const { store, service, judge } = await openService(context);
  const token = sign({ ...claims, jti: 'id-1' });
  const told: string[] = [];
  store.notifier.subscribe('revoked:shop', (payload) => void told.push(payload));
  assert.equal((await judge(token)).state, 'verified');
  assert.equal(await store.sessions.touch('shop', 'hash-1', nowMs), true);
  await service.revoke(profileWith(), `Bearer ${token}`, 'hash-1');
  assert.deepEqual(await judge(token), { state: 'refused', code: 'invalid_token', reason: 'revoked' });
  assert.equal(await store.sessions.touch('shop', 'hash-1', nowMs), false);
  assert.deepEqual(told, ['session:hash-1', 'jti:id-1']);
});

test('Wo21 a long token does not come back once the short one of the same jti, with which it was revoked, is swept away', async (context) => {
  const { store, service, judge } = await openService(context);
  const signed = (seconds: number) => sign({ ...claims, jti: 'sign-in', exp: nowSeconds + seconds });
  await service.revoke(profileWith(), `Bearer ${signed(600)}`, undefined);
  await store.revocations.sweep(nowMs + 86_000_000);
  assert.deepEqual(await judge(signed(86_000)), { state: 'refused', code: 'invalid_token', reason: 'revoked' });
});

test('A13 on SQLite changed claims are recorded by name', async (context) => {
  const { store, judge } = await openService(context);
  await judge(sign({ ...claims, name: 'Chris' }));
  await judge(sign({ ...claims, name: 'Chris', jti: 'b' }));
  await judge(sign({ ...claims, name: 'Christina' }));
  const audit = await store.audit.list('shop', 10);
  assert.deepEqual(
    audit.map(({ kind, subject, detail }) => ({ kind, subject, detail })),
    [{ kind: 'claims-changed', subject: 'user-1', detail: { claims: ['name'] } }],
  );
});

test('claims with hostile names and characters are stored and read back', async (context) => {
  const { service, judge } = await openService(context);
  const hostile = JSON.parse('{"__proto__":{"a":1},"constructor":"x","n":"\\u0000\\ud800\\u202e","":"e"}') as object;
  for (const jti of ['\0', '\ud800', "'; drop table revocations; --", 'x'.repeat(4000)]) {
    const token = sign({ ...claims, ...hostile, jti });
    assert.equal((await judge(token)).state, 'verified');
    await service.revoke(profileWith(), `Bearer ${token}`, undefined);
    assert.equal((await judge(token)).state, 'refused');
  }
});

test('Wo13 no file of the data directory holds a token or a secret', async (context) => {
  const { service, judge, dataDirectory } = await openService(context);
  const tokens = [
    sign({ ...claims, name: 'Ada' }),
    sign({ ...claims, jti: 'id-1' }),
    `${sign({ ...claims, sub: 'b' })}x`,
  ];
  for (const token of tokens) {
    await judge(token);
    await service.revoke(profileWith(), `Bearer ${token}`, 'hash-1');
  }
  const files = await readdir(dataDirectory, { recursive: true, withFileTypes: true });
  const written = await Promise.all(
    files.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
  );
  const everything = Buffer.concat(written);
  assert.ok(everything.includes('token-revoked'), 'the files are those that hold the records');
  for (const part of [...tokens.flatMap((token) => token.split('.').slice(1)), secret]) {
    assert.equal(everything.includes(part), false);
  }
});
