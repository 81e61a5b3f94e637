import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { AuditEntry, AuditFilter } from '../../src/storage/index.ts';
import type { OpenedStore } from './session-rows-contract.ts';
import { startOfTime } from './test-stores.ts';

/** What was done, as operators read it, and that nobody can change it. Each test has agents of its own. */
export function describeAudit(opened: () => OpenedStore): void {
  const store = () => opened().store;
  const grace = { id: 'o-grace', name: 'Grace' };

  async function fill(agentId: string, entries: readonly Partial<AuditEntry>[]): Promise<void> {
    for (const [at, entry] of entries.entries()) {
      await store().audit.append({ agentId, at: startOfTime + at, kind: 'claims-changed', ...entry });
    }
  }

  async function read(filter: AuditFilter, limit = 100): Promise<readonly string[]> {
    const reasons: string[] = [];
    let before: string | undefined;
    do {
      const { rows, nextBefore } = await store().audit.page(filter, { limit, before });
      assert.ok(rows.length <= limit);
      reasons.push(...rows.map(({ reason }) => reason ?? ''));
      before = nextBefore ?? undefined;
    } while (before !== undefined);
    return reasons;
  }

  describe('the audit log as a list', () => {
    test('is read page by page, each entry once, the latest first, whatever the page', async () => {
      const agentId = randomUUID();
      // Several at the same time, and one that was written late.
      const times = [0, 1, 1, 1, 2, 1, 3];
      await fill(
        agentId,
        times.map((time, at) => ({ at: startOfTime + time, reason: `${at}` })),
      );
      for (const limit of [1, 2, 3, 100]) {
        assert.deepEqual(await read({ agentIds: [agentId] }, limit), ['6', '4', '5', '3', '2', '1', '0'], `${limit}`);
      }
      await assert.rejects(store().audit.page({ agentIds: null }, { limit: 1, before: 'x' }), RangeError);
    });

    test('is filtered by agent, kind, operator, subject and time, each alone and all together', async () => {
      const [here, there] = [randomUUID(), randomUUID()];
      const [subject, operator] = [`an\0na ${here}`, { id: here, name: 'Gr\0ace' }];
      await fill(here, [
        { reason: 'a' },
        { reason: 'b', kind: 'key-created', operator },
        { reason: 'c', subject },
        { reason: 'd', kind: 'key-created', subject, operator },
      ]);
      await fill(there, [{ reason: 'e', kind: 'key-created', subject, operator }]);
      const both = [here, there];
      const found = async (filter: Partial<AuditFilter>) => (await read({ agentIds: both, ...filter })).toSorted();
      assert.deepEqual(await found({}), ['a', 'b', 'c', 'd', 'e']);
      assert.deepEqual(await found({ agentIds: [here] }), ['a', 'b', 'c', 'd']);
      assert.deepEqual(await found({ agentIds: [] }), []);
      assert.deepEqual(await found({ kinds: ['key-created'] }), ['b', 'd', 'e']);
      assert.deepEqual(await found({ kinds: ['key-created', 'claims-changed'] }), ['a', 'b', 'c', 'd', 'e']);
      assert.deepEqual(await found({ operatorId: here, agentIds: null }), ['b', 'd', 'e']);
      assert.deepEqual(await found({ subject, agentIds: 'some' }), ['c', 'd', 'e']);
      assert.deepEqual(await found({ from: startOfTime + 1, to: startOfTime + 3 }), ['b', 'c']);
      const all = { kinds: ['key-created'], operatorId: here, subject, from: startOfTime + 3, to: startOfTime + 4 };
      assert.deepEqual(await found(all as Partial<AuditFilter>), ['d']);
    });

    test('shows what belongs to no agent to those alone who see all', async () => {
      const id = randomUUID();
      await fill('', [{ kind: 'operator-created', operator: { id, name: 'Grace' }, reason: 'house' }]);
      assert.deepEqual(await read({ agentIds: null, operatorId: id }), ['house']);
      assert.deepEqual(await read({ agentIds: 'some', operatorId: id }), []);
    });

    test('has one entry of what happens once a day, however many say so at once', async () => {
      const agentId = randomUUID();
      const entry = { agentId, at: startOfTime, kind: 'key-used', reason: 'k\0 1' } as const;
      const added = await Promise.all(Array.from({ length: 6 }, () => store().audit.appendOnce(entry, startOfTime)));
      assert.equal(added.filter(Boolean).length, 1);
      assert.equal(await store().audit.appendOnce({ ...entry, reason: 'k2' }, startOfTime), true);
      assert.equal(await store().audit.appendOnce({ ...entry, at: startOfTime + 9 }, startOfTime + 1), true);
    });
  });

  describe('the audit log in the database', () => {
    const refused = /append-only/;

    test('refuses to change, delete or replace an entry, whoever asks', async () => {
      const agentId = randomUUID();
      await fill(agentId, [{ reason: 'kept', subject: 'anna', detail: { said: 'what' }, operator: grace }]);
      const { query } = opened();
      const mine = `where agent_id = '${agentId}'`;
      const before = await query(`select * from audit ${mine}`);
      const [{ id }] = before as [{ id: number }];
      const changes = [
        "kind = 'x'",
        "subject = 'bert'",
        'subject = null',
        'detail = null',
        "subject = null, detail = '{}'",
        'subject = null, detail = null, at = at + 1',
        "subject = null, detail = null, kind = 'x'",
        "subject = null, detail = null, agent_id = 'x'",
        'subject = null, detail = null, reason = null',
        'subject = null, detail = null, operator_id = null',
        'subject = null, detail = null, operator_name = null',
      ];
      for (const change of changes) await assert.rejects(query(`update audit set ${change} ${mine}`), refused, change);
      await assert.rejects(query(`delete from audit ${mine}`), refused);
      await assert.rejects(query('delete from audit'), refused);
      const values = `values (${id}, 'x', 1, 'x')`;
      const replacing =
        store().dialect === 'sqlite'
          ? [
              `insert or replace into audit (id, agent_id, at, kind) ${values}`,
              `update or replace audit set id = ${id} where id < ${id}`,
            ]
          : [
              `insert into audit (id, agent_id, at, kind) overriding system value ${values} on conflict (id) do update set kind = 'x'`,
              'truncate audit',
            ];
      for (const statement of replacing) await assert.rejects(query(statement), refused, statement);
      assert.deepEqual(await query(`select * from audit ${mine}`), before);
    });

    test('lets a person be erased from an entry with what it said of them, and nothing else', async () => {
      const agentId = randomUUID();
      await fill(agentId, [{ reason: 'kept', subject: 'anna', detail: { said: 'what' }, operator: grace }, {}]);
      await opened().query(
        `update audit set subject = null, detail = null where agent_id = '${agentId}' and subject = 'anna'`,
      );
      const [, erased] = await store().audit.list(agentId, 2);
      assert.deepEqual(erased, { agentId, at: startOfTime, kind: 'claims-changed', reason: 'kept', operator: grace });
      const again = `update audit set subject = null, detail = null where agent_id = '${agentId}'`;
      await assert.rejects(opened().query(again), refused, 'an entry about nobody has nobody to erase');
    });
  });
}
