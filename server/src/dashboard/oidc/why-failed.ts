import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';

/** What the sign-in page is told, in its address: no more than the kind of failure. */
export type OidcFailure =
  | 'cancelled'
  | 'expired'
  | 'refused'
  | 'unreachable'
  | 'rate_limited'
  | 'unverified_email'
  | 'domain'
  | 'no_account'
  | 'linked_elsewhere'
  | 'disabled';

/** Why the issuer's answer was of no use, and what the log says of it: never what was in it. */
export function whyFailed(error: unknown): { readonly failure: OidcFailure; readonly reason: string } {
  if (error instanceof AuthorizationResponseError) {
    return { failure: error.error === 'access_denied' ? 'cancelled' : 'refused', reason: wordOf(error.error) };
  }
  if (error instanceof ResponseBodyError) {
    return { failure: error.error === 'invalid_grant' ? 'expired' : 'refused', reason: wordOf(error.error) };
  }
  const code = error instanceof Error && 'code' in error ? wordOf(error.code) : '';
  return { failure: isOutage(error, code) ? 'unreachable' : 'refused', reason: code || nameOf(error) };
}

/** The issuer does not answer, or not as an issuer does. */
function isOutage(error: unknown, code: string): boolean {
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || code === 'OAUTH_PARSE_ERROR') return true;
  // What `fetch` fails with.
  return error instanceof TypeError && error.cause instanceof Error && code === '';
}

/** The issuer's own words go into the log as far as they can be read there. */
function wordOf(text: unknown): string {
  return String(text)
    .slice(0, 60)
    .replaceAll(/[^\w.-]/g, '?');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
