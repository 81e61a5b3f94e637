import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, test, type TestContext } from 'node:test';
import jwt from 'jsonwebtoken';
import { ConfigError, createAgentRegistry, decodeConfig } from '../../src/config/index.ts';
import { actingTurn, nobody, partsOf } from '../agents/actions/action-turns.ts';
import { sendJson, startHost } from '../agents/actions/host.ts';

const articles = fileURLToPath(new URL('../../../demo/articles', import.meta.url));
const [agentSecret, environmentSecret, own, ofAgent] = ['agent', 'environment', 'own', 'for-all'].map(
  (name) => `a-secret-of-${name}-that-is-long-enough`,
) as [string, string, string, string];
const derived = (secret: string): string => createHmac('sha256', secret).update('chat-widget actions').digest('hex');

const action = {
  name: 'open_ticket',
  description: 'Opens a ticket',
  access: 'public',
  phrases: ['open a ticket'],
  url: 'https://shop.example/tickets',
};

function registry(agent: object, environment?: string) {
  const { agents } = decodeConfig({ agents: [{ id: 'shop', name: 'Shop', knowledge: articles, ...agent }] });
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
    ['a key made of the agent’s', { keys }, {}, environmentSecret, derived(agentSecret)],
    ['a key made of the environment’s', {}, {}, environmentSecret, derived(environmentSecret)],
  ];
  for (const [name, agent, settings, environment, secret] of signers) {
    test(`calls are signed with ${name}`, async (t) => {
      const token = await tokenSent(t, agent, settings, environment);
      assert.ok(jwt.verify(token, secret, { algorithms: ['HS256'] }));
      for (const other of [agentSecret, environmentSecret]) assert.throws(() => jwt.verify(token, other));
    });
  }

  test('an agent without any secret says where one is needed', async () => {
    await assert.rejects(registry({ actions: [action] }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /^agents\[0\]\.actions\[0\]\.signingSecret: is needed/);
      return true;
    });
  });

  test("a secret that visitors' tokens are signed with signs no calls", async () => {
    const same = { ...action, signingSecret: keys[0]?.secret };
    await assert.rejects(registry({ keys, actions: [same] }), /signingSecret: must not be a key that visitors' tokens/);
  });

  test('two actions of one name are refused', async () => {
    await assert.rejects(registry({ keys, actions: [action, action] }), /agents\[0\]\.actions: two actions/);
  });

  const mistakes: readonly (readonly [object, RegExp])[] = [
    [{ url: 'http://shop.example/' }, /^agents\[0\]\.actions\[0\]\.url: must be https, or http to this machine/],
    [{ access: 'private' }, /^agents\[0\]\.actions\[0\]\.access: /],
    [{ signingSecret: 'hunter2' }, /^agents\[0\]\.actions\[0\]\.signingSecret: must have at least 32 bytes/],
    [{ allow: { claim: 'plan' }, access: 'verified' }, /^agents\[0\]\.actions\[0\]\.allow: /],
    [{ allow: { claim: 'plan', exists: true } }, /^agents\[0\]\.actions\[0\]\.allow: reads claims/],
    [{ method: 'PUT' }, /^agents\[0\]\.actions\[0\]\.method: /],
    [{ retries: 3 }, /^agents\[0\]\.actions\[0\]: .*retries/],
    [{ input: { properties: { a: { type: 'list' } } } }, /^agents\[0\]\.actions\[0\]\.input\.properties\.a/],
  ];
  for (const [change, message] of mistakes) {
    test(`names the place of a mistake: ${JSON.stringify(change)}`, async () => {
      await assert.rejects(
        async () => registry({ keys, actions: [{ ...action, ...change }] }),
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
