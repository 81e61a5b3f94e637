import { decodeProblem, type ProblemCode, type StreamPart } from '../../protocol/index.ts';
import type { Core } from '../core.ts';
import { toJson } from '../to-json.ts';
import type { Adapter, Turn } from './adapter.ts';
import { aiSdk } from './ai-sdk.ts';
import { readParts, toResponse } from './reply-stream.ts';

/** A backend that cannot be reached this often has nothing to read on. */
const maxResumeTries = 3;
/** A head that takes longer is taken for a yes: the client would ask once more, and a model would answer twice. */
const patienceMs = 20_000;

/** Why a request was ended: the visitor wants no more of the answer. */
const stopped = new Error('stopped');

type Start = Extract<StreamPart, { readonly type: 'start' }>;

/** Who asks, and how long they want to know: as the client's own calls say it. */
export type Caller = { readonly token: string | undefined; readonly signal: AbortSignal };

/** The requests to the page's own backend. */
export class OtherBackend {
  readonly #core: Core;
  readonly #adapter: () => Adapter | Promise<Adapter>;
  /** What is answered at this moment, by conversation. */
  readonly #running = new Map<string, AbortController>();
  #failedResumes = 0;

  constructor(core: Core, adapter: () => Adapter | Promise<Adapter>) {
    this.#core = core;
    this.#adapter = adapter;
  }

  /** The answer, as our server would stream it, or as it would refuse. */
  async ask(turn: Turn, caller: Caller): Promise<Response> {
    const adapter = await this.#adapter();
    const { hangUp, signal } = this.#begin(turn.id, caller);
    const body = toJson(adapter.toBody(turn));
    const head = this.#fetch(this.#core.server, { method: 'POST', body, signal }, caller);
    const refusal = await this.#refusalOf(head, caller, signal);
    return refusal ?? this.#reply(head, adapter, turn, hangUp);
  }

  /** The answer that runs, from its beginning. Undefined where none does; rejects where the backend may yet be reached. */
  async readOn(turn: Turn, caller: Caller): Promise<Response | undefined> {
    if ((await this.#adapter()) !== aiSdk) return undefined;
    const url = new URL(this.#core.server);
    url.pathname += `/${encodeURIComponent(turn.id)}/stream`;
    const { hangUp, signal } = this.#begin(turn.id, caller);
    try {
      const response = await this.#fetch(url.href, { signal }, caller);
      this.#failedResumes = 0;
      const isRunning = response.ok && response.status !== 204;
      return isRunning ? this.#reply(Promise.resolve(response), aiSdk, turn, hangUp) : undefined;
    } catch (error) {
      caller.signal.throwIfAborted();
      if (signal.reason === stopped) return undefined;
      // Where the backend has no such address, its browser's answer may be that of a lost connection.
      this.#failedResumes += 1;
      if (!this.#core.environment.online() || this.#failedResumes < maxResumeTries) throw error;
      this.#failedResumes = 0;
      return undefined;
    }
  }

  stop(id: string): void {
    this.#running.get(id)?.abort(stopped);
  }

  #begin(id: string, { signal }: Caller) {
    const hangUp = new AbortController();
    this.#running.set(id, hangUp);
    return { hangUp, signal: AbortSignal.any([signal, hangUp.signal]) };
  }

  /** Undefined for what is none, or is not known to be one in time. Rejects where no answer came. */
  async #refusalOf(head: Promise<Response>, { token }: Caller, signal: AbortSignal): Promise<Response | undefined> {
    const { environment, onTokenAccepted, state } = this.#core;
    let stopWaiting = () => {};
    const late = new Promise<undefined>((resolve) => {
      stopWaiting = environment.after(patienceMs, () => resolve(undefined));
    });
    try {
      const response = await Promise.race([head, late]);
      if (response?.ok === false) return await toProblem(response, token !== undefined);
      if (response !== undefined && token === state.identity.token) onTokenAccepted();
      return undefined;
    } catch (error) {
      if (signal.reason === stopped) return undefined;
      throw error;
    } finally {
      stopWaiting();
    }
  }

  #reply(head: Promise<Response>, adapter: Adapter, turn: Turn, hangUp: AbortController): Response {
    const { environment } = this.#core;
    return toResponse(follow(head, adapter, turn, hangUp.signal, environment), environment, () => hangUp.abort());
  }

  /** No header beside these two: a backend would have to allow any other. */
  async #fetch(url: string, request: RequestInit, { token }: Caller): Promise<Response> {
    // While the files for it were fetched the visitor may have gone.
    request.signal?.throwIfAborted();
    return this.#core.environment.fetch(url, {
      ...request,
      headers: {
        ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      credentials: 'omit',
      cache: 'no-store',
      // A token is for the address that the page named, and no other.
      redirect: 'error',
    });
  }
}

async function* follow(
  head: Promise<Response>,
  adapter: Adapter,
  turn: Turn,
  signal: AbortSignal,
  environment: Core['environment'],
): AsyncGenerator<StreamPart, void> {
  try {
    const response = await head;
    if (response.ok) {
      for await (const part of readParts(response, adapter.createReader(turn), environment)) {
        yield part.type === 'start' ? begunAt(part, environment.now()) : part;
      }
    } else yield { type: 'error', errorText: '' };
  } catch (error) {
    if (signal.reason !== stopped) throw error;
    yield { type: 'abort' };
  }
}

/** Backends hardly ever say when. */
function begunAt(part: Start, now: number): Start {
  return { ...part, messageMetadata: { ...part.messageMetadata, begunHereAt: new Date(now).toISOString() } };
}

export function problem(status: number, code: ProblemCode, more: object = {}, headers: HeadersInit = {}): Response {
  return Response.json({ type: 'about:blank', title: code, status, code, ...more }, { status, headers });
}

/**
 * A refusal in our own words. One of a visitor without a token asks for one; one of a token that says no more is taken
 * for its end, which is what a new token mends. An error of the backend's is not tried again by itself: it may have
 * answered, and acted, already.
 */
async function toProblem(response: Response, hasToken: boolean): Promise<Response> {
  const { status } = response;
  const retryAfter = response.headers.get('Retry-After');
  const headers: HeadersInit = retryAfter === null ? {} : { 'Retry-After': retryAfter };
  const { reason = 'expired' } = decodeProblem(await response.json().catch(() => undefined)) ?? {};
  if (status === 401) return hasToken ? problem(401, 'invalid_token', { reason }) : problem(403, 'no_permission');
  if (status === 403) return problem(403, 'no_permission');
  if (status === 429 || status === 502 || status === 503) return new Response(null, { status, headers });
  return status >= 500 ? problem(429, 'internal') : new Response(null, { status });
}
