import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Owner, Store } from '../../src/storage/index.ts';
import { goBackBefore } from './earlier-schema.ts';
import { sessionOwner, startOfTime, subjectOwner, submitTurn } from './test-stores.ts';

export type OpenedStore = {
  readonly store: Store;
  /** What stands in the database, past the store. */
  query(statement: string): Promise<readonly unknown[]>;
  /** Opens the database once more, which brings it up to date, and lets it go. */
  reopen(): Promise<void>;
  close(): Promise<void>;
};

type Session = Extract<Owner, { kind: 'session' }>;

/** A session has a row while that says something: that it owns a conversation, or that it was closed. */
export function describeSessionRows(opened: () => OpenedStore): void {
  const rowsOf = async ({ sessionHash }: Session): Promise<number> =>
    (await opened().query(`select 1 from sessions where session_hash = '${sessionHash}'`)).length;
  const begin = (owner: Owner, conversationId: string = randomUUID()) =>
    opened().store.conversations.beginTurn(submitTurn({ owner, conversationId }));
  const claim = (from: Session, to = subjectOwner()) => opened().store.conversations.claim(from, to, startOfTime);

  describe('the row of a session', () => {
    test('goes when its conversations are claimed, and its secret begins with nothing afterwards', async () => {
      const session = sessionOwner();
      await begin(session);
      await begin(session);
      assert.equal(await rowsOf(session), 1);
      assert.equal(await claim(session), 2);
      assert.equal(await rowsOf(session), 0);
      const { sessions, conversations } = opened().store;
      assert.equal(await sessions.touch(session.agentId, session.sessionHash, startOfTime + 600_000), true);
      assert.equal(await rowsOf(session), 0);
      assert.equal((await begin(session)).outcome, 'begun');
      assert.equal((await conversations.list(session, { limit: 9 })).rows.length, 1);
      assert.equal(await rowsOf(session), 1);
    });

    test('is not made by whoever has nothing to claim, nor by a message for another’s conversation', async () => {
      const [claimer, stranger, conversationId] = [sessionOwner(), sessionOwner(), randomUUID()];
      assert.equal(await claim(claimer), 0);
      await begin(sessionOwner(), conversationId);
      assert.equal((await begin(stranger, conversationId)).outcome, 'conversation_not_found');
      assert.deepEqual([await rowsOf(claimer), await rowsOf(stranger)], [0, 0]);
    });

    test('A9 stays when the session was closed, claimed before or not', async () => {
      const [claimed, owner] = [sessionOwner(), sessionOwner()];
      await begin(claimed);
      await begin(owner);
      await claim(claimed);
      for (const { agentId, sessionHash } of [claimed, owner]) {
        await opened().store.sessions.close(agentId, sessionHash, startOfTime);
      }
      for (const session of [claimed, owner]) {
        assert.equal(await claim(session), 0);
        assert.equal(await rowsOf(session), 1);
        assert.equal((await begin(session)).outcome, 'conversation_not_found');
      }
    });

    test('is there for each session that owns something, also when messages come while others claim', async () => {
      for (let round = 0; round < 10; round++) {
        const session = sessionOwner();
        await begin(session);
        await Promise.all([claim(session), begin(session), claim(session), begin(session)]);
        const { rows } = await opened().store.conversations.list(session, { limit: 9 });
        assert.equal(await rowsOf(session), rows.length > 0 ? 1 : 0);
      }
    });

    test('that an earlier version has left open, owning nothing, goes when the database is brought up to date', async () => {
      const [left, owner] = [sessionOwner(), sessionOwner()];
      await begin(owner);
      await opened().query(
        `insert into sessions values ('${left.agentId}', '${left.sessionHash}', ${startOfTime}, ${startOfTime}, null)`,
      );
      assert.equal(await rowsOf(left), 1);
      await goBackBefore('0005-retired-sessions', opened().query);
      await opened().reopen();
      assert.deepEqual([await rowsOf(left), await rowsOf(owner)], [0, 1]);
    });
  });
}
