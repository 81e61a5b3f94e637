import { limit } from '../../../../src/protocol/index.ts';
import { ownerKey, searchWords, type Page } from '../../storage/index.ts';
import { originOf, withFileUrls } from '../attached-files.ts';
import { noContent, privateJson, type AgentCall, type Route } from '../call.ts';
import { HttpProblem, invalidRequest } from '../http-problem.ts';
import { readSent } from '../read-sent.ts';
import { decodeReadBody, decodeTitleBody, decodeTypingBody } from '../send-body.ts';
import { readVisitor } from '../visitor.ts';
import { conversationIdOf } from './chat-routes.ts';

const conversationsPath = '/v1/agents/:agentId/conversations';

/** History: what a visitor may see of it, how far it was read, and what it is called. */
export const conversationRoutes: readonly Route[] = [
  { method: 'GET', path: conversationsPath, kind: 'agent', handle: listConversations },
  { method: 'GET', path: `${conversationsPath}/:conversationId/messages`, kind: 'agent', handle: listMessages },
  { method: 'POST', path: `${conversationsPath}/:conversationId/read`, kind: 'agent', handle: markRead },
  { method: 'PATCH', path: `${conversationsPath}/:conversationId`, kind: 'agent', handle: rename },
  { method: 'POST', path: `${conversationsPath}/:conversationId/typing`, kind: 'agent', handle: noteTyping },
];

async function listConversations(call: AgentCall): Promise<Response> {
  const { owner } = await readVisitor(call);
  const page = readPage(call.request);
  const words = readQuery(call.request);
  if (words.length > 0) await call.services.limits.searchOfVisitor(ownerKey(owner));
  return privateJson(await withCursor(() => call.services.conversations.list(owner, { ...page, words })));
}

const maxQueryCharacters = 200;

/** The words that are looked for; none without a query. */
function readQuery(request: Request): readonly string[] {
  const text = new URL(request.url).searchParams.get('query') ?? '';
  if (text.length > maxQueryCharacters)
    throw invalidRequest('query', `must be at most ${maxQueryCharacters} characters`);
  if (text.includes('\0')) throw invalidRequest('query', 'must not contain the NUL character');
  return searchWords(text);
}

async function rename(call: AgentCall): Promise<Response> {
  const { owner, value } = await readSent(call);
  const { title } = decodeTitleBody(value);
  const isRenamed = await call.services.conversations.rename(owner, conversationIdOf(call), title);
  if (!isRenamed) throw new HttpProblem('conversation_not_found');
  return noContent();
}

/** Told to the person who has taken over, where there is one. */
async function noteTyping(call: AgentCall): Promise<Response> {
  const { owner, value } = await readSent(call);
  const { typing } = decodeTypingBody(value);
  const outcome = await call.services.conversations.handoffs.visitorTyping(owner, conversationIdOf(call), typing);
  if (outcome === 'conversation_not_found') throw new HttpProblem(outcome);
  if (outcome === 'wrong_state') throw new HttpProblem('not_found', { detail: 'Nobody has taken over here.' });
  return noContent();
}

async function listMessages(call: AgentCall): Promise<Response> {
  const { owner } = await readVisitor(call);
  const page = readPage(call.request);
  const id = conversationIdOf(call);
  const messages = await withCursor(() => call.services.conversations.messages(owner, id, page));
  if (messages === 'conversation_not_found') throw new HttpProblem(messages);
  const origin = originOf(call);
  return privateJson({ ...messages, messages: messages.messages.map((message) => withFileUrls(message, origin)) });
}

async function markRead(call: AgentCall): Promise<Response> {
  const { owner, value } = await readSent(call);
  const { messageId } = decodeReadBody(value);
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
