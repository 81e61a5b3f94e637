import { z } from 'zod';
import {
  PolicyError,
  policyPresets,
  presetNames,
  type AgentIdentity,
  type PolicyReport,
} from '../../identity/index.ts';
import { DashboardProblem, invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { consequencesOf, keyChanges } from '../security/policy-consequences.ts';
import { effectsOf, presetWords, settingNames } from '../security/policy-words.ts';

const changeSchema = z
  .strictObject({
    /** By name; `preset` takes the place of all that was stored, and with null nothing does. */
    changes: z.record(z.string().max(64), z.unknown()).default({}),
    /** Taken back. */
    reset: z.array(z.enum(settingNames, 'There is no such setting.')).max(64).default([]),
    /** Of the policy that was looked at; without it, whatever holds is changed. */
    revision: z.string().max(64).nullable().optional(),
  })
  .refine(({ changes, reset }) => Object.keys(changes).length + reset.length > 0, 'Say what is to be changed.');

/** Who is let in by which token: operators read it, administrators change it. */
export const policyRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/agents/:agentId/policy', role: 'operator', handle: showPolicy },
  { method: 'PUT', path: '/agents/:agentId/policy', role: 'admin', handle: changePolicy },
];

async function showPolicy(call: OperatorCall): Promise<Response> {
  const { services, requireAgent, parameter, operator } = call;
  const { identity } = requireAgent(parameter('agentId'));
  const { revision } = await services.store.keys.settings(identity.agentId);
  const report = await services.policies.show(identity);
  const presets = presetNames.map((name) => ({ name, effect: presetWords[name], settings: policyPresets[name] }));
  return json({ ...describe(report, operator.role === 'admin'), presets, revision });
}

function describe({ policy, origins, stored }: PolicyReport, mayKnowAll: boolean) {
  const effects = effectsOf(policy);
  return {
    preset: stored.preset ?? null,
    settings: settingNames.map((name) => ({
      name,
      value: name === 'jwksUrl' && !mayKnowAll ? withoutQuery(policy.jwksUrl) : policy[name],
      origin: origins[name],
      effect: effects[name],
    })),
  };
}

/** What follows the path may be somebody's password to it. */
function withoutQuery(address: string | null): string | null {
  return address?.replace(/\?.*$/s, '?…') ?? null;
}

async function changePolicy(call: OperatorCall): Promise<Response> {
  const { services, requireAgent, parameter, operator, query } = call;
  const { identity } = requireAgent(parameter('agentId'));
  const { changes, reset, revision } = await readInput(call, changeSchema);
  const all = { ...changes, ...Object.fromEntries(reset.map((name) => [name, undefined])) };
  const stored = await services.store.keys.settings(identity.agentId);
  if (revision !== undefined && revision !== stored.revision) throw changedMeanwhile();
  const before = await services.policies.show(identity);
  const rows = await services.store.keys.list(identity.agentId);
  const book = services.policies.by({ id: operator.id, name: operator.name });
  const preview = await refusing(() => book.preview(identity, all));
  requireHttps(changes['jwksUrl']);
  const after = query('preview') === undefined ? await refusing(() => book.set(identity, all)) : preview;
  const change = { before: before.policy, after: after.policy };
  return json({
    ...describe(after, true),
    revision: (await services.store.keys.settings(identity.agentId)).revision,
    changed: differences(before, after),
    keys: keyChanges(rows, identity, change),
    consequences: [...consequencesOf(rows, identity, change), ...overruled(identity, after, all)],
  });
}

/** Plain http, which the configuration file may name for this machine, reaches what only the machine itself is meant to. */
function requireHttps(address: unknown): void {
  if (typeof address !== 'string' || URL.parse(address)?.protocol !== 'http:') return;
  throw invalidField(
    'jwksUrl',
    'must be https: an http address on this machine has to stand in the configuration file',
  );
}

/** A preview that somebody has read must be of what is then changed. */
function changedMeanwhile(): DashboardProblem {
  const detail =
    'The policy or the keys were changed since you loaded them. Look at them again, then repeat your change.';
  return new DashboardProblem('conflict', { detail });
}

function differences(before: PolicyReport, after: PolicyReport) {
  const effects = { before: effectsOf(before.policy), after: effectsOf(after.policy) };
  return settingNames
    .filter((name) => JSON.stringify(before.policy[name]) !== JSON.stringify(after.policy[name]))
    .map((name) => ({ name, before: effects.before[name], after: effects.after[name] }));
}

/** The configuration file wins over what is stored: whoever sets something that it names has to learn that nothing happens. */
function overruled({ settings }: AgentIdentity, { origins, stored }: PolicyReport, changes: object) {
  const { preset } = stored;
  const named = new Set([
    ...Object.keys(changes),
    ...(preset !== undefined && 'preset' in changes ? Object.keys(policyPresets[preset]) : []),
  ]);
  const names = settingNames.filter((name) => origins[name] === 'configuration' && named.has(name));
  if (names.length === 0) return [];
  const from = settings.preset === undefined ? '' : ` (by its preset ${settings.preset}, or by name)`;
  const text = `The configuration file sets these${from}, and wins: ${names.join(', ')}.`;
  return [{ kind: 'warning' as const, text }];
}

async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    if (Object.keys(error.fields).length === 0) throw changedMeanwhile();
    throw new DashboardProblem('invalid_input', { fields: { ...error.fields, ...inWords(error.fields) } });
  }
}

/** What a number has to be, for somebody who fills in a form. */
const numbers: { readonly [name: string]: string } = {
  maxLifetimeSeconds: 'A whole number of seconds, at least 1; or nothing for no limit.',
  clockToleranceSeconds: 'A whole number of seconds, from 0 to 300.',
  maxActiveKeys: 'One, two or three.',
};

function inWords(fields: PolicyError['fields']): PolicyError['fields'] {
  return Object.fromEntries(Object.entries(numbers).filter(([name]) => Object.hasOwn(fields, name)));
}
