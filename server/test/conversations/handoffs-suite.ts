import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { textOf } from '../../../src/protocol/index.ts';
import type { NumberedEvent } from '../../src/conversations/index.ts';
import type { Handoff } from '../../src/storage/index.ts';
import { eventually, sessionOwner, userMessage } from '../storage/test-stores.ts';
import { directedAgent, speakingAgent } from './scripted-agents.ts';
import { collect, never, partsOf, regenerate, sent, submit, typesIn, type World } from './service-world.ts';

/** The first so many events. */
async function take(events: AsyncIterable<NumberedEvent>, count: number): Promise<NumberedEvent['event'][]> {
  const taken: NumberedEvent['event'][] = [];
  for await (const { event } of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

/** A person answers instead of the agent. */
export function describeHandoffs(world: () => World): void {
  const agent = speakingAgent('I am the agent.');

  async function exchange() {
    const service = world().service();
    const base = { agent, owner: sessionOwner(), conversationId: randomUUID() };
    const reply = await sent(service, submit(base));
    await collect(reply.frames(0, never));
    // Two events of each message; what is told later comes after them.
    await eventually(async () => (await world().store.events.after(base.owner, 0)).length === 4);
    return { service, base, ...base, replyId: reply.messageId };
  }

  describe('a hand-off', () => {
    test('goes from asked for to taken over to over, each a message that the visitor is told', async () => {
      const { service, owner, conversationId } = await exchange();
      const { handoffs } = service;
      const last = await world().store.events.lastId(owner);
      assert.equal(await handoffs.request(conversationId), 'ok');
      assert.equal(await handoffs.request(conversationId), 'wrong_state');
      assert.equal(await handoffs.begin(conversationId, ' Grace\u202e \n Hopper '), 'ok');
      assert.equal(await handoffs.begin(conversationId, 'Another'), 'wrong_state');
      assert.deepEqual(await handoffs.find(conversationId), { state: 'active', name: 'Grace Hopper' });
      assert.equal(await handoffs.end(conversationId), 'ok');
      assert.equal(await handoffs.end(conversationId), 'wrong_state');
      assert.deepEqual(await handoffs.find(conversationId), { state: 'ended' });
      const told = await take(world().service().events(owner, last, never), 6);
      const states = told.flatMap((event) => (event.type === 'message' ? event.message.parts : []));
      assert.deepEqual(states, [
        { type: 'data-handoff', data: { state: 'requested' } },
        { type: 'data-handoff', data: { state: 'active', name: 'Grace Hopper' } },
        { type: 'data-handoff', data: { state: 'ended', name: 'Grace Hopper' } },
      ]);
    });

    test('stops the reply that runs, in whichever process', async () => {
      const service = world().service();
      // Before anything runs: a second process on a folder of SQLite's would take what runs there for dead.
      const elsewhere = world().service({ store: world().otherStore });
      const running = directedAgent();
      const base = { agent: running, owner: sessionOwner(), conversationId: randomUUID() };
      const reply = await sent(service, submit(base));
      const frames = collect(reply.frames(0, never));
      assert.equal(await elsewhere.handoffs.begin(base.conversationId, 'Grace'), 'ok');
      assert.equal(typesIn(await frames).at(-1), 'abort');
    });

    test('keeps the agent quiet while it lasts: a reply ends at once and says only that', async () => {
      const { service, base, replyId } = await exchange();
      await service.handoffs.begin(base.conversationId, 'Grace');
      const before = agent.turns.length;
      const input = submit({ ...base, message: userMessage('Are you human?') });
      const reply = await sent(service, input);
      const frames = await collect(reply.frames(0, never));
      assert.deepEqual(typesIn(frames), ['start', 'data-handoff', 'finish']);
      assert.deepEqual(partsOf(frames)[1], { type: 'data-handoff', data: { state: 'active', name: 'Grace' } });
      assert.deepEqual(await collect((await sent(service, input)).frames(0, never)), frames, 'and again');
      assert.equal(agent.turns.length, before);
      assert.deepEqual(await service.send(regenerate({ ...base, messageId: replyId })), {
        ok: false,
        code: 'message_conflict',
      });
      await service.handoffs.end(base.conversationId);
      const next = await sent(service, submit({ ...base, message: userMessage('And now?') }));
      assert.ok(typesIn(await collect(next.frames(0, never))).includes('text-delta'));
      const asked = agent.turns.at(-1)?.history.filter(({ role }) => role === 'user') ?? [];
      assert.equal(asked.length, 3, 'the agent knows what was said meanwhile');
    });

    test('carries what the person says, under their name, once', async () => {
      const { service, owner, conversationId } = await exchange();
      const message = { id: randomUUID(), text: 'Hello, I am Grace.' };
      assert.equal(await service.handoffs.say(conversationId, message), 'wrong_state');
      const last = await world().store.events.lastId(owner);
      await service.handoffs.begin(conversationId, 'Grace');
      assert.equal(await service.handoffs.say(conversationId, message), 'ok');
      assert.equal(await service.handoffs.say(conversationId, message), 'ok');
      // After the two events of the hand-off itself, which may have come in before.
      const events = await take(world().service().events(owner, last, never), 3);
      const told = events.findLast(({ type }) => type === 'message');
      const said = told?.type === 'message' ? told.message : assert.fail(told?.type);
      assert.partialDeepStrictEqual(said, {
        id: message.id,
        role: 'assistant',
        parts: [{ type: 'text', text: message.text }],
        metadata: { author: { kind: 'operator', name: 'Grace' }, status: 'complete' },
      });
      const page = await service.messages(owner, conversationId, { limit: 50 });
      const messages = page === 'conversation_not_found' ? assert.fail(page) : page.messages;
      assert.equal(messages.filter(({ id }) => id === message.id).length, 1);
      for (const text of ['', ' ', 'a\0b', 'a'.repeat(32_001)]) {
        await assert.rejects(service.handoffs.say(conversationId, { id: randomUUID(), text }), TypeError);
      }
      for (const name of ['', '\u200b', 'a'.repeat(81)]) {
        await assert.rejects(service.handoffs.begin(conversationId, name), TypeError);
      }
    });

    test('carries the name of whoever says something, however soon after they took over from another', async () => {
      const { service, owner, conversationId } = await exchange();
      const elsewhere = world().service({ store: world().otherStore });
      const people = ['Eve', 'Bob'];
      await service.handoffs.begin(conversationId, 'Bob', { operatorId: 'Bob' });
      for (const [n, name] of [...people, ...people, ...people].entries()) {
        const who = { operatorId: name, from: people[(n + 1) % 2] };
        const say = ({ handoffs }: typeof service) =>
          handoffs.say(conversationId, { id: randomUUID(), text: `I am ${name}` }, name);
        await Promise.all([
          service.handoffs.begin(conversationId, name, who),
          ...Array.from({ length: 6 }, (_, at) => say(at % 2 === 0 ? service : elsewhere)),
        ]);
        assert.equal(await say(service), 'ok');
      }
      const page = await service.messages(owner, conversationId, { limit: 50 });
      const { messages } = page === 'conversation_not_found' ? assert.fail(page) : page;
      const said = messages.filter(({ metadata }) => metadata?.author !== undefined);
      assert.ok(said.length >= 6);
      for (const message of said) assert.equal(textOf(message), `I am ${message.metadata?.author?.name}`);
    });

    test('ends under the name of whoever had it last, however shortly', async () => {
      const { service, owner, conversationId } = await exchange();
      const elsewhere = world().service({ store: world().otherStore });
      for (let round = 0; round < 8; round++) {
        assert.equal(await service.handoffs.begin(conversationId, 'Bob', { operatorId: 'Bob' }), 'ok');
        await Promise.all([
          service.handoffs.begin(conversationId, 'Eve', { operatorId: 'Eve', from: 'Bob' }),
          elsewhere.handoffs.end(conversationId),
        ]);
      }
      const page = await service.messages(owner, conversationId, { limit: 50 });
      const { messages } = page === 'conversation_not_found' ? assert.fail(page) : page;
      const told = messages.flatMap(({ parts }) =>
        parts.flatMap((part) => (part.type === 'data-handoff' ? [part.data as Handoff] : [])),
      );
      for (const [at, { state, name }] of told.entries()) {
        if (state === 'ended') assert.equal(name, told[at - 1]?.name);
      }
    });

    test('tells each side that the other types, in any process, and nobody who comes later', async () => {
      const { service, owner, conversationId } = await exchange();
      const { handoffs } = service;
      assert.equal(await handoffs.operatorTyping(conversationId, true), 'wrong_state');
      assert.equal(await handoffs.visitorTyping(owner, conversationId, true), 'wrong_state');
      await handoffs.begin(conversationId, 'Grace');
      const elsewhere = world().service({ store: world().otherStore });
      const heard: boolean[] = [];
      const leave = elsewhere.handoffs.watchTyping(conversationId, (typing) => heard.push(typing));
      assert.equal(await handoffs.visitorTyping(owner, conversationId, true), 'ok');
      assert.equal(await handoffs.visitorTyping(owner, conversationId, false), 'ok');
      await eventually(async () => heard.length === 2);
      leave();
      assert.deepEqual(heard, [true, false]);
      assert.equal(await handoffs.visitorTyping(sessionOwner(), conversationId, true), 'conversation_not_found');
      await eventually(async () => (await world().store.events.after(owner, 0)).length >= 6);
      const last = await world().store.events.lastId(owner);
      const live = take(elsewhere.events(owner, last, never), 1);
      assert.equal(await handoffs.operatorTyping(conversationId, true), 'ok');
      assert.deepEqual(await live, [{ type: 'typing', conversationId, name: 'Grace', typing: true }]);
      world().clock.now += 10_001;
      await handoffs.say(conversationId, { id: randomUUID(), text: 'Here I am' });
      const [first] = await take(service.events(owner, last, never), 1);
      assert.equal(first?.type, 'message', 'what was typed long ago is left out');
    });

    test('is of no conversation that is not there', async () => {
      const { handoffs } = world().service();
      const outcomes = [
        handoffs.request('nothing'),
        handoffs.begin('nothing', 'Grace'),
        handoffs.end('nothing'),
        handoffs.say('nothing', { id: 'x', text: 'x' }),
        handoffs.operatorTyping('nothing', true),
        handoffs.visitorTyping(sessionOwner(), 'nothing', true),
      ];
      assert.deepEqual(await Promise.all(outcomes), Array(6).fill('conversation_not_found'));
    });
  });

  describe('a conversation that is removed', () => {
    test('is gone for everybody, with the reply that ran in it', async () => {
      const service = world().service();
      const base = { agent: directedAgent(), owner: sessionOwner(), conversationId: randomUUID() };
      const reply = await sent(service, submit(base));
      const frames = collect(reply.frames(0, never));
      assert.equal(await service.remove(base.conversationId), true);
      await frames;
      assert.equal(await service.messages(base.owner, base.conversationId, { limit: 1 }), 'conversation_not_found');
      assert.equal(await world().store.replies.find(reply.messageId), undefined);
      assert.equal(await service.remove(base.conversationId), false);
    });
  });
}
