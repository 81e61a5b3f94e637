import { nobody, type ActionRun, type ActionUser, type Actor } from '../agents/index.ts';
import { isJsonObject, type Admitted, type VerifiedToken } from '../identity/index.ts';
import type { AgentCall } from './call.ts';
import { describeError } from './request-log.ts';
import { standingOf, type Visitor } from './visitor.ts';

/** Who asks for actions in this request, by its own token and nothing else. */
export function actorOf(call: AgentCall, visitor: Visitor): Actor {
  return {
    user: actionUser(visitor.judgement),
    lapse: async () => {
      const standing = await standingOf(call, visitor);
      return standing.state === 'lapsed' ? standing.why : undefined;
    },
    report: (run) => report(call, visitor, run),
  };
}

function actionUser(judgement: Admitted): ActionUser {
  return judgement.state === 'verified' ? verifiedUser(judgement.token) : nobody;
}

function verifiedUser({ subject, claims }: VerifiedToken): ActionUser {
  const email = textClaim(claims, 'email');
  const name = textClaim(claims, 'name');
  const metadata = Object.hasOwn(claims, 'metadata') ? claims['metadata'] : undefined;
  return {
    verified: true,
    sub: subject,
    ...(email === undefined ? {} : { email }),
    ...(name === undefined ? {} : { name }),
    claims,
    metadata: isJsonObject(metadata) ? metadata : {},
  };
}

function textClaim(claims: VerifiedToken['claims'], name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Who, what, how it ended. The input only as its hash, and never a token or a session's secret. */
async function report({ entry, record, services }: AgentCall, { owner }: Visitor, run: ActionRun): Promise<void> {
  const { action, toolCallId, conversationId, outcome, durationMs, inputHash } = run;
  const known = { requestId: record.requestId, agentId: entry.id, action, toolCallId, outcome };
  if (run.error !== undefined) services.log.error({ ...known, error: describeError(run.error) }, 'an action failed');
  const who = owner.kind === 'subject' ? { subject: owner.subject } : {};
  const session = owner.kind === 'session' ? { session: owner.sessionHash.slice(0, 12) } : {};
  try {
    await services.store.audit.append({
      agentId: entry.id,
      at: services.clock(),
      kind: 'action-run',
      ...who,
      reason: outcome,
      detail: { action, conversationId, toolCallId, inputHash, durationMs, ...session },
    });
  } catch (error) {
    services.log.error({ ...known, error: describeError(error) }, 'the run of an action could not be recorded');
  }
}
