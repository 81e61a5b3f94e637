import { http, HttpResponse, passthrough, type HttpHandler } from 'msw';
import { setupWorker } from 'msw/browser';
import { header, type AgentInfo, type ChatMessage, type ProblemCode } from '../../../src/protocol/index.ts';
import { problemStatus } from '../../../src/protocol/index.ts';
import { claimsOf } from './token.ts';
import { ReplyStream } from './reply-stream.ts';
import { until } from './until.ts';

const call = (path: string): string => `*/v1/agents/:agent${path}`;

export type SentRequest = {
  readonly method: string;
  readonly origin: string;
  readonly agent: string;
  /** Behind the agent: `/chat`. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
};

const agent: AgentInfo = {
  id: 'shop',
  name: 'Ada of the shop',
  greeting: 'Hello, what can I find for you?',
  suggestions: ['Where is my order?'],
  appearance: {},
  access: 'open',
  limits: { maxMessageCharacters: 1_000 },
  features: {},
};

/** A chat server as the protocol draws it, as far as its visitors can tell. The test holds its answers. */
class Backend {
  /** Another origin than the page's, and than that of any other test: what an earlier one still sends is not heard. */
  server = 'https://chat-0.example';
  /** All that reached it, in order. */
  requests: SentRequest[] = [];
  /** Calls that nothing here knows. A test that made one has failed. */
  readonly unexpected: string[] = [];
  agent: AgentInfo = agent;
  /** What is stored in the one conversation that there is, if any. */
  stored: ChatMessage[] = [];
  #replies: ReplyStream[] = [];
  #taken = 0;
  #tests = 0;
  readonly #noted = new Set<string>();
  #events: ReadableStreamDefaultController<Uint8Array>[] = [];

  reset(): void {
    this.server = `https://chat-${++this.#tests}.example`;
    this.agent = agent;
    this.stored = [];
    this.requests = [];
    this.unexpected.length = this.#taken = 0;
    for (const reply of this.#replies.splice(0)) attempt(() => reply.close());
    for (const events of this.#events.splice(0)) attempt(() => events.close());
  }

  /** The requests of a call. */
  calls(path: string, method = 'POST'): readonly SentRequest[] {
    return this.requests.filter((request) => request.path === path && request.method === method);
  }

  /** The stream of the next reply that the widget asks for. */
  async reply(): Promise<ReplyStream> {
    const index = this.#taken++;
    await until(() => this.#replies.length > index, 'a reply was asked for');
    return this.#replies[index] as ReplyStream;
  }

  /** A stream for a handler of the test's own to answer with. */
  stream(messageId = `reply-${this.#replies.length + 1}`, resumedAt = 0): ReplyStream {
    const stream = new ReplyStream(messageId, resumedAt);
    this.#replies.push(stream);
    return stream;
  }

  /** An event to all who listen. */
  live(type: string, data: object): void {
    const frame = new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    for (const events of this.#events) attempt(() => events.enqueue(frame));
  }

  handlers(): HttpHandler[] {
    return [
      // Notes and passes on.
      http.all('*/v1/agents/*', async (info) => {
        // Not an error: it would be tried again for ever.
        if (this.isOver(info.request)) return noContent();
        return this.note(info);
      }),
      http.get(call(''), () => HttpResponse.json(this.agent)),
      http.post(call('/identity'), ({ request }) => HttpResponse.json(judge(request))),
      http.get(call('/conversations'), () => HttpResponse.json(this.#conversations())),
      // What a test says through the widget is not stored here, and is no empty conversation either.
      http.get(call('/conversations/:id/messages'), () =>
        this.stored.length === 0
          ? problem('conversation_not_found')
          : HttpResponse.json({ messages: this.stored, nextBefore: null }),
      ),
      http.post(call('/conversations/:id/read'), noContent),
      http.post(call('/chat'), () => this.stream().response),
      http.get(call('/chat/:id/stream'), noContent),
      http.post(call('/chat/:id/stop'), noContent),
      http.get(call('/events'), () => this.#listen()),
      http.post(call('/logout'), noContent),
      // The browser remembers what one page has fetched for the next, unless it comes from another address.
      http.get('*/copy/:page/*', ({ request }) => fetch(request.url.replace(/\/copy\/[^/]+/, '/dist'))),
      http.all('*', ({ request }) => (isOwnModule(request.url) ? passthrough() : this.#refuse(request))),
    ];
  }

  /** Whether it comes from a test that has ended. */
  isOver({ url }: Request): boolean {
    return ![this.server, location.origin].includes(new URL(url).origin);
  }

  async note({ request, requestId }: { request: Request; requestId: string }): Promise<void> {
    if (this.#noted.has(requestId)) return;
    this.#noted.add(requestId);
    // A body may be read to its end only when the test is over, and is then no other one's.
    const { requests } = this;
    requests.push(await read(request));
  }

  #conversations() {
    const time = '2026-01-01T00:00:00Z';
    const row = {
      id: storedConversation,
      title: '',
      createdAt: time,
      updatedAt: time,
      lastMessage: '',
      unreadCount: 0,
    };
    return { conversations: this.stored.length === 0 ? [] : [row], nextBefore: null };
  }

  #listen(): Response {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void this.#events.push(controller) });
    return new HttpResponse(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  #refuse(request: Request): Response {
    this.unexpected.push(`${request.method} ${request.url}`);
    return HttpResponse.error();
  }
}

/** The modules of the test come from the origin of its page. */
function isOwnModule(url: string): boolean {
  const { origin, pathname } = new URL(url);
  return origin === location.origin && !pathname.startsWith('/v1/');
}

const storedConversation = '00000000-0000-4000-8000-000000000001';

/** Answers for a file of the built widget, by its name without what changes; undefined leaves it to what was built. */
export function answerFile(name: string, resolve: () => Response | undefined | Promise<undefined>): void {
  worker.use(http.get(`*/copy/*/chunks/${name}-*.js`, resolve));
}

/** Answers a POST to an address of the host page’s own, until the test is over. */
export function answerHost(path: string, resolve: () => Response): void {
  worker.use(http.post(`${location.origin}${path}`, resolve));
}

/** What a call ends with where there is no network. */
export const networkError = (): Response => HttpResponse.error();

export const noContent = (): Response => new HttpResponse(null, { status: 204 });

export const backend = new Backend();
const worker = setupWorker(...backend.handlers());

/** For `describe`: the server of all tests of a file, new for each of them. */
export function useBackend(): void {
  before(() => worker.start({ quiet: true, onUnhandledFrame: 'bypass' }));
  afterEach(() => {
    const unexpected = [...backend.unexpected];
    worker.resetHandlers();
    backend.reset();
    localStorage.clear();
    sessionStorage.clear();
    if (unexpected.length > 0) throw new Error(`Nobody was expected to call ${unexpected.join(', ')}`);
  });
  after(() => worker.stop());
}

type Answer = (request: Request) => Response | undefined | Promise<Response | undefined>;

/** Answers a call instead of the backend until the test is over, or once; undefined leaves it to the backend. */
export function answer(method: 'get' | 'post', path: string, resolve: Answer, options: { once?: boolean } = {}): void {
  const resolver = async (info: { request: Request; requestId: string }): Promise<Response | undefined> => {
    if (backend.isOver(info.request)) return undefined;
    await backend.note(info);
    return resolve(info.request);
  };
  worker.use(http[method](call(path), resolver, options));
}

/** An answer as RFC 9457 problem details. */
export function problem(code: ProblemCode, extra: object = {}, headers: { [name: string]: string } = {}): Response {
  const status = problemStatus[code];
  return HttpResponse.json({ type: 'about:blank', title: code, status, code, ...extra }, { status, headers });
}

export const bearerOf = ({ headers }: SentRequest): string | undefined =>
  headers.get('Authorization')?.replace('Bearer ', '');

/** A signature is good when it says so; the claims are the token's own. */
function judge(request: Request) {
  const token = request.headers.get('Authorization')?.replace('Bearer ', '');
  if (token === undefined) return { verified: false, source: request.headers.get(header.identitySource) };
  const claims = claimsOf(token);
  if (claims === undefined) return { verified: false, reason: 'malformed' };
  if (!token.endsWith('.good')) return { verified: false, reason: 'invalid_signature' };
  const now = Date.now();
  return {
    verified: true,
    source: 'verified',
    subject: claims['sub'],
    claims,
    expiresAt: now + 3_600_000,
    claimedConversations: 0,
    now,
  };
}

async function read(request: Request): Promise<SentRequest> {
  const { origin, pathname } = new URL(request.url);
  const [, agentId = '', path = ''] = /^\/v1\/agents\/([^/]*)(.*)$/.exec(pathname) ?? [];
  const { method, headers } = request;
  return { method, origin, agent: agentId, path, headers, body: await request.clone().text() };
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The widget, or the test, has ended it already.
  }
}
