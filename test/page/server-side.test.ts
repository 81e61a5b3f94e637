import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { version } from '../../src/page/version.ts';

const root = path.resolve(import.meta.dirname, '../..');

for (const room of ['page', 'shell', 'client']) {
  test(`src/${room} can be imported on a server: no document is missed, no global is added or changed`, async () => {
    // In a process of its own, where nobody has imported anything before.
    const code = `
      const facts = () => Object.getOwnPropertyNames(globalThis).map((name) => {
        const { value, get } = Object.getOwnPropertyDescriptor(globalThis, name);
        return [name, value ?? get];
      });
      const before = facts();
      const room = await import('./src/${room}/index.ts');
      const after = facts();
      const changed = after.filter(([name, value], index) => before[index]?.[0] !== name || !Object.is(before[index]?.[1], value));
      console.log(JSON.stringify({ changed: changed.map(([name]) => name), exports: Object.keys(room).length > 0 }));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: root,
    });
    assert.deepEqual(JSON.parse(stdout), { changed: [], exports: true });
  });
}

test('chat.version is the version of the package', () => {
  assert.equal(version, packageJson.version);
});
