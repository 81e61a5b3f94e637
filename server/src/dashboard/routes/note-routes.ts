import { z } from 'zod';
import type { Note } from '../../storage/index.ts';
import { requireConversation, tellChange } from '../live/conversation.ts';
import { DashboardProblem } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { done, isoTime, json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { textSchema } from './live-routes.ts';

const noteSchema = z.strictObject({ id: z.uuid('must be a UUID, made anew for each note'), text: textSchema(8_000) });

/** What operators write for each other, in a table of its own: nothing that visitors, agents or models read looks there. */
export const noteRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/conversations/:id/notes', role: 'viewer', handle: list },
  { method: 'POST', path: '/conversations/:id/notes', role: 'operator', handle: add },
  { method: 'DELETE', path: '/conversations/:id/notes/:noteId', role: 'operator', handle: remove },
];

function describe({ id, operatorId, operatorName, text, createdAt }: Note) {
  return { id, author: { id: operatorId, name: operatorName }, text, createdAt: isoTime(createdAt) };
}

async function list(call: OperatorCall): Promise<Response> {
  const { id } = await requireConversation(call);
  return json({ notes: (await call.services.store.notes.list(id)).map(describe) });
}

/** The same id again changes nothing. */
async function add(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  const { id, text } = await readInput(call, noteSchema);
  const { operator, services } = call;
  const who = { operatorId: operator.id, operatorName: operator.name };
  const note: Note = { id, conversationId: desk.id, ...who, text: text.toWellFormed(), createdAt: services.clock() };
  const outcome = await services.store.notes.add(note);
  const kept = outcome === 'added' ? note : await services.store.notes.find(desk.id, id);
  // Another conversation may have one of this id, of which nothing is to be said.
  if (kept?.operatorId !== operator.id) throw new DashboardProblem('conflict', { detail: 'This id is taken.' });
  if (outcome === 'added') {
    await call.audit('note-added', { agentId: desk.agentId, detail: { conversationId: desk.id, noteId: id } });
    await tellChange(call, desk, 'note');
  }
  return json({ note: describe(kept) }, 201);
}

/** One's own, or as an administrator anybody's. */
async function remove(call: OperatorCall): Promise<Response> {
  const desk = await requireConversation(call);
  const { operator, services, parameter } = call;
  const note = await services.store.notes.find(desk.id, parameter('noteId'));
  if (note === undefined) throw new DashboardProblem('not_found', { detail: 'There is no such note.' });
  if (note.operatorId !== operator.id && operator.role !== 'admin') {
    throw new DashboardProblem('forbidden', { detail: 'A note is removed by whoever wrote it, or an administrator.' });
  }
  await services.store.notes.remove(desk.id, note.id);
  const detail = { conversationId: desk.id, noteId: note.id, writtenBy: note.operatorId };
  await call.audit('note-removed', { agentId: desk.agentId, detail });
  await tellChange(call, desk, 'note');
  return done();
}
