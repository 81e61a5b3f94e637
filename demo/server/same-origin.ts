import type { MiddlewareHandler } from 'hono';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses state-changing requests that another site's page could have caused (CSRF), with 403: their `Origin` must be
 * this host's, and absent is not good enough. Browsers send it with every POST and DELETE (Fetch, section 3.1).
 */
export function requireSameOrigin(): MiddlewareHandler {
  return async (context, next) => {
    if (safeMethods.has(context.req.method)) return next();
    if (
      isSameHost(context.req.header('origin'), context.req.header('host')) &&
      isSameSiteFetch(context.req.header('sec-fetch-site'))
    ) {
      return next();
    }
    return context.json(
      { error: 'cross_origin', detail: 'Requests that change something must come from the shop itself.' },
      403,
    );
  };
}

// Hosts are compared, not schemes: behind a proxy that ends TLS this process sees http where the page saw https.
function isSameHost(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase();
}

function isSameSiteFetch(value: string | undefined): boolean {
  return value === undefined || value === 'same-origin';
}
