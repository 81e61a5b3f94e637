import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Action, Agent } from '../agents/index.ts';
import { createAgentRegistry, decodeConfig, type ConfigInput, type ModelSettings } from '../config/index.ts';
import { createConversationService, type Timing } from '../conversations/index.ts';
import { createIdentityService, createKeyUse } from '../identity/index.ts';
import { openStore, type Store, type StoreLocation } from '../storage/index.ts';
import { createApp, withCommonHeaders, type App } from './app.ts';
import type { Services } from './call.ts';
import { guardStore, StoreFailure } from './guard-store.ts';
import { problemResponse, unavailable } from './http-problem.ts';
import { createLiveStreams, type LiveStreams } from './live-streams.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openProfiles } from './open-profiles.ts';
import { createRateLimits } from './rate-limits.ts';
import { createLog, describeError, type LogDestination, type LogLevel } from './request-log.ts';
import { createRequestRecord, type RequestRecord } from './request-record.ts';
import { createStreamPlaces } from './stream-places.ts';
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
};

/** What is known of a request's way here beside the request itself. */
export type Connection = { readonly remoteAddress?: string | undefined };

export type ChatServer = {
  /** Answers a request, after the server has started. Never rejects. Without an address all callers share one rate limit. */
  readonly fetch: (request: Request, connection?: Connection) => Promise<Response>;
  /** Resolves when the store is open and the agents have read their articles; rejects with what is in the way. */
  readonly ready: Promise<void>;
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
  readonly unwatch: () => void;
};

/**
 * The chat server, on web-standard requests and responses. Returns at once; `fetch` waits until it has started.
 *
 * @throws ConfigError for a configuration that does not fit; what only shows when it starts rejects `ready`.
 */
export function createChatServer(options: ChatServerOptions): ChatServer {
  const config = decodeConfig(options.config);
  const log = createLog(options.logDestination, options.logLevel ?? 'info');
  const clock = options.clock ?? Date.now;
  let phase: 'open' | 'draining' | 'closed' = 'open';
  let closing: Promise<void> | undefined;
  const openStreams = { count: () => 0 };
  const metrics = createMetrics(() => openStreams.count());
  const started = start({ options, config, log, clock, metrics, isDraining: () => phase !== 'open' });
  // Whoever awaits `ready` or `close` learns of it; nobody has to.
  started.then(({ streams }) => (openStreams.count = streams.count)).catch(() => undefined);

  return {
    log,
    ready: quietly(started.then(() => undefined)),
    async fetch(request, connection = {}) {
      const record = createRequestRecord(addressOf(request, connection, config.trustProxy));
      const startedMs = performance.now();
      const running = phase === 'closed' ? undefined : await started.catch(() => undefined);
      const answer = running === undefined ? refuse(record) : await respond(running.app, request, record);
      const response = withCommonHeaders(answer, record);
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
  readonly log: Logger;
  readonly clock: () => number;
  readonly metrics: Metrics;
  readonly isDraining: () => boolean;
};

async function start({ options, config, log, clock, metrics, isDraining }: StartInput): Promise<Running> {
  const agents = await createAgentRegistry(config.agents, {
    baseDirectory: options.baseDirectory ?? process.cwd(),
    environmentSecret: options.environmentSecret,
    model: options.model,
    agentFor: options.agentFor,
    actionsFor: options.actionsFor,
  });
  const opened = await openStore(options.store, {
    onError: (error) => log.error({ error: describeError(new StoreFailure(error)) }, 'store failed'),
  });
  const store = guardStore(opened, metrics.reply);
  const { store: location, masterKey } = options;
  const profiles = await openProfiles({ agents, store: opened, location, masterKey, log, clock }).catch(
    async (error) => {
      await opened.close();
      throw error;
    },
  );
  const streams = createLiveStreams({
    notifier: store.notifier,
    clock,
    checkIntervalMs: options.streamCheckMs ?? 500,
    maxEventsPerOwner: config.rateLimits.eventStreamsPerVisitor,
  });
  const services: Services = {
    agents,
    store,
    identity: createIdentityService({ store, clock, onKeyUsed: createKeyUse(store.keys, clock) }),
    profiles,
    conversations: createConversationService({
      store,
      clock,
      processId: randomUUID(),
      log,
      limits: { perVisitor: config.rateLimits.repliesPerVisitor, inProcess: config.rateLimits.repliesPerProcess },
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
  const agentIds = agents.all().map(({ id }) => id);
  const unwatch = watchSettings(opened, agentIds, options.streamCheckMs ?? 500);
  return { app: createApp(services), services, store: opened, streams, unwatch };
}

async function stop(started: Promise<Running>, graceMs: number): Promise<void> {
  const running = await started.catch(() => undefined);
  if (running === undefined) return;
  running.unwatch();
  running.streams.closeEvents();
  try {
    await running.services.conversations.drain(graceMs);
    await running.streams.closeAll(lastFramesMs);
    await recordRefusals(running.services);
  } finally {
    await running.store.close();
  }
}

/** A store that is away takes no counts, and must not keep the server from going down. */
async function recordRefusals({ identity, log }: Services): Promise<void> {
  await identity.close().catch((error: unknown) => {
    log.warn({ error: describeError(error) }, 'refused tokens of the last minute could not be recorded');
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
  const { requestId, route, agentId, source, reason, subjectHash } = record;
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
    reason,
    subjectHash,
  };
  log.info(line, 'request');
}

function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
