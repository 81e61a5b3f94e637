import type { Answer, Call, ServerStream } from './model-server.ts';

/** What answers: the model at once, a real server when it has. */
export type Backend = { handle(call: Call): Answer | Promise<Answer> };

/** Something that is under way. It arrives when the schedule says so, in whatever order, or never. */
type Parcel = {
  readonly kind: 'request' | 'response' | 'chunk' | 'message' | 'token';
  readonly tab: number;
  readonly deliver: (times: number) => unknown;
  readonly lose: () => void;
};

type Wire = { readonly call: Call; readonly signal: AbortSignal | undefined };

/** A network that delivers, drops and doubles what is sent as it is told to. */
export class Network {
  isOnline = true;
  readonly #backend: Backend;
  readonly #parcels: Parcel[] = [];
  readonly #gone = new Set<number>();
  readonly #frozen = new Set<number>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** `fetch` of a page. `onCall` sees what leaves it. */
  fetchFor(tab: number, onCall: (call: Call) => void): typeof fetch {
    return (input, init) => {
      const signal = init?.signal ?? undefined;
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      const call = readCall(input as string, init);
      onCall(call);
      if (!this.isOnline) return Promise.reject(new TypeError('Failed to fetch'));
      return new Promise((resolve, reject) => {
        let isLeft = false;
        signal?.addEventListener('abort', () => {
          isLeft = true;
          reject(signal.reason as Error);
        });
        const answer = (response: Answer) =>
          this.#sendBack(tab, { call, signal }, response, () => isLeft, resolve, reject);
        this.#parcels.push({
          kind: 'request',
          tab,
          // What is on its way reaches the server also when the page no longer waits for it.
          deliver: async (times) => {
            let response = await this.#backend.handle(call);
            for (let again = 1; again < times; again++) {
              response.stream?.onClose();
              response = await this.#backend.handle(call);
            }
            answer(response);
          },
          lose: () => reject(new TypeError('Failed to fetch')),
        });
      });
    };
  }

  /** A message from another tab, or a token from the page's own server. */
  send(kind: 'message' | 'token', tab: number, deliver: () => void, lose = () => {}): void {
    this.#parcels.push({ kind, tab, deliver, lose });
  }

  /** Delivers one of what is under way, `times` over. False when nothing is. */
  async deliver(index: number, times = 1): Promise<boolean> {
    const parcel = this.#pick(index);
    if (parcel === undefined) return false;
    const isHeard = parcel.kind === 'request' || !this.#gone.has(parcel.tab);
    // A frozen page hears nothing of other tabs; the rest waits for it.
    if (isHeard && !(parcel.kind === 'message' && this.#frozen.has(parcel.tab))) await parcel.deliver(times);
    return true;
  }

  lose(index: number): void {
    this.#pick(index, ({ kind }) => kind !== 'message')?.lose();
  }

  freeze(tab: number, isFrozen: boolean): void {
    if (isFrozen) this.#frozen.add(tab);
    else this.#frozen.delete(tab);
  }

  /** The page is left: nobody waits there any more. */
  leave(tab: number): void {
    this.#gone.add(tab);
  }

  #pick(index: number, fits: (parcel: Parcel) => boolean = () => true): Parcel | undefined {
    const ready = this.#parcels.filter((parcel) => fits(parcel) && this.#mayArrive(parcel));
    const parcel = ready[index % ready.length];
    if (parcel !== undefined) this.#parcels.splice(this.#parcels.indexOf(parcel), 1);
    return parcel;
  }

  #mayArrive({ kind, tab }: Parcel): boolean {
    return kind === 'request' || kind === 'message' || !this.#frozen.has(tab) || this.#gone.has(tab);
  }

  #sendBack(
    tab: number,
    { signal }: Wire,
    answer: Answer,
    isLeft: () => boolean,
    resolve: (response: Response) => void,
    reject: (error: Error) => void,
  ): void {
    const hangUp = () => answer.stream?.onClose();
    this.#parcels.push({
      kind: 'response',
      tab,
      deliver: () => (isLeft() ? hangUp() : resolve(this.#responseOf(tab, answer, signal))),
      lose: () => {
        hangUp();
        reject(new TypeError('Failed to fetch'));
      },
    });
  }

  /** As much of a `Response` as the client uses: the real ones cost more than all the rest of a schedule. */
  #responseOf(tab: number, { status, json, stream, reason }: Answer, signal: AbortSignal | undefined): Response {
    const response = {
      ok: status < 400,
      status,
      headers: { get: (name: string) => (/identity-reason$/i.test(name) ? (reason ?? null) : null) },
      json: () => Promise.resolve(structuredClone(json)),
      body: stream === undefined ? null : { getReader: () => this.#readerOf(tab, stream, signal) },
    };
    return response as unknown as Response;
  }

  #readerOf(tab: number, stream: ServerStream, signal: AbortSignal | undefined) {
    let waiting:
      | { resolve: (chunk: { done: boolean; value?: Uint8Array }) => void; reject: (error: Error) => void }
      | undefined;
    let failure: Error | undefined;
    let isUnderWay = false;
    const fail = (error: Error) => {
      failure ??= error;
      stream.onClose();
      waiting?.reject(failure);
    };
    const ask = () => {
      if (waiting === undefined || isUnderWay || !stream.isReady || failure !== undefined) return;
      isUnderWay = true;
      this.#parcels.push({
        kind: 'chunk',
        tab,
        deliver: () => {
          isUnderWay = false;
          const text = failure === undefined ? stream.take() : undefined;
          const { resolve } = waiting ?? {};
          waiting = undefined;
          resolve?.(text === undefined ? { done: true } : { done: false, value: new TextEncoder().encode(text) });
        },
        lose: () => fail(new TypeError('network error')),
      });
    };
    stream.onMore = ask;
    signal?.addEventListener('abort', () => fail(signal.reason as Error));
    if (signal?.aborted) fail(signal.reason as Error);
    return {
      read: () =>
        new Promise((resolve, reject) => {
          if (failure !== undefined) return reject(failure);
          waiting = { resolve, reject };
          ask();
        }),
      cancel: () => {
        fail(new TypeError('cancelled'));
        return Promise.resolve();
      },
    };
  }
}

function readCall(url: string, init: RequestInit | undefined): Call {
  const { pathname, searchParams } = new URL(url);
  const headers = (init?.headers ?? {}) as { readonly [name: string]: string };
  return {
    method: init?.method ?? 'GET',
    path: pathname.replace(/^\/v1\/agents\/[^/]+/, ''),
    token: headers['Authorization']?.replace('Bearer ', ''),
    session: headers['X-Chat-Session'],
    source: headers['X-Chat-Identity-Source'],
    lastEventId: headers['Last-Event-ID'],
    body: bodyOf(init?.body, searchParams),
  };
}

/** Of a file its name. */
function bodyOf(body: RequestInit['body'], search: URLSearchParams): unknown {
  if (typeof body === 'string') return JSON.parse(body) as unknown;
  return body instanceof Blob ? { filename: search.get('filename') } : undefined;
}
