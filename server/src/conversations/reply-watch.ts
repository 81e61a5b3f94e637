import type { Store } from '../storage/index.ts';
import { type Ending, failureText } from './ending.ts';
import type { Timing } from './timing.ts';

type WatchOptions = {
  readonly store: Store;
  readonly messageId: string;
  readonly clock: () => number;
  readonly timing: Timing;
  /** `lost`: the store says that the reply runs no more, so another process has given it up. May be called more than once. */
  readonly onCut: (ending: Ending | 'lost') => void;
  readonly onError: (error: unknown) => void;
};

/** Payload with which a writer tells readers of new parts; everything else on the channel may concern the writer. */
export const partsWritten = 'parts';

/** Beats a running reply's heart and listens for a stop from any process, until the returned function is called. */
export function watchReply({ store, messageId, clock, timing, onCut, onError }: WatchOptions): () => void {
  async function beat(): Promise<void> {
    try {
      if (!(await store.replies.heartbeat(messageId, clock()))) onCut('lost');
      else if (await store.replies.stopRequested(messageId)) onCut({ status: 'stopped' });
    } catch (error) {
      onError(error);
    }
  }

  const unsubscribe = store.notifier.subscribe(`reply:${messageId}`, (payload) => {
    if (payload !== partsWritten) void beat();
  });
  const heartbeat = setInterval(() => void beat(), timing.heartbeatMs).unref();
  const bound = setTimeout(
    () => onCut({ status: 'failed', errorText: failureText.tooSlow }),
    timing.maxReplyMs,
  ).unref();
  return () => {
    unsubscribe();
    clearInterval(heartbeat);
    clearTimeout(bound);
  };
}
