import { noContent, type AgentCall, type Route } from '../call.ts';
import { HttpProblem } from '../http-problem.ts';
import { readSent } from '../read-sent.ts';
import { decodeFeedbackBody, idPattern } from '../send-body.ts';

/** What a visitor thinks of an answer. */
export const feedbackRoute: Route = {
  method: 'POST',
  path: '/v1/agents/:agentId/messages/:messageId/feedback',
  kind: 'agent',
  handle: giveFeedback,
};

async function giveFeedback(call: AgentCall): Promise<Response> {
  const { entry, services } = call;
  const { owner, value } = await readSent(call);
  const feedback = decodeFeedbackBody(value);
  const messageId = call.parameter('messageId');
  if (!idPattern.test(messageId)) throw new HttpProblem('message_not_found');
  const outcome = await services.conversations.rate(owner, messageId, feedback);
  if (outcome === 'message_not_found') throw new HttpProblem(outcome);
  if (outcome === 'changed') {
    const reason = feedback?.rating ?? 'none';
    services.metrics.feedback(reason);
    services.tally.note({ agentId: entry.id, kind: 'feedback-given', reason });
  }
  return noContent();
}
