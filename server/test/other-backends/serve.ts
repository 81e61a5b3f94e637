import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';

/** What the widget has sent. */
export type BackendRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
};

/** One answer, in the hands of a test. */
export type Pen = {
  say(text: string): void;
  finish(): void;
  /** The model, or what stands behind it, fails in the middle. */
  fail(): void;
  /** The connection breaks. */
  cut(): void;
  /** Settles when the widget has hung up before the end. */
  readonly hungUp: Promise<void>;
  /** `sub` of the token that the question came with, verified; undefined where it came without. */
  readonly subject: string | undefined;
};

/** A backend of a host's own on loopback: a real server that verifies tokens by itself. */
export type OtherBackend = {
  readonly url: string;
  readonly type: 'ai-sdk' | 'openai' | 'ag-ui';
  /** Without those that browsers send to ask whether they may. */
  readonly requests: readonly BackendRequest[];
  /** The question that comes next, or has come and was not asked for yet. */
  next(): Promise<Pen>;
  /** The next so many questions are answered with this status. */
  refuse(status: number, count?: number): void;
  /** From now on a question without a token is refused. */
  close(): Promise<void>;
};

export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: unknown;
  readonly subject: string | undefined;
  readonly hungUp: Promise<void>;
};

type ServeOptions = {
  readonly type: OtherBackend['type'];
  /** What tokens are signed with (HS256). */
  readonly secret: string;
  /** Answers a question. */
  readonly answer: (exchange: Exchange) => Pen | Promise<Pen>;
  /** Answers what is no question: a reply that runs. Default 404. */
  readonly resume?: (id: string, response: ServerResponse) => void;
};

/** As a host would let its pages call it: these two headers, and no cookies. */
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, GET',
  'access-control-allow-headers': 'authorization, content-type',
};

export async function serve({ type, secret, answer, resume }: ServeOptions): Promise<OtherBackend> {
  const requests: BackendRequest[] = [];
  const pens = createQueue<Pen>();
  const refusals: number[] = [];
  const path = '/api/chat';

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const { method = '', url = '', headers } = request;
    const text = await readAll(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    requests.push({ method, path: url, headers, body });
    const status = refusals.shift();
    if (status !== undefined) return void response.writeHead(status).end();
    const id = /^\/api\/chat\/([^/]+)\/stream$/.exec(url)?.[1];
    if (method === 'GET' && id !== undefined && resume !== undefined) return resume(decodeURIComponent(id), response);
    if (method !== 'POST' || url !== path) return void response.writeHead(404).end();
    const subject = await subjectOf(headers.authorization, secret);
    if (subject === null) return void response.writeHead(401).end();
    const hungUp = once(response, 'close').then(() =>
      response.writableFinished ? new Promise<void>(() => {}) : undefined,
    );
    pens.push(await answer({ request, response, body, subject, hungUp }));
  }

  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    type,
    requests,
    next: pens.next,
    refuse: (status, count = 1) => void refusals.push(...Array.from({ length: count }, () => status)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Undefined without a token, null for one that does not hold. */
async function subjectOf(authorization: string | undefined, secret: string): Promise<string | undefined | null> {
  if (authorization === undefined) return undefined;
  try {
    const token = authorization.replace(/^Bearer /, '');
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), { algorithms: ['HS256'] });
    return payload.sub ?? null;
  } catch {
    return null;
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function createQueue<T>() {
  const ready: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    push(item: T) {
      const waiter = waiting.shift();
      if (waiter === undefined) ready.push(item);
      else waiter(item);
    },
    next(): Promise<T> {
      const item = ready.shift();
      return item === undefined ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve(item);
    },
  };
}
