import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { sessionOwner, subjectOwner, userMessage } from '../storage/test-stores.ts';
import { directedAgent, speakingAgent } from './scripted-agents.ts';
import { collect, never, regenerate, sent, submit, type World } from './service-world.ts';

/** How many replies run at once. */
export function describeLimits(world: () => World): void {
  describe('a visitor with as many running replies as they may have', () => {
    test('begins no other, and nothing of it is stored, until one has ended', async () => {
      const service = world().service({ limits: { perVisitor: 2 } });
      const owner = sessionOwner();
      const agents = [directedAgent(), directedAgent()] as const;
      const replies = [];
      for (const agent of agents) replies.push(await sent(service, submit({ agent, owner })));
      const next = submit({ agent: speakingAgent('Yes.'), owner });
      assert.deepEqual(await service.send(next), { ok: false, code: 'too_many_replies' });
      assert.equal(await world().store.conversations.ownerOf(next.conversationId), undefined);
      agents[0].end();
      await collect(replies[0]?.frames(0, never) ?? assert.fail());
      await collect((await sent(service, next)).frames(0, never));
      agents[1].end();
    });

    test('does so however many messages come at once', async () => {
      const service = world().service({ limits: { perVisitor: 2 } });
      const [owner, agent] = [sessionOwner(), directedAgent()];
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => service.send(submit({ agent, owner }))));
      assert.equal(outcomes.filter(({ ok }) => ok).length, 2);
    });

    test('still reads the reply of a message that was sent before, running or ended', async () => {
      const service = world().service({ limits: { perVisitor: 2 } });
      const owner = sessionOwner();
      const ended = submit({ agent: speakingAgent('Yes.'), owner, message: userMessage('one') });
      const first = await sent(service, ended);
      await collect(first.frames(0, never));
      const agent = directedAgent();
      const running = submit({ agent, owner, message: userMessage('two') });
      const second = await sent(service, running);
      await sent(service, submit({ agent, owner }));
      assert.equal((await sent(service, ended)).messageId, first.messageId);
      assert.equal((await sent(service, running)).messageId, second.messageId);
      const { conversationId } = ended;
      const more = submit({ agent, owner, conversationId, message: userMessage('more') });
      assert.deepEqual(await service.send(more), { ok: false, code: 'too_many_replies' });
      const again = regenerate({ agent, owner, conversationId, messageId: first.messageId });
      assert.deepEqual(await service.send(again), { ok: false, code: 'too_many_replies' });
      const { messages } = await world().store.conversations.messages(conversationId, { limit: 10 });
      assert.equal(messages.length, 2);
    });

    test('has no second allowance by signing in within the same session', async () => {
      const service = world().service({ limits: { perVisitor: 1 } });
      const [session, owner, agent] = [sessionOwner(), subjectOwner(), directedAgent()];
      await sent(service, submit({ agent, owner: session }));
      const signedIn = submit({ agent, owner });
      assert.deepEqual(await service.send({ ...signedIn, session }), { ok: false, code: 'too_many_replies' });
      await sent(service, signedIn);
    });

    test('is given back the room of a message that was refused', async () => {
      const service = world().service({ limits: { perVisitor: 1 } });
      const owner = sessionOwner();
      const missing = { agent: speakingAgent(), owner, conversationId: randomUUID(), messageId: randomUUID() };
      for (let time = 0; time < 3; time++) {
        assert.deepEqual(await service.send(regenerate(missing)), { ok: false, code: 'conversation_not_found' });
      }
      await sent(service, submit({ agent: speakingAgent('Yes.'), owner }));
    });
  });

  test('a process that writes as many replies as it can is unavailable for others', async () => {
    const service = world().service({ limits: { inProcess: 1 } });
    const agent = directedAgent();
    const running = submit({ agent });
    await sent(service, running);
    assert.deepEqual(await service.send(submit({ agent })), { ok: false, code: 'unavailable' });
    await sent(service, running);
  });
}
