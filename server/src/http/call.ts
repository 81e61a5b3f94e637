import type { Logger } from 'pino';
import type { AttachmentService } from '../attachments/index.ts';
import type { AuditTally } from '../audit/index.ts';
import type { AgentEntry, AgentRegistry } from '../config/index.ts';
import type { ConversationService } from '../conversations/index.ts';
import type { IdentityProfile, IdentityService, ProfileSource } from '../identity/index.ts';
import type { Store } from '../storage/index.ts';
import type { LiveStreams } from './live-streams.ts';
import type { Metrics } from './metrics.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RequestRecord } from './request-record.ts';
import type { StreamPlaces } from './stream-places.ts';

/** All that answering a request may need. */
export type Services = {
  readonly agents: AgentRegistry;
  readonly store: Store;
  readonly identity: IdentityService;
  /** Policies and keys, as they are at the moment they are asked for. */
  readonly profiles: ProfileSource;
  readonly conversations: ConversationService;
  /** Undefined where nothing can be attached. */
  readonly attachments: AttachmentService | undefined;
  /** What happens too often for an audit entry each time. */
  readonly tally: AuditTally;
  readonly streams: LiveStreams;
  readonly places: StreamPlaces;
  readonly limits: RateLimits;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly keepAliveMs: number;
  readonly publicOrigin: string | undefined;
  readonly widgetFile: (path: string, request: Headers) => Promise<Response | undefined>;
  readonly isDraining: () => boolean;
};

/** One request on its way through a route. */
export type Call = {
  readonly request: Request;
  readonly record: RequestRecord;
  readonly services: Services;
  /** A parameter of the route's path, decoded. */
  readonly parameter: (name: string) => string;
};

/** An agent with the policy and the keys that hold for this request. */
export type JudgedEntry = AgentEntry & { readonly profile: IdentityProfile };

/** A request to an agent that exists, from a page that may use it. */
export type AgentCall = Call & { readonly entry: JudgedEntry };

/** The same call with what holds now: for what goes on long after it began. */
export async function withProfile(call: Call, entry: AgentEntry): Promise<AgentCall> {
  return { ...call, entry: { ...entry, profile: await call.services.profiles.read(entry.identity) } };
}

export type Route = { readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; readonly path: string } & (
  | { readonly kind: 'agent'; readonly handle: (call: AgentCall) => Promise<Response> | Response }
  | { readonly kind: 'plain'; readonly handle: (call: Call) => Promise<Response> | Response }
);

/** An answer that belongs to one visitor and is kept nowhere on its way. */
export function privateJson(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

export function noContent(): Response {
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
}
