import { readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * Whether the dashboard may name this folder: in one of the roots, by its name and by what that leads to, and nowhere below a
 * name that begins with a dot. Who signs in to the dashboard need not be somebody with a shell.
 */
export async function isFolderAllowed(folder: string, roots: readonly string[]): Promise<boolean> {
  if (
    folder.includes('\0') ||
    !isBelow(
      resolve(folder),
      roots.map((root) => resolve(root)),
    )
  )
    return false;
  const real = await realpath(folder).catch(() => undefined);
  // What does not exist is said to be missing by whoever reads it.
  if (real === undefined) return true;
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => resolve(root))));
  return isBelow(real, realRoots);
}

function isBelow(folder: string, roots: readonly string[]): boolean {
  return roots.some((root) => {
    const path = relative(root, folder);
    return !isAbsolute(path) && !path.split(sep).some((name) => name.startsWith('.'));
  });
}

/** What lies deeper, or beyond as many folders, can still be written into the configuration file. */
const maxListDepth = 5;
const maxVisited = 2_000;
const maxListed = 200;

/**
 * Folders below the roots that hold Markdown articles, or a folder that does: those that the dashboard may choose from, as they
 * are written in the configuration file. At most 200, by name. What cannot be read, links, `node_modules` and names that begin
 * with a dot are passed over.
 */
export async function listKnowledgeFolders(
  roots: readonly string[],
  baseDirectory: string,
): Promise<readonly string[]> {
  const found = new Set<string>();
  let visited = 0;
  async function look(folder: string, depth: number): Promise<boolean> {
    if (depth > maxListDepth || ++visited > maxVisited) return false;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const seen = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
    let holdsArticles = seen.some((entry) => entry.isFile() && /\.md$/i.test(entry.name));
    for (const entry of seen) {
      if (entry.isDirectory() && (await look(join(folder, entry.name), depth + 1))) holdsArticles = true;
    }
    if (holdsArticles) found.add(nameOf(folder, baseDirectory));
    return holdsArticles;
  }
  for (const root of roots) await look(resolve(root), 0);
  return [...found].toSorted().slice(0, maxListed);
}

/** As it is written in the configuration file. */
const nameOf = (folder: string, baseDirectory: string): string =>
  relative(baseDirectory, folder).split(sep).join('/') || '.';

/** A message about a knowledge folder without where on the server it lies: operators need not be somebody with a shell. */
export async function withoutPlace(message: string, folder: string, baseDirectory: string): Promise<string> {
  const real = await realpath(folder).catch(() => folder);
  const name = nameOf(resolve(folder), baseDirectory);
  return message.replaceAll(resolve(folder), () => name).replaceAll(real, () => name);
}
