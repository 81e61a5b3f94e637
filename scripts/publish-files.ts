import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const staleAfterMs = 60 * 60 * 1000;

/** Brotli at its best quality, as a server that compressed ahead of time sends it. */
const compressBrotli = (bytes: Buffer): Promise<Buffer> =>
  promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

const compressGzip = (bytes: Buffer): Promise<Buffer> => promisify(gzip)(bytes, { level: 9 });

/** What `files` of `manifest.json` says about one file. Sizes are bytes of the body. */
export type FileFacts = {
  readonly bytes: number;
  readonly brotli: number;
  readonly gzip: number;
  /** For a page that pins a version: the value of the script tag's `integrity`. */
  readonly integrity: string;
};

/** The file as it is, and compressed beside it (`.br`, `.gz`), by name. */
export async function withCompressed(
  fileName: string,
  text: string,
): Promise<{ facts: FileFacts; contents: ReadonlyMap<string, Buffer> }> {
  const bytes = Buffer.from(text);
  const [brotli, gzipped] = await Promise.all([compressBrotli(bytes), compressGzip(bytes)]);
  return {
    facts: {
      bytes: bytes.length,
      brotli: brotli.length,
      gzip: gzipped.length,
      integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}`,
    },
    contents: new Map([
      [`${fileName}.br`, brotli],
      [`${fileName}.gz`, gzipped],
      [fileName, bytes],
    ]),
  };
}

/**
 * Brings `folder` to `contents` while others read from it: each file is replaced in one step, in the order given, and
 * what is no longer wanted goes only after an hour, because a page that has the old entry file may yet ask for it.
 * The folders in it that are named `others` are somebody else's.
 */
export async function publishFiles(
  folder: string,
  contents: ReadonlyMap<string, Buffer>,
  others: readonly string[] = [],
): Promise<void> {
  const temporary = path.join(folder, `.build-${process.pid}`);
  await mkdir(temporary, { recursive: true });
  try {
    for (const [fileName, bytes] of contents) await replaceFile(path.join(folder, fileName), bytes, temporary);
    await removeStale(folder, new Set(contents.keys()), others);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function replaceFile(file: string, bytes: Buffer, temporary: string): Promise<void> {
  const draft = path.join(temporary, 'draft');
  await writeFile(draft, bytes);
  await mkdir(path.dirname(file), { recursive: true });
  await rename(draft, file);
}

async function removeStale(folder: string, wanted: ReadonlySet<string>, others: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).split(path.sep).join('/');
    if (wanted.has(name) || others.some((other) => name.startsWith(`${other}/`))) continue;
    const facts = await stat(file).catch(() => undefined);
    if (facts && facts.mtimeMs < Date.now() - staleAfterMs) await rm(file, { force: true });
  }
}
