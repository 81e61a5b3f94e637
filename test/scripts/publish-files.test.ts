import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { publishFiles } from '../../scripts/publish-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-publish-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const contents = (files: Readonly<Record<string, string>>): ReadonlyMap<string, Buffer> =>
  new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));

const listed = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();

describe('publishFiles', () => {
  it('writes new files, replaces old ones, and leaves no drafts', async () => {
    await publishFiles(folder, contents({ 'chat.js': 'old' }));
    await publishFiles(folder, contents({ 'chunks/a.js': 'a', 'chat.js': 'new' }));
    assert.deepEqual(await listed(), ['chat.js', 'chunks/a.js']);
    assert.equal(await readFile(path.join(folder, 'chat.js'), 'utf8'), 'new');
  });

  it('keeps a chunk of the build before for pages that still ask for it, and removes it after an hour', async () => {
    await publishFiles(folder, contents({ 'chunks/fresh.js': '1', 'chunks/stale.js': '2' }));
    const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(path.join(folder, 'chunks/stale.js'), twoHoursAgo, twoHoursAgo);
    await publishFiles(folder, contents({ 'chat.js': 'x' }));
    assert.deepEqual(await listed(), ['chat.js', 'chunks/fresh.js']);
  });

  it('leaves alone what is in a folder of somebody else’s', async () => {
    await publishFiles(folder, contents({ 'dashboard/index.html': '1', 'dashboards/index.html': '2' }));
    const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const name of await listed()) await utimes(path.join(folder, name), twoHoursAgo, twoHoursAgo);
    await publishFiles(folder, contents({ 'chat.js': 'x' }), ['dashboard']);
    assert.deepEqual(await listed(), ['chat.js', 'dashboard/index.html']);
  });

  it('shows a reader the whole old or the whole new file at any moment', async () => {
    const file = path.join(folder, 'chat.js');
    const [old, next] = ['a', 'b'].map((letter) => letter.repeat(1_000_000)) as [string, string];
    await writeFile(file, old);
    const publishing = publishFiles(folder, contents({ 'chat.js': next }));
    const seen = new Set<string>();
    for (let text = ''; text !== next; seen.add(text)) text = await readFile(file, 'utf8');
    await publishing;
    for (const text of seen) assert.ok(text === old || text === next, 'a torn file');
  });
});
