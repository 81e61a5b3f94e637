import type { ReplyRow, Store } from '../storage/index.ts';
import { createBell } from './bell.ts';
import { endingParts, isLastPart } from './ending.ts';
import { messageParts } from './message-frames.ts';
import type { Timing } from './timing.ts';
import type { Frame } from './types.ts';

export type StoredFramesOptions = {
  readonly store: Store;
  readonly clock: () => number;
  readonly timing: Pick<Timing, 'pollMs' | 'staleAfterMs'>;
  /** Ends replies whose process has died. */
  readonly interruptStale: () => Promise<void>;
};

/**
 * The frames of a reply that this process does not write: another one does, or it has ended. Told by the notifier, and looking
 * for itself now and then in case it was not.
 */
export async function* storedFrames(
  options: StoredFramesOptions,
  messageId: string,
  afterN: number,
  signal: AbortSignal,
): AsyncGenerator<Frame> {
  const { store, clock, timing } = options;
  const bell = createBell();
  const unsubscribe = store.notifier.subscribe(`reply:${messageId}`, () => bell.ring());
  let last = afterN;
  try {
    while (!signal.aborted) {
      const rings = bell.rings;
      // The state is read before the parts: once it says ended, all parts are there.
      const reply = await store.replies.find(messageId);
      if (reply === undefined) return;
      if (reply.state !== 'running') {
        yield* endedFrames(store, reply, last);
        return;
      }
      for (const frame of await store.replies.parts(messageId, last)) {
        yield frame;
        last = frame.n;
      }
      if (reply.heartbeatAt < clock() - timing.staleAfterMs) await options.interruptStale();
      else await bell.wait(rings, signal, timing.pollMs);
    }
  } finally {
    unsubscribe();
  }
}

/** What is stored, and after it the end where a dead process could not write one; or the message itself, once parts are swept. */
async function* endedFrames(store: Store, reply: ReplyRow, afterN: number): AsyncGenerator<Frame> {
  const stored = await store.replies.parts(reply.messageId, 0);
  const frames = stored.length > 0 ? completeFrames(stored) : await madeFrames(store, reply);
  yield* frames.filter(({ n }) => n > afterN);
}

function completeFrames(stored: readonly Frame[]): readonly Frame[] {
  const lastN = stored.at(-1)?.n ?? 0;
  if (isLastPart(stored.at(-1)?.part)) return stored;
  const open = new Map<string, number>();
  for (const { part, n } of stored) {
    if (part.type === 'text-start') open.set(part.id, n);
    if (part.type === 'text-end') open.delete(part.id);
  }
  const ending = endingParts({ status: 'interrupted' }, Object.fromEntries(open));
  return [...stored, ...ending.map((part, index) => ({ n: lastN + 1 + index, part }))];
}

async function madeFrames(store: Store, reply: ReplyRow): Promise<readonly Frame[]> {
  const message = await store.conversations.message(reply.conversationId, reply.messageId);
  if (message === undefined || reply.state === 'running') return [];
  return messageParts(message, reply.state).map((part, index) => ({ n: index + 1, part }));
}
