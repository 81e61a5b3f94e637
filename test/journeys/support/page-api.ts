import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { ChatApi } from '../../../src/page/index.ts';
import { eventually } from './eventually.ts';

type Settled = { readonly value: unknown } | { readonly error: { readonly code?: string; readonly reason?: string } };

/** `chat(…)`, as a script of the page calls it. Resolves with what came of it. */
export function callChat(page: Page, ...call: readonly [string, ...unknown[]]): Promise<Settled> {
  return page.evaluate(async ([method, ...rest]) => {
    const { chat } = globalThis as unknown as { chat: ChatApi };
    try {
      return { value: JSON.parse(JSON.stringify((await chat(method, ...rest)) ?? null)) as unknown };
    } catch (error) {
      const { code, reason } = error as { code?: string; reason?: string };
      return { error: { ...(code && { code }), ...(reason && { reason }) } };
    }
  }, call);
}

/** Waits for an identity state, as `chat.state` tells it to the page. */
export async function waitForIdentity(page: Page, state: string): Promise<void> {
  await eventually(async () => {
    const known = await page.evaluate(() => (globalThis as { chat?: Partial<ChatApi> }).chat?.state?.identity);
    assert.equal(known?.state, state, `waited for ${state}, and the chat knows: ${JSON.stringify(known)}`);
  });
}
