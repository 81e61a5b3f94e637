import type { StreamPart } from '../../../src/protocol/index.ts';
import type { Store } from '../storage/index.ts';
import type { Timing } from './timing.ts';

/** Writes the parts of one reply to the store in batches, in order, one batch at a time. */
export type PartWriter = {
  add(part: StreamPart): void;
  /** Waits while too much is unwritten: an agent must not run far ahead of the disk. */
  keepUp(): Promise<void>;
  /** Stops writing, once a batch under way has landed. What was not written comes back, with its first number. */
  takeRest(): Promise<{ readonly firstN: number; readonly parts: readonly StreamPart[] }>;
};

type WriterOptions = {
  readonly store: Store;
  readonly messageId: string;
  readonly clock: () => number;
  readonly timing: Timing;
  /** After each batch. */
  readonly onWritten: () => void;
  /** The reply no longer runs, says the store. */
  readonly onLost: () => void;
  readonly onError: (error: unknown) => void;
};

/** So many batches may wait before the agent does. */
const maxBatchesAhead = 8;
const retryMs = 250;

export function createPartWriter(options: WriterOptions): PartWriter {
  const { store, messageId, clock, timing } = options;
  const waiting: StreamPart[] = [];
  let firstN = 1;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let closed = false;

  function schedule(): void {
    if (closed || writing !== undefined || waiting.length === 0) return;
    if (waiting.length >= timing.flushParts) start();
    else timer ??= setTimeout(start, timing.flushMs).unref();
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    writing = write().finally(() => {
      writing = undefined;
      schedule();
    });
  }

  async function write(): Promise<void> {
    const batch = waiting.slice();
    try {
      if (!(await store.replies.appendParts(messageId, firstN, batch, clock()))) {
        closed = true;
        options.onLost();
        return;
      }
      firstN += batch.length;
      waiting.splice(0, batch.length);
      options.onWritten();
    } catch (error) {
      // Kept, and tried again with the next batch: the database may be back by then.
      options.onError(error);
      await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
    }
  }

  return {
    add: (part) => {
      waiting.push(part);
      schedule();
    },
    keepUp: async () => {
      while (!closed && waiting.length > timing.flushParts * maxBatchesAhead) {
        if (writing === undefined) start();
        await writing;
      }
    },
    takeRest: async () => {
      closed = true;
      clearTimeout(timer);
      await writing;
      return { firstN, parts: waiting.splice(0) };
    },
  };
}
