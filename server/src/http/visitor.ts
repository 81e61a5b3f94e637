import { createHash } from 'node:crypto';
import { header, type IdentityReason, type IdentitySource } from '../../../src/protocol/index.ts';
import type { Admitted } from '../identity/index.ts';
import { hashSession } from '../identity/index.ts';
import { ownerKey, type Owner } from '../storage/index.ts';
import { withProfile, type AgentCall } from './call.ts';
import { mayCall } from './cors.ts';
import { HttpProblem, invalidRequest } from './http-problem.ts';
import type { Lifeline, LiveStanding } from './live-streams.ts';
import type { RequestRecord } from './request-record.ts';

/** Who sends a request, and whose conversations it may see. */
export type Visitor = { readonly judgement: Admitted; readonly owner: Owner };

/**
 * Judges the sender by the token of this very request.
 *
 * @throws HttpProblem `invalid_token` (`too_large` for a token that is), or `no_permission`, as the agent's policy has it; `invalid_request` where a visitor
 *   without a verified token sends no session secret, or one that was closed by a logout.
 */
export async function readVisitor(call: AgentCall): Promise<Visitor> {
  const judgement = await judge(call);
  return { judgement, owner: await ownerOf(call, judgement) };
}

async function judge({ entry, request, record, services }: AgentCall): Promise<Admitted> {
  const judgement = await services.identity.judge(entry.profile, {
    authorization: request.headers.get('authorization') ?? undefined,
    claimedSource: request.headers.get(header.identitySource) ?? undefined,
  });
  const reason = judgement.state === 'verified' ? undefined : judgement.reason;
  if (reason !== undefined) noteRefusal(record, reason);
  if (reason !== undefined) services.metrics.tokenRefused(reason);
  if (judgement.state === 'refused') {
    // The status of a refused token is 401, but of one that is too large 413, as of everything too large.
    const code = judgement.code === 'invalid_token' && reason === 'too_large' ? reason : judgement.code;
    throw new HttpProblem(code, reason === undefined ? {} : { reason });
  }
  if (reason !== undefined) record.headers.set(header.identityReason, reason);
  noteSource(record, judgement.source, judgement.state === 'verified' ? judgement.token.subject : undefined);
  return judgement;
}

async function ownerOf({ entry, request, services }: AgentCall, judgement: Admitted): Promise<Owner> {
  const agentId = entry.id;
  if (judgement.state === 'verified') return { kind: 'subject', agentId, subject: judgement.token.subject };
  const secret = request.headers.get(header.session);
  if (secret === null) {
    throw invalidRequest(header.session, 'this call needs the visitor’s session secret, or a valid token');
  }
  const sessionHash = hashSession(secret);
  if (sessionHash === undefined) throw invalidRequest(header.session, 'must be 32 bytes in base64url, 43 characters');
  const open = await services.store.sessions.touch(agentId, sessionHash, services.clock());
  if (!open) throw invalidRequest(header.session, 'this session was closed');
  return { kind: 'session', agentId, sessionHash };
}

/** The session of a request where one was sent in its proper form. */
export function sessionHashOf(request: Request): string | undefined {
  return hashSession(request.headers.get(header.session));
}

/** What a stream opened by this visitor lives by. */
export function lifelineOf(call: AgentCall, visitor: Visitor, kind: Lifeline['kind']): Lifeline {
  const { judgement, owner } = visitor;
  const sessionHash = sessionHashOf(call.request);
  const session = sessionHash === undefined ? [] : [`session:${sessionHash}`];
  const token = judgement.state === 'verified' ? [judgement.token.revocationKey] : [];
  // A reply to a message that was accepted in time is sent to its end; only live events stop with the token.
  const judgedAtMs = kind === 'reply' ? call.services.clock() : undefined;
  return {
    kind,
    agentId: call.entry.id,
    ownerKey: ownerKey(owner),
    revocationKeys: [...token, ...session],
    async review() {
      const standing = await standingOf(call, visitor, judgedAtMs);
      return standing.state === 'good' && kind === 'reply' ? { state: 'good', expiresAt: null } : standing;
    },
  };
}

/**
 * Judges the sender of a request once more, long after it began: the same token, page and session, by what holds now.
 *
 * @param atMs the moment to judge the token's times by; default now
 */
export async function standingOf(call: AgentCall, { judgement, owner }: Visitor, atMs?: number): Promise<LiveStanding> {
  const { services, entry, request } = call;
  const now = services.agents.find(entry.id);
  // Of an agent that was removed there is nothing to be had from any page.
  if (now === undefined || !mayCall(request, now.origins, services.publicOrigin)) {
    return { state: 'lapsed', why: 'origin_not_allowed' };
  }
  const { profile } = (await withProfile(call, entry)).entry;
  const authorization = request.headers.get('authorization') ?? undefined;
  const standing = await services.identity.review(profile, authorization, judgement, atMs);
  if (standing.state === 'lapsed' || owner.kind !== 'session') return standing;
  const open = await services.store.sessions.touch(entry.id, owner.sessionHash, services.clock());
  return open ? standing : { state: 'lapsed', why: 'revoked' };
}

export function noteSource(record: RequestRecord, source: IdentitySource, subject?: string): void {
  record.source = source;
  if (subject !== undefined) record.subjectHash = createHash('sha256').update(subject).digest('hex').slice(0, 12);
}

export function noteRefusal(record: RequestRecord, reason: IdentityReason): void {
  record.source = 'anonymous';
  record.reason = reason;
}
