import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the site. */
export type HostPage = {
  readonly body: string | Uint8Array;
  /** Default `text/html; charset=utf-8`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type HostRequest = {
  readonly path: string;
  /** For this answer's scripts, where its policy asks for one. */
  readonly nonce: string;
  readonly origin: string;
};

/** A host's own site, as a test makes it up. */
export type HostSite = {
  readonly url: string;
  /** What browsers have reported to `/report`: what a page's policy did not allow. */
  readonly reports: readonly string[];
  close(): void;
};

/** @param answer what stands at an address; undefined for 404 */
export async function startHostSite(answer: (request: HostRequest) => HostPage | undefined): Promise<HostSite> {
  const reports: string[] = [];
  const server = createServer((request, response) => {
    // Browsers ask for it by themselves.
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    if (request.url === '/report') {
      void readBody(request).then((body) => reports.push(body));
      response.writeHead(204).end();
      return;
    }
    const nonce = randomBytes(12).toString('base64url');
    const origin = `http://${request.headers.host}`;
    const page = answer({ path: request.url ?? '/', nonce, origin });
    const type = page?.type ?? 'text/html; charset=utf-8';
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': type, ...page?.headers });
    response.end(page?.body ?? '');
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    reports,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
