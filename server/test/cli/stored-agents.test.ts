import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '../../src/storage/index.ts';
import { temporaryDirectory } from '../http/harness.ts';
import { createTool, jsonOf } from './tool.ts';

test('agents that were made in the dashboard are known to the commands, beside those of the file', async (t) => {
  const dataDirectory = await temporaryDirectory(t);
  const store = await openStore({ dataDirectory }, { exclusive: false });
  t.after(() => store.close());
  await store.agentSettings.save({
    id: 'garden',
    settings: JSON.stringify({ fields: { name: 'Garden' }, actions: [] }),
    before: null,
    now: 0,
  });
  const config = join(dataDirectory, 'chat.json');
  await writeFile(config, JSON.stringify({ agents: [{ id: 'shop', name: 'Shop', knowledge: '.' }] }));
  const tool = createTool({ dataDirectory, environment: { CHAT_CONFIG: config } });
  const { key } = await jsonOf<{ key: { id: string } }>(tool(['keys', 'create', '--agent', 'garden', '--json']));
  assert.deepEqual(
    (await store.keys.list('garden')).map(({ id }) => id),
    [key.id],
  );
  const { notes, error } = await tool(['policy', 'set', '--agent', 'garden', 'access=verified-only']);
  assert.deepEqual([notes, error], ['', '']);
  assert.match((await tool(['policy', 'show'])).error, /Say which agent: --agent <id>\. There are "shop", "garden"\./);
  assert.match((await tool(['keys', 'list', '--agent', 'gone'])).error, /has no agent "gone"/);
});
