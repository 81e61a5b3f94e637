import {
  decodeProblem,
  header,
  isIdentityReason,
  type AgentInfo,
  type IdentityAnswer,
  type IdentityReason,
  type IdentitySource,
} from '../protocol/index.ts';
import type { Environment } from './environment.ts';
import { toJson } from './to-json.ts';
import { ChatError, type FailureCode } from './types.ts';

/** An error with what the server said of when to come back. `status` is 0 where no answer came. */
export class TransportError extends ChatError {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  constructor(
    code: FailureCode,
    status: number,
    options: { reason?: ChatError['reason']; retryAfterMs?: number } = {},
  ) {
    const retryable = status === 0 || status === 429 || status >= 500;
    super(code, `The chat server answered ${status === 0 ? 'nothing' : `${status} ${code}`}.`, {
      retryable,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    });
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function isUnauthorized(error: unknown): error is TransportError {
  return error instanceof TransportError && error.status === 401;
}

/** Who a request goes out as. Taken once, when the request is made. */
export type Credentials = {
  readonly token: string | undefined;
  readonly session: string;
  readonly source: IdentitySource;
};

/** Waiting longer than this for the head of an answer counts as a lost connection. */
const responseTimeoutMs = 30_000;

export type CallOptions = {
  readonly as?: Credentials;
  readonly signal?: AbortSignal;
  readonly body?: object;
  readonly method?: 'POST' | 'PATCH' | 'DELETE';
  readonly keepalive?: boolean;
  readonly lastEventId?: string | undefined;
};

/** With `endpoint`, whose backend judges tokens as they come: `who` is whose the token says it is, or a name for it. */
export type Forwarded = { readonly who: string };

/** The calls of the wire. Each rejects with a `TransportError`, or with the signal's reason when aborted. */
export class Transport {
  /** Address of the agent. */
  readonly base: string;
  readonly #environment: Environment;
  readonly #onRefused: (token: string, reason: IdentityReason) => void;

  /** @param onRefused told when the server went on without the token that a request carried (policy `anonymous`) */
  constructor(base: string, environment: Environment, onRefused: (token: string, reason: IdentityReason) => void) {
    this.base = base;
    this.#environment = environment;
    this.#onRefused = onRefused;
  }

  info(signal: AbortSignal): Promise<AgentInfo> {
    return this.json('', { signal });
  }

  identity(as: Credentials, signal: AbortSignal): Promise<IdentityAnswer | Forwarded> {
    return this.json('/identity', { as, signal, method: 'POST' });
  }

  /** Goes on when the page is left. */
  async logout(as: Credentials): Promise<void> {
    await this.call('/logout', { as, method: 'POST', keepalive: true });
  }

  async json<T>(path: string, options: CallOptions): Promise<T> {
    const response = await this.call(path, options);
    return (await response.json().catch(() => {
      throw new TransportError('network', 0);
    })) as T;
  }

  async call(path: string, options: CallOptions): Promise<Response> {
    const { as, signal, body, lastEventId, ...init } = options;
    const timeout = new AbortController();
    const cancelTimeout = this.#environment.after(responseTimeoutMs, () => timeout.abort());
    try {
      const response = await this.#environment.fetch(this.base + path, {
        ...init,
        ...(body === undefined ? {} : { body: toJson(body) }),
        headers: headersOf(as, body !== undefined, lastEventId),
        signal: signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]),
        credentials: 'omit',
        cache: 'no-store',
      });
      return await this.judge(response, as);
    } catch (error) {
      signal?.throwIfAborted();
      // A refusal whose reason was cut off says nothing.
      throw error instanceof TransportError && !timeout.signal.aborted ? error : new TransportError('network', 0);
    } finally {
      cancelTimeout();
    }
  }

  /** What an answer says of the token that went along. Gives back a good one. @throws TransportError for any other */
  async judge(response: Response, as: Credentials | undefined): Promise<Response> {
    const reason = response.headers.get(header.identityReason);
    if (as?.token !== undefined && isIdentityReason(reason)) {
      // Whatever went wrong without the token, it is for the token's owner to sign in and ask again.
      if (!response.ok && as.source === 'verified') throw new TransportError('invalid_token', 401, { reason });
      this.#onRefused(as.token, reason);
    }
    if (!response.ok) throw await toError(response);
    return response;
  }
}

export function headersOf(credentials: Credentials | undefined, hasBody: boolean, lastEventId: string | undefined) {
  const headers: { [name: string]: string } = {};
  if (hasBody) headers['Content-Type'] = 'application/json';
  if (lastEventId !== undefined) headers['Last-Event-ID'] = lastEventId;
  if (credentials === undefined) return headers;
  headers[header.session] = credentials.session;
  headers[header.identitySource] = credentials.source;
  if (credentials.token !== undefined) headers['Authorization'] = `Bearer ${credentials.token}`;
  return headers;
}

async function toError(response: Response): Promise<TransportError> {
  const problem = decodeProblem(await response.json().catch(() => undefined));
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new TransportError(problem?.code ?? codeOf(response.status), response.status, {
    ...(problem?.reason === undefined ? {} : { reason: problem.reason }),
    ...(seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}),
  });
}

/** For answers that are not ours: a proxy's, or another backend's. */
function codeOf(status: number): FailureCode {
  const codes: { readonly [status: number]: FailureCode } = {
    401: 'invalid_token',
    403: 'no_permission',
    404: 'not_found',
    413: 'too_large',
    429: 'rate_limited',
  };
  return codes[status] ?? (status >= 500 ? 'unavailable' : 'invalid_request');
}
