import { privateJson, type Call, type Route } from '../call.ts';
import { HttpProblem, unavailable } from '../http-problem.ts';

/** What those who run the server ask, and the built widget. */
export const operationRoutes: readonly Route[] = [
  { method: 'GET', path: '/healthz', kind: 'plain', handle: () => privateJson({ status: 'ok' }) },
  { method: 'GET', path: '/readyz', kind: 'plain', handle: answerReadiness },
  { method: 'GET', path: '/metrics', kind: 'plain', handle: answerMetrics },
  { method: 'GET', path: '/widget/*', kind: 'plain', handle: sendWidgetFile },
];

/** Ready: the store answers, and the server is not on its way down. */
async function answerReadiness({ services }: Call): Promise<Response> {
  if (services.isDraining()) throw unavailable();
  await services.store.ping();
  return privateJson({ status: 'ready' });
}

async function answerMetrics({ services }: Call): Promise<Response> {
  const headers = { 'content-type': services.metrics.contentType, 'cache-control': 'no-store' };
  return new Response(await services.metrics.text(), { headers });
}

/** What else lies in that folder is not for other sites: the dashboard's pages do not go out without their policy. */
const widgetPath = /^(?:chunks\/)?[^/]+$/;

async function sendWidgetFile({ request, services }: Call): Promise<Response> {
  const path = new URL(request.url).pathname.slice('/widget/'.length);
  const file = widgetPath.test(path) ? await services.widgetFile(path, request.headers) : undefined;
  if (file !== undefined) return file;
  throw new HttpProblem('not_found', { detail: 'No such file. Has the widget been built (npm run build)?' });
}
