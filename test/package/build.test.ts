import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Script } from 'node:vm';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { repositoryFolder } from '../../scripts/build.ts';
import { readManifest } from '../../scripts/sizes.ts';

// `npm test` builds dist/ before it runs this.
const manifest = await readManifest();
const { script: _, ...lazy } = manifest.entries;
const lazyNames: readonly string[] = Object.values(lazy);
const built = (name: string): string => path.join(repositoryFolder, 'dist', name);
const names = Object.keys(manifest.files);

describe('the built widget', () => {
  it('is one classic script for the script tag', async () => {
    const code = await readFile(built('chat.js'), 'utf8');
    assert.deepEqual(manifest.files['chat.js']?.imports, []);
    assert.doesNotThrow(() => new Script(code), 'a classic script holds no import or export');
  });

  it('fetches what is behind it on demand, under names that change with their content', () => {
    assert.deepEqual(manifest.files['chat.js']?.dynamicImports.toSorted(), lazyNames.toSorted());
    for (const name of lazyNames) assert.match(name, /^chunks\/[a-z-]+-[\w-]{8}\.js$/);
  });

  it('has no file that the browser finds only after having read another', () => {
    for (const name of lazyNames) assert.deepEqual(manifest.files[name]?.imports, []);
  });

  it('lies beside compressed copies of the same bytes, with the integrity of each in the manifest', async () => {
    for (const name of names) {
      const bytes = await readFile(built(name));
      assert.deepEqual(brotliDecompressSync(await readFile(built(`${name}.br`))), bytes, name);
      assert.deepEqual(gunzipSync(await readFile(built(`${name}.gz`))), bytes, name);
      const hash = createHash('sha384').update(bytes).digest('base64');
      assert.equal(manifest.files[name]?.integrity, `sha384-${hash}`);
    }
  });

  it('can be imported where there is no document', async () => {
    const modules = await Promise.all(['chat-widget.js', 'element.js', 'client.js'].map((name) => import(built(name))));
    const [page, element, client] = modules as Record<string, unknown>[];
    assert.equal(typeof page?.['ChatWidgetElement'], 'function');
    assert.equal(page?.['ChatWidgetElement'], element?.['ChatWidgetElement']);
    assert.equal(typeof client?.['createChatClient'], 'function');
  });

  it('offers what the client’s source offers, without the names by which its files share code', async () => {
    const [offered, source] = await Promise.all([import(built('client.js')), import('../../src/client/index.ts')]);
    assert.deepEqual(Object.keys(offered as object).toSorted(), Object.keys(source).toSorted());
  });

  it('carries the licences of the packages whose code is in it', async () => {
    const licenses = await readFile(built('licenses.txt'), 'utf8');
    for (const name of ['eventsource-parser', 'lit-html', 'marked']) {
      assert.match(licenses, new RegExp(`^${name} \\d`, 'm'));
    }
  });
});
