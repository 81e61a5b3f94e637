import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { json, startServer, type Harness } from '../../server/test/http/harness.ts';
import { examples } from './examples.ts';
import { findPrograms, runExample, type Found } from './find-programs.ts';

// As `openssl rand -hex 32` makes them: who decodes them signs with something else.
const secret = randomBytes(32).toString('hex');
const otherSecret = randomBytes(32).toString('hex');

const user = { id: '4711', name: 'Zoë "Ćwik\\ël" Grüße & <b> 日本 👩‍🚀', email: 'zoë@shop.example' };

type Answer = { readonly [name: string]: unknown; readonly claims?: { readonly [name: string]: unknown } };

const found = await findPrograms(examples);

/** `shop` knows the one secret, `other` the other. */
async function startTwoAgents(t: TestContext) {
  const { send } = await startServer(t, {
    agent: { keys: [{ id: 'k1', secret }] },
    moreAgents: [{ id: 'other', name: 'Other', keys: [{ id: 'k1', secret: otherSecret }] }],
  });
  return {
    shop: (token: string) => identityAt(send, '/identity', token),
    other: (token: string) => identityAt(send, 'http://chat.example/v1/agents/other/identity', token),
  };
}

async function identityAt(send: Harness['send'], url: string, token: string): Promise<Answer> {
  return json<Answer>(await send(url, { method: 'POST', token }));
}

async function tokenOf(found: Found, secret: string, args: readonly string[]): Promise<string> {
  assert.ok(found.missing === false);
  const { exitCode, stdout, stderr } = await runExample(found.program, found.example, secret, args);
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\r?\n$/);
  return stdout.trim();
}

for (const each of found) {
  const { example, missing: skip } = each;
  describe(`the signing example for ${example.name}`, { skip, concurrency: true }, () => {
    it('makes a token that the server accepts: a numeric id as text, the name to the last character, one hour', async (t) => {
      if (each.missing === false) t.diagnostic(each.version);
      const { shop } = await startTwoAgents(t);
      const before = Math.floor(Date.now() / 1000);
      const answer = await shop(await tokenOf(each, secret, [user.id, user.name, user.email]));
      const after = Math.floor(Date.now() / 1000);
      assert.partialDeepStrictEqual(answer, { verified: true, source: 'verified', subject: user.id });
      const { iat, exp, ...claims } = answer.claims ?? {};
      assert.deepEqual(claims, { sub: user.id, name: user.name, email: user.email });
      assert.ok(Number.isInteger(iat) && Number(iat) >= before && Number(iat) <= after, `iat: ${String(iat)}`);
      assert.equal(exp, Number(iat) + 3_600);
    });

    it('is refused when it has another secret, and leaves out the name and e-mail that it was not given', async (t) => {
      const { shop, other } = await startTwoAgents(t);
      const token = await tokenOf(each, otherSecret, [user.id]);
      assert.partialDeepStrictEqual(await shop(token), { reason: 'invalid_signature' });
      const { claims } = await other(token);
      assert.deepEqual(Object.keys(claims ?? {}).toSorted(), ['exp', 'iat', 'sub']);
    });

    for (const [what, given, args] of [
      ['secret', undefined, [user.id, user.name]],
      ['secret in its variable', '', [user.id, user.name]],
      ['user', secret, []],
    ] as const) {
      it(`prints no token without a ${what}, and fails`, async () => {
        assert.ok(each.missing === false);
        const { exitCode, stdout, stderr } = await runExample(each.program, example, given, args);
        assert.ok(typeof exitCode === 'number' && exitCode > 0, `exit code ${String(exitCode)}`);
        assert.equal(stdout, '');
        assert.match(stderr, what === 'user' ? /usage: .*<id>/ : /WIDGET_JWT_HMAC_SECRET/);
      });
    }
  });
}
