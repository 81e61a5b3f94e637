import type { ReplyRow, Store } from '../storage/index.ts';
import { describeStoreError } from './describe-error.ts';
import type { ServiceLog } from './service-log.ts';
import type { Timing } from './timing.ts';

type HousekeepingOptions = {
  readonly store: Store;
  readonly clock: () => number;
  readonly timing: Timing;
  readonly log: ServiceLog;
  readonly onInterrupted: (reply: ReplyRow) => void;
};

export type Housekeeping = {
  /** The replies of dead processes have been looked for once. Never rejects. */
  readonly ready: Promise<void>;
  /** Ends replies whose process has died. */
  interruptStale(): Promise<void>;
  stop(): void;
};

/** What has to be done now and then: replies of dead processes ended, old rows removed. */
export function keepHouse({ store, clock, timing, log, onInterrupted }: HousekeepingOptions): Housekeeping {
  async function interruptBefore(heartbeatBefore: number): Promise<void> {
    for (const reply of await store.replies.interruptStale(heartbeatBefore, clock())) {
      log.warn(
        { messageId: reply.messageId, conversationId: reply.conversationId },
        'a reply was interrupted: its process died',
      );
      onInterrupted(reply);
    }
  }

  const interruptStale = (): Promise<void> => interruptBefore(clock() - timing.staleAfterMs);

  async function sweep(): Promise<void> {
    await store.replies.sweepParts(clock() - timing.keepMs);
    await store.events.sweep(clock() - timing.keepMs);
    await store.sessions.sweep(clock() - timing.keepClosedSessionsMs);
    await store.approvals.sweep(clock() - timing.keepMs);
    await store.revocations.sweep(clock() - timing.keepRevocationsMs);
  }

  async function tidy(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      log.warn({ error: describeStoreError(error) }, 'housekeeping failed; it is tried again');
    }
  }

  /** Each time after the last time has ended: a slow database is not asked faster than it answers. */
  function every(intervalMs: number, task: () => Promise<void>): NodeJS.Timeout {
    let busy = false;
    const run = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      await tidy(task);
      busy = false;
    };
    return setInterval(() => void run(), intervalMs).unref();
  }

  // The lock on a data directory says that no other process lives: whatever runs in there is dead, however fresh its heartbeat.
  const ready = tidy(store.dialect === 'sqlite' ? () => interruptBefore(Number.MAX_SAFE_INTEGER) : interruptStale);
  const timers = [every(timing.interruptEveryMs, interruptStale), every(timing.sweepEveryMs, sweep)];
  return { ready, interruptStale, stop: () => timers.forEach((timer) => clearInterval(timer)) };
}
