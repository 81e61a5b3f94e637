import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { withPace } from '../../src/agents/pace.ts';
import type { NumberedEvent } from '../../src/conversations/index.ts';
import type { Owner } from '../../src/storage/index.ts';
import { eventually, sessionOwner, subjectOwner, userMessage } from '../storage/test-stores.ts';
import { directedAgent, speakingAgent } from './scripted-agents.ts';
import { collect, never, regenerate, sent, submit, textIn, typesIn, type World } from './service-world.ts';

const page = { limit: 100 };

export function describeConversations(world: () => World): void {
  describe('sending', () => {
    test('one message twenty times at once asks the agent once, and everyone reads that reply', async () => {
      const service = world().service();
      const agent = speakingAgent('Only ', 'once.');
      const input = submit({ agent });
      const replies = await Promise.all(Array.from({ length: 20 }, () => sent(service, input)));
      const texts = await Promise.all(replies.map(async ({ frames }) => textIn(await collect(frames(0, never)))));
      assert.deepEqual(texts, Array(20).fill('Only once.'));
      assert.equal(agent.turns.length, 1);
    });

    test('the same parts with their fields in another order is the same message', async () => {
      const service = world().service();
      const input = submit({ agent: speakingAgent('Yes.') });
      const first = await sent(service, input);
      const message = input.trigger === 'submit-message' ? input.message : assert.fail();
      const parts = message.parts.map((part) => Object.fromEntries(Object.entries(part).toReversed()));
      const reordered = { ...input, message: { ...message, parts: parts as unknown as typeof message.parts } };
      assert.equal((await sent(service, reordered as typeof input)).messageId, first.messageId);
    });

    test('says what stands in the way: a conflict, a running reply, a message or conversation that is not there', async () => {
      const service = world().service();
      const agent = directedAgent();
      const base = { agent, owner: sessionOwner(), conversationId: randomUUID() };
      const message = userMessage('Hello');
      const { messageId } = await sent(service, submit({ ...base, message }));
      const code = async (input: Parameters<typeof service.send>[0]) => {
        const outcome = await service.send(input);
        return outcome.ok ? 'ok' : outcome.code;
      };
      assert.equal(await code(submit({ ...base, message: userMessage('Other', message.id) })), 'message_conflict');
      assert.equal(await code(submit(base)), 'conversation_busy');
      assert.equal(await code(regenerate({ ...base, messageId })), 'conversation_busy');
      assert.equal(await code(regenerate({ ...base, messageId: randomUUID() })), 'message_not_found');
      assert.equal(await code(submit({ ...base, owner: sessionOwner() })), 'conversation_not_found');
      agent.end();
    });
  });

  describe("another's conversation", () => {
    test('A10 is, for every call, the same as one that does not exist', async () => {
      const service = world().service();
      const conversationId = randomUUID();
      const reply = await sent(
        service,
        submit({ agent: speakingAgent('Hi.'), owner: subjectOwner('anna'), conversationId }),
      );
      await collect(reply.frames(0, never));
      const strangers: readonly Owner[] = [subjectOwner('bert'), sessionOwner('anna'), subjectOwner('anna', 'other')];
      for (const owner of strangers) {
        for (const id of [conversationId, randomUUID()]) {
          assert.equal(await service.messages(owner, id, page), 'conversation_not_found');
          assert.equal(await service.running(owner, id), 'conversation_not_found');
          assert.equal(await service.markRead(owner, id, reply.messageId), 'conversation_not_found');
          assert.equal(await service.stop(owner, id), false);
        }
        assert.deepEqual((await service.list(owner, page)).conversations, []);
      }
    });
  });

  test('the list shows summaries in the wire’s form, and reading clears what is unread', async () => {
    const service = world().service();
    const [owner, conversationId] = [subjectOwner(), randomUUID()];
    const { messageId, frames } = await sent(service, submit({ agent: speakingAgent('Hi.'), owner, conversationId }));
    await collect(frames(0, never));
    const at = new Date(world().clock.now).toISOString();
    const summary = {
      id: conversationId,
      title: 'Where is my order?',
      createdAt: at,
      updatedAt: at,
      lastMessage: 'Hi.',
    };
    assert.deepEqual((await service.list(owner, page)).conversations, [{ ...summary, unreadCount: 1 }]);
    assert.equal(await service.markRead(owner, conversationId, messageId), 'ok');
    assert.equal(await service.markRead(owner, conversationId, randomUUID()), 'message_not_found');
    assert.deepEqual((await service.list(owner, page)).conversations, [{ ...summary, unreadCount: 0 }]);
  });

  test('the running reply of a conversation can be read while it runs, and is none afterwards', async () => {
    const service = world().service();
    const agent = directedAgent();
    const [owner, conversationId] = [sessionOwner(), randomUUID()];
    const { messageId } = await sent(service, submit({ agent, owner, conversationId }));
    const running = await service.running(owner, conversationId);
    assert.ok(running !== undefined && running !== 'conversation_not_found');
    assert.equal(running.messageId, messageId);
    agent.end();
    assert.deepEqual(typesIn(await collect(running.frames(1, never))), ['text-start', 'text-end', 'finish']);
    assert.equal(await service.running(owner, conversationId), undefined);
  });

  describe('live events', () => {
    async function take(events: AsyncIterable<NumberedEvent>, count: number): Promise<NumberedEvent[]> {
      const taken: NumberedEvent[] = [];
      for await (const event of events) if (taken.push(event) === count) break;
      return taken;
    }

    test('tell of question and answer in order, live in every process, and again after a number that was seen', async () => {
      const service = world().service();
      const elsewhere = world().service({ store: world().otherStore });
      const [owner, conversationId, message] = [subjectOwner(), randomUUID(), userMessage('Hello')];
      const live = take(elsewhere.events(owner, 0, never), 4);
      const reply = await sent(service, submit({ agent: speakingAgent('Hi.'), owner, conversationId, message }));
      await collect(reply.frames(0, never));
      const events = await live;
      assert.deepEqual(
        events.map(({ event }) => [event.type, event.type === 'message' ? event.message.id : '']),
        [
          ['message', message.id],
          ['conversation', ''],
          ['message', reply.messageId],
          ['conversation', ''],
        ],
      );
      const answer = events[2]?.event;
      assert.deepEqual(answer?.type === 'message' && answer.message.parts, [
        { type: 'text', text: 'Hi.', state: 'done' },
      ]);
      assert.deepEqual(await take(service.events(owner, events[1]?.id, never), 2), events.slice(2));
    });

    test('of before are not told to who begins to listen now', async () => {
      const { store } = world();
      const looked = Promise.withResolvers<void>();
      const lastId = (owner: Owner) => store.events.lastId(owner).finally(looked.resolve);
      const service = world().service({ store: { ...store, events: { ...store.events, lastId } } });
      const base = { owner: subjectOwner(), conversationId: randomUUID() };
      await collect((await sent(service, submit({ ...base, agent: speakingAgent('One.') }))).frames(0, never));
      await eventually(async () => (await store.events.after(base.owner, 0)).length === 4);
      const events = service.events(base.owner, undefined, never)[Symbol.asyncIterator]();
      const first = events.next();
      await looked.promise;
      const message = userMessage('Two?');
      await collect((await sent(service, submit({ ...base, message, agent: speakingAgent('Two.') }))).frames(0, never));
      const { value } = await first;
      assert.equal(value.event.type === 'message' && value.event.message.id, message.id);
      await events.return?.();
    });

    test("are their owner's alone, and no more the session's once its conversation was claimed", async () => {
      const service = world().service();
      const [session, anna] = [sessionOwner(), subjectOwner()];
      const conversationId = randomUUID();
      await collect(
        (await sent(service, submit({ agent: speakingAgent('1'), owner: session, conversationId }))).frames(0, never),
      );
      await eventually(async () => (await world().store.events.after(session, 0)).length === 4);
      assert.equal(await service.claim(session, anna), 1);
      const second = await sent(service, submit({ agent: speakingAgent('2'), owner: anna, conversationId }));
      await collect(second.frames(0, never));
      const told = await take(service.events(anna, 0, never), 4);
      assert.equal(
        told.every(({ event }) => event.type !== 'identity' && event.conversationId === conversationId),
        true,
      );
      const until = new AbortController();
      const heard = take(service.events(session, 0, until.signal), 1);
      await world().store.events.append(session, 'message', { conversationId, messageId: second.messageId }, 0);
      const own = randomUUID();
      await sent(service, submit({ agent: speakingAgent('3'), owner: session, conversationId: own }));
      const first = (await heard)[0]?.event;
      assert.equal(first !== undefined && first.type !== 'identity' && first.conversationId, own);
    });

    test('are read from the store once for all the streams of an owner in this process', async () => {
      const { store } = world();
      let reads = 0;
      const message = (conversationId: string, messageId: string) => {
        reads++;
        return store.conversations.message(conversationId, messageId);
      };
      const service = world().service({ store: { ...store, conversations: { ...store.conversations, message } } });
      const base = { owner: subjectOwner(), conversationId: randomUUID() };
      const live = Promise.all(Array.from({ length: 16 }, () => take(service.events(base.owner, 0, never), 4)));
      await collect((await sent(service, submit({ ...base, agent: speakingAgent('Hi.') }))).frames(0, never));
      const [first = [], ...others] = await live;
      assert.equal(first.length, 4);
      for (const told of others) told.forEach(({ event }, at) => assert.equal(event, first[at]?.event));
      assert.equal(reads, 2);
    });

    test(
      'reach a stream that looks while another one is looking, also what came in between',
      { timeout: 5_000 },
      async () => {
        const { store } = world();
        const [base, looking, goOn] = [
          { owner: subjectOwner(), conversationId: randomUUID() },
          Promise.withResolvers<void>(),
          Promise.withResolvers<void>(),
        ];
        let looks = 0;
        const after = async (owner: Owner, id: number) => {
          const rows = await store.events.after(owner, id);
          looks++;
          if (looks > 1) return rows;
          looking.resolve();
          await goOn.promise;
          return rows;
        };
        const service = world().service({ store: { ...store, events: { ...store.events, after } } });
        const first = take(service.events(base.owner, 0, never), 1);
        await looking.promise;
        await collect((await sent(service, submit({ ...base, agent: speakingAgent('Hi.') }))).frames(0, never));
        await eventually(async () => (await store.events.after(base.owner, 0)).length === 4);
        const second = await take(service.events(base.owner, 0, never), 1);
        goOn.resolve();
        assert.deepEqual(await first, second);
      },
    );

    test('end when the reader leaves', { timeout: 5_000 }, async () => {
      const reader = new AbortController();
      const reading = take(world().service().events(subjectOwner(), undefined, reader.signal), 1);
      reader.abort();
      assert.deepEqual(await reading, []);
    });
  });

  test('a made-up session that was closed is forgotten after a quarter of an hour', async () => {
    const { store, clock } = world();
    const { agentId, sessionHash } = sessionOwner();
    await store.sessions.close(agentId, sessionHash, clock.now - 900_001);
    world().service({ timing: { sweepEveryMs: 5 } });
    await eventually(() => store.sessions.touch(agentId, sessionHash, clock.now));
  });

  describe('draining', () => {
    test('refuses new turns, lets replies finish, and ends live events', { timeout: 5_000 }, async () => {
      const service = world().service();
      const agent = directedAgent();
      const owner = sessionOwner();
      const reply = await sent(service, submit({ agent, owner }));
      const reading = collect(reply.frames(0, never));
      const events = service.events(owner, 1e9, never)[Symbol.asyncIterator]().next();
      const draining = service.drain(60_000);
      assert.deepEqual(await service.send(submit({ agent })), { ok: false, code: 'unavailable' });
      agent.say('Done.');
      agent.end();
      await draining;
      assert.equal(typesIn(await reading).at(-1), 'finish');
      assert.equal((await world().store.replies.find(reply.messageId))?.state, 'complete');
      assert.equal((await events).done, true);
    });

    test('waits for no pause that an agent makes of its own accord', { timeout: 5_000 }, async () => {
      const service = world().service();
      const pausing = Promise.withResolvers<void>();
      const pause = (_durationMs: number, signal: AbortSignal): Promise<void> =>
        new Promise((resolve) => {
          pausing.resolve();
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      const agent = withPace(speakingAgent('One', ' two', ' three.'), { wordsPerSecond: 1, pause });
      const reply = await sent(service, submit({ agent }));
      const reading = collect(reply.frames(0, never));
      await pausing.promise;
      await service.drain(60_000);
      assert.equal(textIn(await reading), 'One two three.');
      assert.equal((await world().store.replies.find(reply.messageId))?.state, 'complete');
    });

    test('marks what does not finish in time as interrupted, with its text, to be asked for again', async () => {
      const service = world().service();
      const agent = directedAgent();
      const [owner, conversationId] = [sessionOwner(), randomUUID()];
      const reply = await sent(service, submit({ agent, owner, conversationId }));
      agent.say('Half');
      await collect(reply.frames(0, never), 3);
      const reading = collect(reply.frames(0, never));
      await service.drain(10);
      assert.deepEqual(typesIn(await reading).slice(-3), ['text-end', 'error', 'finish']);
      const next = world().service();
      const history = await next.messages(owner, conversationId, page);
      const last = history === 'conversation_not_found' ? undefined : history.messages.at(-1);
      assert.equal(last?.metadata?.status, 'interrupted');
      assert.deepEqual(last?.parts, [{ type: 'text', text: 'Half', state: 'done' }]);
      const again = regenerate({ agent: speakingAgent('Whole.'), owner, conversationId, messageId: reply.messageId });
      assert.equal(textIn(await collect((await sent(next, again)).frames(0, never))), 'Whole.');
    });
  });
}
