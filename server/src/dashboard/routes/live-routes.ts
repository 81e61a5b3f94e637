import { z } from 'zod';
import type { HandoffOutcome } from '../../conversations/index.ts';
import type { DeskConversation } from '../../storage/index.ts';
import {
  canAnswer,
  describeDesk,
  othersAt,
  requireConversation,
  tellChange,
  tellPresence,
} from '../live/conversation.ts';
import { DashboardProblem, invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { done, json, type DashboardRoute, type OperatorCall } from '../route.ts';

const idSchema = z.string().min(1).max(255);
const takeOverSchema = z.strictObject({ from: idSchema.optional() });
export const textSchema = (maxCharacters: number) =>
  z
    .string('Write something.')
    .max(maxCharacters, `At most ${maxCharacters.toLocaleString('en')} characters.`)
    .refine((text) => text.trim() !== '', 'Write something.')
    .refine((text) => !text.includes('\0'), 'This holds a character that cannot be kept.');
const replySchema = z.strictObject({
  id: z.uuid('must be a UUID, made anew for each reply'),
  text: textSchema(32_000),
});
const typingSchema = z.strictObject({ typing: z.boolean() });
const readSchema = z.strictObject({ messageId: idSchema });
const assignSchema = z.strictObject({ operatorId: idSchema.nullable() });
const presenceSchema = z.strictObject({ typing: z.boolean().default(false), leaving: z.boolean().default(false) });
/** Presence that old is of nobody: what is left of pages that were closed without a word. */
const keepPresenceMs = 60_000;

/** Answering instead of the agent, and what goes with it. */
export const liveRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/conversations/:id/live', role: 'viewer', handle: show },
  { method: 'POST', path: '/conversations/:id/take-over', role: 'operator', handle: takeOver },
  { method: 'POST', path: '/conversations/:id/hand-back', role: 'operator', handle: handBack },
  { method: 'POST', path: '/conversations/:id/reply', role: 'operator', handle: reply },
  { method: 'POST', path: '/conversations/:id/typing', role: 'operator', handle: noteTyping },
  { method: 'POST', path: '/conversations/:id/read', role: 'operator', handle: markRead },
  { method: 'POST', path: '/conversations/:id/assign', role: 'operator', handle: assign },
  { method: 'POST', path: '/conversations/:id/close', role: 'operator', handle: close },
  { method: 'POST', path: '/conversations/:id/reopen', role: 'operator', handle: reopen },
  { method: 'POST', path: '/conversations/:id/presence', role: 'viewer', handle: notePresence },
];

async function show(call: OperatorCall): Promise<Response> {
  const { id } = await requireConversation(call);
  return json(await describeDesk(call, id));
}

/** Of two at the same moment one gets it; the other reads who. */
async function takeOver(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  const { from } = await readInput(call, takeOverSchema);
  const { operator, services } = call;
  if (isHeldBy(desk, operator.id)) return json(await describeDesk(call, desk.id));
  const who = { operatorId: operator.id, from };
  const outcome = await services.conversations.handoffs.begin(desk.id, operator.name, who);
  if (outcome !== 'ok') {
    const now = await requireConversation(call);
    if (!isHeldBy(now, operator.id)) throw outOfState(now);
    return json(await describeDesk(call, desk.id));
  }
  const detail = { conversationId: desk.id, ...(from === undefined ? {} : { from }) };
  await call.audit('conversation-taken-over', { agentId: desk.agentId, detail });
  if (desk.status === 'closed') await setStatus(call, desk, 'open');
  await assignTo(call, desk, operator.id);
  return json(await describeDesk(call, desk.id));
}

function isHeldBy({ handoff }: DeskConversation, operatorId: string): boolean {
  return handoff.state === 'active' && handoff.operatorId === operatorId;
}

function outOfState({ handoff }: DeskConversation): DashboardProblem {
  const detail =
    handoff.state === 'active'
      ? `${handoff.name ?? 'Somebody'} has taken over and answers here.`
      : 'Nobody has taken over here: do that first, so that the visitor knows who writes.';
  return new DashboardProblem('conflict', { detail });
}

/** Anybody may: whoever took over may have gone home. */
async function handBack(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  await endHandoff(call, desk);
  return json(await describeDesk(call, desk.id));
}

async function endHandoff(call: OperatorCall, { id, agentId }: DeskConversation): Promise<void> {
  const outcome = await call.services.conversations.handoffs.end(id);
  if (outcome === 'ok') await call.audit('conversation-handed-back', { agentId, detail: { conversationId: id } });
}

async function reply(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  const message = await readInput(call, replySchema);
  const { conversations, store } = call.services;
  const outcome: HandoffOutcome = await conversations.handoffs.say(desk.id, message, call.operator.id);
  if (outcome !== 'ok') throw outOfState(await requireConversation(call));
  // Who answers has read what was there.
  if ((await store.desk.markRead(desk.id, message.id)) === 'changed') await tellChange(call, desk, 'read');
  return done();
}

/** The visitor is told of whoever answers them; operators of everybody. */
async function noteTyping(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  const { typing } = await readInput(call, typingSchema);
  const { operator, services } = call;
  if (isHeldBy(desk, operator.id)) await services.conversations.handoffs.operatorTyping(desk.id, typing);
  await beHere(call, desk, typing);
  return done();
}

async function markRead(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  const { messageId } = await readInput(call, readSchema);
  const outcome = await call.services.store.desk.markRead(desk.id, messageId);
  if (outcome === 'not_found') throw new DashboardProblem('not_found', { detail: 'There is no such message.' });
  if (outcome === 'changed') await tellChange(call, desk, 'read');
  return done();
}

async function assign(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  const { operatorId } = await readInput(call, assignSchema);
  const assignee = operatorId === null ? null : await call.services.store.operators.find(operatorId);
  if (assignee === undefined || (assignee !== null && !canAnswer(assignee, desk.agentId))) {
    throw invalidField('operatorId', 'This person cannot answer here.');
  }
  await assignTo(call, desk, operatorId);
  return json(await describeDesk(call, desk.id));
}

async function assignTo(call: OperatorCall, desk: DeskConversation, operatorId: string | null): Promise<void> {
  const outcome = await call.services.store.desk.assign(desk.id, operatorId);
  if (outcome === undefined || outcome.before === operatorId) return;
  const detail = { conversationId: desk.id, before: outcome.before, after: operatorId };
  await call.audit('conversation-assigned', { agentId: desk.agentId, detail });
  await tellChange(call, desk, 'assignee');
}

/** Whoever is done answers no longer: should the visitor write again, the agent does. */
async function close(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  await endHandoff(call, desk);
  await setStatus(call, desk, 'closed');
  return json(await describeDesk(call, desk.id));
}

async function reopen(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  await setStatus(call, desk, 'open');
  return json(await describeDesk(call, desk.id));
}

async function setStatus(call: OperatorCall, desk: DeskConversation, status: 'open' | 'closed'): Promise<void> {
  if ((await call.services.store.desk.setStatus(desk.id, status)) !== 'changed') return;
  const kind = status === 'closed' ? 'conversation-closed' : 'conversation-reopened';
  await call.audit(kind, { agentId: desk.agentId, detail: { conversationId: desk.id } });
  await tellChange(call, desk, 'status');
}

/** Said again every few seconds while the page is open; answers who else is there. */
async function notePresence(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  const { typing, leaving } = await readInput(call, presenceSchema);
  const { operator, services } = call;
  if (!leaving) await beHere(call, desk, typing && operator.role !== 'viewer');
  else if (await services.store.presence.leave(desk.id, operator.id)) await tellPresence(call, desk);
  return json({ operators: await othersAt(call, desk.id) });
}

async function beHere(call: OperatorCall, desk: DeskConversation, typing: boolean): Promise<void> {
  const { operator, services } = call;
  const { presence } = services.store;
  const who = { operatorId: operator.id, name: operator.name, typing };
  if (!(await presence.here(desk.id, who, services.clock()))) return;
  await presence.sweep(services.clock() - keepPresenceMs);
  await tellPresence(call, desk);
}
