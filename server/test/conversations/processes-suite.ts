import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Timing } from '../../src/conversations/index.ts';
import { eventually, sessionOwner } from '../storage/test-stores.ts';
import { directedAgent, speakingAgent } from './scripted-agents.ts';
import {
  assertGapless,
  collect,
  never,
  regenerate,
  sent,
  submit,
  textIn,
  typesIn,
  type World,
} from './service-world.ts';

const hour = 3_600_000;

export function describeProcesses(world: () => World): void {
  function twoServices(timing: Partial<Timing> = {}) {
    return { here: world().service(), there: world().service({ store: world().otherStore, timing }) };
  }

  /** All that the agent said so far is stored, and with it the last heartbeat. */
  async function stored(messageId: string, parts: number): Promise<void> {
    await eventually(async () => (await world().store.replies.parts(messageId, 0)).length === parts);
  }

  describe('two server processes', () => {
    test('serve one reply: the other one streams it while it is written, from any frame on', async () => {
      const { here, there } = twoServices();
      const agent = directedAgent();
      const input = submit({ agent });
      const reply = await sent(here, input);
      const remote = await sent(there, input);
      assert.equal(remote.messageId, reply.messageId);
      const reader = remote.frames(0, never)[Symbol.asyncIterator]();
      const early = [await reader.next(), await reader.next()].map(({ value }) => value.part.type);
      assert.deepEqual(early, ['start', 'text-start'], 'before the reply has ended');
      agent.say('One ');
      assert.equal((await reader.next()).value.part.delta, 'One ');
      const fromTheMiddle = collect(remote.frames(3, never));
      agent.say('two');
      agent.end();
      const local = await collect(reply.frames(0, never));
      assert.deepEqual(await collect(remote.frames(0, never)), local);
      assert.deepEqual(await fromTheMiddle, local.slice(3));
      assertGapless(local);
      assert.equal(agent.turns.length, 1);
    });

    test('begin one reply when both get the same message at once', async () => {
      const { here, there } = twoServices();
      const agent = speakingAgent('Only once.');
      const input = submit({ agent });
      const services = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? here : there));
      const replies = await Promise.all(services.map((service) => sent(service, input)));
      const texts = await Promise.all(replies.map(async ({ frames }) => textIn(await collect(frames(0, never)))));
      assert.deepEqual(texts, Array(20).fill('Only once.'));
      assert.equal(agent.turns.length, 1);
    });

    test('stop each other’s replies', async () => {
      const { here, there } = twoServices();
      const agent = directedAgent();
      const [owner, conversationId] = [sessionOwner(), randomUUID()];
      const reply = await sent(here, submit({ agent, owner, conversationId }));
      agent.say('Half');
      await collect(reply.frames(0, never), 3);
      assert.equal(await there.stop(owner, conversationId), true);
      assert.equal(agent.turns[0]?.signal.aborted, true);
      assert.equal((await world().store.replies.find(reply.messageId))?.state, 'stopped');
      assert.equal(await there.running(owner, conversationId), undefined);
    });

    test('let a reader of a dead one’s reply know, and the reply can be asked for again', async () => {
      const { here, there } = twoServices({ pollMs: 20 });
      const agent = directedAgent();
      const base = { owner: sessionOwner(), conversationId: randomUUID() };
      const reply = await sent(here, submit({ ...base, agent }));
      agent.say('Half');
      const remote = await there.running(base.owner, base.conversationId);
      assert.ok(remote !== undefined && remote !== 'conversation_not_found');
      const reading = collect(remote.frames(0, never));
      await stored(reply.messageId, 3);
      world().clock.now += hour;
      const frames = await reading;
      assertGapless(frames);
      assert.deepEqual(typesIn(frames), ['start', 'text-start', 'text-delta', 'text-end', 'error', 'finish']);
      assert.deepEqual(await collect(remote.frames(0, never)), frames, 'the same again');
      assert.deepEqual(await collect(remote.frames(4, never)), frames.slice(4));

      const again = regenerate({ ...base, agent: speakingAgent('Whole.'), messageId: reply.messageId });
      assert.equal(textIn(await collect((await sent(there, again)).frames(0, never))), 'Whole.');

      // It was not dead but asleep: what it says now changes nothing, and its own readers learn that.
      agent.say(' a reply');
      const sleeper = await collect(reply.frames(0, never));
      assert.deepEqual(typesIn(sleeper).slice(-2), ['error', 'finish']);
      const { messages } = await world().store.conversations.messages(base.conversationId, { limit: 10 });
      assert.deepEqual(
        messages.map(({ parts }) => parts[0]?.type === 'text' && parts[0].text),
        ['Where is my order?', 'Whole.'],
      );
    });

    test('stop each other’s replies also when the notification is lost, at the next heartbeat', async () => {
      const store = world().otherStore;
      const publish = () => Promise.reject(new Error('the connection was lost'));
      const here = world().service({ timing: { heartbeatMs: 20 } });
      const there = world().service({ store: { ...store, notifier: { ...store.notifier, publish } } });
      const base = { owner: sessionOwner(), conversationId: randomUUID() };
      const reply = await sent(here, submit({ ...base, agent: directedAgent() }));
      assert.equal(await there.stop(base.owner, base.conversationId), true);
      assert.equal(typesIn(await collect(reply.frames(0, never))).at(-1), 'abort');
    });

    test('begin the next turn in a conversation whose process died', async () => {
      const { here, there } = twoServices();
      const base = { owner: sessionOwner(), conversationId: randomUUID() };
      const { messageId } = await sent(here, submit({ ...base, agent: directedAgent() }));
      await stored(messageId, 2);
      assert.deepEqual(await there.send(submit({ ...base, agent: speakingAgent('No.') })), {
        ok: false,
        code: 'conversation_busy',
      });
      world().clock.now += hour;
      const next = await sent(there, submit({ ...base, agent: speakingAgent('Yes.') }));
      assert.equal(textIn(await collect(next.frames(0, never))), 'Yes.');
    });

    test('show a dead one’s reply as interrupted without anyone asking', async () => {
      const { here } = twoServices();
      const base = { owner: sessionOwner(), conversationId: randomUUID() };
      const { messageId } = await sent(here, submit({ ...base, agent: directedAgent() }));
      await stored(messageId, 2);
      world().service({ store: world().otherStore, timing: { interruptEveryMs: 10 } });
      world().clock.now += hour;
      await eventually(async () => (await world().store.replies.find(messageId))?.state === 'interrupted');
    });
  });
}
