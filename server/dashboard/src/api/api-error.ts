/** What a call failed by. `offline` and `unreadable` are the browser's own, the others are the server's (docs/dashboard.md). */
export type ApiErrorCode =
  | 'invalid_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'csrf'
  | 'not_found'
  | 'conflict'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'
  | 'offline'
  | 'unreadable';

const sentences: Readonly<Record<ApiErrorCode, string>> = {
  invalid_input: 'Something in the form is not right.',
  unauthenticated: 'You are signed out. Sign in again.',
  forbidden: 'Your role does not allow this. Ask an administrator.',
  csrf: 'The server did not take this page for its own. Load the page again.',
  not_found: 'This no longer exists, or you have no access to it.',
  conflict: 'Somebody changed this at the same time. Load it again and repeat your change.',
  rate_limited: 'Too many attempts. Wait a moment, then try again.',
  unavailable: 'The server is busy or being restarted. Try again in a moment.',
  internal: 'The server failed. Its log says why.',
  offline: 'The server cannot be reached. Check your connection, then try again.',
  unreadable: 'The server answered something that this page cannot read. Load the page again.',
};

type ErrorFacts = {
  readonly detail?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly retryAfterSeconds?: number | undefined;
};

/** A call that failed. `detail` is always a sentence that can be shown. */
export class ApiError extends Error {
  /** The HTTP status, 0 where no answer came. */
  readonly status: number;
  readonly code: ApiErrorCode;
  readonly detail: string;
  /** A sentence for each field that was refused. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: ApiErrorCode, facts: ErrorFacts = {}) {
    const detail = facts.detail ?? waitSentence(code, facts.retryAfterSeconds) ?? sentences[code];
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.fields = facts.fields ?? {};
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

const waitSentence = (code: ApiErrorCode, seconds: number | undefined): string | undefined => {
  if (code !== 'rate_limited' || seconds === undefined) return undefined;
  return seconds < 90
    ? `Too many attempts. Try again in ${seconds} seconds.`
    : `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`;
};

/** Reads the problem (RFC 9457) in an answer; what is none becomes one by its status. */
export async function readProblem(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = isRecord(body) ? body : {};
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(response.status, codeOf(problem['code'], response.status), {
    detail: typeof problem['detail'] === 'string' ? problem['detail'] : undefined,
    fields: fieldsOf(problem['fields']),
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter >= 0 ? Math.ceil(retryAfter) : undefined,
  });
}

const codeOf = (code: unknown, status: number): ApiErrorCode =>
  typeof code === 'string' && Object.hasOwn(sentences, code) ? (code as ApiErrorCode) : codeOfStatus(status);

function codeOfStatus(status: number): ApiErrorCode {
  const codes: Readonly<Record<number, ApiErrorCode>> = {
    400: 'invalid_input',
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not_found',
    409: 'conflict',
    413: 'invalid_input',
    422: 'invalid_input',
    429: 'rate_limited',
    502: 'unavailable',
    503: 'unavailable',
    504: 'unavailable',
  };
  return codes[status] ?? 'internal';
}

const fieldsOf = (fields: unknown): Record<string, string> =>
  isRecord(fields)
    ? Object.fromEntries(
        Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Any failure as one that can be shown. */
export const toApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError(0, 'unreadable');
