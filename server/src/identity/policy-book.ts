import { isDeepStrictEqual } from 'node:util';
import type { AuditEntry, Store } from '../storage/index.ts';
import { expandSettings, policySettingsSchema, resolvePolicy, type PolicySettings } from './policy.ts';
import { readStoredPolicy, type AgentIdentity } from './profile-source.ts';
import type { Policy } from './types.ts';
import { nameUnknownSettings } from './unknown-setting.ts';

/** Settings that do not fit. The message names each with what is wrong. */
export class PolicyError extends Error {
  readonly code = 'invalid_policy';
  /** What is wrong with each setting, by its name. */
  readonly fields: { readonly [name: string]: string };

  constructor(message: string, fields: PolicyError['fields'] = {}) {
    super(message);
    this.name = 'PolicyError';
    this.fields = fields;
  }
}

type Setting = keyof Policy;

/** The policy that holds, and who has said so, setting by setting. */
export type PolicyReport = {
  readonly policy: Policy;
  readonly origins: { readonly [Name in Setting]: 'default' | 'stored' | 'configuration' };
  /** What is stored: the preset, and what was set beside it. */
  readonly stored: PolicySettings;
};

type Changes = { readonly [name: string]: unknown };

export type PolicyBook = {
  /** The same policies, and whose changes are to be noted. */
  by(operator: NonNullable<AuditEntry['operator']>): PolicyBook;
  show(agent: AgentIdentity): Promise<PolicyReport>;
  /** What `set` would make of it, without changing anything. @throws PolicyError as `set` */
  preview(agent: AgentIdentity, changes: Changes): Promise<PolicyReport>;
  /**
   * Changes what is stored, from the next request on in every server process. `preset` puts a preset in the place of all
   * that was stored, and null nothing; undefined takes a setting back.
   *
   * @throws PolicyError for settings that do not fit; then nothing is changed
   */
  set(agent: AgentIdentity, changes: Changes): Promise<PolicyReport>;
};

/** Somebody who changes the same policy at the same moment comes first this often. */
const maxAttempts = 5;

type PolicyStore = Pick<Store, 'keys' | 'audit' | 'notifier'>;

/** The policies that are stored. Each change is audited. `clock`: milliseconds since the epoch. */
export function createPolicyBook(store: PolicyStore, clock: () => number): PolicyBook {
  return createBook(store, clock, {});
}

function createBook(store: PolicyStore, clock: () => number, who: Pick<AuditEntry, 'operator'>): PolicyBook {
  return {
    by: (operator) => createBook(store, clock, { operator }),
    async show(agent) {
      const { policy } = await store.keys.settings(agent.agentId);
      return report(agent, readStoredPolicy(agent.agentId, policy));
    },
    async preview(agent, changes) {
      const { policy } = await store.keys.settings(agent.agentId);
      return report(agent, readSettings(merge(readStoredPolicy(agent.agentId, policy), changes)));
    },
    async set(agent, changes) {
      const { agentId } = agent;
      const { before, after } = await change(store, agent, changes);
      await store.audit.append({
        agentId,
        at: clock(),
        kind: 'policy-changed',
        detail: differences(before, after),
        ...who,
      });
      // Whoever is connected is looked at again by the new policy.
      await store.notifier.publish(`revoked:${agentId}`, '');
      return report(agent, after);
    },
  };
}

async function change(store: PolicyStore, { agentId }: AgentIdentity, changes: Changes) {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const { policy } = await store.keys.settings(agentId);
    const before = readStoredPolicy(agentId, policy);
    const after = readSettings(merge(before, changes));
    if (await store.keys.setPolicy(agentId, policy, JSON.stringify(after))) return { before, after };
  }
  throw new PolicyError('The policy is being changed by somebody else: try again.');
}

/** For the audit log: what was stored of the settings that have changed, and what is. */
function differences(before: PolicySettings, after: PolicySettings) {
  const [old, now]: readonly Changes[] = [before, after];
  const names = Object.keys({ ...old, ...now }).filter((name) => !isDeepStrictEqual(old?.[name], now?.[name]));
  const pick = (settings: Changes = {}) =>
    Object.fromEntries(names.flatMap((name) => (name in settings ? [[name, shown(name, settings[name])]] : [])));
  return { before: pick(old), after: pick(now) };
}

/** What follows the path of an address may be somebody's password to it. */
function shown(name: string, value: unknown): unknown {
  return name === 'jwksUrl' && typeof value === 'string' ? value.replace(/\?.*$/s, '?…') : value;
}

function merge(stored: PolicySettings, { preset, ...changes }: Changes) {
  const base = preset === undefined ? stored : preset === null ? {} : { preset };
  const merged = { ...base, ...changes };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

function readSettings(value: unknown): PolicySettings {
  const result = policySettingsSchema.safeParse(value, { error: nameUnknownSettings });
  if (result.success) return result.data;
  const sentences = result.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
  const fields: { [name: string]: string } = {};
  for (const { path, message } of result.error.issues) fields[String(path[0] ?? '')] ??= message;
  throw new PolicyError(sentences.join('\n'), fields);
}

function report(agent: AgentIdentity, stored: PolicySettings): PolicyReport {
  const policy = resolvePolicy(stored, agent.settings);
  const [here, there] = [expandSettings(agent.settings), expandSettings(stored)];
  const originOf = (name: string) =>
    Object.hasOwn(here, name) ? 'configuration' : Object.hasOwn(there, name) ? 'stored' : 'default';
  const origins = Object.fromEntries(Object.keys(policy).map((name) => [name, originOf(name)]));
  return { policy, origins: origins as PolicyReport['origins'], stored };
}
