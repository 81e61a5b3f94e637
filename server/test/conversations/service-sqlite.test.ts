import { test } from 'node:test';
import { openStore } from '../../src/storage/index.ts';
import { temporaryDirectory } from '../storage/test-stores.ts';
import { describeService } from './describe-service.ts';
import { assertRecovers, killServerInReply } from './killed-server.ts';

describeService('the conversation service on SQLite', false, async () => {
  const directory = temporaryDirectory();
  const store = await openStore({ dataDirectory: directory.path });
  return {
    store,
    otherStore: store,
    close: async () => {
      await store.close();
      directory.remove();
    },
  };
});

test('a server on SQLite that was killed in mid-reply loses no message, and its successor need not wait', async () => {
  const directory = temporaryDirectory();
  const location = { dataDirectory: directory.path };
  const killed = await killServerInReply(location);
  await assertRecovers(location, killed, Date.now);
  directory.remove();
});
