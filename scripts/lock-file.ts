// Checks, without network, that `npm ci` can install from the lock file on any platform.
import { readFile } from 'node:fs/promises';

type LockedPackage = {
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const workspaces = ['', 'server'];
const exactVersion = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};

/** Where Node would look for `name` from the package at `location`, nearest first. */
function* placesFor(name: string, location: string): Generator<string> {
  let from = location;
  while (from !== '') {
    yield `${from}/node_modules/${name}`;
    from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')));
  }
  yield `node_modules/${name}`;
}

function problemsOf([location, locked]: [string, LockedPackage]): string[] {
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
    .filter(([, version]) => !exactVersion.test(version))
    .map(([name, version]) => `${name} is not pinned to one version: ${version}`);
}

const problems = Object.entries(packages).flatMap(problemsOf);
for (const problem of problems) console.error(problem);
console.log(`${Object.keys(packages).length} packages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
