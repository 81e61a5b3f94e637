import type { Operator } from '../storage/index.ts';
import { DashboardProblem } from './problem.ts';
import type { OperatorCall } from './route.ts';

/** Whether an operator may see what belongs to an agent: to any, or to one of those that they are limited to. */
export function seesAgent({ agentIds }: Pick<Operator, 'agentIds'>, agentId: string): boolean {
  return agentIds === null || agentIds.includes(agentId);
}

/** One that somebody may not see answers as one that does not exist. */
export function noSuchAgent(): DashboardProblem {
  return new DashboardProblem('not_found', { detail: 'There is no such agent.' });
}

/** Who sees some agents only would otherwise let themselves see the others. */
export function requireWhole({ operator }: OperatorCall): void {
  if (operator.agentIds === null) return;
  throw new DashboardProblem('forbidden', { detail: 'This takes an administrator of all agents.' });
}
