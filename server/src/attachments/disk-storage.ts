import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type AttachmentStorage, checkAttachmentId } from './attachment-storage.ts';

/**
 * Files in a folder: `stored/<first two characters>/<id>`, and `arriving/<id>` while they arrive. For this account only
 * (0700, 0600). Several processes may share it on one volume.
 */
export function createDiskStorage(directory: string): AttachmentStorage {
  const arriving = (id: string): string => path.join(directory, 'arriving', checkAttachmentId(id));
  const stored = (id: string): string => path.join(directory, 'stored', checkAttachmentId(id).slice(0, 2), id);

  async function write(id: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const [from, to] = [arriving(id), stored(id)];
    for (const file of [from, to]) await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    try {
      const file = await open(from, 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      // Whole or not at all, whenever the process dies.
      await rename(from, to);
    } catch (error) {
      await rm(from, { force: true });
      throw error;
    }
  }

  async function read(id: string): Promise<ReadableStream<Uint8Array> | undefined> {
    const file = await open(stored(id)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return file === undefined ? undefined : (Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>);
  }

  async function remove(id: string): Promise<void> {
    for (const file of [arriving(id), stored(id)]) await rm(file, { force: true });
  }

  return { write, read, remove };
}
