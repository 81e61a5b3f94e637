import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DataDirectoryInUseError, openStore } from '../../src/storage/index.ts';
import { describeStore } from './store-contract.ts';
import { eventually, sessionOwner, startOfTime, subjectOwner, submitTurn, temporaryDirectory } from './test-stores.ts';

describeStore('a store on SQLite', false, async () => {
  const directory = temporaryDirectory();
  const dataDirectory = path.join(directory.path, 'new', 'data');
  const store = await openStore({ dataDirectory });
  const tool = new DatabaseSync(path.join(dataDirectory, 'chat.sqlite'));
  return {
    store,
    reopen: async () => (await openStore({ dataDirectory }, { exclusive: false })).close(),
    query: async (statement) => tool.prepare(statement).all(),
    close: async () => {
      tool.close();
      await store.close();
      directory.remove();
    },
  };
});

describe('the data directory', () => {
  const cleanUp: (() => void)[] = [];
  after(() => cleanUp.forEach((task) => task()));

  function newDirectory(): string {
    const directory = temporaryDirectory();
    cleanUp.push(directory.remove);
    return path.join(directory.path, 'data');
  }

  /** Another server process that holds a store, and begins a turn in it. */
  async function holdInOtherProcess(directory: string): Promise<{ process: ChildProcess; conversationId: string }> {
    const holder = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./hold-store.ts')), directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    cleanUp.push(() => holder.kill('SIGKILL'));
    const conversationId = await new Promise<string>((resolve, reject) => {
      holder.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
      holder.once('exit', () => reject(new Error('the other process could not open the store')));
    });
    return { process: holder, conversationId };
  }

  test('of another living server is refused, and is free as soon as that one was killed', async () => {
    const directory = newDirectory();
    const other = await holdInOtherProcess(directory);
    await assert.rejects(openStore({ dataDirectory: directory }), (error) => {
      assert.ok(error instanceof DataDirectoryInUseError);
      assert.equal(error.code, 'data_directory_in_use');
      return error.message.includes(directory);
    });
    const exited = new Promise((resolve) => other.process.once('exit', resolve));
    other.process.kill('SIGKILL');
    await exited;
    const store = await openStore({ dataDirectory: directory });
    const { messages } = await store.conversations.messages(other.conversationId, { limit: 50 });
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant'],
      'what was committed survived the kill',
    );
    assert.equal((await store.replies.running(other.conversationId))?.state, 'running');
    await store.close();
  });

  test('is refused to a second store of the same process, and free after the first was closed', async () => {
    const directory = newDirectory();
    const first = await openStore({ dataDirectory: directory });
    await assert.rejects(openStore({ dataDirectory: directory }), DataDirectoryInUseError);
    await first.close();
    await first.close();
    const second = await openStore({ dataDirectory: directory });
    await second.close();
  });

  test('belongs to its user alone', async () => {
    const directory = newDirectory();
    const store = await openStore({ dataDirectory: directory });
    await store.conversations.beginTurn(submitTurn({ owner: subjectOwner(), conversationId: randomUUID() }));
    const mode = (file: string) => (fs.statSync(path.join(directory, file)).mode & 0o777).toString(8);
    assert.equal(mode('.'), '700');
    for (const file of ['chat.sqlite', 'chat.sqlite-wal', 'server.lock']) assert.equal(mode(file), '600', file);
    await store.close();
  });

  test('can be read, and written, by other tools while the server runs', async () => {
    const directory = newDirectory();
    const store = await openStore({ dataDirectory: directory });
    const [owner, conversationId] = [subjectOwner(), randomUUID()];
    await store.conversations.beginTurn(submitTurn({ owner, conversationId }));
    const tool = new DatabaseSync(path.join(directory, 'chat.sqlite'));
    assert.deepEqual(
      { ...tool.prepare('select id, title from conversations').get() },
      {
        id: conversationId,
        title: 'Where is my order?',
      },
    );
    tool.exec(`update conversations set title = 'Changed'`);
    tool.close();
    assert.equal((await store.conversations.find(owner, conversationId))?.title, 'Changed');
    await store.close();
  });

  test('keeps everything over a restart', async () => {
    const directory = newDirectory();
    const [owner, conversationId] = [subjectOwner(), randomUUID()];
    const before = await openStore({ dataDirectory: directory });
    await before.conversations.beginTurn(submitTurn({ owner, conversationId }));
    await before.close();
    const afterwards = await openStore({ dataDirectory: directory });
    const { rows } = await afterwards.conversations.list(owner, { limit: 50 });
    assert.deepEqual(
      rows.map(({ id, updatedAt }) => ({ id, updatedAt })),
      [{ id: conversationId, updatedAt: startOfTime }],
    );
    await afterwards.close();
  });

  test('keeps nothing of a session that has only looked: anybody can make up thousands', async () => {
    const directory = newDirectory();
    const store = await openStore({ dataDirectory: directory });
    const owner = sessionOwner();
    assert.equal(await store.sessions.touch(owner.agentId, owner.sessionHash, startOfTime), true);
    const tool = new DatabaseSync(path.join(directory, 'chat.sqlite'));
    const rows = () => tool.prepare('select count(*) as n from sessions').get()?.['n'];
    assert.equal(rows(), 0);
    await store.conversations.beginTurn(submitTurn({ owner, conversationId: randomUUID() }));
    assert.equal(rows(), 1);
    tool.close();
    await store.close();
  });

  test('that cannot be made fails with what the file system says', async () => {
    const directory = newDirectory();
    fs.writeFileSync(directory, 'a file');
    await assert.rejects(openStore({ dataDirectory: path.join(directory, 'below') }), { code: 'ENOTDIR' });
  });

  test('whose database is no database is refused and left as it is', async () => {
    const directory = newDirectory();
    fs.mkdirSync(directory);
    const file = path.join(directory, 'chat.sqlite');
    fs.writeFileSync(file, 'this is not a database, and it is somebody’s');
    await assert.rejects(openStore({ dataDirectory: directory }), /not a database/);
    assert.match(fs.readFileSync(file, 'utf8'), /somebody/);
    await assert.rejects(openStore({ dataDirectory: directory }), /not a database/, 'the lock was given back');
  });

  test('writes that were answered are on disk: SQLite syncs at every commit', async () => {
    const directory = newDirectory();
    const { process: holder, conversationId } = await holdInOtherProcess(directory);
    holder.kill('SIGKILL');
    const found = await eventually(async () => {
      const tool = new DatabaseSync(path.join(directory, 'chat.sqlite'));
      const row = tool.prepare('select count(*) as n from messages where conversation_id = ?').get(conversationId);
      tool.close();
      return row;
    });
    assert.equal(found['n'], 2);
  });
});
