import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { repositoryFolder } from '../../scripts/build.ts';
import { releaseVersion } from '../../scripts/release-version.ts';

test('changesets become one version of widget and server, which chat.version says, and a change log', async (context) => {
  const root = await mkdtemp(path.join(tmpdir(), 'release-'));
  context.after(() => rm(root, { recursive: true }));
  const names = [
    'package.json',
    'package-lock.json',
    'server/package.json',
    'src/page/version.ts',
    '.changeset/config.json',
  ];
  for (const name of names) await cp(path.join(repositoryFolder, name), path.join(root, name));
  await writeFile(
    path.join(root, '.changeset/parts.md'),
    "---\n'chat-widget': minor\n---\n\nMore parts can be styled.\n",
  );
  const read = (name: string): Promise<string> => readFile(path.join(root, name), 'utf8');
  const before = await read('package.json');

  const version = await releaseVersion(root);
  const old = (JSON.parse(before) as { version: string }).version;
  const [major, minor] = old.split('.').map(Number);
  assert.equal(version, `${major}.${Number(minor) + 1}.0`);
  assert.equal(await read('package.json'), before.replace(`"version": "${old}"`, `"version": "${version}"`));
  assert.equal((JSON.parse(await read('server/package.json')) as { version: string }).version, version);
  assert.match(await read('src/page/version.ts'), new RegExp(`export const version = '${version}';`));
  assert.match(await read('CHANGELOG.md'), new RegExp(`## ${version}[^]*More parts can be styled\\.`));
  assert.deepEqual(await readdir(path.join(root, '.changeset')), ['config.json']);

  await assert.rejects(releaseVersion(root), /nothing to release/);
});
