import { glob } from 'node:fs/promises';
import path from 'node:path';

const isInstalled = (name: string): boolean => name === 'node_modules' || name === 'dist';

/** Paths relative to the working directory, sorted, with forward slashes. Never looks into node_modules or dist. */
export async function listFiles(...patterns: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob([...patterns], { exclude: isInstalled })) files.push(file.split(path.sep).join('/'));
  return files.toSorted();
}
