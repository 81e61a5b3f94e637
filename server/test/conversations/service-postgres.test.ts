import { after, test } from 'node:test';
import { openStore } from '../../src/storage/index.ts';
import { openTestPostgres } from '../storage/test-stores.ts';
import { describeService } from './describe-service.ts';
import { assertRecovers, killServerInReply } from './killed-server.ts';

const postgres = await openTestPostgres();
after(() => postgres.stop());

describeService('the conversation service on Postgres', postgres.missing, async () => {
  const databaseUrl = await postgres.createDatabase();
  const [store, otherStore] = await Promise.all([openStore({ databaseUrl }), openStore({ databaseUrl })]);
  return {
    store,
    otherStore,
    close: async () => {
      await store.close();
      await otherStore.close();
    },
  };
});

test(
  'a server on Postgres that was killed in mid-reply loses no message; another takes over when its heart has stopped',
  { skip: postgres.missing },
  async () => {
    const location = { databaseUrl: await postgres.createDatabase() };
    const killed = await killServerInReply(location);
    await assertRecovers(location, killed, () => Date.now() + 60_000);
  },
);
