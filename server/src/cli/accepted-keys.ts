import { acceptedKeyIds } from '../identity/index.ts';
import type { Workplace } from './workplace.ts';

/** The ids of the keys whose tokens the agent accepts now, those of a JWKS left aside. */
export async function acceptedKeys({ store, profiles, agent }: Workplace): Promise<readonly string[]> {
  const { policy } = await profiles.read(agent);
  return acceptedKeyIds(await store.keys.list(agent.agentId), agent, policy);
}

/** `"a" and "b"`; the environment's key is known to its operator by the name of the variable. */
export function nameKeys(ids: readonly string[]): string {
  return ids.map((id) => (id === 'environment' ? 'WIDGET_JWT_HMAC_SECRET' : `"${id}"`)).join(' and ');
}
