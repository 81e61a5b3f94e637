import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Backend, transact } from '../../src/storage/backend.ts';
import { openSqliteBackend } from '../../src/storage/sqlite-backend.ts';
import { temporaryDirectory } from './test-stores.ts';

describe('a transaction', () => {
  const directory = temporaryDirectory();
  const conflict = new Error('a deadlock');
  let backend: Backend;
  before(() => {
    backend = { ...openSqliteBackend(directory.path, assert.ifError), isConflict: (error) => error === conflict };
  });
  after(async () => {
    await backend.close();
    directory.remove();
  });

  test('is tried again when another one was in its way', async () => {
    let attempts = 0;
    const result = await transact(backend, async () => {
      if (++attempts < 3) throw conflict;
      return 'done';
    });
    assert.equal(result, 'done');
    assert.equal(attempts, 3);
  });

  test('is given up after five attempts, and at once for any other failure', async () => {
    for (const [error, expected] of [
      [conflict, 5],
      [new Error('disk full'), 1],
    ] as const) {
      let attempts = 0;
      const trying = transact(backend, async () => {
        attempts++;
        throw error;
      });
      await assert.rejects(trying, error);
      assert.equal(attempts, expected);
    }
  });
});
