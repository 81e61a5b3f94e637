import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Owner, Store } from '../../src/storage/index.ts';
import { sessionOwner, startOfTime, subjectOwner, submitTurn, userMessage } from './test-stores.ts';

const roomy = { maxCount: 100, maxBytes: 1_000_000 };

export function describeAttachments(store: () => Store): void {
  async function arrive(owner: Owner, now = startOfTime): Promise<string> {
    const id = randomUUID();
    assert.ok(await store().attachments.reserve({ id, owner, bytes: 10, now }, roomy));
    assert.ok(await store().attachments.complete(id, { filename: 'a.txt', mediaType: 'text/plain', bytes: 5 }));
    return id;
  }

  async function send(owner: Owner, attachments: readonly string[], conversationId: string = randomUUID()) {
    const turn = submitTurn({ owner, conversationId, message: userMessage('Look') });
    const begun = await store().conversations.beginTurn({ ...turn, attachments } as typeof turn);
    return { outcome: begun.outcome, conversationId };
  }

  const isFound = async (owner: Owner, id: string): Promise<boolean> =>
    (await store().attachments.find(owner, [id])).length === 1;

  describe('an attachment', () => {
    test('is its owner’s alone, once it has arrived in full', async () => {
      const [owner, id] = [sessionOwner(), randomUUID()];
      assert.ok(await store().attachments.reserve({ id, owner, bytes: 10, now: startOfTime }, roomy));
      assert.equal(await isFound(owner, id), false);
      await store().attachments.complete(id, { filename: 'a%_.txt', mediaType: 'text/plain', bytes: 5 });
      const [row] = await store().attachments.find(owner, [id, 'nothing']);
      assert.deepEqual(row, {
        id,
        owner,
        filename: 'a%_.txt',
        mediaType: 'text/plain',
        bytes: 5,
        createdAt: startOfTime,
        conversationId: null,
      });
      for (const other of [sessionOwner(), subjectOwner(owner.sessionHash), { ...owner, agentId: 'other' }]) {
        assert.equal(await isFound(other, id), false);
        assert.equal(await store().attachments.discard(other, id), false);
      }
    });

    test('has no place beyond the quota of its owner, however many ask at once', async () => {
      const owner = sessionOwner();
      const ask = (bytes: number) =>
        store().attachments.reserve(
          { id: randomUUID(), owner, bytes, now: startOfTime },
          { maxCount: 3, maxBytes: 100 },
        );
      const asked = await Promise.all([ask(40), ask(40), ask(40), ask(40)]);
      assert.equal(asked.filter(Boolean).length, 2);
      assert.equal(await ask(20), true);
      assert.equal(await ask(0), false, 'the third was the last');
      assert.equal(
        await store().attachments.reserve(
          { id: randomUUID(), owner: sessionOwner(), bytes: 100, now: startOfTime },
          { maxCount: 3, maxBytes: 100 },
        ),
        true,
        'somebody else has room',
      );
    });

    test('belongs to one message, and can be taken back no more', async () => {
      const owner = sessionOwner();
      const id = await arrive(owner);
      const { outcome, conversationId } = await send(owner, [id]);
      assert.equal(outcome, 'begun');
      assert.equal((await store().attachments.sentIn(conversationId, id))?.id, id);
      assert.equal(await store().attachments.sentIn(randomUUID(), id), undefined);
      assert.equal(await store().attachments.discard(owner, id), false);
      assert.equal((await send(owner, [id])).outcome, 'attachment_not_found');
    });

    test('of somebody else makes the whole message not be, conversation and session with it', async () => {
      const [owner, own, foreign] = [sessionOwner(), await arrive(sessionOwner()), await arrive(sessionOwner())];
      for (const ids of [[own], [foreign], [randomUUID()], [await arrive(owner), foreign]]) {
        const { outcome, conversationId } = await send(owner, ids);
        assert.equal(outcome, 'attachment_not_found');
        assert.equal(await store().conversations.ownerOf(conversationId), undefined);
      }
    });

    test('of two messages that want it at once is one’s', async () => {
      const owner = sessionOwner();
      const id = await arrive(owner);
      const outcomes = (await Promise.all([send(owner, [id]), send(owner, [id])])).map(({ outcome }) => outcome);
      assert.deepEqual(outcomes.toSorted(), ['attachment_not_found', 'begun']);
    });

    test('becomes the subject’s with the session that is claimed, sent or not', async () => {
      const [session, anna] = [sessionOwner(), subjectOwner()];
      const [sent, unsent] = [await arrive(session), await arrive(session)];
      await send(session, [sent]);
      await store().conversations.claim(session, anna, startOfTime);
      for (const id of [sent, unsent]) {
        assert.deepEqual([await isFound(session, id), await isFound(anna, id)], [false, true]);
      }
    });

    test('is to be removed when nobody has sent it for too long, when it never arrived, and when it was taken back', async () => {
      const owner = sessionOwner();
      const [old, young, sent, back] = [
        await arrive(owner, startOfTime),
        await arrive(owner, startOfTime + 100),
        await arrive(owner, startOfTime),
        await arrive(owner, startOfTime + 100),
      ];
      const [lost, arriving] = [randomUUID(), randomUUID()];
      await store().attachments.reserve({ id: lost, owner, bytes: 1, now: startOfTime }, roomy);
      await store().attachments.reserve({ id: arriving, owner, bytes: 1, now: startOfTime + 100 }, roomy);
      await send(owner, [sent]);
      await store().attachments.discard(owner, back);
      const expired = await store().attachments.expire(startOfTime + 50, startOfTime + 50);
      const mine = [old, young, sent, back, lost, arriving].filter((id) => expired.includes(id));
      assert.deepEqual(mine, [old, back, lost]);
      assert.deepEqual([await isFound(owner, old), await isFound(owner, young)], [false, true]);
      assert.equal((await send(owner, [old])).outcome, 'attachment_not_found');
      assert.equal(
        await store().attachments.complete(lost, { filename: 'x', mediaType: 'text/plain', bytes: 1 }),
        false,
      );
      // Until its content is gone it is named again.
      assert.ok((await store().attachments.expire(0, 0)).includes(old));
      await store().attachments.forget(old);
      assert.ok(!(await store().attachments.expire(0, 0)).includes(old));
      await store().attachments.forget(young);
      assert.equal(await isFound(owner, young), true, 'what is not given up is not forgotten');
    });

    test('goes with its conversation', async () => {
      const owner = sessionOwner();
      const id = await arrive(owner);
      const { conversationId } = await send(owner, [id]);
      assert.equal(await store().conversations.remove(conversationId), true);
      assert.equal(await store().conversations.remove(conversationId), false);
      assert.equal(await isFound(owner, id), false);
      assert.ok((await store().attachments.expire(0, 0)).includes(id));
      assert.equal(await store().conversations.ownerOf(conversationId), undefined);
    });

    test('keeps its closed session closed for as long as it is there', async () => {
      const session = sessionOwner();
      const id = await arrive(session);
      await store().sessions.close(session.agentId, session.sessionHash, startOfTime);
      await store().sessions.sweep(startOfTime + 1);
      assert.equal(await store().sessions.touch(session.agentId, session.sessionHash, startOfTime + 2), false);
      await store().attachments.discard(session, id);
      await store().attachments.forget(id);
      await store().sessions.sweep(startOfTime + 1);
      assert.equal(await store().sessions.touch(session.agentId, session.sessionHash, startOfTime + 2), true);
    });
  });
}
