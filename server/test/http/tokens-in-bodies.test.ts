import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from '../../src/storage/index.ts';
import { json, newSession, sendBody, startServer } from './harness.ts';

test('H9 verify-jwt takes a token as it stands: white space makes it another text, and size comes first', async (t) => {
  const { send, sign } = await startServer(t);
  const url = 'http://chat.example/api/widget/verify-jwt';
  const verify = async (token: string) => json(await send(url, { body: { token, botId: 'shop' } }));
  for (const token of [` ${sign()}`, `\n${sign()}`, `${sign()} `, '']) {
    assert.deepEqual(await verify(token), { verified: false, reason: 'malformed' });
  }
  assert.deepEqual(await verify(`\n${'a'.repeat(9_000)}`), { verified: false, reason: 'too_large' });
});

test('W10 the claim of a conversation is written down, with whose it is now', async (t) => {
  const { send, sign, dataDirectory, server } = await startServer(t);
  const session = newSession();
  await (await send('/chat', { session, body: sendBody('hello') })).text();
  await send('/identity', { method: 'POST', token: sign(), session });
  await server.close();
  const store = await openStore({ dataDirectory });
  t.after(() => store.close());
  const entries = await store.audit.list('shop', 10);
  const claim = entries.find(({ kind }) => kind === 'conversations-claimed');
  assert.partialDeepStrictEqual(claim, { subject: 'ada', detail: { count: 1 } });
});
