import { readdir, readFile } from 'node:fs/promises';

/** All bytes of a data directory's database, one character each. */
export async function storedText(directory: string): Promise<string> {
  const names = await readdir(directory);
  const files = names.filter((name) => name.startsWith('chat.sqlite'));
  return (await Promise.all(files.map((name) => readFile(`${directory}/${name}`, 'latin1')))).join('');
}
