import {
  decodeProblem,
  header,
  isIdentityReason,
  type AgentInfo,
  type ApprovalBody,
  type ConversationPage,
  type IdentityAnswer,
  type IdentityReason,
  type IdentitySource,
  type MessagePage,
  type SendBody,
} from '../protocol/index.ts';
import type { Environment } from './environment.ts';
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

type CallOptions = {
  readonly as?: Credentials;
  readonly signal?: AbortSignal;
  readonly body?: object;
  readonly method?: 'POST';
  readonly keepalive?: boolean;
  readonly lastEventId?: string | undefined;
};

/** The calls of the wire. Each rejects with a `TransportError`, or with the signal's reason when aborted. */
export class Transport {
  readonly #base: string;
  readonly #environment: Environment;
  readonly #onRefused: (token: string, reason: IdentityReason) => void;

  /** @param onRefused told when the server went on without the token that a request carried (policy `anonymous`) */
  constructor(base: string, environment: Environment, onRefused: (token: string, reason: IdentityReason) => void) {
    this.#base = base;
    this.#environment = environment;
    this.#onRefused = onRefused;
  }

  info(signal: AbortSignal): Promise<AgentInfo> {
    return this.#json('', { signal });
  }

  identity(as: Credentials, signal: AbortSignal): Promise<IdentityAnswer> {
    return this.#json('/identity', { as, signal, method: 'POST' });
  }

  conversations(as: Credentials, signal: AbortSignal): Promise<ConversationPage> {
    return this.#json('/conversations', { as, signal });
  }

  messages(as: Credentials, id: string, before: string | undefined, signal: AbortSignal): Promise<MessagePage> {
    const query = before === undefined ? '' : `?before=${encodeURIComponent(before)}`;
    return this.#json(`/conversations/${encodeURIComponent(id)}/messages${query}`, { as, signal });
  }

  async markRead(as: Credentials, id: string, messageId: string, signal: AbortSignal): Promise<void> {
    const path = `/conversations/${encodeURIComponent(id)}/read`;
    await this.#call(path, { as, signal, method: 'POST', body: { messageId } });
  }

  /** The stream of the reply. `to` is below the chat's own address. */
  send(as: Credentials, body: SendBody | ApprovalBody, signal: AbortSignal, to = ''): Promise<Response> {
    return this.#call(`/chat${to}`, { as, signal, method: 'POST', body });
  }

  /** The stream of the reply that runs; undefined when nothing runs any more. */
  async resume(as: Credentials, id: string, lastEventId: string | undefined, signal: AbortSignal) {
    const response = await this.#call(`/chat/${encodeURIComponent(id)}/stream`, { as, signal, lastEventId });
    return response.status === 204 ? undefined : response;
  }

  async stop(as: Credentials, id: string, signal: AbortSignal): Promise<void> {
    await this.#call(`/chat/${encodeURIComponent(id)}/stop`, { as, signal, method: 'POST' });
  }

  events(as: Credentials, lastEventId: string | undefined, signal: AbortSignal): Promise<Response> {
    return this.#call('/events', { as, signal, lastEventId });
  }

  /** Goes on when the page is left. */
  async logout(as: Credentials): Promise<void> {
    await this.#call('/logout', { as, method: 'POST', keepalive: true });
  }

  async #json<T>(path: string, options: CallOptions): Promise<T> {
    const response = await this.#call(path, options);
    return (await response.json().catch(() => {
      throw new TransportError('network', 0);
    })) as T;
  }

  async #call(path: string, options: CallOptions): Promise<Response> {
    const { as, signal, body, lastEventId, ...init } = options;
    const timeout = new AbortController();
    const cancelTimeout = this.#environment.after(responseTimeoutMs, () => timeout.abort());
    try {
      const response = await this.#environment.fetch(this.#base + path, {
        ...init,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: headersOf(as, body !== undefined, lastEventId),
        signal: signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]),
        credentials: 'omit',
        cache: 'no-store',
      });
      if (!response.ok) throw await toError(response);
      const reason = response.headers.get(header.identityReason);
      if (as?.token !== undefined && isIdentityReason(reason)) this.#onRefused(as.token, reason);
      return response;
    } catch (error) {
      signal?.throwIfAborted();
      // A refusal whose reason was cut off says nothing.
      throw error instanceof TransportError && !timeout.signal.aborted ? error : new TransportError('network', 0);
    } finally {
      cancelTimeout();
    }
  }
}

function headersOf(credentials: Credentials | undefined, hasBody: boolean, lastEventId: string | undefined) {
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
