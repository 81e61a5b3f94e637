import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import aws4 from 'aws4';
import S3rver from 's3rver';

/** The keys that s3rver knows. */
export const s3Keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

export type S3Server = {
  readonly endpoint: string;
  readonly bucket: string;
  /** `METHOD path` of every request, oldest first. */
  readonly requests: readonly string[];
  /** From now on requests that match are answered with this status instead. */
  fail(matches: RegExp, status: number): void;
  /** Files below the bucket that are not s3rver's own notes. */
  names(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/**
 * A real S3-compatible server (s3rver) with a bucket of its own. It looks at no signature of version 4, so that each request is
 * checked before it with aws4, which is not what the client signs with.
 */
export async function startS3(bucket = 'attachments'): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'chat-s3-'));
  const s3 = new S3rver({ directory, silent: true, port: 0, configureBuckets: [{ name: bucket }] });
  await s3.configureBuckets();
  const requests: string[] = [];
  const failures: { readonly matches: RegExp; readonly status: number }[] = [];
  const handle = s3.callback();
  const server: Server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    requests.push(line);
    const failure = failures.find(({ matches }) => matches.test(line));
    if (failure === undefined && isSigned(request)) return void handle(request, response);
    request.resume();
    response.writeHead(failure?.status ?? 403, { 'content-type': 'application/xml' });
    response.end('<Error><Code>Broken</Code><Message>SECRET-DETAIL</Message></Error>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    requests,
    fail: (matches, status) => void failures.push({ matches, status }),
    names: async () =>
      (await readdir(join(directory, bucket), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && entry.name.endsWith('._S3rver_object'))
        .map(({ name }) => name),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Whether the signature is what aws4 makes of the request and the right keys. */
function isSigned({ method, url, headers }: IncomingMessage): boolean {
  const authorization = headers.authorization ?? '';
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  const request = { service: 's3', region: 'us-east-1', method, path: url, headers: signed };
  return aws4.sign(request, s3Keys).headers['Authorization'] === authorization;
}
