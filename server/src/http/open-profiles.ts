import type { Logger } from 'pino';
import { createMasterKeySource, type AgentRegistry } from '../config/index.ts';
import { createKeyVault, createProfileSource, createRemoteKeySets, type ProfileSource } from '../identity/index.ts';
import type { Store, StoreLocation } from '../storage/index.ts';

/**
 * Policies and keys of the agents, from the configuration and the store, each looked at once.
 *
 * @throws KeysUnavailableError where stored keys cannot be decrypted: better no server than one that refuses everybody
 */
export async function openProfiles(input: {
  readonly agents: AgentRegistry;
  readonly store: Pick<Store, 'keys'>;
  readonly location: StoreLocation;
  readonly masterKey: Uint8Array | undefined;
  readonly log: Logger;
  readonly clock: () => number;
}): Promise<ProfileSource> {
  const { agents, store, location, masterKey: environmentKey, log, clock } = input;
  const dataDirectory = 'dataDirectory' in location ? location.dataDirectory : undefined;
  const vault = createKeyVault(createMasterKeySource({ environmentKey, dataDirectory }));
  const remoteKeys = createRemoteKeySets({ clock, onError: (message) => log.error(message) });
  const profiles = createProfileSource({ keys: store.keys, vault, remoteKeys });
  for (const { id, identity } of agents.all()) {
    const { keys, keysProblem, remoteKeys } = await profiles.read(identity);
    if (keysProblem !== undefined) throw keysProblem;
    if (keys.length > 0 || remoteKeys !== undefined) continue;
    log.warn({ agentId: id }, 'this agent has no signing key: tokens are not_configured');
  }
  return profiles;
}
