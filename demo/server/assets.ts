import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import type { Context } from 'hono';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

type Asset = { readonly body: Buffer<ArrayBuffer>; readonly contentType: string; readonly etag: string };

/** Answers for a file of the folder. All are read at the start: what is not in the list cannot be asked for. */
export function createAssets(folder: string): (context: Context, path: string) => Response | undefined {
  const assets = readAssets(folder);
  return (context, path) => {
    const asset = assets.get(path);
    if (asset === undefined) return undefined;
    const headers = { 'content-type': asset.contentType, etag: asset.etag, 'cache-control': 'no-cache' };
    if (context.req.header('if-none-match') === asset.etag) return context.body(null, 304, headers);
    return context.body(asset.body, 200, headers);
  };
}

function readAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const contentType = contentTypes[extname(name)];
    if (contentType === undefined) continue;
    const body = readFileSync(join(folder, name));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    assets.set(name.split(sep).join('/'), { body, contentType, etag });
  }
  return assets;
}
