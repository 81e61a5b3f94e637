import type { KeyStore } from '../storage/index.ts';
import { countedKeys } from './key-standing.ts';
import type { KeyVault } from './key-vault.ts';
import { openKey, type AgentIdentity, type ProfileSource } from './profile-source.ts';
import type { KeysAround } from './signature-hints.ts';

type Sources = { readonly keys: KeyStore; readonly vault: KeyVault; readonly profiles: ProfileSource };

/** For the token debugger: an agent's keys that do not count, and what the others sign with. */
export async function keysAround(
  agent: AgentIdentity,
  others: readonly AgentIdentity[],
  { keys, vault, profiles }: Sources,
): Promise<KeysAround> {
  const rows = await keys.list(agent.agentId);
  // Keys that are stored for an agent whose configuration names others are as good as retired.
  const retired = rows.filter(({ state }) => state === 'retired' || agent.keys !== undefined);
  const profile = await profiles.read(agent);
  const counted = new Set(countedKeys(rows, profile.policy));
  const beyond = rows.filter((row) => agent.keys === undefined && row.state === 'active' && !counted.has(row));
  const usesEnvironment = profile.keys === agent.environmentKeys;
  return {
    beyondKeys: beyond.map((row) => openKey(row, vault)),
    retiredKeys: retired.map((row) => openKey(row, vault)),
    environmentKeys: usesEnvironment ? [] : agent.environmentKeys,
    otherAgents: await Promise.all(
      others.map(async (other) => {
        const ring = (await profiles.read(other)).keys;
        // The environment's key is everybody's, and says nothing about whose token it is.
        return { agentId: other.agentId, keys: ring === other.environmentKeys ? [] : ring };
      }),
    ),
  };
}
