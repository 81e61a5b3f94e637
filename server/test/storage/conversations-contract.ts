import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Owner, Store } from '../../src/storage/index.ts';
import { assistantMessage, sessionOwner, startOfTime, subjectOwner, submitTurn, userMessage } from './test-stores.ts';

export function describeConversations(store: () => Store): void {
  /** One finished exchange, in a new conversation unless one is given. */
  async function exchange(owner: Owner, now = startOfTime, conversationId: string = randomUUID()) {
    const message = userMessage(`Question at ${now}`);
    const turn = await store().conversations.beginTurn(submitTurn({ owner, conversationId, message, now }));
    assert.equal(turn.outcome, 'begun');
    const replyId = turn.outcome === 'begun' ? turn.reply.messageId : assert.fail();
    await store().replies.finish(replyId, 'complete', assistantMessage(`Answer at ${now}`, replyId), now);
    return { conversationId, replyId, message };
  }

  async function readAll<Item>(read: (before?: string) => Promise<{ items: Item[]; nextBefore: string | null }>) {
    const pages: Item[][] = [];
    let before: string | undefined;
    do {
      const page = await read(before);
      pages.push(page.items);
      before = page.nextBefore ?? undefined;
    } while (before !== undefined);
    return pages;
  }

  describe('the list of conversations', () => {
    test("A10 a verified subject's holds those of every session, an anonymous one's those of its own session", async () => {
      const [phone, laptop, anna] = [sessionOwner(), sessionOwner(), subjectOwner()];
      const onPhone = await exchange(phone, startOfTime);
      const onLaptop = await exchange(laptop, startOfTime + 1);
      const listed = async (owner: Owner) =>
        (await store().conversations.list(owner, { limit: 50 })).rows.map(({ id }) => id);
      assert.deepEqual(await listed(phone), [onPhone.conversationId]);
      assert.deepEqual(await listed(anna), []);
      await store().conversations.claim(phone, anna, startOfTime + 2);
      await store().conversations.claim(laptop, anna, startOfTime + 2);
      assert.deepEqual(await listed(anna), [onLaptop.conversationId, onPhone.conversationId]);
      assert.deepEqual(await listed(phone), []);
      assert.deepEqual(await listed({ ...anna, agentId: 'other' }), []);
    });

    test('is newest first, whole and without doubles over pages, also where times are equal', async () => {
      const owner = subjectOwner();
      for (const now of [1, 2, 2, 2, 2, 3]) await exchange(owner, startOfTime + now);
      const pages = await readAll(async (before) => {
        const { rows, nextBefore } = await store().conversations.list(owner, { limit: 2, before });
        return { items: [...rows], nextBefore };
      });
      const rows = pages.flat();
      assert.deepEqual(
        pages.map(({ length }) => length),
        [2, 2, 2],
      );
      assert.equal(new Set(rows.map(({ id }) => id)).size, 6);
      assert.deepEqual(
        rows.map(({ updatedAt }) => updatedAt - startOfTime),
        [3, 2, 2, 2, 2, 1],
      );
    });

    test('shows the newest text and how many answers are unread', async () => {
      const owner = subjectOwner();
      const { conversationId, replyId } = await exchange(owner);
      const row = async () => (await store().conversations.list(owner, { limit: 1 })).rows[0];
      assert.equal((await row())?.lastMessage, `Answer at ${startOfTime}`);
      assert.equal((await row())?.unreadCount, 1);
      assert.equal(await store().conversations.markRead(conversationId, replyId), true);
      assert.equal((await row())?.unreadCount, 0);
      assert.equal(await store().conversations.markRead(conversationId, randomUUID()), false);
      const running = userMessage(`  ${'long '.repeat(100)}`);
      await store().conversations.beginTurn(submitTurn({ owner, conversationId, message: running }));
      assert.equal((await row())?.unreadCount, 0, 'a running reply is not unread');
      assert.equal((await row())?.lastMessage.length, 200);
    });

    test("leaves Markdown's signs out of an answer's line, and a visitor's own as they were typed", async () => {
      const owner = subjectOwner();
      const typed = 'is **it** in __init__ or [here](/x)?';
      const turn = submitTurn({ owner, conversationId: randomUUID(), message: userMessage(typed) });
      await store().conversations.beginTurn(turn);
      const line = async () => (await store().conversations.list(owner, { limit: 1 })).rows[0]?.lastMessage;
      assert.equal(await line(), typed);
      const text = '**It** is [here](/help/here):\n\n- one\n- two\n\n| Name | No. |\n|:--|--:|\n| *a* | `1` |';
      await store().replies.finish(turn.replyId, 'complete', assistantMessage(text, turn.replyId), startOfTime);
      assert.equal(await line(), 'It is here: one two Name, No. · *a*, 1');
    });

    test('refuses a cursor that it did not give', async () => {
      const owner = subjectOwner();
      await exchange(owner, startOfTime);
      await exchange(owner, startOfTime + 1);
      const { nextBefore } = await store().conversations.list(owner, { limit: 1 });
      const good = nextBefore ?? assert.fail();
      const wrong = [
        '',
        'x',
        'null',
        `${good}=`,
        ` ${good}`,
        good.slice(1),
        'a'.repeat(5_000),
        btoa('[1]'),
        btoa('["1","a"]'),
      ];
      for (const before of wrong) {
        await assert.rejects(store().conversations.list(owner, { limit: 1, before }), RangeError, before);
      }
    });

    test("shows nothing of another's with their cursor", async () => {
      const [anna, bert] = [subjectOwner(), subjectOwner()];
      await exchange(anna, startOfTime);
      await exchange(anna, startOfTime + 1);
      const { nextBefore } = await store().conversations.list(anna, { limit: 1 });
      const { rows } = await store().conversations.list(bert, { limit: 50, before: nextBefore ?? assert.fail() });
      assert.deepEqual(rows, []);
    });
  });

  describe('the messages of a conversation', () => {
    test('are oldest first within a page, the newest page first, whole and without doubles', async () => {
      const owner = subjectOwner();
      const conversationId = randomUUID();
      const expected: string[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const { message, replyId } = await exchange(owner, startOfTime, conversationId);
        expected.push(message.id, replyId);
      }
      const pages = await readAll(async (before) => {
        const { messages, nextBefore } = await store().conversations.messages(conversationId, { limit: 3, before });
        return { items: [...messages], nextBefore };
      });
      assert.deepEqual(
        pages.map(({ length }) => length),
        [3, 3, 2],
      );
      const ids = pages.toReversed().flatMap((page) => page.map(({ id }) => id));
      assert.deepEqual(ids, expected);
    });

    test('refuse a broken cursor', async () => {
      await assert.rejects(store().conversations.messages(randomUUID(), { limit: 1, before: '%' }), RangeError);
    });

    test('show a reply that runs as streaming, without parts', async () => {
      const conversationId = randomUUID();
      await store().conversations.beginTurn(submitTurn({ owner: subjectOwner(), conversationId }));
      const { messages } = await store().conversations.messages(conversationId, { limit: 50 });
      assert.deepEqual(messages[1]?.parts, []);
      assert.equal(messages[1]?.metadata?.status, 'streaming');
    });
  });

  describe("claiming a session's conversations", () => {
    test('moves them once, also when two subjects try at the same moment', async () => {
      for (let round = 0; round < 5; round++) {
        const [session, anna, bert] = [sessionOwner(), subjectOwner(), subjectOwner()];
        const { conversationId } = await exchange(session);
        await exchange(session);
        const counts = await Promise.all(
          [anna, bert, anna, bert].map((to) => store().conversations.claim(session, to, startOfTime)),
        );
        assert.deepEqual(
          counts.toSorted((a, b) => a - b),
          [0, 0, 0, 2],
        );
        const winner = counts[0] === 2 || counts[2] === 2 ? anna : bert;
        assert.deepEqual(await store().conversations.ownerOf(conversationId), winner);
        assert.equal(await store().conversations.find(session, conversationId), undefined);
      }
    });

    test('is refused after the session was closed: nobody can claim them again', async () => {
      const session = sessionOwner();
      const { conversationId } = await exchange(session);
      await store().sessions.close(session.agentId, session.sessionHash, startOfTime);
      assert.equal(await store().conversations.claim(session, subjectOwner(), startOfTime), 0);
      assert.deepEqual(await store().conversations.ownerOf(conversationId), session);
    });

    test("leaves other sessions' and other agents' alone", async () => {
      const session = sessionOwner();
      const others = [sessionOwner(), { ...session, agentId: 'other' }];
      for (const owner of others) await exchange(owner);
      assert.equal(await store().conversations.claim(session, subjectOwner(), startOfTime), 0);
    });

    test('lets a reply that runs in them go on', async () => {
      const [session, anna] = [sessionOwner(), subjectOwner()];
      const conversationId = randomUUID();
      const turn = await store().conversations.beginTurn(submitTurn({ owner: session, conversationId }));
      const replyId = turn.outcome === 'begun' ? turn.reply.messageId : assert.fail();
      assert.equal(await store().conversations.claim(session, anna, startOfTime), 1);
      const done = await store().replies.finish(replyId, 'complete', assistantMessage('Yes.', replyId), startOfTime);
      assert.equal(done, true);
      assert.equal((await store().conversations.list(anna, { limit: 1 })).rows[0]?.lastMessage, 'Yes.');
    });
  });
}
