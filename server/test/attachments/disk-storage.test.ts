import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createDiskStorage } from '../../src/attachments/index.ts';
import { describeStorage } from './storage-contract.ts';

const directory = await mkdtemp(join(tmpdir(), 'chat-attachments-'));
after(() => rm(directory, { recursive: true, force: true }));

const files = async (): Promise<readonly string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describeStorage('on disk', async () => ({
  storage: createDiskStorage(directory),
  elsewhere: createDiskStorage(directory),
  names: files,
}));

test('on disk: a file is called by its id and is for this account only', async () => {
  const [storage, id] = [createDiskStorage(directory), randomUUID()];
  await storage.write(
    id,
    (async function* () {
      yield Buffer.from('x');
    })(),
  );
  const file = (await files()).find((name) => name.endsWith(id)) ?? assert.fail('it is not there');
  assert.equal(file, join(directory, 'stored', id.slice(0, 2), id));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await stat(join(directory, 'stored'))).mode & 0o777, 0o700);
});
