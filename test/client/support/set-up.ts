import type { TestContext } from 'node:test';
import { startServer, type Harness, type HarnessOptions } from '../../../server/test/http/harness.ts';
import type { ChatError, ChatSnapshot } from '../../../src/client/index.ts';
import { createWorld, type Tab, type World } from './world.ts';

/** A client in a world of its own, against a real server with a real store. */
export async function setUp(
  test: TestContext,
  options?: HarnessOptions,
): Promise<Harness & { world: World; tab: Tab }> {
  const harness = await startServer(test, options);
  const world = createWorld((request) => harness.server.fetch(request), harness.clock);
  const tab = world.open();
  test.after(() => tab.client.close());
  return { ...harness, world, tab };
}

/** Nothing runs and the last word is the agent's. */
export const isIdle = ({ reply, messages }: ChatSnapshot) => reply === 'idle' && messages.at(-1)?.role === 'assistant';
export const bearerOf = (request: Request) => request.headers.get('authorization')?.replace('Bearer ', '');
/** For `assert.rejects`: an error with this code. */
export const code = (expected: string) => (error: ChatError) => error.code === expected;
