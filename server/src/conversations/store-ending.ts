import { type ChatMessage, endReply, type Reply, type StreamPart } from '../../../src/protocol/index.ts';
import type { Store } from '../storage/index.ts';
import type { Ending } from './ending.ts';

type EndingOptions = {
  readonly store: Store;
  readonly messageId: string;
  readonly clock: () => number;
  /** How long a database that does not answer is asked again. */
  readonly retryMs: number;
  readonly onError: (error: unknown, attempt: number) => void;
};

/** The message that a reply leaves behind. */
export function endedMessage(reply: Reply, ending: Ending): ChatMessage {
  const { message } = endReply(reply, ending.status);
  return { ...message, metadata: { ...message.metadata, status: ending.status } };
}

/** Stores how a reply ended. False when it had been ended by another process, or the database did not come back. */
export async function storeEnding(
  { store, messageId, clock, retryMs, onError }: EndingOptions,
  ending: Ending,
  message: ChatMessage,
  lastParts: { readonly firstN: number; readonly parts: readonly StreamPart[] },
): Promise<boolean> {
  const deadline = performance.now() + retryMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.replies.finish(messageId, ending.status, message, clock(), lastParts);
    } catch (error) {
      onError(error, attempt);
      if (performance.now() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** attempt, 2_000)));
    }
  }
}
