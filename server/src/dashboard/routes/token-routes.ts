import { z } from 'zod';
import { debugToken, keysAround } from '../../identity/index.ts';
import { invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { isoTime, json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { addUp } from '../security/refusals.ts';

const debugSchema = z.strictObject({
  token: z.string('Paste a token.').min(1, 'Paste a token.').max(100_000, 'This is far too long for a token.'),
});

const hourMs = 60 * 60 * 1_000;
const spans: { readonly [days: string]: { readonly bucketMs: number; readonly buckets: number } } = {
  1: { bucketMs: hourMs, buckets: 24 },
  30: { bucketMs: 24 * hourMs, buckets: 30 },
};

/** Why tokens are refused: one that is pasted, and all that came. */
export const tokenRoutes: readonly DashboardRoute[] = [
  { method: 'POST', path: '/agents/:agentId/debugger', role: 'operator', handle: debug },
  { method: 'GET', path: '/agents/:agentId/refusals', role: 'operator', handle: countRefusals },
];

/** The token goes nowhere: not into the store, the log, the audit, or the answer, which has its header and claims alone. */
async function debug(call: OperatorCall): Promise<Response> {
  const { services, requireAgent, parameter, maySee } = call;
  const { identity } = requireAgent(parameter('agentId'));
  const { agentId } = identity;
  const { token } = await readInput(call, debugSchema);
  const { store, vault, profiles, agents, clock } = services;
  // Agents that this operator may not see are not named.
  const others = agents.all().filter(({ id }) => id !== agentId && maySee(id));
  const around = await keysAround(
    identity,
    others.map((each) => each.identity),
    { keys: store.keys, vault, profiles },
  );
  const isRevoked = (key: string) => store.revocations.has(agentId, key);
  const profile = await profiles.read(identity);
  const report = await debugToken(token, profile, { ...around, isRevoked }, clock());
  return json({ ...report, jwksKid: report.jwksKid ?? null, expiresAt: isoTime(report.expiresAt) });
}

async function countRefusals({ services, requireAgent, parameter, query }: OperatorCall): Promise<Response> {
  const { id: agentId } = requireAgent(parameter('agentId'));
  const days = query('days') ?? '1';
  const span = Object.hasOwn(spans, days) ? spans[days] : undefined;
  if (span === undefined) throw invalidField('days', 'must be 1 or 30');
  const { store, identity, clock } = services;
  const to = Math.floor(clock());
  const from = to - span.bucketMs * span.buckets;
  const recorded = await store.refusals.count({ agentId, from, to: to + 1, bucketMs: span.bucketMs });
  const fresh = identity
    .countedRefusals(agentId)
    .filter(({ at }) => at >= from)
    .map(({ reason, at, count }) => ({ reason, count, bucket: Math.floor((at - from) / span.bucketMs) }));
  const reasons = addUp([...recorded, ...fresh], span.buckets);
  return json({
    from: isoTime(from),
    to: isoTime(to),
    bucketSeconds: span.bucketMs / 1_000,
    total: reasons.reduce((sum, { count }) => sum + count, 0),
    reasons,
  });
}
