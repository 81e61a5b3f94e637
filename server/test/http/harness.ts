import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import jsonwebtoken from 'jsonwebtoken';
import { createChatServer, type AgentInput, type ChatServer, type ChatServerOptions } from '../../src/index.ts';
import { createScriptedAgent, type ScriptedAgent } from './scripted-agent.ts';

export const secret = 'a-secret-of-the-shop-that-nobody-else-knows';
export const origin = 'https://shop.example';
const agentBase = 'http://chat.example/v1/agents/shop';

export type Sent = {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly session?: string | undefined;
  readonly origin?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
};

export type Harness = {
  readonly server: ChatServer;
  readonly agent: ScriptedAgent;
  /** The server's clock; moved by tests. */
  readonly clock: { now: number };
  readonly dataDirectory: string;
  /** All that the server has logged. */
  readonly logged: () => string;
  /** `path` below the agent's address, or an absolute one. */
  readonly send: (path: string, sent?: Sent) => Promise<Response>;
  /** A token of the server's time. */
  readonly sign: (claims?: object, options?: { readonly secret?: string; readonly lifetimeSeconds?: number }) => string;
};

export type HarnessOptions = {
  readonly agent?: Partial<AgentInput>;
  readonly moreAgents?: readonly AgentInput[];
  readonly config?: Partial<ChatServerOptions['config']>;
  readonly server?: Partial<ChatServerOptions>;
  readonly dataDirectory?: string;
  /** Postgres instead of SQLite. */
  readonly databaseUrl?: string;
};

/** A chat server on a real SQLite store of its own, with one agent `shop` that says what the test tells it to. */
export async function startServer(test: TestContext, options: HarnessOptions = {}): Promise<Harness> {
  const dataDirectory = options.dataDirectory ?? (await temporaryDirectory(test));
  const lines: string[] = [];
  const clock = { now: Math.floor(Date.now() / 1000) * 1000 };
  const agent = createScriptedAgent();
  const server = createChatServer({
    config: {
      agents: [
        { id: 'shop', name: 'Shop', allowedOrigins: [origin], keys: [{ id: 'k1', secret }], ...options.agent },
        ...(options.moreAgents ?? []),
      ],
      ...options.config,
    },
    store: options.databaseUrl === undefined ? { dataDirectory } : { databaseUrl: options.databaseUrl },
    agentFor: () => agent,
    clock: () => clock.now,
    logDestination: { write: (line) => void lines.push(line) },
    streamCheckMs: 10,
    shutdownGraceMs: 100,
    ...options.server,
  });
  test.after(() => server.close());
  await server.ready;
  return {
    server,
    agent,
    clock,
    dataDirectory,
    logged: () => lines.join(''),
    send: (path, sent) => server.fetch(requestOf(path, sent ?? {})),
    sign: (claims = {}, { secret: key = secret, lifetimeSeconds = 3_600 } = {}) => {
      const iat = Math.floor(clock.now / 1000);
      return jsonwebtoken.sign({ sub: 'ada', iat, exp: iat + lifetimeSeconds, ...claims }, key, { algorithm: 'HS256' });
    },
  };
}

export async function temporaryDirectory(test: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'chat-server-'));
  test.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function requestOf(path: string, { method, token, session, origin: from, headers, body }: Sent): Request {
  const all = new Headers(headers);
  if (token !== undefined) all.set('authorization', `Bearer ${token}`);
  if (session !== undefined) all.set('x-chat-session', session);
  if (from !== undefined) all.set('origin', from);
  if (body !== undefined) all.set('content-type', 'application/json');
  return new Request(path.startsWith('http') ? path : agentBase + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: all,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

export function newSession(): string {
  return randomBytes(32).toString('base64url');
}

export type Message = { readonly id: string; readonly role: string; readonly parts: readonly unknown[] };

export function userMessage(text: string, id: string = randomUUID()): Message {
  return { id, role: 'user', parts: [{ type: 'text', text }] };
}

/** Body of `POST A/chat` with one message. */
export function sendBody(text: string, changes: { readonly [key: string]: unknown } = {}) {
  return { id: randomUUID(), messages: [userMessage(text)], trigger: 'submit-message', ...changes };
}

export type ReadFrame = { readonly id: string | undefined; readonly event: string | undefined; readonly data: string };

/** Frames of an event stream, as they come. */
export async function* framesOf(response: Response): AsyncGenerator<ReadFrame> {
  if (response.body === null) return;
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { id, event, data } of events) yield { id, event, data };
}

export async function allFrames(response: Response): Promise<ReadFrame[]> {
  return collect(framesOf(response));
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The text that a reply's frames add up to. */
export function textIn(frames: readonly ReadFrame[]): string {
  return frames
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as { type: string; delta?: string })
    .map(({ type, delta }) => (type === 'text-delta' ? delta : ''))
    .join('');
}

/** A JSON answer, for looking into. */
export async function json<T = { readonly [key: string]: unknown }>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

/** What an error answers, with its media type and status. */
export async function problem(response: Response) {
  const body = await json<{ requestId: string; code: string; reason?: string }>(response);
  return { ...body, type: response.headers.get('content-type'), status: response.status };
}
