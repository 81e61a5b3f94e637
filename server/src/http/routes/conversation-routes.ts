import { limit } from '../../../../src/protocol/index.ts';
import type { Page } from '../../storage/index.ts';
import { readJson } from '../body.ts';
import { noContent, privateJson, type AgentCall, type Route } from '../call.ts';
import { HttpProblem, invalidRequest } from '../http-problem.ts';
import { decodeReadBody } from '../send-body.ts';
import { readVisitor } from '../visitor.ts';
import { conversationIdOf } from './chat-routes.ts';

const conversationsPath = '/v1/agents/:agentId/conversations';

/** History: what a visitor may see of it, and how far it was read. */
export const conversationRoutes: readonly Route[] = [
  { method: 'GET', path: conversationsPath, kind: 'agent', handle: listConversations },
  { method: 'GET', path: `${conversationsPath}/:conversationId/messages`, kind: 'agent', handle: listMessages },
  { method: 'POST', path: `${conversationsPath}/:conversationId/read`, kind: 'agent', handle: markRead },
];

async function listConversations(call: AgentCall): Promise<Response> {
  const { owner } = await readVisitor(call);
  const page = readPage(call.request);
  return privateJson(await withCursor(() => call.services.conversations.list(owner, page)));
}

async function listMessages(call: AgentCall): Promise<Response> {
  const { owner } = await readVisitor(call);
  const page = readPage(call.request);
  const id = conversationIdOf(call);
  const messages = await withCursor(() => call.services.conversations.messages(owner, id, page));
  if (messages === 'conversation_not_found') throw new HttpProblem(messages);
  return privateJson(messages);
}

async function markRead(call: AgentCall): Promise<Response> {
  const { owner } = await readVisitor(call);
  const { messageId } = decodeReadBody(await readJson(call.request));
  const outcome = await call.services.conversations.markRead(owner, conversationIdOf(call), messageId);
  if (outcome !== 'ok') throw new HttpProblem(outcome);
  return noContent();
}

function readPage(request: Request): Page {
  const query = new URL(request.url).searchParams;
  const before = query.get('before') ?? undefined;
  const text = query.get('limit');
  const size = text === null ? limit.defaultPageSize : /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > limit.maxPageSize) {
    throw invalidRequest('limit', `must be a whole number from 1 to ${limit.maxPageSize}`);
  }
  return { limit: size, before };
}

async function withCursor<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof RangeError ? invalidRequest('before', 'is no cursor of this list') : error;
  }
}
