import type { InboxFilter } from '../../storage/index.ts';
import { invalidField } from '../problem.ts';
import type { OperatorCall } from '../route.ts';

const maxQueryCharacters = 500;
const dayMs = 24 * 60 * 60 * 1_000;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Which conversations a call asks for, among those that this operator may see.
 *
 * @throws DashboardProblem `invalid_input` beside the filter; `not_found` for an agent that is not this operator's
 */
export function readInboxFilter(call: OperatorCall): InboxFilter {
  const { query, operator } = call;
  const assignee = query('assignee');
  return {
    ...readScope(call),
    subject: query('subject'),
    verified: readFlag(call, 'verified'),
    unread: readFlag(call, 'unread'),
    status: readOne(call, 'status', ['open', 'closed']),
    handoff: readOne(call, 'handoff', ['none', 'requested', 'active', 'ended']),
    feedback: readOne(call, 'feedback', ['up', 'down']),
    assigneeId: assignee === 'none' ? null : assignee === 'me' ? operator.id : assignee,
    from: readTime(call, 'from'),
    to: readTime(call, 'to'),
  };
}

/** The agents and the words of a call. */
export function readScope({ query, operator, requireAgent }: OperatorCall): Pick<InboxFilter, 'agentIds' | 'query'> {
  const agentId = query('agent');
  const text = query('query');
  if ((text?.length ?? 0) > maxQueryCharacters) {
    throw invalidField('query', `must have at most ${maxQueryCharacters} characters`);
  }
  return { agentIds: agentId === undefined ? operator.agentIds : [requireAgent(agentId).id], query: text };
}

function readFlag({ query }: OperatorCall, name: string): boolean | undefined {
  const text = query(name);
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalidField(name, 'must be true or false');
}

function readOne<Value extends string>(
  { query }: OperatorCall,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const text = query(name);
  const value = values.find((each) => each === text);
  if (text !== undefined && value === undefined) throw invalidField(name, `must be one of ${values.join(', ')}`);
  return value;
}

/** A day counts in UTC, and as the last one to its end. */
export function readTime({ query }: OperatorCall, name: 'from' | 'to'): number | undefined {
  const text = query(name);
  if (text === undefined) return undefined;
  const isDay = dayPattern.test(text);
  const time = isDay || timePattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalidField(name, 'must be a day (2026-11-03) or a time (2026-11-03T14:05:00Z)');
  return isDay && name === 'to' ? time + dayMs : time;
}
