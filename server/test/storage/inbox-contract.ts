import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { InboxFilter, Owner, Page, VisitorFacts } from '../../src/storage/index.ts';
import { goBackBefore } from './earlier-schema.ts';
import type { OpenedStore } from './session-rows-contract.ts';
import { assistantMessage, sessionOwner, startOfTime, subjectOwner, submitTurn, userMessage } from './test-stores.ts';

type Said = {
  readonly owner?: Owner;
  readonly id?: string;
  readonly text?: string;
  readonly answer?: string;
  readonly now?: number;
  readonly visitor?: VisitorFacts;
};

/** What operators see of conversations, and how they find them. Each test has agents of its own. */
export function describeInbox(opened: () => OpenedStore): void {
  const inbox = () => opened().store.inbox;

  async function say({ owner = sessionOwner(), id = randomUUID(), text = 'Hello', answer, now, visitor }: Said) {
    const message = userMessage(text);
    const turn = {
      ...submitTurn({ owner, conversationId: id, message, ...(now === undefined ? {} : { now }) }),
      visitor,
    };
    const begun = await opened().store.conversations.beginTurn(turn);
    assert.equal(begun.outcome, 'begun');
    await opened().store.replies.finish(
      turn.replyId,
      'complete',
      assistantMessage(answer ?? 'Yes.', turn.replyId),
      now ?? startOfTime,
    );
    return { id, messageId: message.id, replyId: turn.replyId };
  }

  async function readAll(filter: InboxFilter, limit = 100): Promise<string[]> {
    const ids: string[] = [];
    let page: Page = { limit };
    for (;;) {
      const { rows, nextBefore } = await inbox().list(filter, page);
      ids.push(...rows.map(({ id }) => id));
      if (nextBefore === null) return ids;
      page = { limit, before: nextBefore };
    }
  }

  const newAgent = () => `agent-${randomUUID()}`;
  const of = (agentId: string, filter: Partial<InboxFilter> = {}): InboxFilter => ({ agentIds: [agentId], ...filter });

  describe('what operators see of a conversation', () => {
    test('H11 is whether its visitor is verified, who they are, and where it began', async () => {
      const agentId = newAgent();
      const visitor = { site: 'https://shop.example', name: 'Ada\u0000 Lovelace', email: 'ada@example.com' };
      const ada = subjectOwner('user-1', agentId);
      const { id } = await say({ owner: ada, visitor, text: 'Where is it?', answer: 'Here' });
      const other = await say({ owner: sessionOwner(randomUUID(), agentId) });
      await say({ owner: ada, id, visitor: { site: 'https://other.example', name: 'Ada L.' } });
      const row = await inbox().find(id);
      assert.deepEqual(
        { ...row, id: '', createdAt: 0, updatedAt: 0 },
        {
          ...{ id: '', agentId, subject: 'user-1', contactName: 'Ada L.', contactEmail: 'ada@example.com' },
          ...{ site: 'https://shop.example', title: 'Where is it?', lastMessage: 'Yes.', status: 'open' },
          ...{ assigneeId: null, handoff: { state: 'none' }, createdAt: 0, updatedAt: 0, unreadCount: 2 },
        },
      );
      const stranger = await inbox().find(other.id);
      assert.deepEqual([stranger?.subject, stranger?.contactName, stranger?.site], [null, null, null]);
      assert.equal(await inbox().find(randomUUID()), undefined);
    });

    test('of a visitor who signs in becomes who they have turned out to be', async () => {
      const agentId = newAgent();
      const [session, subject] = [sessionOwner(randomUUID(), agentId), subjectOwner('user-2', agentId)];
      const { id } = await say({ owner: session, visitor: { name: 'Mallory', email: 'boss@example.com' } });
      await opened().store.contacts.seen(agentId, 'user-2', { sub: 'user-2', name: 'Bert' }, startOfTime);
      await opened().store.conversations.claim(session, subject, startOfTime);
      const row = await inbox().find(id);
      assert.deepEqual([row?.subject, row?.contactName, row?.contactEmail], ['user-2', 'Bert', null]);
      assert.deepEqual(await readAll(of(agentId, { query: 'mallory' })), []);
      assert.deepEqual(await readAll(of(agentId, { query: 'bert' })), [id]);
    });
  });

  describe('the list of conversations for operators', () => {
    test('is the last active first, page by page, each once, whatever moves meanwhile', async () => {
      const agentId = newAgent();
      const ids: string[] = [];
      for (const now of [1, 2, 2, 2, 3, 4]) {
        ids.push((await say({ owner: subjectOwner(randomUUID(), agentId), now: startOfTime + now })).id);
      }
      const first = await inbox().list(of(agentId), { limit: 3 });
      assert.deepEqual(
        first.rows.map(({ updatedAt }) => updatedAt - startOfTime),
        [4, 3, 2],
      );
      // A row that was listed goes to the top, and so does one that was not.
      await say({ id: ids[5] ?? '', owner: await ownerOf(ids[5]), now: startOfTime + 9 });
      await say({ id: ids[0] ?? '', owner: await ownerOf(ids[0]), now: startOfTime + 10 });
      const second = await inbox().list(of(agentId), { limit: 3, before: first.nextBefore ?? assert.fail() });
      const listed = [...first.rows, ...second.rows].map(({ id }) => id);
      assert.equal(new Set(listed).size, 5);
      assert.equal(second.nextBefore, null);
    });

    async function ownerOf(id = ''): Promise<Owner> {
      return (await opened().store.conversations.ownerOf(id)) ?? assert.fail();
    }

    test('holds what the filters fit', async () => {
      const agentId = newAgent();
      const { store } = opened();
      const ada = await say({ owner: subjectOwner('ada', agentId), now: startOfTime + 1 });
      const anna = await say({ owner: sessionOwner(randomUUID(), agentId), now: startOfTime + 2 });
      const bert = await say({ owner: subjectOwner('bert', agentId), now: startOfTime + 3 });
      await store.desk.setStatus(ada.id, 'closed');
      await store.desk.assign(anna.id, 'operator-1');
      await store.desk.markRead(bert.id, bert.replyId);
      await store.conversations.rate(subjectOwner('bert', agentId), bert.replyId, {
        rating: 'down',
        comment: '"rating":"up"',
      });
      await store.handoffs.change({
        conversationId: anna.id,
        from: ['none'],
        to: { state: 'requested' },
        message: () => ({ id: randomUUID(), role: 'assistant', parts: [] }),
        now: startOfTime + 2,
      });
      const cases: readonly (readonly [Partial<InboxFilter>, readonly string[]])[] = [
        [{}, [bert.id, anna.id, ada.id]],
        [{ verified: true }, [bert.id, ada.id]],
        [{ verified: false }, [anna.id]],
        [{ status: 'closed' }, [ada.id]],
        [{ status: 'open' }, [bert.id, anna.id]],
        [{ assigneeId: 'operator-1' }, [anna.id]],
        [{ assigneeId: null }, [bert.id, ada.id]],
        [{ handoff: 'requested' }, [anna.id]],
        [{ handoff: 'none' }, [bert.id, ada.id]],
        [{ unread: true }, [anna.id, ada.id]],
        [{ unread: false }, [bert.id]],
        [{ feedback: 'down' }, [bert.id]],
        [{ feedback: 'up' }, []],
        [{ from: startOfTime + 2 }, [bert.id, anna.id]],
        [{ to: startOfTime + 2 }, [ada.id]],
        [{ subject: 'ada' }, [ada.id]],
        [{ status: 'open', verified: true, unread: false, feedback: 'down', from: startOfTime }, [bert.id]],
      ];
      for (const [filter, ids] of cases) {
        const what = JSON.stringify(filter);
        assert.deepEqual(await readAll(of(agentId, filter)), ids, what);
        assert.deepEqual(await readAll(of(agentId, filter), 1), ids, `${what}, one by one`);
        assert.deepEqual(await readAll({ agentIds: [agentId, newAgent()], ...filter }), ids, `${what}, of two agents`);
        assert.deepEqual(await readAll(of(newAgent(), filter)), [], `${what}, of another agent`);
        assert.deepEqual(await readAll({ agentIds: [], ...filter }), [], `${what}, of no agent`);
        assert.deepEqual(await readAll(of(agentId, { ...filter, query: 'hello' })), ids, `${what}, with a word`);
      }
      assert.ok((await readAll({ agentIds: null, from: startOfTime })).includes(ada.id));
    });

    test('refuses a cursor that it did not give', async () => {
      for (const query of [undefined, 'hello']) {
        await assert.rejects(inbox().list({ agentIds: null, query }, { limit: 1, before: 'x' }), RangeError);
      }
      await assert.rejects(inbox().contacts({ agentIds: null }, { limit: 1, before: 'x' }), RangeError);
    });
  });

  describe('a search of operators', () => {
    test('finds beginnings of words, all of them in one message, the newest first, with the words around', async () => {
      const agentId = newAgent();
      const ada = await say({ owner: subjectOwner('1', agentId), text: 'My Café order-4711 is late', answer: 'Sorry' });
      const anna = await say({ owner: subjectOwner('2', agentId), text: 'Orders', answer: 'They are late' });
      const find = (query: string) => readAll(of(agentId, { query }));
      assert.deepEqual(await find('ORD'), [anna.id, ada.id]);
      assert.deepEqual(await find('cafe 471'), [ada.id]);
      assert.deepEqual(await find('late order'), [ada.id]);
      assert.deepEqual(await find('rder'), []);
      assert.deepEqual(await find('late'), [anna.id, ada.id]);
      const { rows } = await inbox().list(of(agentId, { query: '4711' }), { limit: 1 });
      assert.deepEqual(rows[0]?.found, { messageId: ada.messageId, text: 'My Café order-4711 is late' });
    });

    test('lets others be answered between long messages that are slow to read', async () => {
      const agentId = newAgent();
      const text = `℡ ${'ﷺ '.repeat(3_990)}`;
      const count = 20;
      for (let n = 0; n < count; n += 1) await say({ owner: sessionOwner(randomUUID(), agentId), text });
      let [answered, isOver] = [0, false];
      const answerOthers = (): void => {
        answered += 1;
        if (!isOver) setImmediate(answerOthers);
      };
      setImmediate(answerOthers);
      const { rows } = await inbox().list(of(agentId, { query: 'tel' }), { limit: 100 });
      isOver = true;
      assert.equal(rows.length, count);
      assert.ok(answered >= count, `${answered}`);
    });

    test('finds characters of scripts without spaces, and who the visitor is', async () => {
      const agentId = newAgent();
      const visitor = { name: 'Zoë Müller', email: 'zoe@example.com' };
      const { id } = await say({ owner: subjectOwner('user:77', agentId), text: '商品を返品したい', visitor });
      for (const query of ['返品', 'zoe', 'Muller', 'zoe@example.com', 'user:77', 'example']) {
        assert.deepEqual(await readAll(of(agentId, { query })), [id], query);
      }
      await say({ owner: subjectOwner('user:77', agentId), id, visitor: { name: 'Zora' } });
      assert.deepEqual(await readAll(of(agentId, { query: 'muller' })), []);
    });

    test('takes whatever is typed for words', async () => {
      const agentId = newAgent();
      const { id } = await say({ owner: subjectOwner('1', agentId), text: 'Near or not, and never' });
      for (const query of [
        'near" OR "x',
        "near' | 'never",
        'NEAR(near never)',
        'words:near',
        '^near*',
        'near) --',
        'NOT near',
      ]) {
        const found = await readAll(of(agentId, { query }));
        assert.ok(
          found.every((each) => each === id),
          query,
        );
      }
      assert.deepEqual(await readAll(of(agentId, { query: 'never and' })), [id]);
      for (const query of ['*', '"', "'':*", '%', '()', '\u0000', '\uE000', '😀', '&!|<->']) {
        assert.deepEqual(await readAll(of(agentId, { query })), [], query);
      }
    });

    test('lists each conversation once over all pages, by its newest message, and none that was hidden', async () => {
      const agentId = newAgent();
      const owners = Array.from({ length: 5 }, () => subjectOwner(randomUUID(), agentId));
      const ids = owners.map(() => randomUUID());
      for (const round of [0, 1, 2]) {
        for (const [at, owner] of owners.entries()) await say({ owner, id: ids[at] ?? '', text: `fern round${round}` });
      }
      assert.deepEqual(await readAll(of(agentId, { query: 'fern' }), 2), ids.toReversed());
      assert.deepEqual(await readAll(of(agentId, { query: 'fern round0' }), 2), ids.toReversed());
      const owner = owners[0] ?? assert.fail();
      const [, , named = ''] = ids;
      await say({ owner: owners[2] ?? owner, id: named, text: 'moss', visitor: { name: 'Fern' } });
      const all = [named, ...ids.filter((id) => id !== named).toReversed()];
      assert.deepEqual(await readAll(of(agentId, { query: 'fern' }), 1), all);
      const { messages } = await opened().store.conversations.messages(ids[0] ?? '', { limit: 2 });
      const turn = submitTurn({ owner, conversationId: ids[0] ?? '', message: userMessage('moss') });
      await opened().store.conversations.beginTurn({ ...turn, replaces: messages[0]?.id } as typeof turn);
      assert.deepEqual(await readAll(of(agentId, { query: 'round2 fern' })), ids.slice(1).toReversed());
      assert.equal((await readAll(of(agentId, { query: 'fern' }), 2)).length, 5);
      assert.deepEqual(await readAll(of(agentId, { query: 'moss' })), [ids[0], named]);
    });

    test('finds nothing of what was removed', async () => {
      const agentId = newAgent();
      const { id } = await say({ owner: subjectOwner('1', agentId), text: 'fern', visitor: { name: 'Fern' } });
      assert.deepEqual(await readAll(of(agentId, { query: 'fern' })), [id]);
      await opened().store.conversations.remove(id);
      assert.deepEqual(await readAll(of(agentId, { query: 'fern' })), []);
      const left = await opened().query(`select n from search_entries where agent_id = '${agentId}'`);
      assert.equal(left.length, 0);
    });

    test('finds what was said before there was an index', async () => {
      const agentId = newAgent();
      await opened().store.contacts.seen(
        agentId,
        'u1',
        { sub: 'u1', name: 'Odo', email: 'odo@example.com' },
        startOfTime,
      );
      const { id } = await say({ owner: subjectOwner('u1', agentId), text: 'An old fern', answer: 'A new moss' });
      await goBackBefore('0013-search', (statement) => opened().query(statement));
      await opened().reopen();
      for (const query of ['fern', 'moss', 'odo']) assert.deepEqual(await readAll(of(agentId, { query })), [id], query);
      const { rows } = await inbox().contacts({ agentIds: [agentId], query: 'odo' }, { limit: 5 });
      assert.deepEqual(
        rows.map(({ subject }) => subject),
        ['u1'],
      );
      assert.equal((await inbox().find(id))?.contactEmail, 'odo@example.com');
    });
  });

  describe('contacts', () => {
    test('are listed by when they were last seen, and found by name, e-mail address and subject', async () => {
      const [agentId, other] = [newAgent(), newAgent()];
      const { contacts } = opened().store;
      for (const [at, name] of ['Ada Lovelace', 'Bert', 'Cleo'].entries()) {
        const claims = { sub: name, name, email: `${name.split(' ')[0]}@example.com`, plan: 'gold' };
        await contacts.seen(agentId, `user-${at}`, claims, startOfTime + at);
      }
      await contacts.seen(other, 'user-9', { sub: 'user-9', name: 'Ada' }, startOfTime + 1);
      const subjects = async (query?: string, agentIds: readonly string[] = [agentId]) => {
        const found: string[] = [];
        let before: string | undefined;
        do {
          const page = await inbox().contacts({ agentIds, query }, { limit: 2, before });
          found.push(...page.rows.map(({ subject }) => subject));
          before = page.nextBefore ?? undefined;
        } while (before !== undefined);
        return found;
      };
      assert.deepEqual(await subjects(), ['user-2', 'user-1', 'user-0']);
      assert.deepEqual((await subjects(undefined, [agentId, other])).toSorted(), [
        'user-0',
        'user-1',
        'user-2',
        'user-9',
      ]);
      assert.deepEqual(await subjects('love ada'), ['user-0']);
      assert.deepEqual(await subjects('example'), ['user-2', 'user-1', 'user-0']);
      assert.deepEqual(await subjects('user-1'), ['user-1']);
      assert.deepEqual(await subjects('gold'), []);
      assert.deepEqual(await subjects('ada', [agentId, other]), ['user-9', 'user-0']);
      assert.deepEqual(await subjects('ada', []), []);
      await contacts.seen(agentId, 'user-0', { sub: 'x', name: 'Ida' }, startOfTime + 120_000);
      assert.deepEqual(await subjects('lovelace'), []);
      assert.deepEqual(await subjects('ida'), ['user-0']);
      assert.deepEqual((await subjects())[0], 'user-0');
    });

    test('have claims, and a history of what changed in them', async () => {
      const agentId = newAgent();
      const { store } = opened();
      await store.contacts.seen(agentId, 'user-1', { sub: 'user-1', name: 'Ada' }, startOfTime);
      const entry = { agentId, subject: 'user-1', kind: 'claims-changed' } as const;
      await store.audit.append({ ...entry, at: startOfTime + 1, detail: { claims: ['plan'] } });
      await store.audit.append({ ...entry, at: startOfTime + 2, detail: { claims: ['name', 'email'] } });
      await store.audit.append({ ...entry, subject: 'user-2', at: startOfTime + 3, detail: { claims: ['x'] } });
      const contact = await inbox().contact(agentId, 'user-1');
      assert.deepEqual(contact?.claims, { sub: 'user-1', name: 'Ada' });
      assert.deepEqual([contact?.name, contact?.email], ['Ada', null]);
      assert.deepEqual(await inbox().claimsHistory(agentId, 'user-1'), [
        { at: startOfTime + 2, claims: ['name', 'email'] },
        { at: startOfTime + 1, claims: ['plan'] },
      ]);
      assert.equal(await inbox().contact(newAgent(), 'user-1'), undefined);
    });
  });
}
