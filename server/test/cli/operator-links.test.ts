import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryDirectory } from '../http/harness.ts';
import { createTool } from './tool.ts';

const agent = { id: 'shop', name: 'Shop', knowledge: '.' };

/** The address of a link, and what is said beside it. */
async function linkOf(
  t: TestContext,
  argv: readonly string[],
  {
    environment = {},
    config = { agents: [agent] },
  }: { environment?: { readonly PORT?: string }; config?: object } = {},
) {
  const dataDirectory = await temporaryDirectory(t);
  const configPath = join(dataDirectory, 'chat.config.json');
  await writeFile(configPath, JSON.stringify(config));
  const tool = createTool({ dataDirectory, environment });
  const { output, notes, error } = await tool([
    'operators',
    'link',
    ...argv.map((word) => word.replace('CONFIG', configPath)),
  ]);
  return { address: output.trim().replace(/\/dashboard\/setup#[\w-]{43}$/, ''), notes, error };
}

test('a link whose address nobody has said leads to this machine, and says how another is given', async (t) => {
  for (const [PORT, address] of [
    ['', 'http://localhost:8787'],
    ['8898', 'http://localhost:8898'],
    ['0', 'http://localhost:8787'],
  ] as const) {
    const link = await linkOf(t, [], { environment: { PORT } });
    assert.equal(link.address, address);
    assert.match(link.notes, new RegExp(`${address} is assumed[^]*--url[^]*PORT`));
  }
});

test('a link leads where --url says, or else the configuration’s publicUrl, without a word beside it', async (t) => {
  const config = { agents: [agent], publicUrl: 'https://chat.example/' };
  const isUnspoken = ({ notes }: { notes: string }) => assert.doesNotMatch(notes, /assumed/);
  const said = await linkOf(t, ['--url', 'http://localhost:8898', '--config', 'CONFIG'], { config });
  assert.equal(said.address, 'http://localhost:8898');
  isUnspoken(said);
  const configured = await linkOf(t, ['--config', 'CONFIG'], { config, environment: { PORT: '8898' } });
  assert.equal(configured.address, 'https://chat.example');
  isUnspoken(configured);
  const silent = await linkOf(t, ['--config', 'CONFIG']);
  assert.equal(silent.address, 'http://localhost:8787');
  assert.match(silent.notes, /assumed/);
});

test('a configuration that cannot be read is named, and no link is made', async (t) => {
  for (const [path, why] of [
    ['none.json', /none\.json: there is no such file/],
    ['CONFIG', /chat\.config\.json: agents/],
  ] as const) {
    const { address, error } = await linkOf(t, ['--config', path], { config: { agents: 'x' } });
    assert.match(error, why);
    assert.equal(address, '');
  }
});
