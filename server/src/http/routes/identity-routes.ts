import { header, type IdentityAnswer } from '../../../../src/protocol/index.ts';
import type { Inspection, VerifiedToken } from '../../identity/index.ts';
import { readJson } from '../body.ts';
import { noContent, privateJson, withProfile, type AgentCall, type Call, type Route } from '../call.ts';
import { checkOrigin } from '../cors.ts';
import { HttpProblem } from '../http-problem.ts';
import { decodeVerifyJwtBody } from '../send-body.ts';
import { noteRefusal, noteSource, sessionHashOf } from '../visitor.ts';

export const verifyJwtPath = '/api/widget/verify-jwt';
export const logoutPath = '/v1/agents/:agentId/logout';

/** Telling the widget who it is, and logging out. */
export const identityRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/agents/:agentId/identity', kind: 'agent', handle: answerIdentity },
  { method: 'POST', path: logoutPath, kind: 'agent', handle: logout },
  { method: 'POST', path: verifyJwtPath, kind: 'plain', handle: verifyJwt },
];

async function answerIdentity(call: AgentCall): Promise<Response> {
  const authorization = call.request.headers.get('authorization') ?? undefined;
  const { entry, services } = call;
  return privateJson(await identify(call, await services.identity.inspect(entry.profile, authorization)));
}

/** The same answer for widgets that send the token in the body, beside the bot that it is meant for. */
async function verifyJwt(call: Call): Promise<Response> {
  const { token, botId } = decodeVerifyJwtBody(await readJson(call.request));
  const { agents, publicOrigin } = call.services;
  const entry = agents.find(botId);
  if (entry === undefined) throw new HttpProblem('agent_not_found');
  call.record.agentId = entry.id;
  checkOrigin({ request: call.request, record: call.record, patterns: entry.origins, publicOrigin });
  const agentCall = await withProfile(call, entry);
  const inspection = await call.services.identity.inspectToken(agentCall.entry.profile, token);
  return privateJson(await identify(agentCall, inspection));
}

async function identify(call: AgentCall, inspection: Inspection): Promise<IdentityAnswer> {
  const { entry, record, request, services } = call;
  switch (inspection.state) {
    case 'verified':
      return welcome(call, inspection.token);
    case 'none': {
      const source = request.headers.get(header.identitySource) === 'self-reported' ? 'self-reported' : 'anonymous';
      noteSource(record, source);
      return { verified: false, source };
    }
    case 'rejected': {
      const { reason } = inspection;
      noteRefusal(record, reason);
      services.metrics.tokenRefused(reason);
      const passedOver = entry.profile.policy.onInvalidToken === 'anonymous' || reason === 'reserved_domain';
      if (passedOver) record.headers.set(header.identityReason, reason);
      return { verified: false, reason };
    }
  }
}

async function welcome(call: AgentCall, token: VerifiedToken): Promise<IdentityAnswer> {
  noteSource(call.record, 'verified', token.subject);
  return {
    verified: true,
    source: 'verified',
    subject: token.subject,
    claims: token.claims,
    expiresAt: token.expiresAt,
    claimedConversations: await claimConversations(call, token.subject),
    now: call.services.clock(),
  };
}

async function claimConversations({ entry, request, services }: AgentCall, subject: string): Promise<number> {
  const sessionHash = sessionHashOf(request);
  if (sessionHash === undefined || !entry.profile.policy.claimAnonymousConversations) return 0;
  const agentId = entry.id;
  const count = await services.conversations.claim(
    { kind: 'session', agentId, sessionHash },
    { kind: 'subject', agentId, subject },
  );
  if (count > 0) {
    const at = services.clock();
    await services.store.audit.append({ agentId, at, kind: 'conversations-claimed', subject, detail: { count } });
  }
  return count;
}

/** Answers 204 whatever was sent: nothing that a visitor holds can keep them from leaving. */
async function logout({ entry, request, services }: AgentCall): Promise<Response> {
  const authorization = request.headers.get('authorization') ?? undefined;
  await services.identity.revoke(entry.profile, authorization, sessionHashOf(request));
  return noContent();
}
