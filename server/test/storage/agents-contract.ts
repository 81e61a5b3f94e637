import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Store } from '../../src/storage/index.ts';
import { startOfTime } from './test-stores.ts';

export function describeAgents(store: () => Store): void {
  describe('settings of agents', () => {
    const save = (id: string, settings: string, before: string | null, now = startOfTime) =>
      store().agentSettings.save({ id, settings, before, now });

    test('are replaced by whoever knows what stands there', async () => {
      const id = `agent-${randomUUID()}`;
      assert.equal(await store().agentSettings.find(id), undefined);
      const first = await save(id, '{"name":"A \\u0000"}', null);
      assert.ok(typeof first === 'object');
      const second = await save(id, '{"name":"B"}', first.revision, startOfTime + 5);
      assert.ok(typeof second === 'object');
      assert.notEqual(second.revision, first.revision);
      assert.deepEqual(await store().agentSettings.find(id), {
        id,
        settings: '{"name":"B"}',
        revision: second.revision,
        createdAt: startOfTime,
        updatedAt: startOfTime + 5,
      });
      const { revisions } = store().agentSettings;
      assert.deepEqual(
        (await revisions()).filter((each) => each.id === id),
        [{ id, revision: second.revision }],
      );
    });

    test('stay as they are for whoever is too late, and of two at once one is', async () => {
      const id = `agent-${randomUUID()}`;
      const made = await Promise.all([save(id, '1', null), save(id, '2', null), save(id, '3', null)]);
      assert.equal(made.filter((outcome) => outcome === 'conflict').length, 2);
      const { revision: before = '' } = (await store().agentSettings.find(id)) ?? {};
      const changed = await Promise.all([save(id, '4', before), save(id, '5', before)]);
      assert.equal(changed.filter((outcome) => outcome === 'conflict').length, 1);
      assert.equal(await save(id, '6', before), 'conflict');
      assert.equal(await store().agentSettings.remove(id, before), false);
      const { revision = '', settings } = (await store().agentSettings.find(id)) ?? {};
      assert.match(settings ?? '', /^[45]$/);
      assert.equal(await store().agentSettings.remove(id, revision), true);
      assert.equal(await store().agentSettings.find(id), undefined);
      assert.equal(await save(id, '7', revision), 'conflict');
    });
  });

  describe('visits of an agent', () => {
    const note = (agentId: string, origin: string, at: number, reason = '') =>
      store().agentVisits.note({ agentId, origin, identity: reason === '' ? 'verified' : 'refused', reason, at });

    test('are one for each kind, with its first and its last time', async () => {
      const agentId = randomUUID();
      await note(agentId, 'https://a.example', startOfTime);
      await note(agentId, 'https://a.example', startOfTime + 7);
      await note(agentId, 'https://a.example', startOfTime + 9, 'expired');
      await note(randomUUID(), 'https://a.example', startOfTime);
      const common = { agentId, origin: 'https://a.example' };
      assert.deepEqual(await store().agentVisits.list(agentId), [
        { ...common, identity: 'refused', reason: 'expired', firstAt: startOfTime + 9, lastAt: startOfTime + 9 },
        { ...common, identity: 'verified', reason: '', firstAt: startOfTime, lastAt: startOfTime + 7 },
      ]);
    });

    test('are bounded, and origins that were made up push out no site', async () => {
      const agentId = randomUUID();
      await note(agentId, 'https://mine.example', startOfTime);
      for (let at = 1; at <= 60; at++) {
        await note(agentId, `https://x${at}.example`, startOfTime + at, 'origin_not_allowed');
      }
      const afterwards = await store().agentVisits.list(agentId);
      assert.equal(afterwards.length, 51);
      assert.equal(afterwards.at(-1)?.origin, 'https://mine.example');
      assert.equal(afterwards[0]?.origin, 'https://x60.example');
      assert.equal(afterwards[49]?.origin, 'https://x11.example');
      for (let at = 1; at <= 105; at++) await note(agentId, `https://y${at}.example`, startOfTime + 100 + at);
      const known = (await store().agentVisits.list(agentId)).filter(({ reason }) => reason === '');
      assert.equal(known.length, 100);
      assert.equal(known.at(-1)?.origin, 'https://y6.example');
    });
  });
}
