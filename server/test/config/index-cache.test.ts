import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../../../test/journeys/support/eventually.ts';
import type { KnowledgeIndex } from '../../src/agents/index.ts';
import { createIndexCache } from '../../src/config/index.ts';

async function setUp(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'articles-'));
  const problems: string[] = [];
  const cache = createIndexCache({ lookEveryMs: 5, onProblem: ({ message }) => problems.push(message) });
  context.after(async () => {
    cache.keepOnly(new Set());
    await rm(folder, { recursive: true });
  });
  /** At one moment: a file that is half written is one that can be read. */
  const put = async (name: string, content: string): Promise<void> => {
    await writeFile(join(folder, '.new'), content);
    await rename(join(folder, '.new'), join(folder, name));
  };
  await put('returns.md', '# Returns\n\nSend it back within 30 days.');
  return { folder, problems, cache, put, index: await cache.of(folder) };
}

const answer = (index: KnowledgeIndex, question: string) => index.search(question)[0]?.passage.text;
const titles = ({ documents }: KnowledgeIndex) => documents.map(({ title }) => title);

test('articles that are changed, added, renamed or removed are answered from without a restart', async (context) => {
  const { folder, put, index, problems } = await setUp(context);
  assert.equal(answer(index, 'Can I return it?'), 'Send it back within 30 days.');
  await put('returns.md', '# Returns\n\nSend it back within 60 days.');
  await eventually(() => assert.equal(answer(index, 'Can I return it?'), 'Send it back within 60 days.'));
  await put('shipping.md', '# Shipping\n\nParcels leave on Mondays.');
  await eventually(() => assert.equal(answer(index, 'When do parcels leave?'), 'Parcels leave on Mondays.'));
  await rename(join(folder, 'shipping.md'), join(folder, 'a.md'));
  await eventually(() => assert.deepEqual(titles(index), ['Shipping', 'Returns']));
  await unlink(join(folder, 'a.md'));
  await eventually(() => assert.equal(answer(index, 'When do parcels leave?'), undefined));
  assert.deepEqual(problems, []);
});

test('a change that cannot be read is told once; what was good answers until it can', async (context) => {
  const { put, index, problems } = await setUp(context);
  await put('broken.md', '---\ntitle: [\n---\nText.');
  await eventually(() => assert.match(problems.join('\n'), /broken\.md/));
  await put('returns.md', '# Returns\n\nSend it back within 60 days.');
  await put('broken.md', '---\ntitle: [[\n---\nText.');
  assert.equal(answer(index, 'Can I return it?'), 'Send it back within 30 days.');
  await put('broken.md', '# Mended\n\nText.');
  await eventually(() => assert.deepEqual(titles(index), ['Mended', 'Returns']));
  assert.equal(answer(index, 'Can I return it?'), 'Send it back within 60 days.');
  assert.equal(new Set(problems).size, problems.length);
});

test('agents with one folder share its index; a folder that nobody has any more is not looked at', async (context) => {
  const { folder, cache, put, index, problems } = await setUp(context);
  assert.equal(await cache.of(folder), index);
  cache.keepOnly(new Set([folder]));
  assert.equal(await cache.of(folder), index);
  cache.keepOnly(new Set());
  await put('broken.md', '---\ntitle: [\n---\nText.');
  await assert.rejects(cache.of(folder), /broken\.md/);
  await put('broken.md', '# Mended\n\nText.');
  assert.deepEqual(titles(await cache.of(folder)), ['Mended', 'Returns']);
  assert.deepEqual(titles(index), ['Returns']);
  assert.deepEqual(problems, []);
});
