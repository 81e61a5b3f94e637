import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { CannedReply, Note, Store } from '../../src/storage/index.ts';
import { assistantMessage, sessionOwner, startOfTime, submitTurn, userMessage } from './test-stores.ts';

/** What operators answer with. */
export function describeLive(store: () => Store): void {
  async function conversation() {
    const base = { owner: sessionOwner(), conversationId: randomUUID() };
    const message = userMessage('Is anybody there?');
    const begun = await store().conversations.beginTurn(submitTurn({ ...base, message }));
    assert.equal(begun.outcome, 'begun');
    if (begun.outcome === 'begun') {
      const { messageId } = begun.reply;
      await store().replies.finish(messageId, 'complete', assistantMessage('Yes', messageId), startOfTime);
    }
    return { ...base, message };
  }

  const newNote = (conversationId: string, text = 'A secret\0 of ours'): Note => ({
    id: randomUUID(),
    conversationId,
    operatorId: 'o\0',
    operatorName: 'Grace',
    text,
    createdAt: startOfTime,
  });

  describe('the desk of a conversation', () => {
    test('has what the visitor wrote unread until an operator has read it, and never goes back', async () => {
      const { message, ...base } = await conversation();
      const { desk, conversations } = store();
      const unread = async () => (await desk.find(base.conversationId))?.unreadCount;
      assert.equal(await unread(), 1);
      const next = userMessage('Hello?');
      await conversations.beginTurn(submitTurn({ ...base, message: next }));
      assert.equal(await unread(), 2);
      assert.equal(await desk.markRead(base.conversationId, next.id), 'changed');
      assert.equal(await desk.markRead(base.conversationId, message.id), 'unchanged');
      assert.equal(await unread(), 0);
      assert.equal(await desk.markRead(base.conversationId, 'nothing'), 'not_found');
    });

    test('is closed, and opened again by the visitor who writes; it is somebody’s or nobody’s', async () => {
      const { conversationId, owner } = await conversation();
      const { desk, conversations } = store();
      assert.equal(await desk.setStatus(conversationId, 'closed'), 'changed');
      assert.equal(await desk.setStatus(conversationId, 'closed'), 'unchanged');
      assert.equal(await desk.setStatus('nothing', 'closed'), 'not_found');
      assert.deepEqual(await desk.assign(conversationId, 'o\0'), { before: null });
      assert.deepEqual(await desk.assign(conversationId, 'other'), { before: 'o\0' });
      assert.equal(await desk.assign('nothing', 'o'), undefined);
      await conversations.beginTurn(submitTurn({ owner, conversationId, message: userMessage('One more thing') }));
      assert.partialDeepStrictEqual(await desk.find(conversationId), { status: 'open', assigneeId: 'other' });
      assert.equal(await desk.find('nothing'), undefined);
    });

    test('is taken over by one of two operators, and only they can say something', async () => {
      const { conversationId } = await conversation();
      const { desk, handoffs } = store();
      const take = (operatorId: string) =>
        handoffs.change({
          conversationId,
          from: ['none'],
          to: { state: 'active', name: operatorId },
          operatorId,
          message: () => assistantMessage('', randomUUID()),
          now: startOfTime,
        });
      const outcomes = await Promise.all([take('a'), take('b')]);
      assert.deepEqual(outcomes.toSorted(), ['changed', 'wrong_state']);
      const holder = (await desk.find(conversationId))?.handoff.operatorId ?? assert.fail('nobody');
      assert.equal(holder, outcomes[0] === 'changed' ? 'a' : 'b');
      const say = (operatorId: string, id: string = randomUUID()) =>
        handoffs.say(conversationId, assistantMessage('Hello', id), startOfTime, operatorId);
      assert.equal(await say(holder, 'said'), 'stored');
      assert.equal(await say('c'), 'not_active');
      const end = (heldBy: string) =>
        handoffs.change({
          conversationId,
          from: ['active'],
          to: { state: 'ended' },
          heldBy,
          message: () => assistantMessage('', randomUUID()),
          now: startOfTime,
        });
      assert.equal(await end('c'), 'wrong_state');
      assert.equal(await end(holder), 'changed');
      assert.equal(await say(holder, 'said'), 'exists', 'sent again after the end, it was said all the same');
      assert.equal((await desk.find(conversationId))?.handoff.operatorId, null);
    });

    test('stores what is said under the name of whoever has taken over by then', async () => {
      const { conversationId } = await conversation();
      const { conversations, handoffs } = store();
      for (const [name, from] of [['Bob'], ['Eve', 'Bob']] as const) {
        const outcome = await handoffs.change({
          conversationId,
          from: [from === undefined ? 'none' : 'active'],
          to: { state: 'active', name },
          operatorId: name,
          heldBy: from,
          message: () => assistantMessage('', randomUUID()),
          now: startOfTime,
        });
        assert.equal(outcome, 'changed');
      }
      const said = assistantMessage('It was me', randomUUID());
      const asBob = { ...said, metadata: { ...said.metadata, author: { kind: 'operator', name: 'Bob' } } } as const;
      assert.equal(await handoffs.say(conversationId, asBob, startOfTime, 'Eve'), 'stored');
      const messages = (await conversations.messages(conversationId, { limit: 1 })).messages;
      assert.deepEqual(messages.at(-1)?.metadata, { status: 'complete', author: { kind: 'operator', name: 'Eve' } });
    });
  });

  describe('notes', () => {
    test('are kept once, in order, and go with their conversation', async () => {
      const { conversationId } = await conversation();
      const { notes, conversations, presence } = store();
      const first = newNote(conversationId);
      const second = { ...newNote(conversationId), createdAt: startOfTime + 1 };
      assert.equal(await notes.add(second), 'added');
      assert.equal(await notes.add(first), 'added');
      assert.equal(await notes.add({ ...first, text: 'Another' }), 'exists');
      assert.equal(await notes.add(newNote('nothing')), 'not_found');
      assert.deepEqual(await notes.list(conversationId), [first, second]);
      assert.deepEqual(await notes.find(conversationId, first.id), first);
      assert.equal(await notes.find('nothing', first.id), undefined);
      assert.equal(await notes.remove('nothing', first.id), false);
      assert.equal(await notes.remove(conversationId, first.id), true);
      await presence.here(conversationId, { operatorId: 'a', name: 'A', typing: false }, startOfTime);
      assert.equal(await conversations.remove(conversationId), true);
      assert.deepEqual(await notes.list(conversationId), []);
      assert.deepEqual(await presence.list(conversationId, 0), []);
    });
  });

  describe('canned replies', () => {
    const reply = (agentId: string | null, shortcut: string): CannedReply => ({
      id: randomUUID(),
      agentId,
      shortcut,
      text: 'Thank you, {name}!',
      createdAt: startOfTime,
      updatedAt: startOfTime,
    });

    test('have one shortcut each at an agent, whoever adds them at the same moment', async () => {
      const agentId = randomUUID();
      const { cannedReplies } = store();
      const first = reply(agentId, 'thanks');
      const outcomes = await Promise.all([first, reply(agentId, 'thanks')].map((one) => cannedReplies.add(one)));
      assert.deepEqual(outcomes.toSorted(), ['added', 'exists']);
      assert.equal(await cannedReplies.add(reply(randomUUID(), 'thanks')), 'added');
      const bye = reply(agentId, 'bye');
      assert.equal(await cannedReplies.add(bye), 'added');
      const to = { shortcut: 'thanks', text: 'x', updatedAt: startOfTime + 1 };
      assert.equal(await cannedReplies.change(bye.id, to), 'exists');
      assert.equal(await cannedReplies.change(bye.id, { ...to, shortcut: 'bye' }), 'changed');
      assert.deepEqual(await cannedReplies.find(bye.id), { ...bye, text: 'x', updatedAt: startOfTime + 1 });
      assert.equal(await cannedReplies.change('nothing', to), 'not_found');
      assert.equal(await cannedReplies.remove(bye.id), true);
      assert.equal(await cannedReplies.remove(bye.id), false);
    });

    test('of all agents have shortcuts of their own', async () => {
      const { cannedReplies } = store();
      const shortcut = randomUUID();
      assert.equal(await cannedReplies.add(reply(null, shortcut)), 'added');
      assert.equal(await cannedReplies.add(reply(null, shortcut)), 'exists');
      assert.equal((await cannedReplies.list()).filter((one) => one.shortcut === shortcut).length, 1);
    });
  });

  test('who looks at a conversation is news once, and again after a silence', async () => {
    const conversationId = randomUUID();
    const { presence } = store();
    const here = (typing: boolean, now: number) =>
      presence.here(conversationId, { operatorId: 'a', name: 'Grace', typing }, now);
    assert.equal(await here(false, startOfTime), true);
    assert.equal(await here(false, startOfTime + 5_000), false);
    assert.equal(await here(true, startOfTime + 6_000), true);
    assert.deepEqual(await presence.list(conversationId, startOfTime), [
      { operatorId: 'a', name: 'Grace', typing: true },
    ]);
    assert.deepEqual(await presence.list(conversationId, startOfTime + 6_001), []);
    assert.equal(await here(true, startOfTime + 26_001), true);
    assert.equal(await presence.leave(conversationId, 'a'), true);
    assert.equal(await presence.leave(conversationId, 'a'), false);
    await here(false, startOfTime);
    assert.ok((await presence.sweep(startOfTime + 1)) >= 1);
    assert.deepEqual(await presence.list(conversationId, 0), []);
  });
}
