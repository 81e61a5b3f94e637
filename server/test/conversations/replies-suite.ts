import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { emptyReply, reduceReply } from '../../../src/protocol/index.ts';
import type { Frame } from '../../src/conversations/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { eventually, sessionOwner, startOfTime, userMessage } from '../storage/test-stores.ts';
import { directedAgent, speakingAgent } from './scripted-agents.ts';
import {
  assertGapless,
  collect,
  never,
  partsOf,
  regenerate,
  sent,
  submit,
  textIn,
  typesIn,
  type World,
} from './service-world.ts';

const page = { limit: 100 };

/** A store of which some calls fail as long as `failing()`. */
function faulty(store: Store, calls: readonly (keyof Store['replies'])[], failing: () => boolean): Store {
  const failingCall = (name: keyof Store['replies']) => {
    const call = store.replies[name] as (...parameters: unknown[]) => Promise<unknown>;
    return (...parameters: unknown[]) =>
      failing() ? Promise.reject(new Error('secret row content')) : call(...parameters);
  };
  return {
    ...store,
    replies: { ...store.replies, ...Object.fromEntries(calls.map((name) => [name, failingCall(name)])) },
  };
}

export function describeReplies(world: () => World): void {
  async function lastMessage(owner: ReturnType<typeof sessionOwner>, conversationId: string) {
    const { messages } = await world().store.conversations.messages(conversationId, page);
    assert.ok(await world().store.conversations.find(owner, conversationId));
    return messages.at(-1) ?? assert.fail();
  }

  describe('a reply', () => {
    test('comes as start, the agent’s parts and finish, and is stored as the message these make', async () => {
      const service = world().service();
      const [owner, conversationId, message] = [sessionOwner(), randomUUID(), userMessage('Where is my order?')];
      const agent = speakingAgent('On ', 'its ', 'way.');
      const reply = await sent(service, submit({ agent, owner, conversationId, message }));
      const frames = await collect(reply.frames(0, never));
      const createdAt = new Date(startOfTime).toISOString();
      assertGapless(frames);
      assert.deepEqual(partsOf(frames), [
        { type: 'start', messageId: reply.messageId, messageMetadata: { createdAt } },
        { type: 'text-start', id: 't' },
        { type: 'text-delta', id: 't', delta: 'On ' },
        { type: 'text-delta', id: 't', delta: 'its ' },
        { type: 'text-delta', id: 't', delta: 'way.' },
        { type: 'text-end', id: 't' },
        { type: 'finish', finishReason: 'stop', messageMetadata: { status: 'complete' } },
      ]);
      assert.deepEqual(await service.messages(owner, conversationId, page), {
        messages: [
          { ...message, metadata: { createdAt } },
          {
            id: reply.messageId,
            role: 'assistant',
            parts: [{ type: 'text', text: 'On its way.', state: 'done' }],
            metadata: { createdAt, status: 'complete' },
          },
        ],
        nextBefore: null,
      });
      const reduced = partsOf(frames).reduce(reduceReply, emptyReply(''));
      assert.deepEqual(reduced.message, await lastMessage(owner, conversationId));
    });

    test('is given its turn: the history, what the page sent along, who asks', async () => {
      const agent = speakingAgent('Yes.');
      const service = world().service();
      const input = submit({ agent });
      await collect((await sent(service, input)).frames(0, never));
      const turn = agent.turns[0] ?? assert.fail();
      assert.equal(turn.conversationId, input.conversationId);
      assert.deepEqual(turn.metadata, { source: 'test' });
      assert.equal(turn.user.verified, false);
      assert.deepEqual(
        turn.history.map(({ role }) => role),
        ['user'],
      );
    });

    test('begins only after its message is durable', async () => {
      const service = world().service();
      const agent = directedAgent();
      const message = userMessage('Keep this');
      const input = submit({ agent, message });
      await sent(service, input);
      const { messages } = await world().otherStore.conversations.messages(input.conversationId, page);
      assert.deepEqual(messages[0]?.parts, message.parts);
      agent.end();
    });

    test('has ended in the store when its last frame is read, so that the next message is not too early', async () => {
      const service = world().service();
      const base = { owner: sessionOwner(), conversationId: randomUUID(), agent: speakingAgent('Yes.') };
      for (let turn = 0; turn < 5; turn++) {
        for await (const { part } of (await sent(service, submit(base))).frames(0, never)) {
          if (part.type !== 'finish') continue;
          const { messages } = await world().store.conversations.messages(base.conversationId, page);
          assert.equal(messages.at(-1)?.metadata?.status, 'complete');
        }
      }
    });

    test('reaches every reader whole, also a slow one, and one that comes late or begins in the middle', async () => {
      const service = world().service();
      const agent = directedAgent();
      const reply = await sent(service, submit({ agent }));
      const fast = collect(reply.frames(0, never));
      const slow = reply.frames(0, never)[Symbol.asyncIterator]();
      const slowFrames: Frame[] = [];
      for (let n = 0; n < 100; n++) {
        agent.say(`${n} `);
        if (n % 10 === 0) slowFrames.push((await slow.next()).value as Frame);
      }
      const late = collect(reply.frames(50, never));
      agent.end();
      const frames = await fast;
      assert.equal(frames.length, 1 + 1 + 100 + 1 + 1);
      for (let step = await slow.next(); step.done !== true; step = await slow.next()) slowFrames.push(step.value);
      assert.deepEqual(slowFrames, frames);
      assert.deepEqual(await late, frames.slice(50));
    });

    test('goes on and is stored when all readers hang up', async () => {
      const service = world().service();
      const agent = directedAgent();
      const [owner, conversationId] = [sessionOwner(), randomUUID()];
      const reply = await sent(service, submit({ agent, owner, conversationId }));
      const reader = new AbortController();
      const reading = collect(reply.frames(0, reader.signal));
      agent.say('Half');
      reader.abort();
      await reading;
      assert.equal(agent.turns[0]?.signal.aborted, false);
      agent.say(' and half.');
      agent.end();
      await eventually(async () => (await world().store.replies.find(reply.messageId))?.state === 'complete');
      const { parts } = await lastMessage(owner, conversationId);
      assert.deepEqual(parts, [{ type: 'text', text: 'Half and half.', state: 'done' }]);
    });

    test('replayed after its end is the same frames, from any number on', async () => {
      const service = world().service();
      const input = submit({ agent: speakingAgent('a', 'b', 'c') });
      const original = await collect((await sent(service, input)).frames(0, never));
      const again = await sent(service, input);
      assert.deepEqual(await collect(again.frames(0, never)), original);
      assert.deepEqual(await collect(again.frames(4, never)), original.slice(4));
      assert.deepEqual(await collect(again.frames(10_000, never)), []);
    });

    test('replayed after its parts were swept makes the same message', async () => {
      const service = world().service();
      const agent = directedAgent();
      agent.say('See the tool.');
      agent.yields({ type: 'text-end', id: 't' });
      agent.yields({ type: 'tool-input-available', toolCallId: 'c', toolName: 'order', input: { id: 1 } });
      agent.yields({ type: 'tool-output-available', toolCallId: 'c', output: { state: 'sent' } });
      agent.yields({ type: 'source-url', sourceId: 's', url: 'https://example.com/', title: 'Orders' });
      agent.yields({ type: 'data-note', data: { a: 1 } });
      agent.end();
      const input = submit({ agent });
      const { messageId, frames } = await sent(service, input);
      const original = partsOf(await collect(frames(0, never))).reduce(reduceReply, emptyReply(''));
      await world().store.replies.sweepParts(startOfTime + 1);
      const replayed = await collect((await sent(service, input)).frames(0, never));
      assertGapless(replayed);
      assert.deepEqual(partsOf(replayed).reduce(reduceReply, emptyReply('')), original);
      assert.equal(original.message.id, messageId);
    });

    test('of which an agent yields nonsense has the sense in it only, and the nonsense is logged', async () => {
      const service = world().service();
      const agent = directedAgent();
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      const nonsense = [
        null,
        'text',
        { type: 'text-delta', id: 'unopened', delta: 'x' },
        { type: 'text-delta', id: 't', delta: 7 },
        { type: 'text-start', id: 't' },
        { type: 'tool-output-available', toolCallId: 'unknown', output: 1 },
        { type: 'finish' },
        { type: 'error', errorText: 'the database password is 1234' },
        { type: 'data-cycle', data: cycle },
        { type: 'data-big', data: 1n },
        { type: 'invented' },
        { type: '__proto__' },
      ];
      for (const value of nonsense) agent.yields(value);
      agent.yields({ type: 'text-delta', id: 't', delta: 'sense', providerMetadata: { secret: 1 } });
      agent.end();
      const before = world().logged.length;
      const frames = await collect((await sent(service, submit({ agent }))).frames(0, never));
      assert.deepEqual(partsOf(frames).slice(1), [
        { type: 'text-start', id: 't' },
        { type: 'text-delta', id: 't', delta: 'sense' },
        { type: 'text-end', id: 't' },
        { type: 'finish', finishReason: 'stop', messageMetadata: { status: 'complete' } },
      ]);
      const complaints = world().logged.slice(before);
      assert.equal(complaints.length, nonsense.length);
      assert.ok(!JSON.stringify(complaints).includes('1234'));
    });
  });

  describe('a reply that fails', () => {
    const secret = 'ECONNREFUSED 10.0.0.7 key=sk-123';

    test('tells the visitor a fixed sentence, keeps what was said, and logs the reason', async () => {
      const service = world().service();
      const agent = directedAgent();
      const [owner, conversationId] = [sessionOwner(), randomUUID()];
      agent.say('Half');
      agent.fails(new Error(secret));
      const reply = await sent(service, submit({ agent, owner, conversationId }));
      const frames = await collect(reply.frames(0, never));
      assert.deepEqual(typesIn(frames).slice(-3), ['text-end', 'error', 'finish']);
      const message = await lastMessage(owner, conversationId);
      assert.deepEqual(message.parts, [{ type: 'text', text: 'Half', state: 'done' }]);
      assert.equal(message.metadata?.status, 'failed');
      assert.ok(!JSON.stringify([frames, message]).includes('sk-123'));
      const entry = world().logged.find(({ fields }) => 'messageId' in fields && fields.messageId === reply.messageId);
      assert.ok(JSON.stringify(entry).includes(secret));
    });

    test('before its first part, even while it is called, does so too', async () => {
      const service = world().service();
      const agent = {
        reply: () => {
          throw new Error(secret);
        },
      };
      const frames = await collect((await sent(service, submit({ agent }))).frames(0, never));
      assert.deepEqual(typesIn(frames), ['start', 'error', 'finish']);
      assert.ok(!JSON.stringify(frames).includes('sk-123'));
    });

    test('can be asked for again, once, also when asked twenty times', async () => {
      const service = world().service();
      const failing = directedAgent();
      failing.fails(new Error('down'));
      const [owner, conversationId] = [sessionOwner(), randomUUID()];
      const failed = await sent(service, submit({ agent: failing, owner, conversationId }));
      await collect(failed.frames(0, never));
      const agent = speakingAgent('Here it is.');
      const again = regenerate({ agent, owner, conversationId, messageId: failed.messageId });
      const replies = await Promise.all(Array.from({ length: 20 }, () => sent(service, again)));
      assert.equal(new Set(replies.map(({ messageId }) => messageId)).size, 1);
      const read = await Promise.all(replies.map(async (reply) => textIn(await collect(reply.frames(0, never)))));
      assert.deepEqual(read, Array(20).fill('Here it is.'));
      assert.equal(agent.turns.length, 1);
    });

    test('by growing without end is cut off at its bound, in bytes of UTF-8', async () => {
      const service = world().service({ timing: { maxReplyBytes: 1_000 } });
      const agent = speakingAgent(...Array<string>(1_000).fill('äöü '));
      const frames = await collect((await sent(service, submit({ agent }))).frames(0, never));
      assert.deepEqual(typesIn(frames).slice(-2), ['error', 'finish']);
      assert.ok(Buffer.byteLength(textIn(frames)) <= 1_000);
      assert.ok(Buffer.byteLength(textIn(frames)) > 900);
    });

    test('by yielding without end is cut off at its bound, also when nothing of it is of use', async () => {
      const service = world().service({ timing: { maxReplyParts: 50 } });
      const agent = {
        async *reply() {
          for (;;) yield { type: 'text-delta', id: 'unopened', delta: '' } as const;
        },
      };
      const frames = await collect((await sent(service, submit({ agent }))).frames(0, never));
      assert.deepEqual(typesIn(frames), ['start', 'error', 'finish']);
    });

    test('by taking too long is cut off, its agent told to stop and left behind', async () => {
      const service = world().service({ timing: { maxReplyMs: 20 } });
      const agent = directedAgent();
      agent.say('I am thinking');
      const frames = await collect((await sent(service, submit({ agent }))).frames(0, never));
      assert.deepEqual(typesIn(frames).slice(-2), ['error', 'finish']);
      assert.equal(textIn(frames), 'I am thinking');
      assert.equal(agent.turns[0]?.signal.aborted, true);
    });
  });

  describe('stopping', () => {
    for (const listens of [true, false]) {
      test(`keeps the partial reply, whether or not the agent listens (${listens})`, async () => {
        const service = world().service();
        const agent = directedAgent({ listens });
        const [owner, conversationId] = [sessionOwner(), randomUUID()];
        const reply = await sent(service, submit({ agent, owner, conversationId }));
        agent.say('Half');
        const reading = collect(reply.frames(0, never));
        await collect(reply.frames(0, never), 3);
        assert.equal(await service.stop(owner, conversationId), true);
        assert.equal(agent.turns[0]?.signal.aborted, true);
        assert.deepEqual(typesIn(await reading), ['start', 'text-start', 'text-delta', 'text-end', 'abort']);
        const message = await lastMessage(owner, conversationId);
        assert.deepEqual(message.parts, [{ type: 'text', text: 'Half', state: 'done' }]);
        assert.equal(message.metadata?.status, 'stopped');
        assert.equal(await service.stop(owner, conversationId), true, 'again, and when nothing runs');
        await sent(service, submit({ agent: speakingAgent('Next.'), owner, conversationId }));
      });
    }

    test("is not for another's conversation", async () => {
      const service = world().service();
      const agent = directedAgent();
      const [owner, conversationId] = [sessionOwner(), randomUUID()];
      await sent(service, submit({ agent, owner, conversationId }));
      assert.equal(await service.stop(sessionOwner(), conversationId), false);
      assert.equal(await service.stop(owner, randomUUID()), false);
      assert.equal(agent.turns[0]?.signal.aborted, false);
      agent.end();
    });
  });

  describe('while the database is away', () => {
    test('a turn is refused as unavailable and no agent is asked', async () => {
      const store = world().store;
      const beginTurn = () => Promise.reject(new Error('secret row content'));
      const service = world().service({ store: { ...store, conversations: { ...store.conversations, beginTurn } } });
      const agent = speakingAgent('Never.');
      assert.deepEqual(await service.send(submit({ agent })), { ok: false, code: 'unavailable' });
      assert.equal(agent.turns.length, 0);
      assert.ok(!JSON.stringify(world().logged).includes('secret row content'));
    });

    test('for a moment, a reply goes on and is stored whole when it is back', async () => {
      let away = true;
      const calls = ['appendParts', 'finish', 'heartbeat'] as const;
      const service = world().service({
        store: faulty(world().store, calls, () => away),
        timing: { finishRetryMs: 10_000 },
      });
      const agent = directedAgent();
      const input = submit({ agent });
      const reply = await sent(service, input);
      const reading = collect(reply.frames(0, never));
      agent.say('Patience');
      await eventually(async () => world().logged.some(({ message }) => message.includes('could not be stored yet')));
      agent.end();
      await eventually(async () => world().logged.some(({ message }) => message.startsWith('the end of a reply')));
      away = false;
      const frames = await reading;
      assert.deepEqual(typesIn(frames).slice(-2), ['text-end', 'finish']);
      assert.deepEqual(await collect((await sent(service, input)).frames(0, never)), frames);
      assert.ok(!JSON.stringify(world().logged).includes('secret row content'));
    });

    test('for good, readers are told that the reply was interrupted', async () => {
      const service = world().service({ store: faulty(world().store, ['finish'], () => true) });
      const frames = await collect((await sent(service, submit({ agent: speakingAgent('Yes.') }))).frames(0, never));
      assert.deepEqual(typesIn(frames).slice(-2), ['error', 'finish']);
    });
  });
}
