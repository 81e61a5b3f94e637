import type { Logger } from 'pino';
import { createMasterKeySource, type LiveAgents } from '../config/index.ts';
import {
  createKeyVault,
  createProfileSource,
  createRemoteKeySets,
  type KeyVault,
  type ProfileSource,
} from '../identity/index.ts';
import type { Store, StoreLocation } from '../storage/index.ts';

type VaultInput = { readonly location: StoreLocation; readonly masterKey: Uint8Array | undefined };

const sourceOf = ({ location, masterKey: environmentKey }: VaultInput) =>
  createMasterKeySource({
    environmentKey,
    dataDirectory: 'dataDirectory' in location ? location.dataDirectory : undefined,
  });

/** What seals secrets, with the master key of the environment or of the data directory. */
export function openVault(input: VaultInput): KeyVault {
  return createKeyVault(sourceOf(input));
}

/**
 * Policies and keys of the agents, from the configuration and the store, each looked at once. Of agents that are made later,
 * with the first request that needs them.
 *
 * @throws KeysUnavailableError where stored keys cannot be decrypted: better no server than one that refuses everybody
 */
export async function openProfiles(input: {
  readonly agents: LiveAgents;
  readonly store: Pick<Store, 'keys'>;
  readonly location: StoreLocation;
  readonly masterKey: Uint8Array | undefined;
  readonly vault: KeyVault;
  readonly log: Logger;
  readonly clock: () => number;
}): Promise<ProfileSource> {
  const { agents, store, vault, log, clock } = input;
  const remoteKeys = createRemoteKeySets({ clock, onError: (message) => log.error(message) });
  const profiles = createProfileSource({ keys: store.keys, vault, remoteKeys });
  for (const { id, identity } of agents.all()) {
    const { keys, keysProblem, remoteKeys } = await profiles.read(identity);
    if (keysProblem !== undefined) throw keysProblem;
    if (keys.length > 0 || remoteKeys !== undefined) continue;
    log.warn({ agentId: id }, 'this agent has no signing key: tokens are not_configured');
  }
  // Made at the first start, so that a copy of the data directory is whole from then on, and another user's file is noticed
  // before a key depends on it. By a source of its own: what this process seals with is read when it is needed. Never beside
  // what was sealed with another one.
  const isSealed = agents.standings().some(({ stored }) => stored.actions.length > 0);
  if ('dataDirectory' in input.location && !isSealed) sourceOf(input).obtain();
  return profiles;
}
