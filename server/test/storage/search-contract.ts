import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { searchWords, type Owner } from '../../src/storage/index.ts';
import type { OpenedStore } from './session-rows-contract.ts';
import { sessionOwner, startOfTime, submitTurn, userMessage } from './test-stores.ts';

/** What a search costs is bounded, whatever its visitor has written before. */
export function describeSearch(opened: () => OpenedStore): void {
  async function begin(owner: Owner, text: string, now = startOfTime): Promise<string> {
    const conversationId = randomUUID();
    await opened().store.conversations.beginTurn(
      submitTurn({ owner, conversationId, now, message: userMessage(text) }),
    );
    return conversationId;
  }

  /** So many messages more, as their searched text stands in the database. */
  const fill = (conversationId: string, count: number, searchedText: string, superseded = 0) =>
    opened().query(
      `insert into messages
         (conversation_id, id, position, role, body, created_at, pending, superseded, search_text)
       with recursive numbers(n) as (select 100 union all select n + 1 from numbers where n < ${99 + count})
       select '${conversationId}', 'more-' || n, n, 'user', '{"parts":[]}', 0, 0, ${superseded}, '${searchedText}'
       from numbers`,
    );

  const find = async (owner: Owner, query: string, page: { limit: number; before?: string } = { limit: 50 }) => {
    const { rows, nextBefore } = await opened().store.conversations.list(owner, { ...page, words: searchWords(query) });
    return { titles: rows.map(({ title }) => title), nextBefore };
  };

  describe('a search of much text', () => {
    test('gives way to others between its steps, and takes no longer for a word that nearly fits everywhere', async () => {
      const owner = sessionOwner();
      const conversationId = await begin(owner, 'Primes');
      // As an earlier version has stored 8,000 characters that become four each.
      await fill(conversationId, 500, '\u2032'.repeat(32_000));
      let turns = 0;
      let isDone = false;
      const count = () => {
        turns += 1;
        if (!isDone) setImmediate(count);
      };
      setImmediate(count);
      const almost = await find(owner, `${'\u2057'.repeat(199)}b ${'\u2057'.repeat(12)}c`);
      isDone = true;
      assert.deepEqual(almost.titles, []);
      assert.ok(turns >= 15, `the event loop went round ${turns} times`);
      assert.deepEqual((await find(owner, '\u2057'.repeat(199))).titles, ['Primes']);
    });

    test('reads the newest conversations, to an end; titles of all are found', async () => {
      const owner = sessionOwner();
      await begin(owner, 'Ferns and a fig', startOfTime);
      await opened().store.conversations.rename(owner, await begin(owner, 'a deep secret', startOfTime + 1), 'Old');
      const newest = await begin(owner, 'New', startOfTime + 2);
      assert.deepEqual((await find(owner, 'secret')).titles, ['Old']);
      await fill(newest, 260, 'x'.repeat(8_000));
      assert.deepEqual((await find(owner, 'secret')).titles, [], 'two million characters stand before it');
      assert.deepEqual((await find(owner, 'ferns')).titles, ['Ferns and a fig']);
      assert.deepEqual((await find(owner, 'new')).titles, ['New']);
    });

    test('reads at most so many messages, and those that are hidden count', async () => {
      const owner = sessionOwner();
      await opened().store.conversations.rename(owner, await begin(owner, 'a deep secret', startOfTime), 'Old');
      const newest = await begin(owner, 'New', startOfTime + 1);
      await fill(newest, 9_000, 'secret', 1);
      assert.deepEqual((await find(owner, 'secret')).titles, ['Old'], 'hidden ones are not found');
      await fill(await begin(owner, 'Newer', startOfTime + 2), 1_100, 'y');
      assert.deepEqual((await find(owner, 'secret')).titles, []);
    });

    test('goes through a long conversation, and page by page through many', async () => {
      const owner = sessionOwner();
      for (const at of [0, 1, 2]) await fill(await begin(owner, `fern ${at}`, startOfTime + at), 130, 'leaf');
      await begin(owner, 'nothing', startOfTime + 3);
      const first = await find(owner, 'fern leaf', { limit: 2 });
      assert.deepEqual(first.titles, ['fern 2', 'fern 1']);
      const second = await find(owner, 'fern leaf', { limit: 2, before: first.nextBefore ?? '' });
      assert.deepEqual(second, { titles: ['fern 0'], nextBefore: null });
      assert.deepEqual(await find(owner, 'leaf stem'), { titles: [], nextBefore: null });
    });
  });
}
