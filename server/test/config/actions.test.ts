import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, test, type TestContext } from 'node:test';
import jwt from 'jsonwebtoken';
import { ConfigError, createAgentRegistry, decodeConfig, type ModelSettings } from '../../src/config/index.ts';
import { actingTurn, nobody, partsOf } from '../agents/actions/action-turns.ts';
import { sendJson, startHost } from '../agents/actions/host.ts';

const articles = fileURLToPath(new URL('../../../demo/articles', import.meta.url));
const [agentSecret, environmentSecret, own, ofAgent] = ['agent', 'environment', 'own', 'for-all'].map(
  (name) => `a-secret-of-${name}-that-is-long-enough`,
) as [string, string, string, string];

const publicKey = {
  id: 'p',
  algorithm: 'EdDSA',
  publicKey: generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};

const action = {
  name: 'open_ticket',
  description: 'Opens a ticket',
  access: 'public',
  phrases: ['open a ticket'],
  url: 'https://shop.example/tickets',
};

function registry(agent: object, environment?: string, others: readonly object[] = []) {
  const named = [{ id: 'shop', ...agent }, ...others].map((one) => ({ name: 'Shop', knowledge: articles, ...one }));
  const { agents } = decodeConfig({ agents: named });
  const sources = { baseDirectory: '/', environmentSecret: environment, model: undefined, agentFor: undefined };
  return createAgentRegistry(agents, sources);
}

/** The token with which an agent of this configuration calls its host. */
async function tokenSent(t: TestContext, agent: object, settings: object = {}, environment?: string): Promise<string> {
  const host = await startHost(t, (response) => sendJson(response, { message: 'ok' }));
  const actions = [{ ...action, url: `${host.url}/tickets`, ...settings }];
  const entry = (await registry({ ...agent, actions }, environment)).find('shop');
  assert.ok(entry);
  await partsOf(entry.agent, actingTurn('open a ticket', nobody).turn);
  return (host.requests[0]?.headers.authorization ?? '').replace('Bearer ', '');
}

describe('actions in the configuration', () => {
  const keys = [{ id: 'k', secret: agentSecret }];
  const signers: readonly (readonly [string, object, object, string | undefined, string])[] = [
    ['its own secret', { keys, signingSecret: ofAgent }, { signingSecret: own }, environmentSecret, own],
    ['the agent’s secret for actions', { keys, signingSecret: ofAgent }, {}, environmentSecret, ofAgent],
    ['its own secret where the ring is in the database', {}, { signingSecret: own }, undefined, own],
  ];
  for (const [name, agent, settings, environment, secret] of signers) {
    test(`calls are signed with ${name}`, async (t) => {
      const token = await tokenSent(t, agent, settings, environment);
      assert.ok(jwt.verify(token, secret, { algorithms: ['HS256'] }));
      for (const other of [agentSecret, environmentSecret]) assert.throws(() => jwt.verify(token, other));
    });
  }

  const unsigned: readonly (readonly [string, object, string | undefined])[] = [
    ['with keys of its own', { keys }, undefined],
    ['with keys of its own beside the environment’s', { keys }, environmentSecret],
    ['with public keys', { keys: [publicKey] }, environmentSecret],
    ['with an empty ring', { keys: [] }, environmentSecret],
    ['whose ring is in the database', {}, environmentSecret],
    ['without any key', {}, undefined],
  ];
  for (const [what, agent, environment] of unsigned) {
    test(`an agent ${what} has to name what its calls are signed with`, async () => {
      const refused = registry({ ...agent, actions: [{ ...action, access: 'verified' }, action] }, environment);
      await assert.rejects(refused, (error) => {
        assert.ok(error instanceof ConfigError);
        const needed = 'is needed, here or for the whole agent: what the calls are signed with, at least 32 bytes';
        assert.ok(error.message.startsWith(`agents[0].actions[0].signingSecret: ${needed}`), error.message);
        assert.doesNotMatch(error.message, /a-secret-of/);
        return true;
      });
    });
  }

  test("a secret that visitors' tokens are signed with, at any agent, signs no calls", async () => {
    const refusal = /signingSecret: must not be a key that visitors' tokens/;
    const other = { id: 'other', keys };
    for (const [agent, secret, environment, others] of [
      [{ keys }, agentSecret, undefined, []],
      [{}, environmentSecret, environmentSecret, []],
      [{ keys }, environmentSecret, environmentSecret, []],
      [{}, agentSecret, undefined, [other]],
    ] as const) {
      for (const settings of [
        { actions: [{ ...action, signingSecret: secret }] },
        { signingSecret: secret, actions: [action] },
      ]) {
        await assert.rejects(registry({ ...agent, ...settings }, environment, others), refusal);
      }
    }
  });

  test('an action without phrases is warned of where no model answers, since nobody can reach it', async () => {
    const named = [{ ...action, phrases: undefined, name: 'silent' }, action];
    const warningsWith = async (model: ModelSettings | undefined) => {
      const warnings: string[] = [];
      const { agents } = decodeConfig({
        agents: [{ id: 'shop', name: 'Shop', knowledge: articles, keys, signingSecret: ofAgent, actions: named }],
      });
      const onWarning = (agentId: string, message: string) => void warnings.push(`${agentId}: ${message}`);
      const sources = { baseDirectory: '/', environmentSecret: undefined, agentFor: undefined };
      await createAgentRegistry(agents, { ...sources, model, onWarning });
      return warnings;
    };
    const [warning = '', ...more] = await warningsWith(undefined);
    assert.match(warning, /^shop: nobody can reach "silent": .*without a model.*"phrases"/);
    assert.deepEqual(more, []);
    assert.deepEqual(await warningsWith({ url: 'http://localhost:1/v1', model: 'small', key: undefined }), []);
  });

  test('two actions of one name are refused', async () => {
    await assert.rejects(
      registry({ keys, signingSecret: ofAgent, actions: [action, action] }),
      /agents\[0\]\.actions: two actions/,
    );
  });

  const mistakes: readonly (readonly [object, RegExp])[] = [
    [{ url: 'http://shop.example/' }, /^agents\[0\]\.actions\[0\]\.url: must be https, or http to this machine/],
    [{ access: 'private' }, /^agents\[0\]\.actions\[0\]\.access: /],
    [{ signingSecret: 'hunter2' }, /^agents\[0\]\.actions\[0\]\.signingSecret: must have at least 32 bytes/],
    [
      { allow: { claim: 'plan' }, access: 'verified' },
      /^agents\[0\]\.actions\[0\]\.allow: must be a rule: \{"claim": "plan", "equals": "pro"\}, or with "in"/,
    ],
    [
      { allow: { and: [{ claim: 'plan', equal: 1 }] }, access: 'verified' },
      /^agents\[0\]\.actions\[0\]\.allow: must be a rule: /,
    ],
    [{ allow: { claim: 'plan', exists: true } }, /^agents\[0\]\.actions\[0\]\.allow: reads claims/],
    [{ method: 'PUT' }, /^agents\[0\]\.actions\[0\]\.method: /],
    [{ retries: 3 }, /^agents\[0\]\.actions\[0\]: .*retries/],
    [{ input: { properties: { a: { type: 'list' } } } }, /^agents\[0\]\.actions\[0\]\.input\.properties\.a/],
  ];
  for (const [change, message] of mistakes) {
    test(`names the place of a mistake: ${JSON.stringify(change)}`, async () => {
      await assert.rejects(
        async () => registry({ keys, signingSecret: ofAgent, actions: [{ ...action, ...change }] }),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
    });
  }
});
