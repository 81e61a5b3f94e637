import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { KeyStore, Store } from '../../src/storage/index.ts';
import { startOfTime } from './test-stores.ts';

function newKey(agentId: string, id: string, createdAt = startOfTime): Parameters<KeyStore['add']>[0] {
  const shown = { name: 'Backend', algorithm: 'HS256', preview: '••••1234' };
  return { agentId, id, ...shown, sealedSecret: 'sealed', publicKey: null, createdAt };
}

const upToThree = { maxActive: 3, replace: false };

export function describeKeys(store: () => Store): void {
  describe('signing keys', () => {
    test('B8 up to three are active, whoever adds them at the same moment; a retired one makes room', async () => {
      const agent = randomUUID();
      const { keys } = store();
      const outcomes = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((id, at) => keys.add(newKey(agent, id, startOfTime + at), upToThree)),
      );
      assert.deepEqual(outcomes.toSorted(), ['added', 'added', 'added', 'too_many', 'too_many']);
      const [newest] = await keys.list(agent);
      assert.equal(await keys.retire(agent, newest?.id ?? '', startOfTime + 10), true);
      assert.equal(await keys.retire(agent, newest?.id ?? '', startOfTime + 20), false, 'once');
      assert.equal(await keys.add(newKey(agent, 'f', startOfTime + 9), upToThree), 'added');
      const rows = await keys.list(agent);
      assert.deepEqual(
        rows.map(({ state }) => state),
        ['active', 'retired', 'active', 'active'],
      );
      assert.equal(rows[1]?.retiredAt, startOfTime + 10);
    });

    test('Wo4 where one may be active, a new one takes its place', async () => {
      const agent = randomUUID();
      const one = { maxActive: 1, replace: true };
      for (const [at, id] of ['a', 'b', 'c'].entries()) {
        assert.equal(await store().keys.add(newKey(agent, id, startOfTime + at), one), 'added');
      }
      const rows = await store().keys.list(agent);
      assert.deepEqual(
        rows.map(({ id, state, retiredAt }) => [id, state, retiredAt]),
        [
          ['c', 'active', null],
          ['b', 'retired', startOfTime + 2],
          ['a', 'retired', startOfTime + 1],
        ],
      );
    });

    test('have one id each, are renamed and removed, and belong to one agent', async () => {
      const [agent, other] = [randomUUID(), randomUUID()];
      const { keys } = store();
      assert.equal(await keys.add(newKey(agent, 'a\0'), upToThree), 'added');
      assert.equal(await keys.add(newKey(agent, 'a\0'), upToThree), 'exists');
      assert.equal(await keys.add(newKey(other, 'a\0'), upToThree), 'added');
      assert.equal(await keys.rename(agent, 'a\0', 'Renamed'), true);
      assert.equal(await keys.rename(agent, 'b', 'Renamed'), false);
      assert.equal((await keys.list(agent))[0]?.name, 'Renamed');
      assert.equal(await keys.remove(agent, 'a\0'), true);
      assert.equal(await keys.remove(agent, 'a\0'), false);
      assert.deepEqual(await keys.list(agent), []);
      const [left] = await keys.list(other);
      assert.deepEqual(left, { ...newKey(other, 'a\0'), state: 'active', retiredAt: null, lastUsedDay: null });
      assert.ok((await keys.sealed()).some(({ agentId }) => agentId === other));
    });

    test('remember the last day they were used, and no earlier one', async () => {
      const agent = randomUUID();
      const { keys } = store();
      await keys.add(newKey(agent, 'a'), upToThree);
      const { revision } = await keys.settings(agent);
      for (const day of [startOfTime, startOfTime + 2, startOfTime + 1]) await keys.used(agent, 'a', day);
      assert.equal((await keys.list(agent))[0]?.lastUsedDay, startOfTime + 2);
      assert.equal((await keys.settings(agent)).revision, revision, 'that changes nothing about who is verified');
    });
  });

  describe('the revision of an agent', () => {
    test('H14 is new after each change of a key or of the policy', async () => {
      const agent = randomUUID();
      const { keys } = store();
      assert.deepEqual(await keys.settings(agent), { policy: null, revision: null });
      const seen = new Set<string | null>([null]);
      const changes = [
        () => keys.add(newKey(agent, 'a'), upToThree),
        () => keys.rename(agent, 'a', 'A'),
        () => keys.retire(agent, 'a', startOfTime),
        () => keys.remove(agent, 'a'),
        () => keys.setPolicy(agent, null, '{"access":"open"}'),
        () => keys.setPolicy(agent, '{"access":"open"}', '{}'),
      ];
      for (const change of changes) {
        await change();
        const { revision } = await keys.settings(agent);
        assert.ok(!seen.has(revision));
        seen.add(revision);
      }
      assert.equal((await keys.settings(agent)).policy, '{}');
    });

    test('a policy is changed only by who has seen the one before', async () => {
      const agent = randomUUID();
      const { keys } = store();
      const outcomes = await Promise.all([1, 2, 3].map((n) => keys.setPolicy(agent, null, `{"n":${n}}`)));
      assert.equal(outcomes.filter(Boolean).length, 1);
      assert.equal(await keys.setPolicy(agent, '{"n":9}', '{}'), false);
    });
  });
}
