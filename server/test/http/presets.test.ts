import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresetName } from '../../src/identity/index.ts';
import { newSession, problem, sendBody, startServer } from './harness.ts';

/** What a visitor meets under each preset: who may talk, and what becomes of a token that is not accepted. */
const met: readonly {
  readonly ids: string;
  readonly policy: PresetName;
  readonly anonymous: 200 | 403;
  readonly refused: 200 | 401 | 403;
}[] = [
  { ids: 'A10', policy: 'applied', anonymous: 200, refused: 401 },
  { ids: 'B12 B14', policy: 'bestchatbot', anonymous: 200, refused: 401 },
  { ids: 'H13', policy: 'hilal', anonymous: 200, refused: 200 },
  { ids: 'W12', policy: 'widgent', anonymous: 200, refused: 200 },
  { ids: 'Wo1 Wo16', policy: 'wonderchat', anonymous: 403, refused: 403 },
];

for (const { ids, policy, anonymous, refused } of met) {
  test(`${ids} under the preset ${policy} anonymous visitors read ${anonymous} and expired tokens ${refused}`, async (t) => {
    const { send, sign, agent } = await startServer(t, { agent: { policy } });
    const say = (token?: string) => send('/chat', { token, session: newSession(), body: sendBody('hello') });
    const [without, expired] = [await say(), await say(sign({ email: 'ada@mail.com' }, { lifetimeSeconds: -3_600 }))];
    assert.deepEqual([without.status, expired.status], [anonymous, refused]);
    if (refused === 200) assert.equal(expired.headers.get('x-chat-identity-reason'), 'expired');
    else assert.partialDeepStrictEqual(await problem(expired), { reason: 'expired' });
    const verified = await say(sign({ email: 'ada@mail.com' }));
    assert.equal(verified.headers.get('x-chat-identity-source'), 'verified');
    for (const each of [without, expired, verified]) if (!each.bodyUsed) await each.text();
    assert.ok(agent.turns.every(({ user }, at) => user.verified === (at === agent.turns.length - 1)));
  });
}
