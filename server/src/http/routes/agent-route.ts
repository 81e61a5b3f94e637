import { createHash } from 'node:crypto';
import type { AgentInfo } from '../../../../src/protocol/index.ts';
import type { AgentCall, Route } from '../call.ts';
import { etagMatches } from '../widget-files.ts';

/** `GET A`: what the widget shows before anyone has said anything. The same for everybody. */
export const agentRoute: Route = { method: 'GET', path: '/v1/agents/:agentId', kind: 'agent', handle: describeAgent };

function describeAgent({ entry, request }: AgentCall): Response {
  const info: AgentInfo = {
    id: entry.id,
    name: entry.name,
    greeting: entry.greeting,
    suggestions: entry.suggestions,
    appearance: entry.appearance,
    access: entry.profile.policy.access,
    limits: { maxMessageCharacters: entry.maxMessageCharacters },
    features: {
      events: true,
      history: true,
      read: true,
      resume: true,
      feedback: false,
      anonymousFallback: entry.profile.policy.onInvalidToken === 'anonymous' && entry.profile.policy.access === 'open',
    },
  };
  const body = JSON.stringify(info);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { 'cache-control': 'public, max-age=60', etag };
  if (etagMatches(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } });
}
