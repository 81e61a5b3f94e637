import type { SendMetadata } from '../../../src/protocol/index.ts';
import { agentUser } from '../identity/index.ts';
import type { VisitorFacts } from '../storage/index.ts';
import type { AgentCall } from './call.ts';
import type { Visitor } from './visitor.ts';

/**
 * Who sends a message, as operators are shown them: by the token where there is one, whatever of it the agent is told, else as
 * the page says. Where they are, the browser says.
 */
export function visitorFacts({ entry, request }: AgentCall, visitor: Visitor, sent: SendMetadata): VisitorFacts {
  const user = agentUser(visitor.judgement, { ...entry.profile.policy, claimsToAgent: 'basic' }, sent);
  const { name, email } = user.verified ? user : user.selfReported;
  return { site: request.headers.get('origin') ?? undefined, name, email };
}
