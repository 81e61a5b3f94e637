import type { AgentSettingsRow, KeyRow, KeyStore } from '../storage/index.ts';
import { countedKeys } from './key-standing.ts';
import type { KeyVault } from './key-vault.ts';
import { KeysUnavailableError } from './keys-unavailable.ts';
import { policySettingsSchema, resolvePolicy, type PolicySettings } from './policy.ts';
import { importPublicKey } from './public-key.ts';
import { SigningKeyError } from './signing-key-error.ts';
import { importHmacKey } from './signing-key.ts';
import type { IdentityProfile, Policy, PublicAlgorithm, RemoteKeys, SigningKey } from './types.ts';

/** What a configuration says of one agent's identity. It wins over what is stored. */
export type AgentIdentity = {
  readonly agentId: string;
  /** The settings that it names, each of which wins over a stored one. */
  readonly settings: PolicySettings;
  /** The whole ring where it names one; undefined leaves the ring to the store. */
  readonly keys: readonly SigningKey[] | undefined;
  /** Of an agent that has no key of its own, retired ones counted. */
  readonly environmentKeys: readonly SigningKey[];
};

export type ProfileSource = {
  /** What holds now. To be asked for each request. */
  read(agent: AgentIdentity): Promise<IdentityProfile>;
};

type Cached = { readonly agent: AgentIdentity; readonly revision: string | null; readonly profile: IdentityProfile };

/**
 * Policies and key rings as they are at this moment, whichever process has changed them.
 *
 * Each call reads one small row, the agent's settings with their revision; keys are read and decrypted only when the revision
 * is new. What cannot be decrypted makes a profile with a `keysProblem`, which is tried again with the next call.
 */
export function createProfileSource(dependencies: {
  readonly keys: KeyStore;
  readonly vault: KeyVault;
  /** The keys behind a policy's `jwksUrl`. */
  readonly remoteKeys: (url: string) => RemoteKeys;
}): ProfileSource {
  const { keys, vault, remoteKeys } = dependencies;
  const cache = new Map<string, Cached>();

  async function build(agent: AgentIdentity, row: AgentSettingsRow): Promise<IdentityProfile> {
    const policy = resolvePolicy(readStoredPolicy(agent.agentId, row.policy), agent.settings);
    const ring = await readRing(agent, policy, keys, vault);
    // A ring that the configuration names is whole: nobody adds to it from beside.
    const mayFetch = agent.keys === undefined || agent.settings.jwksUrl !== undefined;
    const remote = policy.jwksUrl === null || !mayFetch ? undefined : remoteKeys(policy.jwksUrl);
    return Object.freeze({ agentId: agent.agentId, policy, ...ring, remoteKeys: remote });
  }

  return {
    async read(agent) {
      const row = await keys.settings(agent.agentId);
      const known = cache.get(agent.agentId);
      if (known?.agent === agent && known.revision === row.revision) return known.profile;
      const profile = await build(agent, row);
      if (profile.keysProblem === undefined) cache.set(agent.agentId, { agent, revision: row.revision, profile });
      else cache.delete(agent.agentId);
      return profile;
    },
  };
}

/** @throws KeysUnavailableError for one that this version cannot read: to pass over it could open what it closes. */
export function readStoredPolicy(agentId: string, stored: string | null): PolicySettings {
  if (stored === null) return {};
  const result = policySettingsSchema.safeParse(JSON.parse(stored));
  if (result.success) return result.data;
  throw new KeysUnavailableError(`The stored policy of agent "${agentId}" cannot be read by this version.`);
}

type Ring = Pick<IdentityProfile, 'keys' | 'keysProblem'>;

async function readRing(agent: AgentIdentity, policy: Policy, store: KeyStore, vault: KeyVault): Promise<Ring> {
  if (agent.keys !== undefined) return { keys: agent.keys.length > 0 ? agent.keys : agent.environmentKeys };
  const rows = await store.list(agent.agentId);
  // Retired keys count: who retires the last one wants its tokens refused, and nothing else in its place.
  if (rows.length === 0) return { keys: agent.environmentKeys };
  try {
    return { keys: countedKeys(rows, policy).map((row) => openKey(row, vault)) };
  } catch (error) {
    if (!(error instanceof KeysUnavailableError)) throw error;
    return { keys: [], keysProblem: error };
  }
}

/** A stored key, ready to verify. @throws KeysUnavailableError where it cannot be decrypted, or is none that may verify */
export function openKey(row: KeyRow, vault: KeyVault): SigningKey {
  try {
    return readKey(row, vault);
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error;
    // What may be imported has become stricter since it was, or somebody has changed the row.
    throw new KeysUnavailableError(`A stored key of agent "${row.agentId}" cannot be used: ${error.message}`);
  }
}

function readKey(row: KeyRow, vault: KeyVault): SigningKey {
  const { id, agentId, sealedSecret, publicKey, algorithm } = row;
  if (publicKey !== null) return importPublicKey({ id, algorithm: algorithm as PublicAlgorithm, publicKey });
  if (sealedSecret !== null) return importHmacKey({ id, secret: vault.open(sealedSecret, { agentId, keyId: id }) });
  throw new KeysUnavailableError(`The stored signing key "${id}" of agent "${agentId}" is empty: remove it.`);
}
