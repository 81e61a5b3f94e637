import { ownerKey } from '../../storage/index.ts';
import { readJson } from '../body.ts';
import type { AgentCall, Route } from '../call.ts';
import { checkGates } from '../gates.ts';
import { unavailable } from '../http-problem.ts';
import { decodeApprovalBody, idPattern } from '../send-body.ts';
import { openIn } from '../stream-places.ts';
import { readVisitor } from '../visitor.ts';
import { answerMessage, chatPath, conversationIdOf, sessionBeside, turnOf } from './chat-routes.ts';

/** The visitor's answer to an action that asks first. */
export const approvalRoute: Route = {
  method: 'POST',
  path: `${chatPath}/:conversationId/approvals/:approvalId`,
  kind: 'agent',
  handle: answerApproval,
};

async function answerApproval(call: AgentCall): Promise<Response> {
  const { services, record, entry } = call;
  if (services.isDraining()) throw unavailable();
  // Read before its sender is judged, as a message is.
  const [sent] = await Promise.allSettled([readJson(call.request)]);
  const visitor = await readVisitor(call);
  const { owner } = visitor;
  await services.limits.chatOfVisitor(ownerKey(owner));
  if (sent.status === 'rejected') throw sent.reason;
  const conversationId = conversationIdOf(call);
  const { approved, metadata } = decodeApprovalBody(sent.value);
  checkGates(call, visitor, metadata);
  const place = services.places.take(record.address);
  return openIn(place, () =>
    answerMessage(call, visitor, place, {
      owner,
      session: sessionBeside(call, owner),
      conversationId,
      agent: entry.agent,
      turn: turnOf(call, visitor, conversationId, metadata),
      consentVersion: entry.consent?.version,
      trigger: 'answer-approval',
      approvalId: approvalIdOf(call),
      approved,
    }),
  );
}

/** An id that no approval can have finds nothing, once the conversation has been looked for. */
function approvalIdOf(call: AgentCall): string {
  const id = call.parameter('approvalId');
  return idPattern.test(id) ? id : 'none';
}
