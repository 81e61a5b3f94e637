import type { Store } from '../storage/index.ts';
import { expandSettings, policySettingsSchema, resolvePolicy, type PolicySettings } from './policy.ts';
import { readStoredPolicy, type AgentIdentity } from './profile-source.ts';
import type { Policy } from './types.ts';

/** Settings that do not fit. The message names each with what is wrong. */
export class PolicyError extends Error {
  readonly code = 'invalid_policy';
}

type Setting = keyof Policy;

/** The policy that holds, and who has said so, setting by setting. */
export type PolicyReport = {
  readonly policy: Policy;
  readonly origins: { readonly [Name in Setting]: 'default' | 'stored' | 'configuration' };
  /** What is stored: the preset, and what was set beside it. */
  readonly stored: PolicySettings;
};

export type PolicyBook = {
  show(agent: AgentIdentity): Promise<PolicyReport>;
  /**
   * Changes what is stored, from the next request on in every server process. `preset` puts a preset in the place of all
   * that was stored; undefined takes a setting back.
   *
   * @throws PolicyError for settings that do not fit; then nothing is changed
   */
  set(agent: AgentIdentity, changes: { readonly [name: string]: unknown }): Promise<PolicyReport>;
};

/** Somebody who changes the same policy at the same moment comes first this often. */
const maxAttempts = 5;

/** The policies that are stored. Each change is audited. `clock`: milliseconds since the epoch. */
export function createPolicyBook(store: Pick<Store, 'keys' | 'audit' | 'notifier'>, clock: () => number): PolicyBook {
  async function change(agent: AgentIdentity, changes: { readonly [name: string]: unknown }): Promise<PolicySettings> {
    const { agentId } = agent;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const { policy: before } = await store.keys.settings(agentId);
      const next = readSettings(merge(readStoredPolicy(agentId, before), changes));
      if (await store.keys.setPolicy(agentId, before, JSON.stringify(next))) return next;
    }
    throw new PolicyError('The policy is being changed by somebody else: try again.');
  }

  return {
    async show(agent) {
      const { policy } = await store.keys.settings(agent.agentId);
      return report(agent, readStoredPolicy(agent.agentId, policy));
    },
    async set(agent, changes) {
      const { agentId } = agent;
      const stored = await change(agent, changes);
      await store.audit.append({ agentId, at: clock(), kind: 'policy-changed', detail: { changes } });
      // Whoever is connected is looked at again by the new policy.
      await store.notifier.publish(`revoked:${agentId}`, '');
      return report(agent, stored);
    },
  };
}

function merge(stored: PolicySettings, { preset, ...changes }: { readonly [name: string]: unknown }) {
  const merged = { ...(preset === undefined ? stored : { preset }), ...changes };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

function readSettings(value: unknown): PolicySettings {
  const result = policySettingsSchema.safeParse(value);
  if (result.success) return result.data;
  const sentences = result.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
  throw new PolicyError(sentences.join('\n'));
}

function report(agent: AgentIdentity, stored: PolicySettings): PolicyReport {
  const policy = resolvePolicy(stored, agent.settings);
  const [here, there] = [expandSettings(agent.settings), expandSettings(stored)];
  const originOf = (name: string) =>
    Object.hasOwn(here, name) ? 'configuration' : Object.hasOwn(there, name) ? 'stored' : 'default';
  const origins = Object.fromEntries(Object.keys(policy).map((name) => [name, originOf(name)]));
  return { policy, origins: origins as PolicyReport['origins'], stored };
}
