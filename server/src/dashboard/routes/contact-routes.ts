import type { InboxContact } from '../../storage/index.ts';
import { readScope } from '../conversations/inbox-filter.ts';
import { DashboardProblem } from '../problem.ts';
import { readPage } from '../read-input.ts';
import { isoTime, json, type DashboardRoute, type OperatorCall } from '../route.ts';

/** Verified visitors. Their conversations: `/conversations?agent=&subject=`. */
export const contactRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/contacts', role: 'viewer', handle: list },
  { method: 'GET', path: '/contacts/:agentId/:subject', role: 'viewer', handle: show },
];

async function list(call: OperatorCall): Promise<Response> {
  const { rows, nextBefore } = await call.services.store.inbox.contacts(readScope(call), readPage(call.query));
  const shown = rows.filter(({ agentId }) => call.services.agents.find(agentId) !== undefined);
  return json({ contacts: shown.map((row) => describe(call, row)), nextBefore });
}

function describe({ services }: OperatorCall, { firstSeenAt, lastSeenAt, ...contact }: InboxContact) {
  const agentName = services.agents.find(contact.agentId)?.name ?? contact.agentId;
  return { ...contact, agentName, firstSeenAt: isoTime(firstSeenAt), lastSeenAt: isoTime(lastSeenAt) };
}

async function show(call: OperatorCall): Promise<Response> {
  const { services, parameter, requireAgent } = call;
  const agent = requireAgent(parameter('agentId'));
  const { inbox } = services.store;
  const contact = await inbox.contact(agent.id, parameter('subject'));
  if (contact === undefined) throw new DashboardProblem('not_found', { detail: 'There is no such contact.' });
  const changes = await inbox.claimsHistory(agent.id, contact.subject);
  return json({
    contact: { ...describe(call, contact), claims: contact.claims },
    claimsHistory: changes.map(({ at, claims }) => ({ at: isoTime(at), claims })),
  });
}
