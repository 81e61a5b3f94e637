import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allFrames, json, newSession, problem, sendBody, startServer, type Harness } from './harness.ts';

const open = { agent: { policy: { onInvalidToken: 'anonymous', clockToleranceSeconds: 0 } } } as const;
const asVerified = { 'x-chat-identity-source': 'verified' };

async function conversationsOf(send: Harness['send'], session: string): Promise<readonly unknown[]> {
  const { conversations } = await json<{ conversations: readonly unknown[] }>(
    await send('/conversations', { session }),
  );
  return conversations;
}

const ends: readonly [string, 'expired' | 'revoked', (harness: Harness, token: string) => Promise<unknown>][] = [
  ['expired', 'expired', async ({ clock }) => (clock.now += 3_601_000)],
  ['was revoked', 'revoked', ({ send }, token) => send('/logout', { method: 'POST', token })],
];

for (const [what, reason, end] of ends) {
  test(`W12 under policy "anonymous" nothing that was said as verified is stored without a name after the token ${what}`, async (t) => {
    const harness = await startServer(t, open);
    const { send, sign, agent } = harness;
    const [token, session] = [sign({ jti: 'one' }), newSession()];
    const mine = sendBody('as Ada');
    await allFrames(await send('/chat', { token, session, headers: asVerified, body: mine }));
    await end(harness, token);
    const calls = [
      ['/chat', { body: sendBody('a first message') }],
      ['/chat', { body: sendBody('a later message', { id: mine.id }) }],
      ['/chat', { body: { id: mine.id, trigger: 'regenerate-message' } }],
      [`/chat/${mine.id}/approvals/any`, { body: { approved: true } }],
      ['/conversations', {}],
    ] as const;
    for (const [path, sent] of calls) {
      const refused = await problem(await send(path, { ...sent, token, session, headers: asVerified }));
      assert.partialDeepStrictEqual(refused, { status: 401, code: 'invalid_token', reason });
    }
    assert.equal(agent.turns.length, 1);
    assert.deepEqual(await conversationsOf(send, session), []);
    // What does not say so is nobody's, and is answered.
    const next = await send('/chat', { token, session, body: sendBody('as nobody') });
    assert.equal(next.headers.get('x-chat-identity-reason'), reason);
    await allFrames(next);
    assert.equal((await conversationsOf(send, session)).length, 1);
  });
}
