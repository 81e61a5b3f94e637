import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Owner } from '../../src/storage/index.ts';
import type { OpenedStore } from './session-rows-contract.ts';
import { assistantMessage, sessionOwner, startOfTime, subjectOwner, submitTurn, userMessage } from './test-stores.ts';

const roomy = { maxCount: 100, maxBytes: 1_000_000 };
const dayMs = 86_400_000;

/** Reading, and being rid of, what is somebody's. Each test has agents of its own. */
export function describePrivacy(opened: () => OpenedStore): void {
  const store = () => opened().store;

  async function attach(owner: Owner): Promise<string> {
    const id = randomUUID();
    assert.ok(await store().attachments.reserve({ id, owner, bytes: 10, now: startOfTime }, roomy));
    await store().attachments.complete(id, { filename: 'secret.txt', mediaType: 'text/plain', bytes: 5 });
    return id;
  }

  /** A conversation with an answer, and a file where `files` has some. */
  async function talk(owner: Owner, { now = startOfTime, files = [] as readonly string[], running = false } = {}) {
    const conversationId = randomUUID();
    const turn = { ...submitTurn({ owner, conversationId, message: userMessage('Hello'), now }), attachments: files };
    assert.equal((await store().conversations.beginTurn(turn)).outcome, 'begun');
    if (!running) await store().replies.finish(turn.replyId, 'complete', assistantMessage('Yes', turn.replyId), now);
    return { conversationId, replyId: turn.replyId };
  }

  const rowsWith = async (column: string, value: string, tables: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    for (const table of tables) {
      const rows = await opened().query(`select 1 from ${table} where ${column} = '${value}'`);
      if (rows.length > 0) found.push(table);
    }
    return found;
  };

  describe('what is a person’s', () => {
    test('is read page by page: conversations, all messages with replaced ones, and files', async () => {
      const owner = subjectOwner(randomUUID(), randomUUID());
      const person = { agentId: owner.agentId, subject: owner.subject };
      assert.equal(await store().privacy.knows(person), false);
      await store().contacts.seen(owner.agentId, owner.subject, { sub: owner.subject, name: 'Anna' }, startOfTime);
      const files = [await attach(owner), await attach(owner)];
      const { conversationId, replyId } = await talk(owner, { files: files.slice(0, 1) });
      const other = await talk(owner);
      await talk(subjectOwner(randomUUID(), owner.agentId));
      const again = { trigger: 'regenerate-message', messageId: replyId } as const;
      const turn = { ...submitTurn({ owner, conversationId }), ...again };
      assert.equal((await store().conversations.beginTurn(turn)).outcome, 'begun');
      const { privacy } = store();
      assert.equal(await privacy.knows(person), true);
      assert.equal((await store().contacts.find(person.agentId, person.subject))?.claims['name'], 'Anna');
      const ids = [conversationId, other.conversationId].toSorted();
      const [first] = await privacy.conversationsOf(person, { after: '', limit: 1 });
      assert.equal(first?.id, ids[0]);
      const rest = await privacy.conversationsOf(person, { after: ids[0] ?? '', limit: 9 });
      assert.deepEqual(
        rest.map(({ id }) => id),
        ids.slice(1),
      );
      const messages = await privacy.messagesOf(conversationId, { after: 0, limit: 2 });
      const later = await privacy.messagesOf(conversationId, { after: 2, limit: 2 });
      assert.deepEqual(
        [...messages, ...later].map(({ message, position, superseded }) => [message.role, position, superseded]),
        [
          ['user', 1, false],
          ['assistant', 2, true],
          ['assistant', 3, false],
        ],
      );
      const kept = await privacy.attachmentsOf(person, { after: '', limit: 9 });
      assert.deepEqual(
        kept.map(({ id }) => id),
        files.toSorted(),
      );
      assert.deepEqual(
        files.map((id) => kept.find((file) => file.id === id)?.conversationId),
        [conversationId, null],
      );
      assert.equal(await privacy.countAttachments([conversationId, other.conversationId]), 1);
      assert.equal(await privacy.countAttachments([]), 0);
    });

    test('is forgotten once no conversation is left, and the log says that somebody was', async () => {
      const owner = subjectOwner(randomUUID(), randomUUID());
      const { agentId, subject } = owner;
      await store().contacts.seen(agentId, subject, { sub: subject }, startOfTime);
      await store().contacts.seen(agentId, 'other', { sub: 'other' }, startOfTime);
      await store().events.append(owner, 'message', {}, startOfTime);
      await store().audit.append({
        agentId,
        at: startOfTime,
        kind: 'claims-changed',
        subject,
        detail: { claims: ['x'] },
      });
      await store().audit.append({ agentId, at: startOfTime, kind: 'claims-changed', subject: 'other' });
      const unsent = await attach(owner);
      const { conversationId } = await talk(owner, { files: [await attach(owner)] });
      const entry = { agentId, at: startOfTime, kind: 'contact-removed', detail: { conversations: 1 } } as const;
      assert.equal(await store().privacy.forget({ agentId, subject }, [entry]), 'has_conversations');
      assert.equal(await store().privacy.knows({ agentId, subject }), true, 'nothing was done');
      assert.equal(await store().conversations.remove(conversationId), true);
      assert.equal(await store().privacy.forget({ agentId, subject }, [entry]), 'forgotten');
      assert.equal(await store().privacy.knows({ agentId, subject }), false);
      assert.deepEqual(await rowsWith('owner_id', subject, ['conversations', 'attachments', 'events']), []);
      assert.deepEqual(await rowsWith('subject', subject, ['contacts', 'audit', 'search_entries']), []);
      assert.deepEqual(await store().audit.list(agentId, 9), [
        entry,
        { agentId, at: startOfTime, kind: 'claims-changed', subject: 'other' },
        { agentId, at: startOfTime, kind: 'claims-changed' },
      ]);
      assert.ok(await store().contacts.find(agentId, 'other'));
      const names = await opened().query(`select filename from attachments where id = '${unsent}'`);
      assert.deepEqual(
        names.map((row) => ({ ...(row as object) })),
        [{ filename: '' }],
      );
      const expired = await store().attachments.expire(0, 0);
      assert.ok(expired.includes(unsent), 'its content is removed by the sweep');
    });
  });

  describe('what nobody has needed for long', () => {
    test('is found by its last use, without what is being answered, and removed if that still holds', async () => {
      const agentId = randomUUID();
      const owner = sessionOwner(randomUUID(), agentId);
      const [old, older, fresh, running] = [
        await talk(owner, { now: startOfTime - 2 }),
        await talk(owner, { now: startOfTime - 3 }),
        await talk(owner, { now: startOfTime }),
        await talk(owner, { now: startOfTime - 9, running: true }),
      ];
      const idle = { agentId, before: startOfTime, limit: 9 };
      assert.deepEqual(await store().privacy.idleConversations({ ...idle, limit: 1 }), [older.conversationId]);
      assert.deepEqual(await store().privacy.idleConversations(idle), [older.conversationId, old.conversationId]);
      const remove = ({ conversationId }: { conversationId: string }) =>
        store().conversations.removeIdle(conversationId, startOfTime);
      assert.deepEqual(
        [await remove(old), await remove(old), await remove(fresh), await remove(running)],
        [true, false, false, false],
      );
      assert.deepEqual(await store().privacy.idleConversations(idle), [older.conversationId]);
    });

    test('leaves no row of a session whose last conversation was removed', async () => {
      const owner = sessionOwner(randomUUID(), randomUUID());
      const [one, two] = [await talk(owner), await talk(owner)];
      await store().conversations.remove(one.conversationId);
      assert.deepEqual(await rowsWith('session_hash', owner.sessionHash, ['sessions']), ['sessions']);
      await store().conversations.remove(two.conversationId);
      assert.deepEqual(await rowsWith('session_hash', owner.sessionHash, ['sessions']), []);
    });

    test('is a contact without conversations', async () => {
      const agentId = randomUUID();
      const seen = (subject: string, now: number) => store().contacts.seen(agentId, subject, { sub: subject }, now);
      await seen('b', startOfTime - dayMs);
      await seen('a', startOfTime - 2 * dayMs);
      await seen('fresh', startOfTime);
      await seen('talks', startOfTime - dayMs);
      await talk(subjectOwner('talks', agentId));
      assert.deepEqual(await store().privacy.idleContacts({ agentId, before: startOfTime, limit: 9 }), ['a', 'b']);
    });
  });

  test('a lease is one holder’s until it ends, is given back, or was not renewed', async () => {
    const name = randomUUID();
    const take = (holder: string, now: number) => store().privacy.takeLease(name, holder, now, now + 10);
    const taken = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => take(holder, 0)));
    assert.equal(taken.filter(Boolean).length, 1);
    const holder = 'abcd'[taken.indexOf(true)] ?? '';
    assert.equal(await take(holder, 5), true, 'renewed');
    assert.equal(await take('z', 14), false);
    await store().privacy.releaseLease(name, 'z');
    assert.equal(await take('z', 14), false);
    assert.equal(await take('z', 15), true);
    await store().privacy.releaseLease(name, 'z');
    assert.equal(await take(holder, 16), true);
  });
}
