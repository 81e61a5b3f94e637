import { ApiError, readProblem } from './api-error.ts';
import { connection } from './connection.ts';

const base = '/dashboard/api/';

type QueryValue = string | number | boolean | null | undefined;

/** Without those that are undefined, null, false or ''. */
export type Query = Readonly<Record<string, QueryValue>>;

export type CallOptions = { readonly query?: Query; readonly signal?: AbortSignal };

/** `` path`agents/${id}` `` encodes what is put in: for calls, relative to `/dashboard/api/`, and for links to pages. */
export const path = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  texts.reduce((made, text, index) => made + encodeURIComponent(values[index - 1] ?? '') + text);

/** An address below `/dashboard/api/`, for links to exports and files. */
export const apiAddress = (relative: string, query: Query = {}): string => {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' || value === false ? [] : [[name, String(value)]],
  );
  return `${base}${relative}${entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`}`;
};

/**
 * Calls of the dashboard's API. The answer is taken to be what the caller says it is: it comes from the server that also
 * sent this code. All of them fail with {@link ApiError}, or with the signal's reason if it was aborted.
 */
export const api = {
  get: <Answer>(relative: string, options?: CallOptions): Promise<Answer> =>
    call<Answer>('GET', relative, undefined, options),
  post: <Answer = void>(relative: string, body: object = {}, options?: CallOptions): Promise<Answer> =>
    call<Answer>('POST', relative, body, options),
  patch: <Answer = void>(relative: string, body: object, options?: CallOptions): Promise<Answer> =>
    call<Answer>('PATCH', relative, body, options),
  put: <Answer = void>(relative: string, body: object, options?: CallOptions): Promise<Answer> =>
    call<Answer>('PUT', relative, body, options),
  delete: <Answer = void>(relative: string, body?: object, options?: CallOptions): Promise<Answer> =>
    call<Answer>('DELETE', relative, body, options),
};

let onSignedOut: () => void = () => undefined;

/** Says what happens when a call finds that nobody is signed in any more. One listener: the app. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

async function call<Answer>(
  method: string,
  relative: string,
  body: object | undefined,
  { query, signal }: CallOptions = {},
): Promise<Answer> {
  const headers = new Headers({ accept: 'application/json', 'x-chat-dashboard': '1' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  const response = await send(apiAddress(relative, query), init);
  if (response.ok) return readAnswer<Answer>(response);
  const problem = await readProblem(response);
  // A wrong password at the sign-in form is no session that has ended.
  if (problem.code === 'unauthenticated' && relative !== 'session') onSignedOut();
  throw problem;
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(address, init);
    connection.reached();
    return response;
  } catch {
    init.signal?.throwIfAborted();
    connection.lost();
    throw new ApiError(0, 'offline');
  }
}

async function readAnswer<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  if (text === '') return undefined as Answer;
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new ApiError(response.status, 'unreadable');
  }
}
