import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { ownerKey, type Store } from '../../src/storage/index.ts';
import { sessionOwner, startOfTime, subjectOwner, submitTurn } from './test-stores.ts';

export function describeVisitors(store: () => Store): void {
  describe('a session', () => {
    test('A9 that was closed opens nothing any more and accepts no message, also if it was never seen before', async () => {
      const session = sessionOwner();
      assert.equal(await store().sessions.touch('demo', session.sessionHash, startOfTime), true);
      await store().sessions.close('demo', session.sessionHash, startOfTime);
      await store().sessions.close('demo', session.sessionHash, startOfTime + 1);
      assert.equal(await store().sessions.touch('demo', session.sessionHash, startOfTime), false);
      assert.equal(await store().sessions.touch('other', session.sessionHash, startOfTime), true);
      const result = await store().conversations.beginTurn(
        submitTurn({ owner: session, conversationId: randomUUID() }),
      );
      assert.deepEqual(result, { outcome: 'conversation_not_found' });
      const unseen = randomUUID();
      await store().sessions.close('demo', unseen, startOfTime);
      assert.equal(await store().sessions.touch('demo', unseen, startOfTime + 100_000), false);
    });
  });

  describe('closed sessions', () => {
    test('that own nothing are forgotten when they are swept; one that owns a conversation stays closed', async () => {
      const closedAt = startOfTime - 9_000_000;
      const close = (sessionHash: string, now: number) => store().sessions.close('demo', sessionHash, now);
      const [madeUp, recent, owner] = [randomUUID(), randomUUID(), sessionOwner()];
      await store().conversations.beginTurn(submitTurn({ owner, conversationId: randomUUID(), now: closedAt }));
      await close(madeUp, closedAt);
      await close(owner.sessionHash, closedAt);
      await close(recent, startOfTime);
      assert.ok((await store().sessions.sweep(startOfTime - 8_000_000)) >= 1);
      const isOpen = (sessionHash: string) => store().sessions.touch('demo', sessionHash, startOfTime);
      assert.deepEqual(
        [await isOpen(madeUp), await isOpen(recent), await isOpen(owner.sessionHash)],
        [true, false, false],
      );
      assert.equal(await store().sessions.sweep(startOfTime - 8_000_000), 0);
    });
  });

  describe('a revocation', () => {
    test('holds for its agent until it is swept, whatever the length of its key', async () => {
      const agent = randomUUID();
      const keys = ['jti:1', `jti:${'x'.repeat(8_000)}`, 'jti:a\0b'];
      for (const key of keys) {
        await store().revocations.add(agent, key, startOfTime);
        await store().revocations.add(agent, key, startOfTime - 5);
        assert.equal(await store().revocations.has(agent, key), true);
        assert.equal(await store().revocations.has('other', key), false);
      }
      assert.equal(await store().revocations.has(agent, `jti:${'x'.repeat(7_999)}`), false);
      await store().revocations.sweep(startOfTime);
      assert.equal(await store().revocations.has(agent, 'jti:1'), true, 'the later end wins');
      await store().revocations.sweep(startOfTime + 1);
      assert.equal(await store().revocations.has(agent, 'jti:1'), false);
    });
  });

  describe('a contact', () => {
    test("A13 has the newest token's claims; only a lasting difference counts as one", async () => {
      const subject = randomUUID();
      const seen = (claims: Record<string, unknown>, now: number) =>
        store().contacts.seen('demo', subject, { sub: subject, ...claims }, now);
      assert.equal(await store().contacts.find('demo', subject), undefined);
      assert.equal(await seen({ name: 'Anna', exp: 1 }, startOfTime), false);
      assert.equal(await seen({ name: 'Anna', exp: 2, jti: 'x' }, startOfTime + 1), false);
      assert.equal(await seen({ name: 'Anna B.\0', exp: 3 }, startOfTime + 2), true);
      assert.equal(await seen({ name: 'Anna B.\0', exp: 4 }, startOfTime + 120_000), false);
      assert.deepEqual(await store().contacts.find('demo', subject), {
        claims: { sub: subject, name: 'Anna B.\0', exp: 4 },
        firstSeenAt: startOfTime,
        lastSeenAt: startOfTime + 120_000,
      });
      assert.equal(await store().contacts.find('other', subject), undefined);
    });

    test('that is seen for the first time by many requests at once is one contact', async () => {
      const subject = randomUUID();
      const differences = await Promise.all(
        Array.from({ length: 10 }, () => store().contacts.seen('demo', subject, { sub: subject }, startOfTime)),
      );
      assert.deepEqual(differences, Array(10).fill(false));
    });
  });

  describe('the audit log', () => {
    test('gives back its newest entries as they were', async () => {
      const agentId = randomUUID();
      const entries = [
        { agentId, at: startOfTime, kind: 'token-refused', reason: 'expired' },
        { agentId, at: startOfTime + 1, kind: 'claims-changed', subject: 'an\0na' },
        { agentId, at: startOfTime + 2, kind: 'conversations-claimed', subject: 'anna', detail: { count: 2 } },
      ] as const;
      for (const entry of entries) await store().audit.append(entry);
      assert.deepEqual(await store().audit.list(agentId, 2), [entries[2], entries[1]]);
    });
  });

  describe('live events', () => {
    test('are numbered upwards for each owner and replayed after any number', async () => {
      const [anna, bert] = [subjectOwner(), sessionOwner()];
      assert.equal(await store().events.lastId(anna), 0);
      const ids: number[] = [];
      for (const owner of [anna, bert, anna]) {
        ids.push(await store().events.append(owner, 'message', { messageId: `${ids.length}` }, startOfTime));
      }
      const [first, , third] = ids;
      assert.deepEqual(await store().events.after(anna, first ?? 0), [
        { id: third, type: 'message', data: { messageId: '2' }, createdAt: startOfTime },
      ]);
      assert.equal(await store().events.lastId(anna), third);
      assert.equal((await store().events.after(anna, 0)).length, 2);
    });

    test('of many writers at once are never seen out of order', async () => {
      const owner = subjectOwner();
      const seen: number[] = [];
      let done = false;
      const reading = (async () => {
        while (!done || (await store().events.after(owner, seen.at(-1) ?? 0)).length > 0) {
          for (const { id } of await store().events.after(owner, seen.at(-1) ?? 0)) seen.push(id);
        }
      })();
      const written = await Promise.all(
        Array.from({ length: 40 }, () => store().events.append(owner, 'message', {}, startOfTime)),
      );
      done = true;
      await reading;
      assert.deepEqual(
        seen,
        written.toSorted((a, b) => a - b),
      );
    });

    test('are swept by age, and their numbers are never given again', async () => {
      const owner = subjectOwner();
      const id = await store().events.append(owner, 'message', {}, startOfTime - 9_000_000);
      assert.ok((await store().events.sweep(startOfTime - 8_000_000)) >= 1);
      assert.equal(await store().events.lastId(owner), 0);
      assert.ok((await store().events.append(owner, 'message', {}, startOfTime)) > id);
    });
  });

  describe('the notifier', () => {
    test('reaches the subscribers of a channel, with the payload, until they leave', async () => {
      const channel = `owner:${ownerKey(subjectOwner('an\0na "quoted"'))}`;
      const other = randomUUID();
      const heard: string[] = [];
      const arrival = Promise.withResolvers<void>();
      const leave = store().notifier.subscribe(channel, (payload) => void heard.push(payload));
      const stay = store().notifier.subscribe(other, () => arrival.resolve());
      store().notifier.subscribe(channel, () => {
        throw new Error('a listener that fails must not keep others from hearing');
      });
      await store().notifier.publish(randomUUID(), 'elsewhere');
      await store().notifier.publish(channel, 'one');
      await store().notifier.publish(channel);
      await store().notifier.publish(other);
      await arrival.promise;
      leave();
      stay();
      const last = Promise.withResolvers<void>();
      store().notifier.subscribe(other, () => last.resolve());
      await store().notifier.publish(channel, 'after leaving');
      await store().notifier.publish(other);
      await last.promise;
      assert.deepEqual(heard, ['one', '']);
    });

    test('gives a payload that is too long to be carried as an empty one', { timeout: 5_000 }, async () => {
      const channel = randomUUID();
      const heard = Promise.withResolvers<string>();
      store().notifier.subscribe(channel, heard.resolve);
      const payload = 'x'.repeat(10_000);
      await store().notifier.publish(channel, payload);
      assert.equal(await heard.promise, store().dialect === 'sqlite' ? payload : '');
    });
  });

  test('the database answers', async () => {
    await assert.doesNotReject(store().ping());
  });
}
