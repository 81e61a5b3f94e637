import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CDPSession } from 'playwright-core';
import { callChat, waitForIdentity } from './support/page-api.ts';
import { useWorld } from './support/world.ts';

const secret = 'fern-secret-3141';

/** All strings that the page's scripts and nodes hold after a garbage collection. */
async function memoryOf(session: CDPSession): Promise<string> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }) => void chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', take);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot');
  session.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { strings } = JSON.parse(chunks.join('')) as { strings: string[] };
  return strings.join('\n');
}

describe('the memory of a page', () => {
  const world = useWorld();
  const token = (sub: string): string => world.sign({ sub, name: sub });

  for (const [what, change] of [
    ['a logout', ['logout']],
    ['a switch of users', ['identify', 'grace']],
  ] as const) {
    it(`A9 W7 holds nothing of the old user after ${what}: no word, no token`, async () => {
      const { page, chat, person } = await world.visit('/script');
      const ada = token('ada');
      await callChat(page, 'identify', ada);
      await waitForIdentity(page, 'verified');
      await chat.openNew();
      await chat.ask(`Does my ${secret} need shade?`);
      const session = await person.context.newCDPSession(page);
      await session.send('HeapProfiler.enable');
      const before = await memoryOf(session);
      assert.ok(before.includes(secret), 'it was there');
      assert.ok(before.includes(ada));
      const [method, ...rest] = change;
      await callChat(page, method, ...rest.map(token));
      await chat.greeting.waitFor();
      const after = await memoryOf(session);
      assert.ok(!after.includes(secret), 'a word of the old user');
      assert.ok(!after.includes(ada), 'the token of the old user');
    });
  }
});
