import {
  decodeProblem,
  header,
  isIdentityReason,
  type AgentInfo,
  type ConversationPage,
  type IdentityAnswer,
  type IdentityReason,
  type IdentitySource,
  type MessagePage,
  type SendBody,
} from '../protocol/index.ts';
import { ChatError, type FailureCode } from './types.ts';

/** An error with what the server said of when to come back. `status` is 0 where no answer came. */
export class TransportError extends ChatError {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  constructor(code: FailureCode, status: number, options: { reason?: ChatError['reason']; retryAfterMs?: number } = {}) {
    const retryable = status === 0 || status === 429 || status >= 500;
    super(code, `The chat server answered ${status === 0 ? 'nothing' : `${status} ${code}`}.`, {
      retryable,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    });
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Who a request goes out as. Taken once, when the request is made. */
export type Credentials = {
  readonly token: string | undefined;
  readonly session: string;
  readonly source: IdentitySource;
};

export type Transport = ReturnType<typeof createTransport>;

/** Waiting longer than this for the head of an answer counts as a lost connection. */
const responseTimeoutMs = 30_000;


/**
 * The calls of the wire. Each rejects with a `TransportError`, or with the signal's reason when aborted.
 *
 * @param onRefused told when the server went on without the token that a request carried (policy `anonymous`)
 */
export function createTransport(
  base: string,
  fetch: typeof globalThis.fetch,
  onRefused: (token: string, reason: IdentityReason) => void,
) {
  async function call(
    path: string,
    credentials: Credentials | undefined,
    signal: AbortSignal | undefined,
    init: RequestInit & { lastEventId?: string | undefined } = {},
  ): Promise<Response> {
    const { lastEventId, ...rest } = init;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), responseTimeoutMs);
    try {
      const response = await fetch(base + path, {
        ...rest,
        headers: headersOf(credentials, rest.body !== undefined, lastEventId),
        signal: signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]),
        credentials: 'omit',
        cache: 'no-store',
      });
      if (!response.ok) throw await toError(response);
      const reason = response.headers.get(header.identityReason);
      if (credentials?.token !== undefined && isIdentityReason(reason)) onRefused(credentials.token, reason);
      return response;
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof TransportError ? error : new TransportError('network', 0);
    } finally {
      clearTimeout(timer);
    }
  }

  const json = async <T>(...args: Parameters<typeof call>): Promise<T> => {
    const response = await call(...args);
    return (await response.json().catch(() => {
      throw new TransportError('network', 0);
    })) as T;
  };

  const conversation = (id: string) => `/conversations/${encodeURIComponent(id)}`;
  const chat = (id: string) => `/chat/${encodeURIComponent(id)}`;

  return {
    info: (signal: AbortSignal) => json<AgentInfo>('', undefined, signal),
    identity: (as: Credentials, signal: AbortSignal) =>
      json<IdentityAnswer>('/identity', as, signal, { method: 'POST' }),
    conversations: (as: Credentials, signal: AbortSignal) => json<ConversationPage>('/conversations', as, signal),
    messages: (as: Credentials, id: string, before: string | undefined, signal: AbortSignal) =>
      json<MessagePage>(
        `${conversation(id)}/messages${before === undefined ? '' : `?before=${encodeURIComponent(before)}`}`,
        as,
        signal,
      ),
    /** The stream of the reply. */
    send: (as: Credentials, body: SendBody, signal: AbortSignal) =>
      call('/chat', as, signal, { method: 'POST', body: JSON.stringify(body) }),
    /** The stream of the reply that runs; undefined when nothing runs any more. */
    async resume(as: Credentials, id: string, lastEventId: string | undefined, signal: AbortSignal) {
      const response = await call(`${chat(id)}/stream`, as, signal, { lastEventId });
      return response.status === 204 ? undefined : response;
    },
    async stop(as: Credentials, id: string, signal: AbortSignal) {
      await call(`${chat(id)}/stop`, as, signal, { method: 'POST' });
    },
    async markRead(as: Credentials, id: string, messageId: string, signal: AbortSignal) {
      await call(`${conversation(id)}/read`, as, signal, { method: 'POST', body: JSON.stringify({ messageId }) });
    },
    async logout(as: Credentials) {
      await call('/logout', as, undefined, { method: 'POST', keepalive: true });
    },
    events: (as: Credentials, lastEventId: string | undefined, signal: AbortSignal) =>
      call('/events', as, signal, { lastEventId }),
  };
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
