import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseTestCounts, type TestCounts } from '../../scripts/test-counts.ts';

const reporter = path.resolve(import.meta.dirname, '../../scripts/node-test-reporter.ts');

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-reporter-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Runs `code` as a file of tests, in a run of its own, and returns what the reporter counted. */
async function count(code: string, ...args: string[]): Promise<TestCounts | undefined> {
  const file = path.join(folder, 'example.test.mjs');
  const counts = path.join(folder, 'counts.json');
  await writeFile(file, `import { describe, it, test } from 'node:test';\n${code}`);
  const reporting = [`--test-reporter=${reporter}`, `--test-reporter-destination=${counts}`];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  await new Promise((resolve) => {
    execFile(process.execPath, ['--test', ...reporting, ...args, file], { cwd: folder, env }, resolve);
  });
  return parseTestCounts(await readFile(counts, 'utf8'));
}

describe('the counts of a run of node:test', () => {
  it('count tests, not the suites around them', async () => {
    const counts = await count(
      `describe('a', () => { it('b', () => {}); describe('c', () => { it('d', () => {}); }); });`,
    );
    assert.deepEqual(counts, { passed: 2, failures: [], skips: [] });
  });

  it('name a failing test once, not again for what it is in', async () => {
    const counts = await count(`describe('a', () => { it('b', () => { throw new Error(); }); it('c', () => {}); });`);
    assert.deepEqual(counts, { passed: 1, failures: ['b (example.test.mjs)'], skips: [] });
  });

  it('say what a failure said, in its first lines', async () => {
    const counts = await count(`test('a', () => { throw new Error(['b', ...Array(20).fill('c')].join('\\n')); });`);
    assert.equal(counts?.failures[0], ['a (example.test.mjs)', '  b', ...Array<string>(7).fill('  c')].join('\n'));
  });

  it('give the reason of a skip', async () => {
    const counts = await count(`test('a', { skip: 'no database' }, () => {}); test('b', () => {});`);
    assert.deepEqual(counts, {
      passed: 1,
      failures: [],
      skips: [{ title: 'a (example.test.mjs)', reason: 'no database' }],
    });
  });

  for (const [what, code] of [
    ['that holds no tests', ''],
    ['that cannot be loaded', `import './missing.mjs';`],
    ['that ends the process', `test('a', () => process.exit(3));`],
    ['whose preparation fails', `describe('a', () => { throw new Error(); });`],
  ] as const) {
    it(`count a file ${what} as a failure`, async () => {
      const counts = await count(code);
      assert.equal(counts?.passed, 0);
      assert.equal(counts?.failures.length, 1);
    });
  }

  it('leave out what a pattern for titles leaves out', async () => {
    const counts = await count(`test('apple', () => {}); test('pear', () => {});`, '--test-name-pattern=pear');
    assert.deepEqual(counts, { passed: 1, failures: [], skips: [] });
  });
});
