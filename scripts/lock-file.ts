// Checks, without network, that `npm ci` can install from the lock files on any platform.
import { readFile } from 'node:fs/promises';
import { listFiles } from './list-files.ts';

type LockedPackage = {
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const workspaces = ['', 'server'];
const exactVersion = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

type Packages = Readonly<Record<string, LockedPackage>>;

/** Where Node would look for `name` from the package at `location`, nearest first. */
function* placesFor(name: string, location: string): Generator<string> {
  let from = location;
  while (from !== '') {
    yield `${from}/node_modules/${name}`;
    from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')));
  }
  yield `node_modules/${name}`;
}

function problemsOf([location, locked]: [string, LockedPackage], packages: Packages): string[] {
  const missing = Object.keys(locked.optionalDependencies ?? {})
    .filter((name) => ![...placesFor(name, location)].some((place) => place in packages))
    // npm leaves out what the registry did not have when the lock file was made, and then refuses to install from it.
    .map((name) => `${location} names ${name}, which is not in the lock file`);
  const hasAddress = /^https?:/.test(locked.resolved ?? '');
  return [
    ...missing,
    ...(hasAddress ? [`${location} has the address of a registry`] : []),
    ...inexact(location, locked),
  ];
}

function inexact(location: string, { dependencies, devDependencies }: LockedPackage): string[] {
  if (!workspaces.includes(location)) return [];
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !exactVersion.test(version) && !version.startsWith('file:'))
    .map(([name, version]) => `${name} is not pinned to one version: ${version}`);
}

async function check(file: string): Promise<number> {
  const { packages } = JSON.parse(await readFile(file, 'utf8')) as { packages: Packages };
  for (const entry of Object.entries(packages))
    problems.push(...problemsOf(entry, packages).map((text) => `${file}: ${text}`));
  return Object.keys(packages).length;
}

const problems: string[] = [];
const files = ['package-lock.json', ...(await listFiles('demo/frameworks/*/package-lock.json'))];
for (const file of files) console.log(`${file}: ${await check(file)} packages`);
for (const problem of problems) console.error(problem);
console.log(`${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
