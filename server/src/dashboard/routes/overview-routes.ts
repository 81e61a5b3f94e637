import type { HourStatistics } from '../../storage/index.ts';
import { invalidField } from '../problem.ts';
import { isoTime, json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { isTimeZone, lastDays } from '../statistics/days.ts';
import { summarize } from '../statistics/summarize.ts';

/** What has happened, as numbers. */
export const overviewRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/overview', role: 'viewer', handle: showOverview },
];

const lengths = [7, 30, 90];

async function showOverview(call: OperatorCall): Promise<Response> {
  const { services } = call;
  const { count, timeZone } = readQuestion(call);
  const agents = services.agents.all().filter(({ id }) => call.maySee(id));
  const agentId = call.query('agent');
  const asked = agentId === undefined ? agents : [call.requireAgent(agentId)];
  const now = services.clock();
  const { current, before, from, dayOf } = lastDays(count, timeZone, now);
  const agentIds = asked.map(({ id }) => id);
  // What a clock that is ahead has written belongs to no day yet.
  const { hours, countedUntil } = await services.store.statistics.read({ agentIds, from, to: now + 1, now });
  const byDay = new Map<string, HourStatistics[]>([...before, ...current].map((day) => [day, []]));
  for (const hour of hours) byDay.get(dayOf(hour.hour))?.push(hour);
  const ofDays = (days: readonly string[]) => days.flatMap((day) => byDay.get(day) ?? []);
  return json({
    timeZone,
    countedUntil: isoTime(countedUntil),
    agents: agents.map(({ id, name }) => ({ id, name })),
    days: current.map((day) => ({ day, ...summarize(byDay.get(day) ?? []) })),
    total: summarize(ofDays(current)),
    before: summarize(ofDays(before)),
  });
}

function readQuestion({ query }: OperatorCall): { readonly count: number; readonly timeZone: string } {
  const count = Number(query('days') ?? 30);
  if (!lengths.includes(count)) throw invalidField('days', 'must be 7, 30 or 90');
  const timeZone = query('timeZone') ?? 'UTC';
  if (!isTimeZone(timeZone)) throw invalidField('timeZone', 'must be the name of a time zone, such as Europe/Berlin');
  return { count, timeZone };
}
