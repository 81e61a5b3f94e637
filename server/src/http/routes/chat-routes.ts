import type { SendMetadata } from '../../../../src/protocol/index.ts';
import type { AttachmentService } from '../../attachments/index.ts';
import { parseFrameId, type ReplyHandle, type SendInput } from '../../conversations/index.ts';
import { agentUser, cleanMetadata } from '../../identity/index.ts';
import { ownerKey, type Owner } from '../../storage/index.ts';
import { actorOf } from '../actor.ts';
import { attachFiles, attachmentIdOf } from '../attached-files.ts';
import { readJson } from '../body.ts';
import { noContent, type AgentCall, type Route } from '../call.ts';
import { checkGates } from '../gates.ts';
import { busy, HttpProblem, invalidRequest, unavailable } from '../http-problem.ts';
import { networkOf } from '../rate-limits.ts';
import { openReplyStream } from '../reply-stream.ts';
import { describeError } from '../request-log.ts';
import { openIn, type StreamPlace } from '../stream-places.ts';
import { decodeSendBody, idPattern, type SendRequest } from '../send-body.ts';
import { visitorFacts } from '../visitor-facts.ts';
import { readVisitor, sessionHashOf, type Visitor } from '../visitor.ts';

export const chatPath = '/v1/agents/:agentId/chat';

/** Sending a message, reading its reply again, stopping it. */
export const chatRoutes: readonly Route[] = [
  { method: 'POST', path: chatPath, kind: 'agent', handle: send },
  { method: 'GET', path: `${chatPath}/:conversationId/stream`, kind: 'agent', handle: resume },
  { method: 'POST', path: `${chatPath}/:conversationId/stop`, kind: 'agent', handle: stop },
];

async function send(call: AgentCall): Promise<Response> {
  if (call.services.isDraining()) throw unavailable();
  // Read before its sender is judged: a body may take minutes to arrive, and a logout in the meantime has to count.
  const [sent] = await Promise.allSettled([readJson(call.request)]);
  const visitor = await readVisitor(call);
  await call.services.limits.chatOfVisitor(ownerKey(visitor.owner));
  if (sent.status === 'rejected') throw sent.reason;
  const body = decodeSendBody(sent.value, call.entry.maxMessageCharacters);
  const input = await sendInput(call, visitor, body);
  // Before the turn begins: a reply that nobody can be shown costs as much as any other.
  const place = call.services.places.take(call.record.address);
  return openIn(place, () => answerMessage(call, visitor, place, input));
}

export async function answerMessage(
  call: AgentCall,
  visitor: Visitor,
  place: StreamPlace,
  input: SendInput,
): Promise<Response> {
  const outcome = await call.services.conversations.send({ ...input, address: networkOf(call.record.address) });
  if (outcome.ok) return openReplyStream(call, visitor, place, outcome.reply, 0);
  if (outcome.code === 'too_many_replies') throw busy();
  if (outcome.code === 'attachment_not_found') {
    throw invalidRequest('messages', 'a file of the message belongs to another one, or is gone');
  }
  throw outcome.code === 'unavailable' ? unavailable() : new HttpProblem(outcome.code);
}

async function sendInput(call: AgentCall, visitor: Visitor, body: SendRequest): Promise<SendInput> {
  const { entry } = call;
  const { owner } = visitor;
  const { conversationId } = body;
  checkGates(call, visitor, body.metadata);
  const turn = turnOf(call, visitor, conversationId, body.metadata);
  const { metadata } = turn;
  const consentVersion = entry.consent?.version;
  const session = sessionBeside(call, owner);
  const facts = visitorFacts(call, visitor, body.metadata);
  const common = { owner, session, conversationId, agent: entry.agent, turn, consentVersion, visitor: facts };
  if (body.trigger === 'submit-message') {
    const { trigger, replaces } = body;
    const attached = await attachFiles(call, owner, body.message, body.place);
    return { ...common, trigger, ...attached, metadata, replaces };
  }
  const messageId = body.messageId ?? (await newestReply(call, visitor, conversationId));
  return { ...common, trigger: body.trigger, messageId };
}

/** What the agent learns of this request: who asks, by its own token, and what the page sent along. */
export function turnOf(
  call: AgentCall,
  visitor: Visitor,
  conversationId: string,
  sent: SendMetadata,
): SendInput['turn'] {
  const { id, name, profile } = call.entry;
  const { judgement } = visitor;
  const { attachments } = call.services;
  return {
    agentId: id,
    agentName: name,
    user: agentUser(judgement, profile.policy, sent),
    metadata: cleanMetadata(judgement, sent, profile.policy),
    actor: actorOf(call, visitor),
    ...(attachments !== undefined && { readFile: fileReader(call, attachments, conversationId) }),
  };
}

/** The files of this conversation, for its agent, which answers without what cannot be had. */
function fileReader(
  call: AgentCall,
  attachments: AttachmentService,
  conversationId: string,
): NonNullable<SendInput['turn']['readFile']> {
  const { log } = call.services;
  return async (url, maxBytes) => {
    try {
      return await attachments.contentOf(conversationId, attachmentIdOf(call, url) ?? '', maxBytes);
    } catch (error) {
      log.warn({ conversationId, error: describeError(error) }, 'a file could not be read for the agent');
      return undefined;
    }
  };
}

/** The session that a verified sender holds beside. */
export function sessionBeside({ entry, request }: AgentCall, owner: Owner): SendInput['session'] {
  const sessionHash = owner.kind === 'session' ? undefined : sessionHashOf(request);
  return sessionHash === undefined ? undefined : { kind: 'session', agentId: entry.id, sessionHash };
}

async function newestReply({ services }: AgentCall, { owner }: Visitor, conversationId: string): Promise<string> {
  const page = await services.conversations.messages(owner, conversationId, { limit: 1 });
  if (page === 'conversation_not_found') throw new HttpProblem('conversation_not_found');
  const newest = page.messages.at(-1);
  if (newest?.role !== 'assistant') throw new HttpProblem('message_not_found');
  return newest.id;
}

async function resume(call: AgentCall): Promise<Response> {
  const visitor = await readVisitor(call);
  const reply = await call.services.conversations.running(visitor.owner, conversationIdOf(call));
  if (reply === 'conversation_not_found') throw new HttpProblem(reply);
  if (reply === undefined) return noContent();
  const afterN = framesSeen(reply, call.request.headers.get('last-event-id'));
  const place = call.services.places.take(call.record.address);
  return openIn(place, () => openReplyStream(call, visitor, place, reply, afterN));
}

/** A `Last-Event-ID` of another reply, or in another form, says nothing about this one. */
function framesSeen(reply: ReplyHandle, lastEventId: string | null): number {
  const seen = lastEventId === null ? undefined : parseFrameId(lastEventId);
  return seen?.messageId === reply.messageId ? seen.n : 0;
}

async function stop(call: AgentCall): Promise<Response> {
  const { owner } = await readVisitor(call);
  const found = await call.services.conversations.stop(owner, conversationIdOf(call));
  if (!found) throw new HttpProblem('conversation_not_found');
  return noContent();
}

/** An id that no conversation can have is answered like one that none has. @throws HttpProblem */
export function conversationIdOf(call: AgentCall): string {
  const id = call.parameter('conversationId');
  if (!idPattern.test(id)) throw new HttpProblem('conversation_not_found');
  return id;
}
