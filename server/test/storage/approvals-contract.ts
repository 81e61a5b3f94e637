import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { ChatMessage } from '../../../src/protocol/index.ts';
import type { Approval, BeginTurn, NewTurn, Owner, Store } from '../../src/storage/index.ts';
import { sessionOwner, startOfTime, subjectOwner, submitTurn, userMessage } from './test-stores.ts';

const minuteMs = 60_000;

type Asked = { readonly owner: Owner; readonly approval: Approval };

export function describeApprovals(store: () => Store): void {
  /** A finished reply that asks for approval. */
  async function ask(owner: Owner = subjectOwner(), input: unknown = { order: 'F-1' }): Promise<Asked> {
    const conversationId = randomUUID();
    const message = userMessage('Cancel my order');
    const begun = await store().conversations.beginTurn(submitTurn({ owner, conversationId, message }));
    const { messageId } = begun.outcome === 'begun' ? begun.reply : assert.fail(begun.outcome);
    const approval: Approval = {
      id: randomUUID(),
      conversationId,
      messageId,
      toolCallId: 'call',
      actionName: 'cancel_order',
      input,
      createdAt: startOfTime,
      expiresAt: startOfTime + minuteMs,
    };
    await store().approvals.hold(approval);
    await store().replies.finish(messageId, 'complete', asking(approval), startOfTime);
    return { owner, approval };
  }

  function asking({ id, messageId, toolCallId, actionName, input }: Approval): ChatMessage {
    const state = 'approval-requested' as const;
    const tool = { type: 'dynamic-tool', toolName: actionName, toolCallId, state, input, approval: { id } } as const;
    return { id: messageId, role: 'assistant', parts: [{ type: 'text', text: 'Shall I?' }, tool] };
  }

  function answer({ owner, approval }: Asked, approved: boolean, change: Partial<NewTurn> = {}): Promise<BeginTurn> {
    return store().conversations.beginTurn({
      owner,
      conversationId: approval.conversationId,
      replyId: randomUUID(),
      processId: 'p',
      now: startOfTime + 1,
      staleBefore: 0,
      trigger: 'answer-approval',
      approvalId: approval.id,
      approved,
      ...change,
    } as NewTurn);
  }

  async function cardOf({ approval }: Asked) {
    const message = await store().conversations.message(approval.conversationId, approval.messageId);
    return message?.parts.flatMap((part) => (part.type === 'dynamic-tool' ? [part] : []))[0];
  }

  describe('an approval', () => {
    test('is given out with its answer, as it was held, and its card says how it was answered', async () => {
      const input = { order: 'F-1', note: '\u0000 "quoted" \ud800', list: [1, null, { deep: true }] };
      const asked = await ask(subjectOwner(), input);
      const begun = await answer(asked, true);
      assert.ok(begun.outcome === 'begun');
      assert.deepEqual(begun.approval, { ...asked.approval, input: JSON.parse(JSON.stringify(input)) });
      assert.equal(begun.history.at(-1)?.id, asked.approval.messageId);
      const card = await cardOf(asked);
      assert.equal(card?.state, 'approval-responded');
      assert.deepEqual(card.approval, { id: asked.approval.id, approved: true });
    });

    test('is answered once, however many answer at once', async () => {
      const asked = await ask();
      const results = await Promise.all(Array.from({ length: 6 }, () => answer(asked, true)));
      assert.equal(results.filter(({ outcome }) => outcome === 'begun').length, 1);
      assert.equal(results.filter(({ outcome }) => outcome === 'exists').length, 5);
      const replies = new Set(results.map((result) => ('reply' in result ? result.reply.messageId : '')));
      assert.equal(replies.size, 1);
    });

    test('the other answer is a conflict, whichever came first', async () => {
      for (const first of [true, false]) {
        const asked = await ask();
        assert.equal((await answer(asked, first)).outcome, 'begun');
        assert.equal((await answer(asked, !first)).outcome, 'message_conflict');
        assert.equal((await cardOf(asked))?.state, first ? 'approval-responded' : 'output-denied');
      }
    });

    test('is of its conversation’s owner, and of that conversation', async () => {
      const [asked, other] = [await ask(), await ask(sessionOwner())];
      for (const owner of [subjectOwner(), sessionOwner(), other.owner]) {
        assert.equal((await answer({ ...asked, owner }, true)).outcome, 'conversation_not_found');
      }
      const elsewhere = { conversationId: other.approval.conversationId };
      assert.equal((await answer({ ...asked, owner: other.owner }, true, elsewhere)).outcome, 'approval_not_found');
      assert.equal((await answer(asked, true, { approvalId: 'x' })).outcome, 'approval_not_found');
      assert.equal((await cardOf(asked))?.state, 'approval-requested');
    });

    test('goes with its conversation to the subject who claims it, and opens nothing in a closed session', async () => {
      const session = sessionOwner();
      const subject = subjectOwner();
      const asked = await ask(session);
      await store().conversations.claim(session, subject, startOfTime);
      assert.equal((await answer(asked, true)).outcome, 'conversation_not_found');
      assert.equal((await answer({ ...asked, owner: subject }, true)).outcome, 'begun');
      const closed = sessionOwner();
      const late = await ask(closed);
      await store().sessions.close('demo', closed.sessionHash, startOfTime);
      assert.equal((await answer(late, true)).outcome, 'conversation_not_found');
    });

    test('is over at its time, for good', async () => {
      const asked = await ask();
      const late = { now: asked.approval.expiresAt };
      assert.equal((await answer(asked, true, late)).outcome, 'approval_expired');
      assert.equal((await answer(asked, true)).outcome, 'approval_expired');
      const card = await cardOf(asked);
      assert.equal(card?.state, 'output-denied');
      assert.equal(card.approval?.reason, 'expired');
      const inTime = await ask();
      assert.equal((await answer(inTime, true, { now: inTime.approval.expiresAt - 1 })).outcome, 'begun');
    });

    test('waits while a reply runs, and is not spent by that or for want of room', async () => {
      const asked = await ask();
      const { owner, approval } = asked;
      assert.equal((await answer(asked, true, { mayBegin: false })).outcome, 'not_begun');
      const { conversationId } = approval;
      const message = userMessage('And then?');
      const begun = await store().conversations.beginTurn(submitTurn({ owner, conversationId, message }));
      assert.equal((await answer(asked, true)).outcome, 'conversation_busy');
      assert.ok(begun.outcome === 'begun');
      const { messageId } = begun.reply;
      const text = { id: messageId, role: 'assistant', parts: [] } as const;
      await store().replies.finish(messageId, 'complete', text, startOfTime);
      assert.equal((await answer(asked, true)).outcome, 'begun');
    });

    test('is forgotten after its time', async () => {
      const asked = await ask();
      assert.ok((await store().approvals.sweep(asked.approval.expiresAt + 1)) >= 1);
      assert.equal((await answer(asked, true)).outcome, 'approval_not_found');
    });
  });
}
