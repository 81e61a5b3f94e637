import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BuildManifest } from '../../scripts/build.ts';
import { measureDashboard, measureSizes } from '../../scripts/sizes.ts';

const file = (brotli: number, imports: readonly string[] = [], dynamicImports: readonly string[] = []) => ({
  bytes: brotli * 3,
  gzip: brotli + 1,
  brotli,
  integrity: '',
  imports,
  dynamicImports,
});

const manifest: BuildManifest = {
  entries: { script: 'chat.js', client: 'client', controller: 'controller', panel: 'panel', dropIn: 'drop-in' },
  files: {
    'chat.js': file(1, [], ['client', 'controller', 'panel', 'drop-in']),
    client: file(10, ['shared']),
    controller: file(0),
    'drop-in': file(10_000_000),
    panel: file(100, ['shared', 'lit'], ['markdown']),
    shared: file(1_000, ['deep']),
    deep: file(10_000),
    lit: file(100_000),
    markdown: file(1_000_000),
  },
};

describe('measureSizes', () => {
  it('counts the script tag’s file alone for a page on which nobody opens the chat', () => {
    assert.equal(measureSizes(manifest)[0]?.bytes, 1);
  });

  it('counts what is imported along the way once, and what comes later not at all', () => {
    assert.equal(measureSizes(manifest)[1]?.bytes, 111_111);
  });

  it('refuses a manifest that does not list a file', () => {
    const { deep: _, ...files } = manifest.files;
    assert.throws(() => measureSizes({ ...manifest, files }), /does not list deep/);
  });
});

describe('measureDashboard', () => {
  it('counts the first script with what it imports, and no page', () => {
    const files = { 'index.js': file(1, ['shared.js']), 'shared.js': file(10), 'page.js': file(100, ['shared.js']) };
    assert.equal(measureDashboard({ entry: 'index.js', files }).bytes, 11);
  });
});
