import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import path from 'node:path';
import { repositoryFolder } from '../../../scripts/build.ts';

type Locked = {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

/**
 * Copies the packages into `folder`/node_modules, with all that they need, as `npm ci` has brought them into this repository: so that
 * npm finds there what a package depends on, and needs neither a network nor a cache.
 */
export async function copyDependencies(names: readonly string[], folder: string): Promise<void> {
  const lockFile = await readFile(path.join(repositoryFolder, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lockFile) as { packages: Readonly<Record<string, Locked | undefined>> };
  const places = new Set<string>();
  const waiting = names.map((name) => ({ name, from: '' }));
  for (const { name, from } of waiting) {
    const place = placesFor(name, from).find((each) => packages[each] !== undefined);
    // A peer that nobody asked for is not there.
    if (place === undefined || places.has(place)) continue;
    places.add(place);
    const { dependencies, peerDependencies, optionalDependencies } = packages[place] ?? {};
    const needed = { ...dependencies, ...peerDependencies, ...optionalDependencies };
    waiting.push(...Object.keys(needed).map((each) => ({ name: each, from: place })));
  }
  const isOuter = (place: string): boolean => place.lastIndexOf('node_modules/') === 0;
  // Of native code the lock file has that of all machines, and this one has its own.
  const isHere = (place: string): boolean => existsSync(path.join(repositoryFolder, place));
  for (const place of [...places].filter((each) => isOuter(each) && isHere(each))) {
    await cp(path.join(repositoryFolder, place), path.join(folder, place), { recursive: true, verbatimSymlinks: true });
  }
  await linkPrograms(folder, places);
}

/** Without its link in `.bin` npm takes a package for damaged and fetches it anew. */
async function linkPrograms(folder: string, places: ReadonlySet<string>): Promise<void> {
  const bin = 'node_modules/.bin';
  await mkdir(path.join(folder, bin), { recursive: true });
  for (const name of await readdir(path.join(repositoryFolder, bin))) {
    const target = await readlink(path.join(repositoryFolder, bin, name));
    const [, owner = ''] = /^\.\.\/((?:@[^/]+\/)?[^/]+)/.exec(target) ?? [];
    if (places.has(`node_modules/${owner}`)) await symlink(target, path.join(folder, bin, name));
  }
}

/** Where Node would look for `name` from the package at `from`, nearest first. */
function placesFor(name: string, from: string): string[] {
  const places = from === '' ? [] : [`${from}/node_modules/${name}`];
  const outer = from.lastIndexOf('/node_modules/');
  if (outer > 0) return [...places, ...placesFor(name, from.slice(0, outer))];
  return [...places, `node_modules/${name}`];
}
