import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { json, sendBody, startServer, userMessage, type Harness, type HarnessOptions, type Sent } from './harness.ts';

export const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

export type Uploaded = { id: string; filename: string; mediaType: string; bytes: number; url: string };

export type FileHarness = Harness & {
  /** Uploads some bytes; by default a picture. */
  readonly upload: (sent: Sent, file?: { name?: string; type?: string; bytes?: Uint8Array }) => Promise<Response>;
  /** The same, where it has to succeed. */
  readonly attach: (sent: Sent, file?: { name?: string; type?: string; bytes?: Uint8Array }) => Promise<Uploaded>;
  /** Names of all files that the server keeps. */
  readonly kept: () => Promise<readonly string[]>;
};

/** A server that takes files, by default pictures and text of at most 100,000 bytes. */
export async function startFileServer(t: TestContext, options: HarnessOptions = {}): Promise<FileHarness> {
  const attachments = { types: ['image/*', 'text/plain'], maxBytes: 100_000, maxPerMessage: 2 };
  const harness = await startServer(t, {
    ...options,
    config: { attachments, ...options.config },
    server: { attachmentSweepMs: 20, ...options.server },
  });
  const upload: FileHarness['upload'] = (sent, { name = 'a.png', type = 'image/png', bytes = png } = {}) =>
    harness.server.fetch(
      new Request(`http://chat.example/v1/agents/shop/attachments?filename=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: {
          'content-type': type,
          'content-length': String(bytes.byteLength),
          ...(sent.session === undefined ? {} : { 'x-chat-session': sent.session }),
          ...(sent.token === undefined ? {} : { authorization: `Bearer ${sent.token}` }),
          ...sent.headers,
        },
        body: Buffer.from(bytes),
      }),
    );
  return {
    ...harness,
    upload,
    attach: async (sent, file) => {
      const response = await upload(sent, file);
      assert.equal(response.status, 201);
      return json<Uploaded>(response);
    },
    kept: async () =>
      (
        await readdir(join(harness.dataDirectory, 'attachments'), { recursive: true, withFileTypes: true }).catch(
          () => [],
        )
      )
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
  };
}

/** A message with files, by their urls. */
export function withFiles(text: string, urls: readonly string[], more: object = {}) {
  const message = userMessage(text);
  const files = urls.map((url) => ({
    type: 'file',
    mediaType: 'image/png',
    filename: 'client-said.png',
    url,
    ...more,
  }));
  return { ...message, parts: [...(text === '' ? [] : message.parts), ...files] };
}

/** Body of `POST A/chat` with files. */
export function fileBody(text: string, urls: readonly string[], changes: { readonly [key: string]: unknown } = {}) {
  return sendBody('', { messages: [withFiles(text, urls)], ...changes });
}
