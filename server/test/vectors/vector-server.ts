import type { TestContext } from 'node:test';
import { createKeyRing, createKeyVault, createProfileSource } from '../../src/identity/index.ts';
import { openStore } from '../../src/storage/index.ts';
import { newSession, sendBody, startServer, temporaryDirectory, type Harness } from '../http/harness.ts';
import { startJwksHost } from './jwks-host.ts';
import { overHttp } from './over-http.ts';
import { agents, allAgents, configOf, retiredSecret } from './agents.ts';
import type { TokenCase } from './corpus.ts';
import { nowSeconds } from './draft.ts';

export type OnInvalidToken = 'block' | 'anonymous' | 'deny';

const plenty = 1_000_000;

/** One server with all agents on a port of its own, its clock where the tokens expect it; and a host for the keys of some. */
export async function startVectorServer(test: TestContext, onInvalidToken: OnInvalidToken = 'block'): Promise<Harness> {
  const dataDirectory = await temporaryDirectory(test);
  const masterKey = new Uint8Array(32).fill(7);
  const host = await startJwksHost(test);
  const [shop, ...moreAgents] = allAgents.map((agent) => configOf(agent, onInvalidToken, host.url));
  const harness = await startServer(test, {
    ...(shop === undefined ? {} : { agent: shop }),
    moreAgents,
    dataDirectory,
    config: {
      rateLimits: { otherPerAddress: plenty, chatPerAddress: plenty, logoutPerAddress: plenty, chatPerVisitor: plenty },
    },
    server: { masterKey },
  });
  harness.clock.now = nowSeconds * 1_000;
  await storeKeys(dataDirectory, masterKey);
  return overHttp(test, harness);
}

function notFetched(): never {
  throw new Error('No policy here names a JWKS.');
}

/** As the command line does it, beside the running server. */
async function storeKeys(dataDirectory: string, masterKey: Uint8Array): Promise<void> {
  const store = await openStore({ dataDirectory }, { exclusive: false });
  const vault = createKeyVault({ find: () => masterKey, obtain: () => masterKey });
  const ring = createKeyRing({
    store,
    vault,
    profiles: createProfileSource({ keys: store.keys, vault, remoteKeys: notFetched }),
  });
  const agent = { agentId: agents.stored.id, settings: {}, keys: undefined, environmentKeys: [] };
  for (const { id, secret = '' } of agents.stored.keys) await ring.import(agent, { id, secret });
  await ring.import(agent, { id: 'k-retired', secret: retiredSecret });
  await ring.retire(agent.agentId, 'k-retired');
  await store.close();
}

const addressOf = (agentId: string, path: string) => `http://chat.example/v1/agents/${agentId}${path}`;

/** What the server says of a token, by `POST A/identity`; tokens that no header can hold in the body of `verify-jwt`. */
export async function askIdentity({ send, clock }: Harness, one: TokenCase, session?: string): Promise<Response> {
  clock.now = one.atMs;
  const { agent, token } = one;
  if (one.via === 'body') {
    return send('http://chat.example/api/widget/verify-jwt', { body: { token, botId: agent.id } });
  }
  return send(addressOf(agent.id, '/identity'), { method: 'POST', token, session });
}

export async function sendMessage({ send, clock }: Harness, one: TokenCase): Promise<Response> {
  clock.now = one.atMs;
  const { agent, token } = one;
  return send(addressOf(agent.id, '/chat'), { token, session: newSession(), body: sendBody(one.name.slice(0, 100)) });
}

export async function logOut({ send, clock }: Harness, one: TokenCase): Promise<void> {
  if (one.loggedOut === undefined) return;
  clock.now = nowSeconds * 1_000;
  await send(addressOf(one.agent.id, '/logout'), { method: 'POST', token: one.loggedOut });
}
