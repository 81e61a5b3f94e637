import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Action, Agent } from '../agents/index.ts';
import { createAttachmentService, type AttachmentService } from '../attachments/index.ts';
import { createAuditTally } from '../audit/index.ts';
import {
  createAttachmentStorage,
  decodeConfig,
  readOidc,
  type LiveAgents,
  type ConfigInput,
  type ModelSettings,
  type OidcSettings,
  type RateLimitSettings,
  type StorageCredentials,
} from '../config/index.ts';
import { createConversationService, type ReplyLimits, type Timing } from '../conversations/index.ts';
import { createDashboard, createOidcService, isForDashboard, type Dashboard } from '../dashboard/index.ts';
import {
  createIdentityService,
  createKeyRing,
  createKeyUse,
  createPolicyBook,
  type KeyVault,
} from '../identity/index.ts';
import { openStore, type Store, type StoreLocation } from '../storage/index.ts';
import { createApp, problemOf, withCommonHeaders, type App } from './app.ts';
import type { Services } from './call.ts';
import { guardStore, StoreFailure } from './guard-store.ts';
import { problemResponse, unavailable } from './http-problem.ts';
import { createLiveStreams, type LiveStreams } from './live-streams.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { readAgents } from './read-agents.ts';
import { openPrivacy } from './open-privacy.ts';
import { openProfiles, openVault } from './open-profiles.ts';
import { createRateLimits, networkOf } from './rate-limits.ts';
import { createLog, describeError, type LogDestination, type LogLevel } from './request-log.ts';
import { createRequestRecord, type RequestRecord } from './request-record.ts';
import { sseBody } from './sse.ts';
import { createStreamPlaces } from './stream-places.ts';
import { createVisitNotes, type VisitNotes } from './visit-notes.ts';
import { watchSettings } from './watch-settings.ts';
import { createWidgetFiles } from './widget-files.ts';

export type ChatServerOptions = {
  /** Agents, rate limits, public address: what a configuration file says. Checked here. */
  readonly config: ConfigInput;
  /** Folder that relative paths in `config` start from. Default: the working directory. */
  readonly baseDirectory?: string;
  readonly store: StoreLocation;
  /** Signing key of agents that have none of their own, at least 32 bytes. */
  readonly environmentSecret?: string | undefined;
  /** 32 bytes that stored signing keys are encrypted with. Default: the file `master.key` of the data directory, if it is there. */
  readonly masterKey?: Uint8Array | undefined;
  /** An OpenAI-compatible endpoint. Where it is set, agents that do not say otherwise answer with it. */
  readonly model?: ModelSettings | undefined;
  /** Keys of the S3-compatible storage that `config` names for attachments. */
  readonly s3?: StorageCredentials | undefined;
  /** Of the OpenID Connect client that `config` names. Without it: a public client. */
  readonly oidcClientSecret?: string | undefined;
  /** Answers instead of what the configuration names, for agents that were written elsewhere. */
  readonly agentFor?: (agentId: string) => Agent | undefined;
  /** Actions that were made by `defineAction`, beside those that the configuration describes. */
  readonly actionsFor?: (agentId: string) => readonly Action[] | undefined;
  /** Folder of the built widget, served at `/widget/`. Default: `dist` beside the server's package. */
  readonly widgetDirectory?: string;
  /** Default: standard output. */
  readonly logDestination?: LogDestination;
  /** Default `info`. */
  readonly logLevel?: LogLevel;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** How long running replies may go on after `close`, in milliseconds. Default 10,000. */
  readonly shutdownGraceMs?: number;
  /** Silence on a stream after which a comment is sent, in milliseconds. Default 15,000. */
  readonly keepAliveMs?: number;
  /** Times and bounds of replies, each with its default. */
  readonly timing?: Partial<Timing>;
  /** How often open streams are looked through for expired tokens, in milliseconds. Default 500. */
  readonly streamCheckMs?: number;
  /** How often unsent attachments are looked for that nobody will send any more, in milliseconds. Default 600,000. */
  readonly attachmentSweepMs?: number;
  /** How often it is looked for what agents do not keep any longer, in milliseconds. Default 900,000. */
  readonly retentionEveryMs?: number;
};

/** What is known of a request's way here beside the request itself. */
export type Connection = { readonly remoteAddress?: string | undefined };

export type ChatServer = {
  /** Answers a request, after the server has started. Never rejects. Without an address all callers share one rate limit. */
  readonly fetch: (request: Request, connection?: Connection) => Promise<Response>;
  /** Resolves when the store is open and the agents have read their articles; rejects with what is in the way. */
  readonly ready: Promise<void>;
  /**
   * A link's token for whoever is to become the first administrator of the dashboard, which ends earlier ones; undefined once
   * there is one. It belongs behind `/dashboard/setup#`, and before no other eyes.
   */
  readonly createSetupLink: () => Promise<string | undefined>;
  /** Whether the dashboard has no administrator yet. */
  readonly needsSetup: () => Promise<boolean>;
  /** The server's log, for who listens on its behalf. */
  readonly log: Logger;
  /** Refuses new messages, lets running replies finish, ends live events, closes the store. Idempotent. */
  readonly close: () => Promise<void>;
};

const defaultWidgetDirectory = fileURLToPath(new URL('../../../dist', import.meta.url));
/** How long readers of a finished reply may take for its last frames when the server goes down. */
const lastFramesMs = 1_000;

type Running = {
  readonly app: App;
  readonly services: Services;
  readonly store: Store;
  readonly streams: LiveStreams;
  readonly dashboard: Dashboard;
  readonly agents: LiveAgents;
  readonly visits: VisitNotes;
  readonly unwatch: () => void;
};

/**
 * The chat server, on web-standard requests and responses. Returns at once; `fetch` waits until it has started.
 *
 * @throws ConfigError for a configuration that does not fit; what only shows when it starts rejects `ready`.
 */
export function createChatServer(options: ChatServerOptions): ChatServer {
  const config = decodeConfig(options.config);
  const oidc = readOidc(config, options.oidcClientSecret);
  const log = createLog(options.logDestination, options.logLevel ?? 'info');
  const clock = options.clock ?? Date.now;
  let phase: 'open' | 'draining' | 'closed' = 'open';
  let closing: Promise<void> | undefined;
  const openStreams = { count: () => 0 };
  const metrics = createMetrics(() => openStreams.count());
  const started = start({ options, config, oidc, log, clock, metrics, isDraining: () => phase !== 'open' });
  // Whoever awaits `ready` or `close` learns of it; nobody has to.
  started.then(({ streams }) => (openStreams.count = streams.count)).catch(() => undefined);

  return {
    log,
    ready: quietly(started.then(() => undefined)),
    needsSetup: async () => (await started).dashboard.accounts.needsSetup(),
    async createSetupLink() {
      const { accounts } = (await started).dashboard;
      return (await accounts.needsSetup()) ? accounts.createSetupLink() : undefined;
    },
    async fetch(request, connection = {}) {
      const record = createRequestRecord(addressOf(request, connection, config.trustProxy));
      const startedMs = performance.now();
      const running = phase === 'closed' ? undefined : await started.catch(() => undefined);
      const answer = running === undefined ? refuse(record) : await answerWith(running, request, record);
      const response = withCommonHeaders(answer, record);
      running?.visits.note(request, record);
      report({ request, response, record, log, metrics, durationMs: performance.now() - startedMs });
      return response;
    },
    close() {
      phase = phase === 'open' ? 'draining' : phase;
      closing ??= stop(started, options.shutdownGraceMs ?? 10_000).finally(() => (phase = 'closed'));
      return closing;
    },
  };
}

type StartInput = {
  readonly options: ChatServerOptions;
  readonly config: ReturnType<typeof decodeConfig>;
  readonly oidc: OidcSettings | undefined;
  readonly log: Logger;
  readonly clock: () => number;
  readonly metrics: Metrics;
  readonly isDraining: () => boolean;
};

async function start({ options, config, oidc, log, clock, metrics, isDraining }: StartInput): Promise<Running> {
  const openAgents = await readAgents(options, { config, log, clock });
  const attachmentStorage = placeOf(options, config);
  const opened = await openStore(options.store, {
    onError: (error) => log.error({ error: describeError(new StoreFailure(error)) }, 'store failed'),
  });
  const store = guardStore(opened, metrics.reply);
  const { agents, profiles, vault } = await openKeys(options, { openAgents, store, opened, log, clock });
  const streams = createLiveStreams({
    notifier: store.notifier,
    clock,
    checkIntervalMs: options.streamCheckMs ?? 500,
    maxEventsPerOwner: config.rateLimits.eventStreamsPerVisitor,
  });
  const services: Services = {
    agents,
    store,
    attachments: attachmentService({ options, config, log, clock }, store, attachmentStorage),
    tally: createAuditTally(store.audit, clock),
    identity: createIdentityService({ store, clock, onKeyUsed: createKeyUse(store, clock) }),
    profiles,
    conversations: createConversationService({
      store,
      clock,
      processId: randomUUID(),
      log,
      limits: replyLimitsOf(config.rateLimits),
      ...(options.timing === undefined ? {} : { timing: options.timing }),
    }),
    streams,
    places: createStreamPlaces(config.rateLimits.streamsPerAddress),
    limits: createRateLimits(config.rateLimits),
    metrics,
    log,
    clock,
    keepAliveMs: options.keepAliveMs ?? 15_000,
    publicOrigin: config.publicUrl === undefined ? undefined : new URL(config.publicUrl).origin,
    widgetFile: createWidgetFiles(options.widgetDirectory ?? defaultWidgetDirectory),
    isDraining,
  };
  const unwatch = watchSettings({
    store: opened,
    agentIds: () => agents.all().map(({ id }) => id),
    intervalMs: options.streamCheckMs ?? 500,
    onChange: streams.review,
  });
  // Whether their pages may still use it, and whether it is still there.
  agents.onChange(streams.review);
  const visits = createVisitNotes({ visits: store.agentVisits, clock, log });
  const dashboard = openDashboard({ ...services, agents, oidc }, vault, options);
  return { app: createApp(services), services, store: opened, streams, dashboard, agents, visits, unwatch };
}

type KeyInputs = Pick<StartInput, 'log' | 'clock'> & {
  readonly openAgents: Awaited<ReturnType<typeof readAgents>>;
  readonly store: Store;
  readonly opened: Store;
};

/** The agents and their keys; where something is wrong with them the store is closed again. */
async function openKeys(options: ChatServerOptions, { openAgents, store, opened, log, clock }: KeyInputs) {
  const { store: location, masterKey } = options;
  const vault = openVault({ location, masterKey });
  try {
    const agents = await openAgents(store, vault);
    const profiles = await openProfiles({ agents, store: opened, location, masterKey, vault, log, clock });
    return { agents, profiles, vault };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

type DashboardSources = Services & { readonly agents: LiveAgents; readonly oidc: OidcSettings | undefined };

function openDashboard(services: DashboardSources, vault: KeyVault, options: ChatServerOptions): Dashboard {
  const { widgetDirectory } = options;
  const { store, agents, identity, profiles, conversations, attachments } = services;
  const { log, clock, publicOrigin, keepAliveMs, isDraining } = services;
  return createDashboard({
    store,
    agents,
    identity,
    profiles,
    policies: createPolicyBook(store, clock),
    keys: createKeyRing({ store, vault, profiles, clock }),
    vault,
    conversations,
    attachments,
    privacy: openPrivacy({ ...services, everyMs: options.retentionEveryMs }),
    oidc: services.oidc === undefined ? undefined : createOidcService(services.oidc),
    log,
    clock,
    publicOrigin,
    keepAliveMs,
    eventBody: sseBody,
    sessionCheckMs: options.streamCheckMs ?? 2_000,
    isDraining,
    pageFile: createWidgetFiles(join(widgetDirectory ?? defaultWidgetDirectory, 'dashboard')),
  });
}

function replyLimitsOf({ repliesPerVisitor, repliesPerAddress, repliesPerProcess }: RateLimitSettings): ReplyLimits {
  return { perVisitor: repliesPerVisitor, perAddress: repliesPerAddress, inProcess: repliesPerProcess };
}

type AttachmentPlace = ReturnType<typeof createAttachmentStorage>;

/** @throws ConfigError before anything is opened */
function placeOf(options: ChatServerOptions, { attachments }: StartInput['config']): AttachmentPlace | undefined {
  if (attachments === undefined) return undefined;
  const baseDirectory = options.baseDirectory ?? process.cwd();
  return createAttachmentStorage(attachments, { baseDirectory, location: options.store, credentials: options.s3 });
}

function attachmentService(
  { options, config, log, clock }: Pick<StartInput, 'options' | 'config' | 'log' | 'clock'>,
  store: Store,
  storage: AttachmentPlace | undefined,
): AttachmentService | undefined {
  if (config.attachments === undefined || storage === undefined) return undefined;
  const { maxBytes, maxPerMessage, types } = config.attachments;
  return createAttachmentService({
    store,
    storage,
    limits: { maxBytes, maxPerMessage, types },
    clock,
    onError: (error) => log.warn({ error: describeError(error) }, 'attachments could not be cleared away'),
    ...(options.attachmentSweepMs === undefined ? {} : { sweepEveryMs: options.attachmentSweepMs }),
  });
}

async function stop(started: Promise<Running>, graceMs: number): Promise<void> {
  const running = await started.catch(() => undefined);
  if (running === undefined) return;
  running.unwatch();
  running.agents.close();
  running.services.attachments?.close();
  await running.dashboard.close();
  running.streams.closeEvents();
  try {
    await running.services.conversations.drain(graceMs);
    await running.streams.closeAll(lastFramesMs);
    await running.visits.settled();
    await recordRefusals(running.services);
  } finally {
    await running.store.close();
  }
}

/** A store that is away takes no counts, and must not keep the server from going down. */
async function recordRefusals({ identity, tally, log }: Services): Promise<void> {
  const closed = Promise.all([identity.close(), tally.close()]);
  await closed.catch((error: unknown) => {
    log.warn({ error: describeError(error) }, 'what was counted in the last minute could not be recorded');
  });
}

function answerWith({ app, dashboard, services }: Running, request: Request, record: RequestRecord): Promise<Response> {
  if (!isForDashboard(request)) return respond(app, request, record);
  const onError = (error: unknown) => problemOf(error, { record, services }).code;
  return dashboard.fetch(request, {
    address: networkOf(record.address),
    onRoute: (route) => (record.route = route),
    onError: (error) => (onError(error) === 'unavailable' ? 'unavailable' : 'internal'),
  });
}

/** HEAD is GET without its body; a body that is a stream has to be let go, or it would stay open. */
async function respond(app: App, request: Request, record: RequestRecord): Promise<Response> {
  if (request.method !== 'HEAD') return app(request, record);
  const response = await app(new Request(request.url, { method: 'GET', headers: request.headers }), record);
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}

function refuse(record: RequestRecord): Response {
  const { code, extras } = unavailable();
  return problemResponse(code, extras, record.requestId);
}

/** The last entry is the one that the proxy itself has added; those before it are the client's word. */
function addressOf(request: Request, { remoteAddress }: Connection, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  return forwarded === undefined || forwarded === '' ? (remoteAddress ?? 'unknown') : forwarded;
}

type Report = {
  readonly request: Request;
  readonly response: Response;
  readonly record: RequestRecord;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly durationMs: number;
};

/** One line a request: its route and never its address, who asked and never with what. */
function report({ request, response, record, log, metrics, durationMs }: Report): void {
  const { requestId, route, agentId, source, code, reason, refusedOrigin, subjectHash } = record;
  const { method } = request;
  const { status } = response;
  metrics.request({ route, method, status }, durationMs / 1000);
  const line = {
    requestId,
    method,
    route,
    status,
    durationMs: Math.round(durationMs),
    agentId,
    source,
    code,
    reason,
    refusedOrigin,
    subjectHash,
  };
  log.info(line, 'request');
}

function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
