import { readJson } from './body.ts';
import type { AgentCall } from './call.ts';
import { readVisitor, type Visitor } from './visitor.ts';

/**
 * A request's JSON body and its sender. The sender is judged when all of the body is there: it may take minutes to arrive, and a
 * logout in the meantime has to count.
 *
 * @throws HttpProblem as `readVisitor`, which comes first, and as `readJson`
 */
export async function readSent(call: AgentCall): Promise<Visitor & { readonly value: unknown }> {
  const [sent] = await Promise.allSettled([readJson(call.request)]);
  const visitor = await readVisitor(call);
  if (sent.status === 'rejected') throw sent.reason;
  return { ...visitor, value: sent.value };
}
