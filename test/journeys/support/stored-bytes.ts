import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Every file below a folder, one after the other, a character for each byte. */
export async function readStoredBytes(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}
