import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOriginPattern } from '../../src/config/index.ts';
import type { AgentCall } from '../../src/http/call.ts';
import { createRequestRecord } from '../../src/http/request-record.ts';
import { standingOf } from '../../src/http/visitor.ts';
import { watchSettings } from '../../src/http/watch-settings.ts';

/** A call from a page, to an agent whose list the test changes; everything but the page still stands. */
function callFrom(origin: string | undefined) {
  const allowed: { origins: readonly string[] } = { origins: ['https://shop.example'] };
  const patterns = () =>
    allowed.origins.flatMap((text) => {
      const result = parseOriginPattern(text);
      return result.ok ? [result.pattern] : [];
    });
  const call = {
    request: new Request('http://chat.example/v1/agents/shop/events', {
      headers: origin === undefined ? {} : { origin },
    }),
    record: createRequestRecord('127.0.0.1'),
    entry: { id: 'shop' },
    services: {
      agents: { find: () => ({ origins: patterns() }) },
      profiles: { read: async () => ({}) },
      identity: { review: async () => ({ state: 'good', expiresAt: null }) },
      publicOrigin: 'http://chat.example',
      clock: () => 0,
    },
  } as unknown as AgentCall;
  return { call, allowed };
}

const visitor = {
  judgement: { state: 'anonymous', source: 'anonymous' },
  owner: { kind: 'subject', agentId: 'shop', subject: 'ada' },
} as const;

test('W13 a stream lapses when its page is taken off the agent’s list; the server’s own page and no page at all stay', async () => {
  for (const [origin, verdict] of [
    ['https://shop.example', { state: 'lapsed', why: 'origin_not_allowed' }],
    ['http://chat.example', { state: 'good', expiresAt: null }],
    [undefined, { state: 'good', expiresAt: null }],
  ] as const) {
    const { call, allowed } = callFrom(origin);
    assert.equal((await standingOf(call, visitor)).state, 'good');
    allowed.origins = ['https://other.example'];
    assert.deepEqual(await standingOf(call, visitor), verdict);
  }
});

/** Lets what a tick of the clock has started come to its end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

for (const [dialect, intervalMs] of [
  ['sqlite', 500],
  ['postgres', 5_000],
] as const) {
  test(`H14 a change that nobody has told of is noticed on ${dialect} within ${intervalMs} ms, once`, async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const revisions = new Map<string, string | null>([
      ['a', null],
      ['b', 'one'],
    ]);
    const changed: string[] = [];
    const unwatch = watchSettings({
      store: {
        dialect,
        keys: { settings: async (agentId) => ({ policy: null, revision: revisions.get(agentId) ?? null }) },
      },
      agentIds: () => ['a', 'b'],
      intervalMs: 500,
      onChange: (agentId) => changed.push(agentId),
    });
    const pass = async (durationMs: number) => {
      changed.length = 0;
      t.mock.timers.tick(durationMs);
      await settle();
      return changed;
    };
    await settle();
    assert.deepEqual(changed, ['a', 'b'], 'a stream may have been opened before the first look');
    assert.deepEqual(await pass(intervalMs), []);
    revisions.set('a', 'two');
    assert.deepEqual(await pass(intervalMs - 1), []);
    assert.deepEqual(await pass(1), ['a']);
    assert.deepEqual(await pass(intervalMs), []);
    unwatch();
    revisions.set('b', 'three');
    assert.deepEqual(await pass(intervalMs), []);
  });
}
