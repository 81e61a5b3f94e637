import { header } from '../../../src/protocol/index.ts';
import { originMatches, type OriginPattern } from '../config/index.ts';
import { HttpProblem } from './http-problem.ts';
import { visibleText } from './request-log.ts';
import type { RequestRecord } from './request-record.ts';

const allowedMethods = 'GET, POST, PATCH, DELETE';
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  header.session,
  header.identitySource,
  header.metadata,
  'Last-Event-ID',
];
const exposedHeaders = [
  header.identitySource,
  header.identityReason,
  header.requestId,
  'Retry-After',
  'WWW-Authenticate',
];
const preflightSeconds = 600;
const maxLoggedOriginCharacters = 200;

export type OriginCheck = {
  readonly request: Request;
  readonly record: RequestRecord;
  /** Undefined where the agent does not exist: then any page may read that it does not. */
  readonly patterns: readonly OriginPattern[] | undefined;
  /** Origin of the server as browsers see it, where it is configured. */
  readonly publicOrigin: string | undefined;
};

/**
 * Lets a request pass whose `Origin` may call, and notes the CORS headers of its answer. Requests without `Origin` do not
 * come from a page of another site and pass.
 *
 * @throws HttpProblem `origin_not_allowed`
 */
export function checkOrigin({ request, record, patterns, publicOrigin }: OriginCheck): void {
  record.headers.set('vary', 'Origin');
  // Set by an earlier check, where the agent became known later.
  record.headers.delete('access-control-allow-origin');
  const origin = request.headers.get('origin');
  if (!mayCall(request, patterns, publicOrigin)) {
    record.refusedOrigin = visibleText(origin ?? '', maxLoggedOriginCharacters);
    throw new HttpProblem('origin_not_allowed');
  }
  if (origin === null) return;
  record.headers.set('access-control-allow-origin', origin);
  record.headers.set('access-control-expose-headers', exposedHeaders.join(', '));
}

/** Whether the page that sends a request may call; a request without `Origin` does not come from one. */
export function mayCall(
  request: Request,
  patterns: OriginCheck['patterns'],
  publicOrigin: OriginCheck['publicOrigin'],
): boolean {
  const origin = request.headers.get('origin');
  if (origin === null) return true;
  if (origin === 'null') return false;
  return patterns === undefined || isOwnOrigin(origin, request, publicOrigin) || originMatches(patterns, origin);
}

/** The answer to a preflight whose origin has passed. */
export function preflightResponse(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': allowedMethods,
      'access-control-allow-headers': allowedHeaders.join(', '),
      'access-control-max-age': String(preflightSeconds),
    },
  });
}

/** By host alone where no public URL is configured: behind a proxy that ends TLS the request itself is plain http. */
function isOwnOrigin(origin: string, request: Request, publicOrigin: string | undefined): boolean {
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin) return false;
  return publicOrigin === undefined ? url.host === new URL(request.url).host : origin === publicOrigin;
}
