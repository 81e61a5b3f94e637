import type { Logger } from 'pino';
import type { AttachmentService } from '../attachments/index.ts';
import type { AgentEntry, LiveAgents } from '../config/index.ts';
import type { ConversationService } from '../conversations/index.ts';
import type { IdentityService, KeyRing, KeyVault, PolicyBook, ProfileSource } from '../identity/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type {
  AuditEntry,
  DashboardAuditKind,
  Operator,
  OperatorRole,
  OperatorSession,
  Store,
} from '../storage/index.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { OidcService } from './oidc/oidc-service.ts';

/** What the chat server gives its dashboard. */
export type DashboardServices = {
  readonly store: Store;
  readonly agents: LiveAgents;
  readonly identity: IdentityService;
  readonly profiles: ProfileSource;
  readonly policies: PolicyBook;
  readonly keys: KeyRing;
  readonly vault: KeyVault;
  readonly conversations: ConversationService;
  readonly attachments: AttachmentService | undefined;
  readonly privacy: Privacy;
  /** Signing in at the organisation's own place, where that is set up. */
  readonly oidc: OidcService | undefined;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Where browsers find this server, where it was configured. */
  readonly publicOrigin: string | undefined;
  /** Silence on a stream after which a comment is sent, in milliseconds. */
  readonly keepAliveMs: number;
  /** Events as the body of an answer, at the speed of its reader. `onEnd` is called once, also when the reader has gone. */
  readonly eventBody: (options: {
    readonly frames: AsyncIterable<{ readonly data: string }>;
    readonly onEnd: () => void;
    readonly greeting: string;
    readonly keepAliveMs: number;
  }) => ReadableStream<Uint8Array>;
  /** How often the sessions of open streams are looked at, in milliseconds. */
  readonly sessionCheckMs: number;
  /** A file of the built pages, by its path below `/dashboard/`. */
  readonly pageFile: (path: string, request: Headers) => Promise<Response | undefined>;
  readonly isDraining: () => boolean;
};

/** One call on its way through a route. */
export type DashboardCall = {
  readonly request: Request;
  readonly services: DashboardServices;
  readonly accounts: Accounts;
  /** Address of the client, for rate limits. */
  readonly address: string;
  /** Where this server is for the one who asks: `https://chat.example.com`. */
  readonly origin: string;
  /** Of the route's path, decoded. */
  readonly parameter: (name: string) => string;
  /** Of the query string; undefined where it is not there or empty. */
  readonly query: (name: string) => string | undefined;
  /** Headers that the answer gets beside its own. */
  readonly headers: Headers;
  /** Aborted when the caller has gone, or the server goes down. */
  readonly signal: AbortSignal;
};

/** A call of somebody who is signed in, with a role that the route asks for. */
export type OperatorCall = DashboardCall & {
  readonly operator: Operator;
  readonly session: OperatorSession;
  readonly sessionHash: string;
  /** Whether this operator may see what belongs to an agent. */
  readonly maySee: (agentId: string) => boolean;
  /** @throws DashboardProblem `not_found` for an agent that does not exist, as for one that is not this operator's */
  readonly requireAgent: (agentId: string) => AgentEntry;
  /** Notes what this operator has done. Never a secret, token, password or message. */
  readonly audit: (
    kind: DashboardAuditKind | AuditEntry['kind'],
    about?: { readonly agentId?: string; readonly subject?: string; readonly detail?: AuditEntry['detail'] },
  ) => Promise<void>;
};

export type DashboardRoute = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/dashboard/api`, with parameters as `:name`. */
  readonly path: string;
} & (
  | { readonly role: 'public'; readonly handle: (call: DashboardCall) => Promise<Response> | Response }
  | { readonly role: OperatorRole; readonly handle: (call: OperatorCall) => Promise<Response> | Response }
);

/** An answer for one person, kept nowhere on its way. */
export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

export function done(): Response {
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
}

/** A time of the store, as this API says it. */
export function isoTime(time: number): string;
export function isoTime(time: number | null): string | null;
export function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
