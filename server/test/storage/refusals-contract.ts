import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Store } from '../../src/storage/index.ts';

const from = 1_800_000_000_123;
const bucketMs = 3_600_000;

export function describeRefusals(store: () => Store): void {
  describe('refused tokens', () => {
    test('W10 are counted by reason and by time, of one agent and no other kind', async () => {
      const [agentId, other] = [randomUUID(), randomUUID()];
      const refuse = (at: number, reason: string, count: number, of = agentId) =>
        store().audit.append({ agentId: of, at, kind: 'token-refused', reason, detail: { count } });
      await refuse(from - 1, 'expired', 1_000);
      await refuse(from, 'expired', 2);
      await refuse(from + bucketMs - 1, 'expired', 3);
      await refuse(from + bucketMs, 'expired', 5);
      await refuse(from + 2 * bucketMs - 1, 'mal\0formed', 7);
      await refuse(from + 2 * bucketMs, 'expired', 1_000);
      await refuse(from, 'expired', 1_000, other);
      await store().audit.append({ agentId, at: from, kind: 'attachment-refused', reason: 'x', detail: { count: 9 } });
      const counts = await store().refusals.count({ agentId, from, to: from + 2 * bucketMs, bucketMs });
      assert.deepEqual(
        counts.toSorted((one, two) => one.bucket - two.bucket || one.count - two.count),
        [
          { reason: 'expired', bucket: 0, count: 5 },
          { reason: 'expired', bucket: 1, count: 5 },
          { reason: 'mal\0formed', bucket: 1, count: 7 },
        ],
      );
    });

    test('take whole numbers, which go into the statement itself', async () => {
      const question = { agentId: 'shop', from, to: from, bucketMs: 0.5 };
      await assert.rejects(store().refusals.count(question), TypeError);
    });
  });
}
