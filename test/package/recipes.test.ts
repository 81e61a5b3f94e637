import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { repositoryFolder } from '../../scripts/build.ts';

const read = (name: string): Promise<string> => readFile(path.join(repositoryFolder, name), 'utf8');
const linesOf = (text: string): string[] => text.split('\n').flatMap((line) => line.trim() || []);

for (const [heading, ...files] of [
  ['React 19', 'react/src/support.tsx'],
  ['Vue 3', 'vue/src/support.vue', 'vue/vite.config.ts'],
  ['Svelte 5', 'svelte/src/support.svelte'],
  ['Solid', 'solid/src/support.tsx'],
  ['Angular', 'angular/src/support.ts'],
  ['HTML and TypeScript', 'html/src/main.ts'],
] as const) {
  test(`what docs/frameworks.md says of ${heading} stands in the page that is tested`, async () => {
    const sections = (await read('docs/frameworks.md')).split(/^## /m);
    const section = sections.find((text) => text.startsWith(`${heading}\n`)) ?? assert.fail(heading);
    const code = [...section.matchAll(/^```\w+\n([^]*?)^```$/gm)].flatMap(([, block = '']) => linesOf(block));
    assert.ok(code.length > 5);
    const sources = await Promise.all(files.map((file) => read(`demo/frameworks/${file}`)));
    const known = new Set(sources.flatMap(linesOf));
    assert.deepEqual(
      code.filter((line) => !known.has(line)),
      [],
    );
  });
}
