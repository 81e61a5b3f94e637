import { z } from 'zod';
import {
  agentFields,
  fieldValuesSchema,
  type AgentChange,
  type AgentStanding,
  type ChangeOutcome,
} from '../../config/index.ts';
import { agentIdFor } from '../agents/agent-id.ts';
import { describeAgent, summarize } from '../agents/describe-agent.ts';
import { changesSince, differences } from '../agents/differences.ts';
import { sentence } from '../agents/sentence.ts';
import { DashboardProblem, invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { done, json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { noSuchAgent, requireWhole } from '../scope.ts';

const idSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][\w-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ - and begin with a letter or digit');
const revisionSchema = z.string().max(64).nullable();
const newAgentSchema = z.strictObject({ id: idSchema.optional(), ...fieldValuesSchema.shape });
const actionSchema = z.strictObject({
  id: z.string().max(64).optional(),
  settings: z.record(z.string(), z.unknown()),
  signingSecret: z.string('must be a text').max(1_000).optional(),
});
const changeSchema = z.strictObject({
  revision: revisionSchema,
  ...fieldValuesSchema.shape,
  actions: z.array(actionSchema).max(64).optional(),
  reset: z.array(z.enum(agentFields)).optional(),
});
const removalSchema = z.strictObject({ confirm: z.string('Type the name of the agent.'), revision: revisionSchema });

/** How far back is looked for who was faster. */
const maxAuditEntries = 100;

/** The agents: what each is called, shows, knows and can do. */
export const agentRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/agents', role: 'viewer', handle: listAgents },
  { method: 'POST', path: '/agents', role: 'admin', handle: makeAgent },
  { method: 'GET', path: '/agents/:agentId', role: 'admin', handle: showAgent },
  { method: 'PATCH', path: '/agents/:agentId', role: 'admin', handle: changeAgent },
  { method: 'DELETE', path: '/agents/:agentId', role: 'admin', handle: removeAgent },
];

async function listAgents(call: OperatorCall): Promise<Response> {
  const { services, operator, maySee } = call;
  const mine = services.agents.standings().filter(({ id }) => maySee(id));
  const isWhole = operator.role === 'admin' && operator.agentIds === null;
  return json({ agents: mine.map(summarize), mayCreate: isWhole, ...(await surroundings(call)) });
}

/** What settings of any agent depend on. */
async function surroundings({ services: { agents }, operator }: OperatorCall) {
  const { hasModel, mayNameFolders } = agents;
  return {
    hasModel,
    mayNameFolders,
    knowledgeFolders: operator.role === 'admin' ? await agents.knowledgeFolders() : [],
  };
}

async function makeAgent(call: OperatorCall): Promise<Response> {
  requireWhole(call);
  const { services } = call;
  const { id: given, ...set } = await readInput(call, newAgentSchema);
  const name = typeof set.name === 'string' ? set.name : '';
  const id = given ?? agentIdFor(name, (taken) => services.agents.standing(taken) !== undefined);
  const { after, before } = await apply(call, { id, base: 'create', set });
  await call.audit('agent-created', { agentId: id, detail: differences(before, after) });
  return json({ agent: describeAgent(after) }, 201);
}

async function showAgent(call: OperatorCall): Promise<Response> {
  return json({ agent: describeAgent(requireStanding(call)), ...(await surroundings(call)) });
}

async function changeAgent(call: OperatorCall): Promise<Response> {
  const { id } = requireStanding(call);
  const { revision, actions, reset = [], ...set } = await readInput(call, changeSchema);
  const change = { id, base: { revision }, set, reset, ...(actions === undefined ? {} : { actions }) };
  const { before, after } = await apply(call, change);
  const detail = differences(before, after);
  if (detail.changed.length > 0) await call.audit('agent-changed', { agentId: id, detail });
  return json({ agent: describeAgent(after) });
}

async function removeAgent(call: OperatorCall): Promise<Response> {
  const standing = requireStanding(call);
  const { confirm, revision } = await readInput(call, removalSchema);
  const { id } = standing;
  const { name } = summarize(standing);
  if (confirm.trim() !== name) throw invalidField('confirm', `This is not “${name}”.`);
  const outcome = await call.services.agents.remove(id, revision ?? undefined);
  if (outcome === 'not_found') throw noSuchAgent();
  if (outcome === 'conflict') throw await conflict(call, id, revision);
  if (outcome === 'in_file') {
    const detail = 'This agent is in the configuration file: take it out there, and start the server again.';
    throw new DashboardProblem('conflict', { detail });
  }
  await call.audit('agent-removed', { agentId: id, detail: { before: { name } } });
  return done();
}

async function apply(call: OperatorCall, change: AgentChange): Promise<Extract<ChangeOutcome, { state: 'changed' }>> {
  const outcome = await call.services.agents.change(change);
  switch (outcome.state) {
    case 'changed':
      return outcome;
    case 'refused':
      throw new DashboardProblem('invalid_input', { fields: fieldsOf(outcome.issues) });
    case 'exists':
      throw invalidField('id', 'There is an agent of this id already.');
    case 'too_many':
      throw new DashboardProblem('conflict', { detail: 'There are 1,000 agents already.' });
    case 'not_found':
      throw noSuchAgent();
    case 'conflict':
      throw await conflict(call, change.id, change.base === 'create' ? null : (change.base.revision ?? null));
  }
}

function fieldsOf(issues: readonly { readonly path: string; readonly message: string }[]) {
  const fields: { [field: string]: string } = {};
  // As the fields of a body are named everywhere: `suggestions.2`.
  for (const { path, message } of issues) fields[path.replaceAll(/\[(\d+)\]/g, '.$1')] ??= sentence(message);
  return fields;
}

async function conflict({ services }: OperatorCall, id: string, known: string | null): Promise<DashboardProblem> {
  const { fields, people } = changesSince(known, await services.store.audit.list(id, maxAuditEntries));
  const who = people.length === 0 ? 'Somebody' : people.join(' and ');
  const what = fields.length === 0 ? '' : `: ${fields.join(', ')}`;
  return new DashboardProblem('conflict', { detail: `${who} has changed this agent meanwhile${what}.` });
}

/** Also of an agent that cannot be used: it is here that it is mended. */
function requireStanding({ services, parameter, maySee }: OperatorCall): AgentStanding {
  const standing = services.agents.standing(parameter('agentId'));
  if (standing === undefined || !maySee(standing.id)) throw noSuchAgent();
  return standing;
}
