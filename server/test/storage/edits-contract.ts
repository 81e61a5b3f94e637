import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { searchWords, type BeginTurn, type NewTurn, type Owner, type Store } from '../../src/storage/index.ts';
import type { OpenedStore } from './session-rows-contract.ts';
import { goBackBefore } from './earlier-schema.ts';
import { assistantMessage, regenerateTurn, sessionOwner, startOfTime, submitTurn, userMessage } from './test-stores.ts';

export function describeEdits(opened: () => OpenedStore): void {
  const store = (): Store => opened().store;

  async function ask(owner: Owner, text: string, change: Partial<NewTurn> & { conversationId?: string } = {}) {
    const turn = submitTurn({
      owner,
      conversationId: change.conversationId ?? randomUUID(),
      message: userMessage(text),
    });
    const changed = { ...turn, ...change } as Extract<NewTurn, { trigger: 'submit-message' }>;
    return { turn: changed, begun: await store().conversations.beginTurn(changed) };
  }

  function replyOf(begun: BeginTurn): string {
    return 'reply' in begun ? begun.reply.messageId : assert.fail(begun.outcome);
  }

  /** A question and its finished answer. */
  async function exchange(owner: Owner, text: string, change: Partial<NewTurn> = {}) {
    const { turn, begun } = await ask(owner, text, change);
    const replyId = replyOf(begun);
    await store().replies.finish(replyId, 'complete', assistantMessage(`You said ${text}`, replyId), startOfTime);
    return { conversationId: turn.conversationId, messageId: turn.message.id, replyId, turn };
  }

  const textsIn = async (conversationId: string) =>
    (await store().conversations.messages(conversationId, { limit: 50 })).messages.map(({ parts }) =>
      parts.map((part) => (part.type === 'text' ? part.text : part.type)).join(),
    );

  describe('a message that takes the place of another', () => {
    test('hides it with its reply, and leads the agent’s history', async () => {
      const owner = sessionOwner();
      const first = await exchange(owner, 'one');
      const old = await exchange(owner, 'two', { conversationId: first.conversationId });
      const { begun } = await ask(owner, 'three', { conversationId: first.conversationId, replaces: old.messageId });
      assert.equal(begun.outcome, 'begun');
      const history = begun.outcome === 'begun' ? begun.history : [];
      assert.deepEqual(
        history.map(({ parts }) => parts.map((part) => 'text' in part && part.text).join()),
        ['one', 'You said one', 'three'],
      );
      assert.deepEqual(await textsIn(first.conversationId), ['one', 'You said one', 'three', '']);
    });

    test('renames a conversation that was named after it, and no other', async () => {
      const owner = sessionOwner();
      const title = async (id: string) => (await store().conversations.find(owner, id))?.title;
      const first = await exchange(owner, 'Were is my order');
      const { conversationId } = first;
      const { turn, begun } = await ask(owner, 'Where is my order', { conversationId, replaces: first.messageId });
      assert.equal(await title(conversationId), 'Where is my order');
      await store().replies.finish(replyOf(begun), 'complete', assistantMessage('x', replyOf(begun)), startOfTime);
      await store().conversations.rename(owner, conversationId, 'Mine');
      await ask(owner, 'Where is it', { conversationId, replaces: turn.message.id });
      assert.equal(await title(conversationId), 'Mine');
    });

    test('of another one than the visitor’s last is refused', async () => {
      const owner = sessionOwner();
      const first = await exchange(owner, 'one');
      const { conversationId } = first;
      const last = await exchange(owner, 'two', { conversationId });
      const foreign = await exchange(sessionOwner(), 'theirs');
      const cases = [
        [first.messageId, 'message_conflict'],
        [last.replyId, 'message_conflict'],
        [foreign.messageId, 'message_not_found'],
        ['nothing', 'message_not_found'],
      ] as const;
      for (const [replaces, outcome] of cases) {
        assert.equal((await ask(owner, 'x', { conversationId, replaces })).begun.outcome, outcome, replaces);
      }
      assert.equal(
        (await ask(sessionOwner(), 'x', { conversationId, replaces: last.messageId })).begun.outcome,
        'conversation_not_found',
      );
      const nowhere = randomUUID();
      const lost = await ask(owner, 'x', { conversationId: nowhere, replaces: last.messageId });
      assert.equal(lost.begun.outcome, 'conversation_not_found');
      assert.equal(await store().conversations.ownerOf(nowhere), undefined, 'none was made for it');
    });

    test('waits for the reply that runs', async () => {
      const owner = sessionOwner();
      const { turn } = await ask(owner, 'one');
      const { conversationId } = turn;
      const edit = await ask(owner, 'two', { conversationId, replaces: turn.message.id });
      assert.equal(edit.begun.outcome, 'conversation_busy');
    });

    test('wins alone among several at once', async () => {
      const owner = sessionOwner();
      const { conversationId, messageId: replaces } = await exchange(owner, 'one');
      const edits = await Promise.all(['a', 'b', 'c'].map((text) => ask(owner, text, { conversationId, replaces })));
      const outcomes = edits.map(({ begun }) => begun.outcome).toSorted();
      assert.deepEqual(outcomes, ['begun', 'message_conflict', 'message_conflict']);
    });

    test('sent again reads the same reply; the old one, and its reply, are no way back', async () => {
      const owner = sessionOwner();
      const old = await exchange(owner, 'one');
      const { conversationId } = old;
      const { turn, begun } = await ask(owner, 'two', { conversationId, replaces: old.messageId });
      const again = await store().conversations.beginTurn({ ...turn, replyId: randomUUID() });
      assert.deepEqual([again.outcome, replyOf(again)], ['exists', replyOf(begun)]);
      await store().replies.finish(replyOf(begun), 'complete', assistantMessage('x', replyOf(begun)), startOfTime);
      assert.equal((await store().conversations.beginTurn(old.turn)).outcome, 'message_conflict');
      const regenerated = regenerateTurn({ owner, conversationId, messageId: old.replyId });
      assert.equal((await store().conversations.beginTurn(regenerated)).outcome, 'message_conflict');
    });
  });

  describe('what a visitor thinks of a reply', () => {
    test('is the last that they said, until they take it back', async () => {
      const owner = sessionOwner();
      const { conversationId, replyId } = await exchange(owner, 'one');
      const kept = async () => (await store().conversations.message(conversationId, replyId))?.metadata?.feedback;
      const up = { rating: 'up', comment: 'It’s "fine" \u0000' } as const;
      assert.equal(await store().conversations.rate(owner, replyId, up), 'changed');
      assert.equal(await store().conversations.rate(owner, replyId, up), 'unchanged');
      assert.deepEqual(await kept(), up);
      await store().conversations.rate(owner, replyId, { rating: 'down' });
      assert.deepEqual(await kept(), { rating: 'down' });
      const listed = await store().conversations.messages(conversationId, { limit: 9 });
      assert.deepEqual(listed.messages.at(-1)?.metadata?.feedback, { rating: 'down' });
      assert.equal(await store().conversations.rate(owner, replyId, null), 'changed');
      assert.equal(await kept(), undefined);
    });

    test('can be said of nothing but an ended reply of their own', async () => {
      const owner = sessionOwner();
      const done = await exchange(owner, 'one');
      const running = await ask(owner, 'two');
      const rate = (who: Owner, id: string) => store().conversations.rate(who, id, { rating: 'up' });
      assert.equal(await rate(sessionOwner(), done.replyId), 'message_not_found');
      assert.equal(await rate(owner, done.messageId), 'message_not_found');
      assert.equal(await rate(owner, replyOf(running.begun)), 'message_not_found');
      assert.equal(await rate(owner, 'nothing'), 'message_not_found');
      const { conversationId } = done;
      await store().conversations.beginTurn(regenerateTurn({ owner, conversationId, messageId: done.replyId }));
      assert.equal(await rate(owner, done.replyId), 'message_not_found');
    });
  });

  describe('a search', () => {
    const found = async (owner: Owner, query: string) =>
      (await store().conversations.list(owner, { limit: 50, words: searchWords(query) })).rows.map(
        ({ title }) => title,
      );

    test('finds conversations whose title and messages hold all the words, whatever their case', async () => {
      const owner = sessionOwner();
      const { conversationId } = await exchange(owner, 'Where is my ÜBERTOPF?');
      await exchange(owner, 'Do you sell ferns?');
      await store().conversations.rename(owner, conversationId, 'Lost Parcel');
      assert.deepEqual(await found(owner, 'übertopf'), ['Lost Parcel']);
      assert.deepEqual(await found(owner, 'PARCEL where said'), ['Lost Parcel']);
      assert.deepEqual(await found(owner, 'parcel ferns'), []);
      assert.equal((await found(owner, 'you')).length, 2);
      assert.deepEqual(await found(sessionOwner(), 'übertopf'), [], 'of somebody else');
    });

    test('takes every sign as it stands', async () => {
      const owner = sessionOwner();
      await exchange(owner, 'plain words');
      await exchange(owner, 'a 100% sure_thing! with \\ and "quotes" .* [x]');
      for (const query of ['100%', 'sure_thing', 'thing!', '\\', '"quotes"', '.*', '[x]']) {
        assert.equal((await found(owner, query)).length, 1, query);
      }
      for (const query of ['p%n', 'p_ain', '%', '_', "' or 1=1 --", 'pl.in', 'parts', 'type', 'createdAt']) {
        const titles = await found(owner, query);
        assert.ok(!titles.includes('plain words'), query);
      }
    });

    test('sees what was hidden or is of another message no more', async () => {
      const owner = sessionOwner();
      const { conversationId, messageId: replaces } = await exchange(owner, 'first secret');
      await store().conversations.rename(owner, conversationId, 'Talk');
      await exchange(owner, 'second try', { conversationId, replaces });
      assert.deepEqual(await found(owner, 'secret'), []);
      assert.deepEqual(await found(owner, 'try'), ['Talk']);
    });

    test('finds what earlier versions have stored', async () => {
      const owner = sessionOwner();
      await exchange(owner, 'Grüße aus Köln');
      await goBackBefore('0006-conversation-extras', opened().query);
      await opened().reopen();
      assert.deepEqual(await found(owner, 'KÖLN said'), ['Grüße aus Köln']);
    });
  });

  describe('consent', () => {
    test('is recorded with the first message that carries a version, once', async () => {
      const owner = { ...sessionOwner(), agentId: randomUUID() };
      const { conversationId } = await exchange(owner, 'one', { consentVersion: '1' });
      await exchange(owner, 'two', { conversationId, consentVersion: '1' });
      await exchange(owner, 'three', { conversationId, consentVersion: '2' });
      const audit = await store().audit.list(owner.agentId, 9);
      assert.deepEqual(
        audit.map(({ kind, reason, detail }) => [kind, reason, detail?.['conversationId']]),
        [
          ['consent-accepted', '2', conversationId],
          ['consent-accepted', '1', conversationId],
        ],
      );
    });
  });

  describe('a conversation that a person has taken over', () => {
    const change = (conversationId: string, to: 'requested' | 'active' | 'ended') =>
      store().handoffs.change({
        conversationId,
        from: to === 'active' ? ['none', 'requested', 'ended'] : ['none', 'requested', 'active'],
        to: to === 'active' ? { state: to, name: 'Grace' } : { state: to },
        message: () => ({
          id: randomUUID(),
          role: 'assistant',
          parts: [{ type: 'data-handoff', data: { state: to } }],
        }),
        now: startOfTime,
      });

    test('stores messages and begins no reply; the same message again finds the same end', async () => {
      const owner = sessionOwner();
      const first = await exchange(owner, 'one');
      const { conversationId } = first;
      assert.equal(await change(conversationId, 'active'), 'changed');
      assert.deepEqual(await store().handoffs.find(conversationId), { state: 'active', name: 'Grace' });
      const { turn, begun } = await ask(owner, 'two', { conversationId });
      assert.equal(begun.outcome, 'handed_over');
      const again = await store().conversations.beginTurn({ ...turn, replyId: randomUUID() });
      assert.deepEqual([again.outcome, replyOf(again)], ['exists', replyOf(begun)]);
      assert.deepEqual(await textsIn(conversationId), ['one', 'You said one', 'data-handoff', 'two']);
      const regenerated = regenerateTurn({ owner, conversationId, messageId: first.replyId });
      assert.equal((await store().conversations.beginTurn(regenerated)).outcome, 'message_conflict');
      const edited = await ask(owner, 'x', { conversationId, replaces: turn.message.id });
      assert.equal(edited.begun.outcome, 'message_conflict');
      assert.equal(await change(conversationId, 'ended'), 'changed');
      assert.equal((await ask(owner, 'three', { conversationId })).begun.outcome, 'begun');
    });

    test('keeps what a person has read as it is, also once they are gone', async () => {
      const owner = sessionOwner();
      const { conversationId, messageId: before } = await exchange(owner, 'before');
      const edit = async (replaces: string) =>
        (await ask(owner, 'something else', { conversationId, replaces })).begun.outcome;
      await change(conversationId, 'active');
      await change(conversationId, 'ended');
      assert.equal(await edit(before), 'message_conflict', 'a hand-off stands after it');
      await change(conversationId, 'active');
      const { turn } = await ask(owner, 'refund 10 EUR', { conversationId });
      const agreed = { ...assistantMessage('Agreed, done.', randomUUID()), metadata: {} };
      await store().handoffs.say(conversationId, agreed, startOfTime);
      await change(conversationId, 'ended');
      assert.equal(await edit(turn.message.id), 'message_conflict', 'a person has answered it');
      const said = (await textsIn(conversationId)).filter((text) => /refund|Agreed/.test(text));
      assert.deepEqual(said, ['refund 10 EUR', 'Agreed, done.']);
      const after = await exchange(owner, 'after', { conversationId });
      assert.equal(await edit(after.messageId), 'begun', 'what came after it is the visitor’s again');
    });

    test('keeps what was sent to a person as it is, even where nothing tells of them any more', async () => {
      const owner = sessionOwner();
      const { conversationId } = await exchange(owner, 'before');
      await opened().query(`update conversations set handoff_state = 'active' where id = '${conversationId}'`);
      const { turn, begun } = await ask(owner, 'refund 10 EUR', { conversationId });
      assert.equal(begun.outcome, 'handed_over');
      await opened().query(`update conversations set handoff_state = 'ended' where id = '${conversationId}'`);
      const edited = await ask(owner, 'refund 99 EUR', { conversationId, replaces: turn.message.id });
      assert.equal(edited.begun.outcome, 'message_conflict');
    });

    test('holds what they say, once, and nothing before or after', async () => {
      const owner = sessionOwner();
      const { conversationId } = await exchange(owner, 'one');
      const author = { kind: 'operator', name: 'Grace' } as const;
      const message = { ...assistantMessage('Hello', randomUUID()), metadata: { author } };
      const say = () => store().handoffs.say(conversationId, message, startOfTime);
      assert.equal(await say(), 'not_active');
      await change(conversationId, 'active');
      assert.deepEqual([await say(), await say()], ['stored', 'exists']);
      const { messages } = await store().conversations.messages(conversationId, { limit: 1 });
      assert.deepEqual(messages[0]?.metadata?.author, author);
      assert.equal((await store().conversations.list(owner, { limit: 1 })).rows[0]?.lastMessage, 'Hello');
      await change(conversationId, 'ended');
      assert.equal(await store().handoffs.say(conversationId, { ...message, id: 'other' }, startOfTime), 'not_active');
      assert.equal(await store().handoffs.say('nothing', message, startOfTime), 'conversation_not_found');
      assert.equal(await change(conversationId, 'ended'), 'wrong_state');
    });
  });
}
