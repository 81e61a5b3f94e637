import { tellDesk, type DeskEvent } from '../../conversations/index.ts';
import { presenceLastsMs, type DeskConversation, type Operator } from '../../storage/index.ts';
import { DashboardProblem } from '../problem.ts';
import type { OperatorCall } from '../route.ts';
import { seesAgent } from '../scope.ts';

/** @throws DashboardProblem `not_found` for one that does not exist, as for one that is not this operator's to see */
export async function requireConversation(call: OperatorCall): Promise<DeskConversation> {
  const { services, maySee, parameter } = call;
  const found = await services.store.desk.find(parameter('id'));
  const isTheirs = found !== undefined && maySee(found.agentId) && services.agents.find(found.agentId) !== undefined;
  if (isTheirs) return found;
  throw new DashboardProblem('not_found', { detail: 'There is no such conversation.' });
}

type Kind = Extract<DeskEvent, { type: 'conversation' }>['kind'];

/** Tells all operators, in every process. What was done is done, whether or not they hear of it at once. */
export async function tellChange(call: OperatorCall, desk: DeskConversation, kind: Kind): Promise<void> {
  await tell(call, { type: 'conversation', agentId: desk.agentId, conversationId: desk.id, kind });
}

export async function tellPresence(call: OperatorCall, { agentId, id }: DeskConversation): Promise<void> {
  await tell(call, { type: 'presence', agentId, conversationId: id });
}

async function tell({ services }: OperatorCall, event: DeskEvent): Promise<void> {
  try {
    await tellDesk(services.store.notifier, event);
  } catch {
    services.log.warn({ type: event.type }, 'operators could not be told of a change');
  }
}

/** Those who can answer at an agent. */
async function colleaguesAt({ services }: OperatorCall, agentId: string): Promise<readonly Operator[]> {
  const all = await services.store.operators.list();
  return all.filter((operator) => canAnswer(operator, agentId));
}

export function canAnswer(operator: Operator, agentId: string): boolean {
  return operator.state === 'active' && operator.role !== 'viewer' && seesAgent(operator, agentId);
}

/** Who else looks at it. */
export async function othersAt({ services, operator }: OperatorCall, conversationId: string) {
  const here = await services.store.presence.list(conversationId, services.clock() - presenceLastsMs);
  return here
    .filter(({ operatorId }) => operatorId !== operator.id)
    .map(({ operatorId, name, typing }) => ({ id: operatorId, name, typing }));
}

/** As the page beside the transcript needs it. */
export async function describeDesk(call: OperatorCall, conversationId: string) {
  const desk = await call.services.store.desk.find(conversationId);
  if (desk === undefined) throw new DashboardProblem('not_found', { detail: 'There is no such conversation.' });
  const { id, agentId, status, assigneeId, handoff, unreadCount } = desk;
  const colleagues = (await colleaguesAt(call, agentId)).map((one) => ({ id: one.id, name: one.name }));
  const assignee = assigneeId === null ? null : await nameOf(call, assigneeId);
  const present = await othersAt(call, id);
  return { live: { id, agentId, status, assignee, handoff, unreadCount, colleagues, present } };
}

/** Whoever was removed since takes care of nothing. */
async function nameOf({ services }: OperatorCall, operatorId: string) {
  const found = await services.store.operators.find(operatorId);
  return found === undefined ? null : { id: found.id, name: found.name };
}
