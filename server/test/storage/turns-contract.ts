import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { BeginTurn, Store } from '../../src/storage/index.ts';
import {
  assistantMessage,
  regenerateTurn,
  sessionOwner,
  startOfTime,
  subjectOwner,
  submitTurn,
  userMessage,
} from './test-stores.ts';

const firstPage = { limit: 100 };

function outcomes(results: readonly BeginTurn[]): readonly string[] {
  return results.map(({ outcome }) => outcome).toSorted();
}

/** The reply of a turn that must have begun. */
function begun(result: BeginTurn) {
  assert.equal(result.outcome, 'begun');
  return result.outcome === 'begun' ? result : assert.fail();
}

export function describeTurns(store: () => Store): void {
  async function finish(messageId: string, text: string): Promise<void> {
    const message = assistantMessage(text, messageId);
    assert.equal(await store().replies.finish(messageId, 'complete', message, startOfTime), true);
  }

  /** A conversation with one finished exchange. */
  async function exchange(owner: ReturnType<typeof subjectOwner> | ReturnType<typeof sessionOwner> = subjectOwner()) {
    const conversationId = randomUUID();
    const message = userMessage('Where is my order?');
    const { reply } = begun(await store().conversations.beginTurn(submitTurn({ owner, conversationId, message })));
    await finish(reply.messageId, 'On its way.');
    return { owner, conversationId, message, replyId: reply.messageId };
  }

  describe('a new message', () => {
    test('makes the conversation and begins a reply whose history ends with the message', async () => {
      const owner = subjectOwner();
      const conversationId = randomUUID();
      const message = userMessage('Where is my order?');
      const { reply, history } = begun(
        await store().conversations.beginTurn(submitTurn({ owner, conversationId, message })),
      );
      assert.deepEqual(
        history.map(({ id, role, parts }) => ({ id, role, parts })),
        [{ id: message.id, role: 'user', parts: message.parts }],
      );
      assert.equal(reply.state, 'running');
      const found = await store().conversations.find(owner, conversationId);
      assert.deepEqual(found, {
        id: conversationId,
        agentId: 'demo',
        owner,
        title: 'Where is my order?',
        createdAt: startOfTime,
        updatedAt: startOfTime,
      });
    });

    test('sent twenty times at once begins exactly one reply, and all get that one', async () => {
      const turn = { owner: subjectOwner(), conversationId: randomUUID(), message: userMessage('Hello') };
      const results = await Promise.all(
        Array.from({ length: 20 }, () => store().conversations.beginTurn(submitTurn(turn))),
      );
      assert.deepEqual(outcomes(results), ['begun', ...Array<string>(19).fill('exists')]);
      const replies = new Set(results.map((result) => ('reply' in result ? result.reply.messageId : '')));
      assert.equal(replies.size, 1);
      const { messages } = await store().conversations.messages(turn.conversationId, firstPage);
      assert.equal(messages.length, 2);
    });

    test('of twenty different ones at once one begins and the others find the conversation busy', async () => {
      const owner = sessionOwner();
      const conversationId = randomUUID();
      const results = await Promise.all(
        Array.from({ length: 20 }, () => store().conversations.beginTurn(submitTurn({ owner, conversationId }))),
      );
      assert.deepEqual(outcomes(results), ['begun', ...Array<string>(19).fill('conversation_busy')]);
      const { messages } = await store().conversations.messages(conversationId, firstPage);
      assert.equal(messages.length, 2, 'a refused message is not stored');
    });

    test('sent again after its reply has ended finds that reply', async () => {
      const { owner, conversationId, message, replyId } = await exchange();
      const again = await store().conversations.beginTurn(submitTurn({ owner, conversationId, message }));
      assert.equal(again.outcome, 'exists');
      assert.equal('reply' in again && again.reply.messageId, replyId);
      assert.equal('reply' in again && again.reply.state, 'complete');
    });

    test('with the id of another message and other content is a conflict', async () => {
      const { owner, conversationId, message } = await exchange();
      const other = userMessage('Something else', message.id);
      const result = await store().conversations.beginTurn(submitTurn({ owner, conversationId, message: other }));
      assert.deepEqual(result, { outcome: 'message_conflict' });
    });

    test('with the id of a reply is a conflict', async () => {
      const { owner, conversationId, replyId } = await exchange();
      const message = userMessage('Hello', replyId);
      const result = await store().conversations.beginTurn(submitTurn({ owner, conversationId, message }));
      assert.deepEqual(result, { outcome: 'message_conflict' });
    });

    test('may have the id of a message in another conversation, of which it learns nothing', async () => {
      const { message } = await exchange(subjectOwner('anna'));
      const other = { owner: subjectOwner('bert'), conversationId: randomUUID(), message };
      const { history } = begun(await store().conversations.beginTurn(submitTurn(other)));
      assert.deepEqual(
        history.map(({ id }) => id),
        [message.id],
      );
    });

    test("in another's conversation, or another agent's, is told that there is none", async () => {
      const anna = subjectOwner('anna');
      const { conversationId } = await exchange(anna);
      const strangers = [
        subjectOwner('bert'),
        sessionOwner('anna'),
        { ...anna, agentId: 'other' },
        { ...anna, subject: 'anna ' },
      ];
      for (const owner of strangers) {
        const result = await store().conversations.beginTurn(submitTurn({ owner, conversationId }));
        assert.deepEqual(result, { outcome: 'conversation_not_found' });
      }
      const { messages } = await store().conversations.messages(conversationId, firstPage);
      assert.equal(messages.length, 2);
    });

    test('finds what was said before in its history, without replies that were replaced or are empty', async () => {
      const { owner, conversationId, replyId } = await exchange();
      const regenerated = begun(
        await store().conversations.beginTurn(regenerateTurn({ owner, conversationId, messageId: replyId })),
      );
      const empty = { ...assistantMessage('', regenerated.reply.messageId), parts: [] };
      await store().replies.finish(regenerated.reply.messageId, 'failed', empty, startOfTime);
      const message = userMessage('And now?');
      const { history } = begun(await store().conversations.beginTurn(submitTurn({ owner, conversationId, message })));
      assert.deepEqual(
        history.map(({ role, parts }) => [role, parts[0]?.type === 'text' && parts[0].text]),
        [
          ['user', 'Where is my order?'],
          ['user', 'And now?'],
        ],
      );
    });

    test('ends the reply of a dead process instead of finding the conversation busy, and keeps its text', async () => {
      const owner = subjectOwner();
      const conversationId = randomUUID();
      const { reply } = begun(await store().conversations.beginTurn(submitTurn({ owner, conversationId })));
      await store().replies.appendParts(
        reply.messageId,
        1,
        [
          { type: 'start', messageId: reply.messageId },
          { type: 'text-start', id: 't' },
          { type: 'text-delta', id: 't', delta: 'On its' },
        ],
        startOfTime,
      );
      const busy = await store().conversations.beginTurn(
        submitTurn({ owner, conversationId, now: startOfTime + 20_000 }),
      );
      assert.deepEqual(busy, { outcome: 'conversation_busy' });
      const next = begun(
        await store().conversations.beginTurn(submitTurn({ owner, conversationId, now: startOfTime + 20_001 })),
      );
      assert.equal((await store().replies.find(reply.messageId))?.state, 'interrupted');
      const cut = next.history.find(({ id }) => id === reply.messageId);
      assert.deepEqual(cut?.parts, [{ type: 'text', text: 'On its', state: 'done' }]);
      assert.equal(cut?.metadata?.status, 'interrupted');
      assert.equal(cut?.metadata?.createdAt, new Date(startOfTime).toISOString());
    });

    test('keeps U+0000 and lone surrogates in its text, and leaves them out of the title', async () => {
      const owner = subjectOwner();
      const conversationId = randomUUID();
      const message = userMessage('a\0b \ud800 c');
      begun(await store().conversations.beginTurn(submitTurn({ owner, conversationId, message })));
      const { messages } = await store().conversations.messages(conversationId, firstPage);
      assert.deepEqual(messages[0]?.parts, message.parts);
      assert.equal((await store().conversations.find(owner, conversationId))?.title, 'ab \ufffd c');
    });

    test('with U+0000 in its id or its owner is kept apart from the one without', async () => {
      const [odd, plain] = [subjectOwner('an\0na'), subjectOwner('anna')];
      const ids = { conversationId: `${randomUUID()}\0`, message: userMessage('Hello', 'm\0\ud800') };
      const { reply } = begun(await store().conversations.beginTurn(submitTurn({ owner: odd, ...ids })));
      assert.equal(reply.userMessageId, 'm\0\ud800');
      assert.deepEqual((await store().conversations.find(odd, ids.conversationId))?.owner, odd);
      assert.equal(await store().conversations.find(plain, ids.conversationId), undefined);
    });

    test('gives the conversation a title of at most 80 characters, none of them cut in half', async () => {
      const owner = subjectOwner();
      const conversationId = randomUUID();
      const message = userMessage(`${'x'.repeat(79)}😀😀\nmore`);
      begun(await store().conversations.beginTurn(submitTurn({ owner, conversationId, message })));
      assert.equal((await store().conversations.find(owner, conversationId))?.title, `${'x'.repeat(79)}😀`);
    });

    test('with an id that no index could hold is refused as a mistake', async () => {
      const message = userMessage('Hello', 'x'.repeat(256));
      await assert.rejects(
        store().conversations.beginTurn(submitTurn({ owner: subjectOwner(), conversationId: 'c', message })),
        RangeError,
      );
    });
  });

  describe('regenerating', () => {
    test('replaces the newest reply: the history is the same, the old reply is gone from the messages', async () => {
      const { owner, conversationId, message, replyId } = await exchange();
      const { reply, history } = begun(
        await store().conversations.beginTurn(regenerateTurn({ owner, conversationId, messageId: replyId })),
      );
      assert.deepEqual(
        history.map(({ id }) => id),
        [message.id],
      );
      assert.equal(reply.userMessageId, message.id);
      const { messages } = await store().conversations.messages(conversationId, firstPage);
      assert.deepEqual(
        messages.map(({ id }) => id),
        [message.id, reply.messageId],
      );
    });

    test('asked for twenty times at once begins one reply', async () => {
      const { owner, conversationId, replyId } = await exchange();
      const results = await Promise.all(
        Array.from({ length: 20 }, () =>
          store().conversations.beginTurn(regenerateTurn({ owner, conversationId, messageId: replyId })),
        ),
      );
      assert.deepEqual(outcomes(results), ['begun', ...Array<string>(19).fill('exists')]);
    });

    test('asked for again after the replacement has ended finds the replacement', async () => {
      const { owner, conversationId, replyId } = await exchange();
      const turn = regenerateTurn({ owner, conversationId, messageId: replyId });
      const { reply } = begun(await store().conversations.beginTurn(turn));
      await finish(reply.messageId, 'Still on its way.');
      const again = await store().conversations.beginTurn(
        regenerateTurn({ owner, conversationId, messageId: replyId }),
      );
      assert.equal(again.outcome, 'exists');
      assert.equal('reply' in again && again.reply.messageId, reply.messageId);
    });

    test('makes the message sent again find the new reply', async () => {
      const { owner, conversationId, message, replyId } = await exchange();
      const { reply } = begun(
        await store().conversations.beginTurn(regenerateTurn({ owner, conversationId, messageId: replyId })),
      );
      const again = await store().conversations.beginTurn(submitTurn({ owner, conversationId, message }));
      assert.equal('reply' in again && again.reply.messageId, reply.messageId);
    });

    test('a reply that still runs finds the conversation busy', async () => {
      const owner = subjectOwner();
      const conversationId = randomUUID();
      const { reply } = begun(await store().conversations.beginTurn(submitTurn({ owner, conversationId })));
      const result = await store().conversations.beginTurn(
        regenerateTurn({ owner, conversationId, messageId: reply.messageId }),
      );
      assert.deepEqual(result, { outcome: 'conversation_busy' });
    });

    test('a reply that is not the newest is a conflict', async () => {
      const { owner, conversationId, replyId } = await exchange();
      const { reply } = begun(await store().conversations.beginTurn(submitTurn({ owner, conversationId })));
      await finish(reply.messageId, 'Newer.');
      const result = await store().conversations.beginTurn(
        regenerateTurn({ owner, conversationId, messageId: replyId }),
      );
      assert.deepEqual(result, { outcome: 'message_conflict' });
    });

    test('what is no reply of this conversation finds no message', async () => {
      const { owner, conversationId, message } = await exchange();
      const elsewhere = await exchange(owner);
      for (const messageId of [message.id, elsewhere.replyId, randomUUID()]) {
        const result = await store().conversations.beginTurn(regenerateTurn({ owner, conversationId, messageId }));
        assert.deepEqual(result, { outcome: 'message_not_found' });
      }
    });

    test('in a conversation that does not exist makes none', async () => {
      const turn = { owner: subjectOwner(), conversationId: randomUUID(), messageId: randomUUID() };
      assert.deepEqual(await store().conversations.beginTurn(regenerateTurn(turn)), {
        outcome: 'conversation_not_found',
      });
      assert.equal(await store().conversations.find(turn.owner, turn.conversationId), undefined);
    });
  });
}
