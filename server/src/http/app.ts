import { Hono, type Context } from 'hono';
import { header } from '../../../src/protocol/index.ts';
import { withProfile, type Call, type Route, type Services } from './call.ts';
import { checkOrigin, preflightResponse } from './cors.ts';
import { StoreFailure } from './guard-store.ts';
import { HttpProblem, problemResponse, unavailable } from './http-problem.ts';
import { StorageFailure } from '../attachments/index.ts';
import { describeError } from './request-log.ts';
import { KeysUnavailableError } from '../identity/index.ts';
import type { RequestRecord } from './request-record.ts';
import { agentRoute } from './routes/agent-route.ts';
import { approvalRoute } from './routes/approval-route.ts';
import { attachmentRoutes, attachmentsPath } from './routes/attachment-routes.ts';
import { chatPath, chatRoutes } from './routes/chat-routes.ts';
import { conversationRoutes } from './routes/conversation-routes.ts';
import { eventRoute } from './routes/event-route.ts';
import { feedbackRoute } from './routes/feedback-route.ts';
import { identityRoutes, logoutPath, verifyJwtPath } from './routes/identity-routes.ts';
import { operationRoutes } from './routes/operation-routes.ts';

const routes: readonly Route[] = [
  agentRoute,
  ...identityRoutes,
  ...chatRoutes,
  approvalRoute,
  ...attachmentRoutes,
  ...conversationRoutes,
  feedbackRoute,
  eventRoute,
  ...operationRoutes,
];

type HttpEnv = { Bindings: { readonly record: RequestRecord } };

/** Answers one request; never rejects. */
export type App = (request: Request, record: RequestRecord) => Promise<Response>;

/** All routes, each with what every answer has in common: who may ask, how often, and problem details. */
export function createApp(services: Services): App {
  const app = new Hono<HttpEnv>();
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    app.all(path, (context) => answer(callOf(context, path, services), here));
  }
  app.notFound((context) => problemResponse('not_found', {}, context.env.record.requestId));
  return async (request, record) => app.fetch(request, { record });
}

function callOf(context: Context<HttpEnv>, path: string, services: Services): Call {
  const { record } = context.env;
  record.route = path;
  return { request: context.req.raw, record, services, parameter: (name) => context.req.param(name) ?? '' };
}

async function answer(call: Call, here: readonly Route[]): Promise<Response> {
  try {
    return await dispatch(call, here);
  } catch (error) {
    const problem = problemOf(error, call);
    call.record.code = problem.code;
    return problemResponse(problem.code, problem.extras, call.record.requestId);
  }
}

async function dispatch(call: Call, here: readonly Route[]): Promise<Response> {
  const { request, record, services } = call;
  const path = here[0]?.path ?? '';
  const isAgentPath = here.some((route) => route.kind === 'agent');
  const entry = isAgentPath ? services.agents.find(call.parameter('agentId')) : undefined;
  if (entry !== undefined) record.agentId = entry.id;
  if (isAgentPath || path === verifyJwtPath) {
    // Until somebody has been judged, nobody is known.
    record.source = 'anonymous';
    checkOrigin({ request, record, patterns: patternsFor(call, path), publicOrigin: services.publicOrigin });
    if (request.method === 'OPTIONS') return preflightResponse();
    await limitAddress(call, path);
    if (isAgentPath && entry === undefined) throw new HttpProblem('agent_not_found');
  }
  const route = here.find(({ method }) => method === request.method);
  if (route === undefined) throw new HttpProblem('method_not_allowed', { allow: here.map(({ method }) => method) });
  if (route.kind === 'plain') return route.handle(call);
  if (entry === undefined) throw new HttpProblem('agent_not_found');
  return route.handle(await withProfile(call, entry));
}

/** Which agent `verify-jwt` is for stands in the body, so that its preflight passes for the pages of any agent. */
function patternsFor({ services, parameter }: Call, path: string) {
  if (path === verifyJwtPath) return services.agents.all().flatMap((entry) => entry.origins);
  return services.agents.find(parameter('agentId'))?.origins;
}

function limitAddress({ request, record, services }: Call, path: string): Promise<void> {
  const { chatFromAddress, logoutFromAddress, otherFromAddress, uploadFromAddress } = services.limits;
  if (path === chatPath && request.method === 'POST') return chatFromAddress(record.address);
  if (path === attachmentsPath && request.method === 'POST') return uploadFromAddress(record.address);
  if (path === logoutPath && request.method === 'POST') return logoutFromAddress(record.address);
  return otherFromAddress(record.address);
}

/** What a visitor may know of an error. Everything else goes to the log under the request's id. */
export function problemOf(error: unknown, { record, services }: Pick<Call, 'record' | 'services'>): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const known = { requestId: record.requestId, error: describeError(error) };
  if (error instanceof StoreFailure) {
    services.log.error(known, 'store failed');
    return unavailable();
  }
  if (error instanceof StorageFailure) {
    services.log.error(known, 'storage of attachments failed');
    return unavailable();
  }
  if (error instanceof KeysUnavailableError) {
    services.log.error({ requestId: record.requestId, agentId: record.agentId }, error.message);
    return unavailable();
  }
  services.log.error(known, 'request failed');
  return new HttpProblem('internal');
}

/** Adds what every answer carries: the request's id, who its sender was judged to be, CORS. */
export function withCommonHeaders(response: Response, record: RequestRecord): Response {
  const { headers } = response;
  for (const [name, value] of record.headers) headers.append(name, value);
  headers.set(header.requestId, record.requestId);
  if (!headers.has('x-content-type-options')) headers.set('x-content-type-options', 'nosniff');
  if (record.source !== undefined) headers.set(header.identitySource, record.source);
  return response;
}
