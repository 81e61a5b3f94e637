// `npm run release:version`: turns the changesets into versions and change logs.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryFolder } from './build.ts';
import { runCommand } from './run-command.ts';

const versioned = ['package.json', 'server/package.json'] as const;
const changeLogs = ['CHANGELOG.md', 'server/CHANGELOG.md'] as const;

type Package = { readonly version: string; readonly workspaces?: readonly string[] };

const readPackage = async (folder: string, name: string): Promise<Package> =>
  JSON.parse(await readFile(path.join(folder, name), 'utf8')) as Package;

/** Puts a version where another one stands, and leaves the rest of the file as it is. */
async function replaceVersion(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(before)) throw new Error(`${file} does not name version ${before}`);
  await writeFile(file, text.replace(before, after));
}

/**
 * Changesets looks at workspaces alone, and npm wants no root among them: so it works on a copy whose root is one.
 *
 * @param root of the repository whose versions and change logs are to change
 */
export async function releaseVersion(root: string): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), 'chat-widget-release-'));
  const inBoth = (name: string): [string, string] => [path.join(root, name), path.join(copy, name)];
  try {
    for (const name of ['.changeset', 'package-lock.json', ...versioned, ...changeLogs]) {
      await cp(...inBoth(name), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
    const before = await readPackage(root, 'package.json');
    const asWorkspace = { ...before, workspaces: ['.', ...(before.workspaces ?? [])] };
    await writeFile(path.join(copy, 'package.json'), JSON.stringify(asWorkspace));
    const { exitCode, output } = await runCommand('changeset', ['version'], { cwd: copy });
    const { version } = await readPackage(copy, 'package.json');
    if (exitCode !== 0 || version === before.version) throw new Error(`There is nothing to release:\n${output}`);
    for (const file of versioned) {
      await replaceVersion(path.join(root, file), `"version": "${before.version}"`, `"version": "${version}"`);
    }
    await replaceVersion(path.join(root, 'src/page/version.ts'), `'${before.version}'`, `'${version}'`);
    for (const name of changeLogs) await cp(path.join(copy, name), path.join(root, name));
    await rm(path.join(root, '.changeset'), { recursive: true });
    await cp(path.join(copy, '.changeset'), path.join(root, '.changeset'), { recursive: true });
    return version;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

if (import.meta.main) console.log(`This is ${await releaseVersion(repositoryFolder)} now`);
