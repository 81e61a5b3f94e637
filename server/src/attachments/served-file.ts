import type { AttachmentRow } from '../storage/index.ts';
import { contentDisposition } from './content-disposition.ts';
import { servedType } from './media-types.ts';

export type ServedFile = { readonly row: AttachmentRow; readonly content: ReadableStream<Uint8Array> };

/** A file of a visitor as whoever may read it gets it: saved, never opened as a page, and kept nowhere on its way. */
export function sendFile({ row, content }: ServedFile): Response {
  const headers = {
    'content-type': servedType(row.mediaType),
    'content-length': String(row.bytes),
    'content-disposition': contentDisposition(row.filename),
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    // Pages that may read it ask with CORS; no page of another origin can show it in an element of its own.
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-store',
  };
  return new Response(content, { headers });
}
