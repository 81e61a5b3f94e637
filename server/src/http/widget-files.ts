import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const contentTypes: { readonly [extension: string]: string } = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** In order of preference. */
const encodings = [
  { name: 'br', extension: '.br' },
  { name: 'gzip', extension: '.gz' },
] as const;

/** Segments of plain characters that do not begin with a dot: nothing here can climb or hide. */
const pathPattern = /^[\w@-][\w@.-]*(?:\/[\w@-][\w@.-]*)*$/;

type StoredFile = { readonly bytes: Uint8Array<ArrayBuffer>; readonly etag: string; readonly stamp: string };

/**
 * Serves the built widget from a folder. Files in `chunks/` carry a hash in their name and may be kept for a year; all
 * others are asked for again, and answered `304` while they are the same. A file is sent as `.br` or `.gz` where such a
 * neighbour exists and the client takes it. Undefined for what is not there.
 */
export function createWidgetFiles(
  directory: string,
): (path: string, request: Headers) => Promise<Response | undefined> {
  const cache = new Map<string, StoredFile>();
  return async (path, request) => {
    const contentType = contentTypes[extname(path)];
    if (contentType === undefined || !pathPattern.test(path)) return undefined;
    const accepted = acceptedEncodings(request.get('accept-encoding') ?? '');
    for (const encoding of encodings.filter(({ name }) => accepted.has(name))) {
      const file = await load(directory, path + encoding.extension, cache);
      if (file !== undefined) return answer(file, path, request, { contentType, encoding: encoding.name });
    }
    const file = await load(directory, path, cache);
    return file === undefined ? undefined : answer(file, path, request, { contentType });
  };
}

function answer(
  file: StoredFile,
  path: string,
  request: Headers,
  { contentType, encoding }: { readonly contentType: string; readonly encoding?: string },
): Response {
  const headers = new Headers({
    'access-control-allow-origin': '*',
    'cache-control': path.startsWith('chunks/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-type': contentType,
    'cross-origin-resource-policy': 'cross-origin',
    etag: file.etag,
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
  });
  if (encoding !== undefined) headers.set('content-encoding', encoding);
  if (etagMatches(request.get('if-none-match'), file.etag)) return new Response(null, { status: 304, headers });
  headers.set('content-length', String(file.bytes.byteLength));
  return new Response(file.bytes, { status: 200, headers });
}

async function load(directory: string, path: string, cache: Map<string, StoredFile>): Promise<StoredFile | undefined> {
  const root = await realpath(directory).catch(() => undefined);
  const file = await realpath(join(directory, path)).catch(() => undefined);
  if (root === undefined || file === undefined || !file.startsWith(root + sep)) return undefined;
  const { mtimeMs, size, isFile } = await stat(file).then((found) => ({ ...found, isFile: found.isFile() }));
  if (!isFile) return undefined;
  const stamp = `${mtimeMs}/${size}`;
  const known = cache.get(file);
  if (known?.stamp === stamp) return known;
  const bytes = new Uint8Array(await readFile(file));
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  const stored = { bytes, etag, stamp };
  cache.set(file, stored);
  return stored;
}

/** RFC 9110, section 13.1.2: weak comparison. */
export function etagMatches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}

/** RFC 9110, section 12.5.3. A coding with `q=0` is refused. */
function acceptedEncodings(header: string): ReadonlySet<string> {
  const names = header.split(',').flatMap((item) => {
    const [name = '', ...parameters] = item.split(';').map((text) => text.trim().toLowerCase());
    return parameters.some((text) => /^q=0(?:\.0*)?$/.test(text)) ? [] : [name];
  });
  return new Set(names);
}
