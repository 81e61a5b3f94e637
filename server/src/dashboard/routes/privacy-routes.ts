import { z } from 'zod';
import type { Person } from '../../storage/index.ts';
import { exportResponse } from '../export-stream.ts';
import { DashboardProblem, invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { json, type DashboardRoute, type OperatorCall } from '../route.ts';

/** Handing out, and removing for good, what is somebody's. */
export const privacyRoutes: readonly DashboardRoute[] = [
  // The file is `<subject>.json`, the subject encoded as in the contact's own address.
  { method: 'GET', path: '/export/contacts/:agentId/:file', role: 'admin', handle: exportContact },
  { method: 'DELETE', path: '/contacts/:agentId/:subject', role: 'admin', handle: removeContact },
  { method: 'DELETE', path: '/conversations/:id', role: 'admin', handle: removeConversation },
];

const confirmSchema = z.strictObject({ confirm: z.string('Type the subject to confirm.') });

const noContact = () => new DashboardProblem('not_found', { detail: 'There is no such contact.' });

/** What is left of an agent that is gone has to be removable, too. */
function requirePerson({ parameter, maySee }: OperatorCall, subject: string): Person {
  const agentId = parameter('agentId');
  if (!maySee(agentId)) throw noContact();
  return { agentId, subject };
}

async function exportContact(call: OperatorCall): Promise<Response> {
  const { parameter, services, origin } = call;
  const [, subject] = /^(.*)\.json$/s.exec(parameter('file')) ?? [];
  if (subject === undefined) throw noContact();
  const person = requirePerson(call, subject);
  const link = (conversation: string, file: string): string =>
    `${origin}/dashboard/api/conversations/${encodeURIComponent(conversation)}/attachments/${encodeURIComponent(file)}`;
  const texts = await services.privacy.exportPerson(person, link);
  if (texts === undefined) throw noContact();
  await call.audit('contact-exported', person);
  // A subject may be anything; a file's name may not.
  return exportResponse(call, {
    name: `contact-${subject.replaceAll(/[^\w.-]+/g, '_').slice(0, 60)}`,
    ending: 'json',
    texts,
  });
}

async function removeContact(call: OperatorCall): Promise<Response> {
  const person = requirePerson(call, call.parameter('subject'));
  const { confirm } = await readInput(call, confirmSchema);
  if (confirm !== person.subject) throw invalidField('confirm', 'This is not the subject of this contact.');
  const { services, operator } = call;
  const removed = await services.privacy.removePerson(person, (counts) => ({
    agentId: person.agentId,
    at: services.clock(),
    kind: 'contact-removed',
    // Never who: that is what was asked for.
    detail: { ...counts },
    operator: { id: operator.id, name: operator.name },
  }));
  if (removed === undefined) throw noContact();
  return json({ removed });
}

async function removeConversation(call: OperatorCall): Promise<Response> {
  const { services, operator, parameter, maySee } = call;
  const id = parameter('id');
  const owner = await services.store.conversations.ownerOf(id);
  if (owner === undefined || !maySee(owner.agentId)) throw noConversation();
  const removed = await services.privacy.removeConversation(id, ({ attachments }) => ({
    agentId: owner.agentId,
    at: services.clock(),
    kind: 'conversation-removed',
    detail: { conversationId: id, attachments },
    operator: { id: operator.id, name: operator.name },
  }));
  if (removed === undefined) throw noConversation();
  return json({ removed });
}

const noConversation = () => new DashboardProblem('not_found', { detail: 'There is no such conversation.' });
