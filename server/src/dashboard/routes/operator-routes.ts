import { z } from 'zod';
import type { Operator } from '../../storage/index.ts';
import { DashboardProblem, invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { done, isoTime, json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { requireWhole } from '../scope.ts';
import { emailSchema, nameSchema } from './account-routes.ts';

const roleSchema = z.enum(['admin', 'operator', 'viewer'], 'must be admin, operator or viewer');
const agentIdsSchema = z.array(z.string().max(64)).max(1_000).nullable();
const invitationSchema = z.strictObject({
  name: nameSchema,
  email: emailSchema,
  role: roleSchema,
  agentIds: agentIdsSchema.default(null),
});
const changeSchema = z
  .strictObject({
    name: nameSchema,
    role: roleSchema,
    agentIds: agentIdsSchema,
    state: z.enum(['active', 'disabled'], 'must be active or disabled'),
    /** False ends that somebody signs in by OpenID Connect; the next one with the e-mail address is linked anew. */
    isLinked: z.literal(false, 'can only be ended'),
  })
  .partial();

/** Who may sign in, and as what. */
export const operatorRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/operators', role: 'admin', handle: listOperators },
  { method: 'POST', path: '/operators', role: 'admin', handle: invite },
  { method: 'PATCH', path: '/operators/:id', role: 'admin', handle: change },
  { method: 'DELETE', path: '/operators/:id', role: 'admin', handle: remove },
  { method: 'POST', path: '/operators/:id/reset', role: 'admin', handle: makeLink },
];

function describe({ createdAt, lastSeenAt, ...operator }: Operator) {
  return { ...operator, createdAt: isoTime(createdAt), lastSeenAt: isoTime(lastSeenAt) };
}

async function listOperators({ services, operator }: OperatorCall): Promise<Response> {
  const all = await services.store.operators.list();
  return json({ operators: all.flatMap((other) => seenBy(operator, other)).map(describe) });
}

/** Who is limited to some agents sees whom they share one with, and of their agents those. */
function seenBy({ id, agentIds }: Operator, other: Operator): readonly Operator[] {
  if (agentIds === null || other.id === id) return [other];
  const shared = other.agentIds?.filter((agentId) => agentIds.includes(agentId)) ?? null;
  return (shared ?? agentIds).length === 0 ? [] : [{ ...other, agentIds: shared }];
}

async function invite(call: OperatorCall): Promise<Response> {
  requireWhole(call);
  const person = await readInput(call, invitationSchema);
  requireAgents(call, person.agentIds);
  const operator = await call.accounts.invite(person);
  if (operator === 'exists') throw invalidField('email', 'Somebody has this e-mail address already.');
  const { role, agentIds } = operator;
  await call.audit('operator-created', { detail: { operatorId: operator.id, after: { role, agentIds } } });
  return json({ operator: describe(operator), ...(await linkFor(call, operator)) }, 201);
}

async function change(call: OperatorCall): Promise<Response> {
  requireWhole(call);
  const { store } = call.services;
  const before = await find(call);
  const changes = await readInput(call, changeSchema);
  const { name, role, agentIds, state, isLinked } = changes;
  requireAgents(call, agentIds ?? null);
  if (state === 'active' && before.state === 'invited')
    throw invalidField('state', 'An invited person has yet to accept.');
  const outcome = await store.operators.change(before.id, {
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(agentIds === undefined ? {} : { agentIds }),
    ...(state === undefined ? {} : { state }),
    ...(isLinked === undefined ? {} : { oidcKey: null }),
  });
  if (outcome === 'not_found') throw new DashboardProblem('not_found');
  if (outcome === 'last_administrator') throw lastAdministrator();
  const after = await find(call);
  await call.audit('operator-changed', { detail: { operatorId: before.id, ...differences(before, after) } });
  return json({ operator: describe(after) });
}

function differences(before: Operator, after: Operator): { readonly before: object; readonly after: object } {
  const names = (['name', 'role', 'state', 'agentIds', 'isLinked'] as const).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const pick = (operator: Operator): object => Object.fromEntries(names.map((name) => [name, operator[name]]));
  return { before: pick(before), after: pick(after) };
}

async function remove(call: OperatorCall): Promise<Response> {
  requireWhole(call);
  const before = await find(call);
  const outcome = await call.services.store.operators.remove(before.id);
  if (outcome === 'not_found') throw new DashboardProblem('not_found');
  if (outcome === 'last_administrator') throw lastAdministrator();
  const { role, agentIds } = before;
  await call.audit('operator-removed', { detail: { operatorId: before.id, before: { role, agentIds } } });
  return done();
}

async function makeLink(call: OperatorCall): Promise<Response> {
  requireWhole(call);
  const operator = await find(call);
  if (operator.state === 'disabled') throw new DashboardProblem('conflict', { detail: 'This account is disabled.' });
  return json(await linkFor(call, operator));
}

/** The token stands behind `#`, where no server's log sees it. It is shown to the administrator once, to be passed on. */
async function linkFor(call: OperatorCall, { id, state }: Operator) {
  const { token, expiresAt } = await call.accounts.createLink(id, state === 'invited' ? 'invitation' : 'reset');
  await call.audit('operator-link-created', { detail: { operatorId: id } });
  return { link: `${call.origin}/dashboard/invitation#${token}`, linkExpiresAt: isoTime(expiresAt) };
}

async function find({ services, parameter }: OperatorCall): Promise<Operator> {
  const found = await services.store.operators.find(parameter('id'));
  if (found === undefined) throw new DashboardProblem('not_found', { detail: 'There is no such person.' });
  return found;
}

function requireAgents({ services }: OperatorCall, agentIds: readonly string[] | null): void {
  const unknown = agentIds?.find((id) => services.agents.find(id) === undefined);
  if (unknown !== undefined) throw invalidField('agentIds', 'There is no such agent.');
}

function lastAdministrator(): DashboardProblem {
  return new DashboardProblem('conflict', {
    detail: 'This is the last administrator: make somebody else one first.',
  });
}
