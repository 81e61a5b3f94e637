import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { KnowledgeDocument } from './document.ts';
import { KnowledgeError } from './knowledge-error.ts';
import { parseDocument } from './parse-document.ts';

export type LoadLimits = {
  /** Bytes of one file. Default 262,144 (256 KiB). */
  readonly maxFileBytes?: number;
  /** Bytes of all files. Default 33,554,432 (32 MiB). */
  readonly maxTotalBytes?: number;
  /** Default 5,000. */
  readonly maxFiles?: number;
};

const defaults = { maxFileBytes: 256 * 1024, maxTotalBytes: 32 * 1024 * 1024, maxFiles: 5_000 };

/** Deeper folders are a mistake or a trap. */
const maxDepth = 16;

/**
 * Reads every `*.md` below a folder, in the order of their paths. Names that begin with a dot are passed over, and so
 * are symbolic links, but for a link to a file within the folder (which is how Kubernetes mounts a ConfigMap).
 *
 * @throws KnowledgeError: `knowledge_folder_missing`, `knowledge_empty`, `knowledge_too_large`, `knowledge_invalid`
 */
export async function loadDocuments(folder: string, limits: LoadLimits = {}): Promise<readonly KnowledgeDocument[]> {
  const bounds = { ...defaults, ...limits };
  const root = await rootOf(folder);
  const paths = await listMarkdown(root, root, 0);
  if (paths.length > bounds.maxFiles) throw tooLarge(folder, `has more than ${bounds.maxFiles} Markdown files`);
  const documents: KnowledgeDocument[] = [];
  let totalBytes = 0;
  for (const path of paths.toSorted()) {
    const bytes = await readBounded(path, bounds.maxFileBytes);
    totalBytes += bytes.length;
    if (totalBytes > bounds.maxTotalBytes) throw tooLarge(folder, `holds more than ${bounds.maxTotalBytes} bytes`);
    const document = parseDocument(relative(root, path).split(sep).join('/'), decode(bytes, path), path);
    if (document !== undefined) documents.push(document);
  }
  if (documents.length > 0) return documents;
  throw new KnowledgeError(
    'knowledge_empty',
    folder,
    `The knowledge folder ${folder} has no Markdown file (*.md) with text.`,
  );
}

/** Of names, sizes and times: changes whenever a file that `loadDocuments` would read has changed, come or gone. */
export async function fingerprintOf(folder: string): Promise<string> {
  const root = await rootOf(folder);
  const paths = await listMarkdown(root, root, 0);
  const lines = await Promise.all(
    paths.map(async (path) => {
      const { ino, mtimeMs, size } = await stat(path);
      return [path, ino, mtimeMs, size].join('\t');
    }),
  );
  return lines.toSorted().join('\n');
}

async function rootOf(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  throw new KnowledgeError(
    'knowledge_folder_missing',
    folder,
    `The knowledge folder ${folder} does not exist or is not a folder.`,
  );
}

async function listMarkdown(folder: string, root: string, depth: number): Promise<string[]> {
  if (depth > maxDepth) return [];
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await listMarkdown(path, root, depth + 1)));
    else if (!/\.md$/i.test(entry.name)) continue;
    else if (entry.isFile() || (entry.isSymbolicLink() && (await linksWithin(path, root)))) found.push(path);
  }
  return found;
}

async function linksWithin(path: string, root: string): Promise<boolean> {
  try {
    const target = await realpath(path);
    return target.startsWith(root + sep) && (await stat(target)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Reads one byte more than allowed, so that a file that grows meanwhile is not read whole. */
async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(maxBytes, (await file.stat()).size) + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (length > maxBytes) throw tooLarge(path, `is larger than ${maxBytes} bytes`);
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new KnowledgeError('knowledge_invalid', path, `${path} is not UTF-8 text.`);
  }
}

function tooLarge(path: string, what: string): KnowledgeError {
  return new KnowledgeError('knowledge_too_large', path, `${path} ${what}.`);
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}
