export type DashboardCode =
  | 'invalid_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'csrf'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

const kinds: { readonly [Code in DashboardCode]: { readonly status: number; readonly title: string } } = {
  invalid_input: { status: 422, title: 'Something is not as it has to be' },
  unauthenticated: { status: 401, title: 'Nobody is signed in' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  csrf: { status: 403, title: 'This call did not come from the dashboard' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This cannot be done here' },
  conflict: { status: 409, title: 'This does not fit what is there' },
  rate_limited: { status: 429, title: 'Too many tries' },
  unavailable: { status: 503, title: 'The server cannot answer at the moment' },
  internal: { status: 500, title: 'The server has made a mistake' },
};

export type ProblemExtras = {
  /** One or two sentences for the person. Holds nothing that is secret. */
  readonly detail?: string;
  /** A sentence for each field that does not fit, by its name in the request. */
  readonly fields?: { readonly [field: string]: string };
  /** Sent as `Retry-After`, in seconds. */
  readonly retryAfterSeconds?: number;
};

/** What ends a call, as its caller reads it: problem details (RFC 9457). */
export class DashboardProblem extends Error {
  readonly code: DashboardCode;
  readonly extras: ProblemExtras;

  constructor(code: DashboardCode, extras: ProblemExtras = {}) {
    super(code);
    this.name = 'DashboardProblem';
    this.code = code;
    this.extras = extras;
  }
}

/** One field that does not fit, with what is wrong about it. */
export function invalidField(field: string, sentence: string): DashboardProblem {
  return new DashboardProblem('invalid_input', { fields: { [field]: sentence } });
}

export function problemResponse({ code, extras }: Pick<DashboardProblem, 'code' | 'extras'>): Response {
  const { status, title } = kinds[code];
  const { retryAfterSeconds, ...shown } = extras;
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  const body = { type: 'about:blank', title, status, code, ...shown };
  return new Response(JSON.stringify(body), { status, headers });
}
