import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { randomUUID } from 'node:crypto';
import type { ChatServer } from './chat-server.ts';
import { problemResponse } from './http-problem.ts';
import { describeError } from './request-log.ts';

export type ListenOptions = {
  /** 0 for any free one. */
  readonly port: number;
  readonly host: string;
};

export type Listener = {
  /** Where the server is found, without a path. */
  readonly url: string;
  /** Closes the chat server, which answers `503` meanwhile, and then the port. Idempotent. */
  readonly close: () => Promise<void>;
};

/** Twice a token's limit and more, so that a token that is too large is told so and not cut off by the parser. */
const maxHeaderBytes = 64 * 1024;
/** How long an answer may still be on its way when all is done. */
const lastAnswersMs = 1_000;

/** Puts a chat server on a port. Rejects with what the operating system says (`EADDRINUSE`, …). */
export async function listen(server: ChatServer, { port, host }: ListenOptions): Promise<Listener> {
  const handle = getRequestListener(
    (request, env) => server.fetch(request, { remoteAddress: (env as HttpBindings).incoming.socket.remoteAddress }),
    {
      overrideGlobalObjects: false,
      // What arrives here could not be made a request of, such as a Host header that is no host.
      errorHandler: (error) => {
        server.log.warn({ error: describeError(error) }, 'request could not be read');
        return problemResponse('invalid_request', {}, randomUUID());
      },
    },
  );
  const http = createServer({ maxHeaderSize: maxHeaderBytes }, (incoming, outgoing) => void handle(incoming, outgoing));
  http.on('clientError', refuseUnreadable);
  http.listen(port, host);
  await once(http, 'listening');
  let closing: Promise<void> | undefined;
  return { url: urlOf(http, host), close: () => (closing ??= close(server, http)) };
}

async function close(server: ChatServer, http: Server): Promise<void> {
  await server.close();
  const closed = new Promise((resolve) => http.close(resolve));
  http.closeIdleConnections();
  const timer = setTimeout(() => http.closeAllConnections(), lastAnswersMs);
  await closed;
  clearTimeout(timer);
}

function urlOf(http: Server, host: string): string {
  const { port } = http.address() as AddressInfo;
  const isLocal = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host);
  return `http://${isLocal ? 'localhost' : host}:${port}`;
}

/** What Node's parser refuses never becomes a request, and is answered all the same. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return;
  const [status, code] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? (['413 Content Too Large', 'too_large'] as const)
      : (['422 Unprocessable Content', 'invalid_request'] as const);
  void problemResponse(code, {}, randomUUID())
    .text()
    .then((body) => {
      const head = `HTTP/1.1 ${status}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}`;
      socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
    });
}
