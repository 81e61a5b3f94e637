import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { identityReasons, type IdentityReason } from '../../../src/protocol/index.ts';
import { allFrames, json, problem } from '../http/harness.ts';
import { badTokens, faults, goodTokens, type TokenCase } from './corpus.ts';
import { publicAgents } from './agents.ts';
import { stages } from './draft.ts';
import { canTravel } from './over-http.ts';
import { askIdentity, logOut, sendMessage, startVectorServer } from './vector-server.ts';

const bad = badTokens();
const good = goodTokens();
const reasons = identityReasons satisfies readonly IdentityReason[];

function counts(cases: readonly TokenCase[]): ReadonlyMap<string, number> {
  return new Map(reasons.map((reason) => [reason, cases.filter((one) => one.reason === reason).length]));
}

/** Every so many of each reason, of those that a header can hold. */
function sample(share: number): readonly TokenCase[] {
  return reasons.flatMap((reason) => {
    const cases = bad.filter((one) => one.reason === reason && one.via === 'header' && one.token !== '');
    return cases.filter((_, at) => at % Math.max(1, Math.ceil(cases.length / share)) === 0);
  });
}

function quote(one: TokenCase): string {
  return `${one.name}\nclock ${one.atMs}, agent ${one.agent.id}, ${one.token.length} characters: ${one.token.slice(0, 400)}`;
}

describe('tokens that are wrong in one way or several', () => {
  test('are at least 3,000, at least 60 of each reason, and each fault occurs', (t) => {
    assert.ok(bad.length >= 3_000, `${bad.length}`);
    for (const [reason, count] of counts(bad)) {
      assert.ok(count >= 60, `${reason}: ${count}`);
      t.diagnostic(`${count} ${reason}`);
    }
    assert.deepEqual(new Set(faults.map(({ stage }) => stage)), new Set(stages));
    for (const { name } of faults)
      assert.ok(
        bad.some((one) => one.name.includes(name)),
        name,
      );
  });

  test('are at least 3,000 over HTTP, and at least 150 for each kind of key, by PEM and by JWKS', (t) => {
    const travelling = bad.filter(({ via, token }) => via === 'body' || canTravel(token));
    assert.ok(travelling.length >= 3_000, `${travelling.length}`);
    for (const agent of publicAgents) {
      const own = travelling.filter((one) => one.agent === agent);
      const keyFault = own.filter(({ reason }) => reason === 'unsupported_algorithm' || reason === 'invalid_signature');
      assert.ok(own.length >= 150 && keyFault.length >= 60, `${agent.id}: ${own.length}, ${keyFault.length}`);
      t.diagnostic(`${agent.id}: ${own.length}, of which ${keyFault.length} for their key`);
    }
  });

  test('H12 H15 B14 A3 Wo5 Wo6 Wo7 Wo8 Wo17 B3 B4 B15 each get their one right reason from the identity call', async (t) => {
    const server = await startVectorServer(t);
    const wrong: string[] = [];
    for (const one of bad) {
      await logOut(server, one);
      const response = await askIdentity(server, one);
      const answer = await json(response);
      const { verified, reason } = answer;
      if (response.status === 200 && verified === false && reason === one.reason && Object.keys(answer).length === 2)
        continue;
      wrong.push(`expected ${one.reason}, got ${response.status} ${JSON.stringify(answer)}: ${quote(one)}`);
    }
    assert.equal(wrong.slice(0, 20).join('\n\n'), '', `${wrong.length} of ${bad.length} are judged wrongly`);
    assert.equal(server.agent.turns.length, 0);
  });

  test('B14 Wo12 under "block" and "deny" none of them reaches an agent, and the answer says why', async (t) => {
    for (const policy of ['block', 'deny'] as const) {
      const server = await startVectorServer(t, policy);
      for (const one of sample(20).filter(({ reason }) => reason !== 'reserved_domain')) {
        await logOut(server, one);
        const response = await sendMessage(server, one);
        const { reason } = one;
        const isLarge = policy === 'block' && reason === 'too_large';
        const status = policy === 'deny' ? 403 : isLarge ? 413 : 401;
        const code = policy === 'deny' ? 'no_permission' : isLarge ? 'too_large' : 'invalid_token';
        const challenge =
          code === 'invalid_token' ? `Bearer error="invalid_token", error_description="${reason}"` : null;
        assert.equal(response.headers.get('www-authenticate'), challenge, quote(one));
        assert.partialDeepStrictEqual(await problem(response), { status, code, reason }, quote(one));
      }
      assert.equal(server.agent.turns.length, 0);
    }
  });

  test('H13 under "anonymous" none of them is anybody to the agent, and the answer says why', async (t) => {
    const server = await startVectorServer(t, 'anonymous');
    const cases = sample(14);
    for (const one of cases) {
      await logOut(server, one);
      const response = await sendMessage(server, one);
      assert.equal(response.status, 200, quote(one));
      assert.equal(response.headers.get('x-chat-identity-source'), 'anonymous', quote(one));
      assert.equal(response.headers.get('x-chat-identity-reason'), one.reason, quote(one));
      await allFrames(response);
    }
    assert.equal(server.agent.turns.length, cases.length);
    for (const { user } of server.agent.turns) assert.deepEqual(user, { verified: false, selfReported: {} });
  });

  test('B15 on a reserved domain the visitor is nobody to the agent under every policy', async (t) => {
    const cases = bad.filter(({ reason, via }) => reason === 'reserved_domain' && via === 'header').slice(0, 12);
    for (const policy of ['block', 'deny'] as const) {
      const server = await startVectorServer(t, policy);
      for (const one of cases) {
        await logOut(server, one);
        const response = await sendMessage(server, one);
        assert.equal(response.headers.get('x-chat-identity-reason'), 'reserved_domain', quote(one));
        await allFrames(response);
      }
      assert.equal(server.agent.turns.length, cases.length);
      for (const { user } of server.agent.turns) assert.deepEqual(user, { verified: false, selfReported: {} });
    }
  });
});

describe('tokens that are good, as near to each edge as can be,', () => {
  test('A3 Wo6 Wo8 Wo17 B3 B4 are accepted, each for its subject', async (t) => {
    const server = await startVectorServer(t);
    t.diagnostic(`${good.length} good tokens`);
    const wrong: string[] = [];
    for (const one of good) {
      const answer = await json(await askIdentity(server, one));
      if (answer['verified'] === true && answer['subject'] === one.subject) continue;
      wrong.push(`got ${JSON.stringify(answer).slice(0, 300)}: ${quote(one)}`);
    }
    assert.equal(wrong.slice(0, 20).join('\n\n'), '', `${wrong.length} of ${good.length} are refused`);
  });

  test('B14 are refused for their signature once a character of their claims has changed', async (t) => {
    const server = await startVectorServer(t);
    for (const one of good.slice(0, 200)) {
      const [head = '', body = '', signature = ''] = one.token.split('.');
      const claims = `${Buffer.from(body, 'base64url').toString()} `;
      const token = `${head}.${Buffer.from(claims).toString('base64url')}.${signature}`;
      if (token.length > 8_192) continue;
      const answer = await json(await askIdentity(server, { ...one, token }));
      assert.deepEqual(answer, { verified: false, reason: 'invalid_signature' }, quote(one));
    }
  });
});
