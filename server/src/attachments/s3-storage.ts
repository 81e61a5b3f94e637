import { S3mini } from 's3mini';
import { type AttachmentStorage, checkAttachmentId } from './attachment-storage.ts';

export type S3Settings = {
  /** Without the bucket, such as `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** In front of each name in the bucket, such as `chat/`. Default: nothing. */
  readonly prefix?: string | undefined;
};

export type S3Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** The least that S3 takes for a part that is not the last one: all that an upload holds in memory. */
const partBytes = 5 * 1024 * 1024;
/** Until the head of an answer. A part is on its way in that time too. */
const answerTimeoutMs = 60_000;

/** Objects in a bucket of any S3-compatible storage. What is larger than a part goes there part by part. */
export function createS3Storage(settings: S3Settings, credentials: S3Credentials): AttachmentStorage {
  const { endpoint, bucket, region, prefix = '' } = settings;
  const bucketUrl = `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  const client = new S3mini({ ...credentials, endpoint: bucketUrl, region, fetch: fetchInTime });
  const keyOf = (id: string): string => prefix + checkAttachmentId(id);

  async function write(id: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const key = keyOf(id);
    const parts = partsOf(content);
    const first = await parts.next();
    if (first.done === true) return put(key, new Uint8Array());
    const second = await parts.next();
    return second.done === true ? put(key, first.value) : putParts(key, [first.value, second.value], parts);
  }

  async function put(key: string, bytes: Uint8Array): Promise<void> {
    await client.putObject(key, bytes, octets, undefined, undefined, bytes.byteLength);
  }

  /** Nothing can be read before all parts are there; what was sent of it is thrown away where they never are. */
  async function putParts(key: string, begun: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): Promise<void> {
    const upload = await client.getMultipartUploadId(key, octets);
    try {
      const sent = [];
      for (const part of begun) sent.push(await client.uploadPart(key, upload, part, sent.length + 1));
      for await (const part of rest) sent.push(await client.uploadPart(key, upload, part, sent.length + 1));
      await client.completeMultipartUpload(key, upload, sent);
    } catch (error) {
      // What went wrong first is what has to be known. The bucket's own rule removes what stays behind here.
      await client.abortMultipartUpload(key, upload).catch(() => undefined);
      throw error;
    }
  }

  return {
    write,
    async read(id) {
      const response = await client.getObjectResponse(keyOf(id));
      return response?.body ?? undefined;
    },
    async remove(id) {
      await client.deleteObject(keyOf(id));
    },
  };
}

/** Visitors' types are the server's to say: nobody is meant to read the bucket itself. */
const octets = 'application/octet-stream';

/** The same bytes in parts of 5 MiB; the last one is smaller, and may be the only one. */
async function* partsOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  let part = new Uint8Array(partBytes);
  let filled = 0;
  for await (const chunk of content) {
    for (let at = 0; at < chunk.byteLength;) {
      const piece = chunk.subarray(at, at + partBytes - filled);
      part.set(piece, filled);
      at += piece.byteLength;
      filled += piece.byteLength;
      if (filled < partBytes) continue;
      yield part;
      part = new Uint8Array(partBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
  return undefined;
}

/** A storage that does not answer must not hold an upload for ever. A signed request follows no redirection. */
async function fetchInTime(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), answerTimeoutMs);
  try {
    return await fetch(input, { ...init, signal: patience.signal, redirect: 'error' });
  } finally {
    clearTimeout(timer);
  }
}
