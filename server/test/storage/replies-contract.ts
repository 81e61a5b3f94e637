import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { StreamPart } from '../../../src/protocol/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { assistantMessage, startOfTime, subjectOwner, submitTurn } from './test-stores.ts';

function textParts(text: string): readonly StreamPart[] {
  return [
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: text },
  ];
}

export function describeReplies(store: () => Store): void {
  async function begin(now = startOfTime) {
    const conversationId = randomUUID();
    const turn = await store().conversations.beginTurn(submitTurn({ owner: subjectOwner(), conversationId, now }));
    return turn.outcome === 'begun' ? { conversationId, messageId: turn.reply.messageId } : assert.fail();
  }

  describe('a running reply', () => {
    test('gives back its parts in order, from any number on', async () => {
      const { messageId } = await begin();
      const many = Array.from({ length: 2_500 }, (_, n): StreamPart => ({
        type: 'text-delta',
        id: 't',
        delta: `${n}\0`,
      }));
      assert.equal(await store().replies.appendParts(messageId, 1, many, startOfTime), true);
      assert.equal(await store().replies.appendParts(messageId, 2_501, textParts('end'), startOfTime), true);
      const parts = await store().replies.parts(messageId, 2_499);
      assert.deepEqual(parts, [
        { n: 2_500, part: many.at(-1) },
        ...textParts('end').map((part, index) => ({ n: 2_501 + index, part })),
      ]);
    });

    test('takes a batch whose answer was lost a second time without doubling it', async () => {
      const { messageId } = await begin();
      for (let attempt = 0; attempt < 2; attempt++) {
        await store().replies.appendParts(messageId, 1, textParts('once'), startOfTime);
      }
      assert.equal((await store().replies.parts(messageId, 0)).length, 2);
    });

    test('is found by its conversation until it has ended', async () => {
      const { conversationId, messageId } = await begin();
      assert.equal((await store().replies.running(conversationId))?.messageId, messageId);
      await store().replies.finish(messageId, 'complete', assistantMessage('Done.', messageId), startOfTime);
      assert.equal(await store().replies.running(conversationId), undefined);
    });

    test('can be asked to stop', async () => {
      const { messageId } = await begin();
      assert.equal(await store().replies.stopRequested(messageId), false);
      await store().replies.requestStop(messageId);
      assert.equal(await store().replies.stopRequested(messageId), true);
    });

    test('ends once, also when its end is told many times at once', async () => {
      const { messageId, conversationId } = await begin();
      const texts = Array.from({ length: 10 }, (_, index) => `End ${index}`);
      const ends = await Promise.all(
        texts.map((text) =>
          store().replies.finish(messageId, 'complete', assistantMessage(text, messageId), startOfTime, {
            firstN: 1,
            parts: textParts(text),
          }),
        ),
      );
      assert.equal(ends.filter(Boolean).length, 1);
      const winner = texts[ends.indexOf(true)];
      const message = await store().conversations.message(conversationId, messageId);
      assert.deepEqual(message?.parts, [{ type: 'text', text: winner, state: 'done' }]);
      const parts = await store().replies.parts(messageId, 0);
      assert.deepEqual(parts.at(-1)?.part, { type: 'text-delta', id: 't', delta: winner });
    });

    test('that has ended takes no more parts and has no heart', async () => {
      const { messageId } = await begin();
      await store().replies.finish(messageId, 'stopped', assistantMessage('So far', messageId), startOfTime);
      assert.equal(await store().replies.appendParts(messageId, 1, textParts('late'), startOfTime), false);
      assert.equal(await store().replies.heartbeat(messageId, startOfTime), false);
      assert.deepEqual(await store().replies.parts(messageId, 0), []);
    });
  });

  describe('interrupting replies of dead processes', () => {
    test('ends those whose heart stopped, with the text stored so far, and leaves the living', async () => {
      // Older than what other tests leave behind.
      const past = startOfTime - 1_000_000;
      const [dead, living] = [await begin(past), await begin(past)];
      await store().replies.appendParts(dead.messageId, 1, textParts('Half of'), past);
      await store().replies.heartbeat(living.messageId, past + 500);
      const interrupted = await store().replies.interruptStale(past + 1, past + 600);
      assert.deepEqual(
        interrupted.map(({ messageId, state }) => ({ messageId, state })),
        [{ messageId: dead.messageId, state: 'interrupted' }],
      );
      const message = await store().conversations.message(dead.conversationId, dead.messageId);
      assert.deepEqual(message?.parts, [{ type: 'text', text: 'Half of', state: 'done' }]);
      assert.equal(message?.metadata?.status, 'interrupted');
      assert.equal((await store().replies.find(living.messageId))?.state, 'running');
    });

    test('is done once, also when several processes notice', async () => {
      const past = startOfTime - 2_000_000;
      const { messageId } = await begin(past);
      const found = await Promise.all(
        Array.from({ length: 5 }, () => store().replies.interruptStale(past + 1, past + 1)),
      );
      assert.deepEqual(
        found.flat().map((reply) => reply.messageId),
        [messageId],
      );
    });
  });

  test('sweeping removes the parts of replies that ended long ago, and their messages stay', async () => {
    const past = startOfTime - 3_000_000;
    const [old, recent, running] = [await begin(past), await begin(past), await begin(past)];
    for (const { messageId } of [old, recent, running]) {
      await store().replies.appendParts(messageId, 1, textParts('text'), past);
    }
    await store().replies.finish(old.messageId, 'complete', assistantMessage('Old.', old.messageId), past);
    await store().replies.finish(recent.messageId, 'complete', assistantMessage('New.', recent.messageId), past + 2);
    assert.equal(await store().replies.sweepParts(past + 1), 2);
    assert.deepEqual(await store().replies.parts(old.messageId, 0), []);
    assert.equal((await store().replies.parts(recent.messageId, 0)).length, 2);
    assert.equal((await store().replies.parts(running.messageId, 0)).length, 2);
    const message = await store().conversations.message(old.conversationId, old.messageId);
    assert.deepEqual(message?.parts, [{ type: 'text', text: 'Old.', state: 'done' }]);
  });
}
