import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CannedReply } from '../../storage/index.ts';
import { DashboardProblem, invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { done, isoTime, json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { textSchema } from './live-routes.ts';

const shortcutSchema = z
  .string('Say a shortcut.')
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u, 'One word of at most 40 letters, digits, _ and -.');
const bodySchema = textSchema(4_000);
const newSchema = z.strictObject({
  agentId: z.string().max(64).nullable().default(null),
  shortcut: shortcutSchema,
  text: bodySchema,
});
const changeSchema = z.strictObject({ shortcut: shortcutSchema.optional(), text: bodySchema.optional() });

/** Replies that were written before. They are put into the box where replies are written, and sent by nobody but a person. */
export const cannedReplyRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/canned-replies', role: 'viewer', handle: list },
  { method: 'POST', path: '/canned-replies', role: 'operator', handle: add },
  { method: 'PATCH', path: '/canned-replies/:id', role: 'operator', handle: change },
  { method: 'DELETE', path: '/canned-replies/:id', role: 'operator', handle: remove },
];

function describe(reply: CannedReply) {
  const { id, agentId, shortcut, text } = reply;
  return { id, agentId, shortcut, text, updatedAt: isoTime(reply.updatedAt) };
}

/** Those of an agent come with those of all agents; without `agent`, all that this operator may see. */
async function list(call: OperatorCall): Promise<Response> {
  const { services, query, maySee } = call;
  const agent = query('agent');
  if (agent !== undefined) call.requireAgent(agent);
  const fits = ({ agentId }: CannedReply): boolean =>
    agentId === null || (maySee(agentId) && (agent === undefined || agentId === agent));
  return json({ cannedReplies: (await services.store.cannedReplies.list()).filter(fits).map(describe) });
}

async function add(call: OperatorCall): Promise<Response> {
  const { agentId, shortcut, text } = await readInput(call, newSchema);
  requireScope(call, agentId);
  const now = call.services.clock();
  const reply = { id: randomUUID(), agentId, shortcut, text: text.toWellFormed(), createdAt: now, updatedAt: now };
  if ((await call.services.store.cannedReplies.add(reply)) === 'exists') throw taken(shortcut);
  await audit(call, 'canned-reply-created', reply);
  return json({ cannedReply: describe(reply) }, 201);
}

async function change(call: OperatorCall): Promise<Response> {
  const { services } = call;
  const before = await find(call);
  const { shortcut = before.shortcut, text = before.text } = await readInput(call, changeSchema);
  requireScope(call, before.agentId);
  const to = { shortcut, text: text.toWellFormed(), updatedAt: services.clock() };
  const outcome = await services.store.cannedReplies.change(before.id, to);
  if (outcome === 'exists') throw taken(shortcut);
  if (outcome === 'not_found') throw missing();
  await audit(call, 'canned-reply-changed', { ...before, ...to });
  return json({ cannedReply: describe({ ...before, ...to }) });
}

async function remove(call: OperatorCall): Promise<Response> {
  const before = await find(call);
  requireScope(call, before.agentId);
  if (!(await call.services.store.cannedReplies.remove(before.id))) throw missing();
  await audit(call, 'canned-reply-removed', before);
  return done();
}

async function find({ services, parameter, maySee }: OperatorCall): Promise<CannedReply> {
  const found = await services.store.cannedReplies.find(parameter('id'));
  if (found === undefined || (found.agentId !== null && !maySee(found.agentId))) throw missing();
  return found;
}

/** What is for all agents is changed by those who see all of them. */
function requireScope(call: OperatorCall, agentId: string | null): void {
  if (agentId !== null) call.requireAgent(agentId);
  else if (call.operator.agentIds !== null) {
    throw new DashboardProblem('forbidden', {
      detail: 'Replies for all agents are changed by those who see all of them.',
    });
  }
}

type Kind = 'canned-reply-created' | 'canned-reply-changed' | 'canned-reply-removed';

function audit(call: OperatorCall, kind: Kind, { id, agentId, shortcut }: CannedReply): Promise<void> {
  return call.audit(kind, { ...(agentId === null ? {} : { agentId }), detail: { cannedReplyId: id, shortcut } });
}

function missing(): DashboardProblem {
  return new DashboardProblem('not_found', { detail: 'There is no such reply.' });
}

function taken(shortcut: string): DashboardProblem {
  return invalidField('shortcut', `There is a reply with the shortcut /${shortcut} already.`);
}
