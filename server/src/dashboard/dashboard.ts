import { Hono } from 'hono';
import type { AgentEntry } from '../config/index.ts';
import type { Operator, OperatorRole } from '../storage/index.ts';
import { createAccounts, type Accounts } from './accounts/accounts.ts';
import { readCookie } from './cookie.ts';
import { sendPage } from './pages.ts';
import { DashboardProblem, problemResponse } from './problem.ts';
import type { DashboardCall, DashboardRoute, DashboardServices, OperatorCall } from './route.ts';
import { dashboardRoutes } from './routes/index.ts';
import { noSuchAgent, seesAgent } from './scope.ts';
import { countStatistics } from './statistics/count-statistics.ts';

export type RequestFacts = {
  /** Address of the client, for rate limits. */
  readonly address: string;
  /** Told the pattern that matched, for the log. */
  readonly onRoute: (route: string) => void;
  /** Told of an error that the caller reads as `internal` or `unavailable`. */
  readonly onError: (error: unknown) => 'internal' | 'unavailable';
};

export type Dashboard = {
  readonly accounts: Accounts;
  /** Answers what is at or below `/dashboard`. Never rejects. */
  readonly fetch: (request: Request, facts: RequestFacts) => Promise<Response>;
  /** Ends what is open: live events, exports, and what runs from time to time. */
  readonly close: () => Promise<void>;
};

type Env = { Bindings: RequestFacts & { readonly headers: Headers } };

const sweepEveryMs = 60 * 60 * 1_000;
const ranks: { readonly [Role in OperatorRole]: number } = { viewer: 1, operator: 2, admin: 3 };

/** What is below `/dashboard`, and whoever has typed the server's bare address into a browser. */
export function isForDashboard({ url, method, headers }: Request): boolean {
  const { pathname } = new URL(url);
  if (pathname !== '/') return pathname === '/dashboard' || pathname.startsWith('/dashboard/');
  return (method === 'GET' || method === 'HEAD') && /\btext\/html\b/.test(headers.get('accept') ?? '');
}

/** The operators' side: its API and its pages, an application of its own beside the visitors'. */
export function createDashboard(services: DashboardServices): Dashboard {
  const accounts = createAccounts(services.store.operators, services.clock);
  const closing = new AbortController();
  const app = new Hono<Env>();
  const routes = dashboardRoutes();
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    app.all(`/dashboard/api${path}`, async ({ req, env }) => {
      env.onRoute(`/dashboard/api${path}`);
      const url = new URL(req.raw.url);
      const call: DashboardCall = {
        request: req.raw,
        services,
        accounts,
        address: env.address,
        origin: services.publicOrigin ?? url.origin,
        parameter: (name) => req.param(name) ?? '',
        query: (name) => req.query(name) || undefined,
        headers: env.headers,
        signal: AbortSignal.any([req.raw.signal, closing.signal]),
      };
      return withoutBody(await answer(call, here), req.raw);
    });
  }
  app.all('/dashboard/api/*', () => problemResponse(new DashboardProblem('not_found')));
  app.get('*', ({ req, env }) => {
    env.onRoute('/dashboard/*');
    return sendPage(req.raw, services.pageFile);
  });
  app.notFound(() => problemResponse(new DashboardProblem('method_not_allowed')));
  app.onError((error, { env }) => problemOf(error, env));

  const sweeper = setInterval(() => {
    services.store.operators.sweepSessions(services.clock()).catch(() => undefined);
  }, sweepEveryMs).unref();
  const stopCounting = countStatistics(services);
  return {
    accounts,
    async fetch(request, facts) {
      const headers = new Headers();
      const response = await app.fetch(request, { ...facts, headers });
      for (const [name, value] of headers) response.headers.append(name, value);
      return response;
    },
    async close() {
      clearInterval(sweeper);
      stopCounting();
      closing.abort();
      await services.privacy.close();
    },
  };
}

async function answer(call: DashboardCall, here: readonly DashboardRoute[]): Promise<Response> {
  const { request } = call;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = here.find((each) => each.method === method);
  if (route === undefined) throw new DashboardProblem('method_not_allowed');
  if (method !== 'GET') requireOwnPage(call);
  if (route.role === 'public') return route.handle(call);
  const known = await whoAsks(call);
  if (ranks[known.operator.role] < ranks[route.role]) {
    throw new DashboardProblem('forbidden', { detail: `This takes the role "${route.role}".` });
  }
  return route.handle(known);
}

/** HEAD is GET without its body; one that is a file has to be let go, or it would stay open. */
async function withoutBody(response: Response, { method }: Request): Promise<Response> {
  if (method !== 'HEAD') return response;
  await response.body?.cancel();
  return new Response(null, response);
}

/**
 * Another site's form or script cannot send the header, nor our origin; and its requests do not carry the cookie.
 *
 * @throws DashboardProblem `csrf`
 */
function requireOwnPage({ request, origin }: DashboardCall): void {
  const { headers } = request;
  const site = headers.get('sec-fetch-site');
  const isOwn = headers.get('origin') === origin && (site === null || site === 'same-origin');
  if (isOwn && headers.get('x-chat-dashboard') === '1') return;
  const detail =
    headers.get('origin') === origin
      ? 'The header X-Chat-Dashboard is missing.'
      : `This server is found at ${origin}, and the call came from elsewhere. Behind a proxy, name its address as "publicUrl" in the configuration.`;
  throw new DashboardProblem('csrf', { detail });
}

async function whoAsks(call: DashboardCall): Promise<OperatorCall> {
  const found = await call.accounts.useSession(readCookie(call.request.headers));
  if (found === undefined) throw new DashboardProblem('unauthenticated');
  const { operator } = found;
  const { services } = call;
  return {
    ...call,
    ...found,
    maySee: (agentId) => seesAgent(operator, agentId),
    requireAgent: (agentId) => requireAgent(services.agents.find(agentId), operator),
    audit: (kind, { agentId = '', subject, detail } = {}) =>
      services.store.audit.append({
        agentId,
        at: services.clock(),
        kind,
        ...(subject === undefined ? {} : { subject }),
        ...(detail === undefined ? {} : { detail }),
        operator: { id: operator.id, name: operator.name },
      }),
  };
}

function requireAgent(entry: AgentEntry | undefined, operator: Operator): AgentEntry {
  if (entry !== undefined && seesAgent(operator, entry.id)) return entry;
  throw noSuchAgent();
}

function problemOf(error: unknown, { onError }: RequestFacts): Response {
  if (error instanceof DashboardProblem) return problemResponse(error);
  // What queries throw for a cursor that is none.
  if (error instanceof RangeError) {
    return problemResponse(new DashboardProblem('invalid_input', { fields: { before: 'is no place in this list' } }));
  }
  return problemResponse(new DashboardProblem(onError(error)));
}
