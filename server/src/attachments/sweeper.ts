import type { AttachmentStore } from '../storage/index.ts';
import type { AttachmentStorage } from './attachment-storage.ts';

type SweeperOptions = {
  readonly attachments: AttachmentStore;
  readonly storage: AttachmentStorage;
  readonly clock: () => number;
  readonly onError: (error: unknown) => void;
  readonly everyMs: number;
};

/** How long a file may wait for its message. */
const unsentMs = 86_400_000;
/** How long it may arrive: longer than a server reads one request (5 minutes). */
const arrivingMs = 900_000;

/** Removes now and then what was never sent, whose upload was cut off by a crash, or whose conversation is gone. */
export function createSweeper({ attachments, storage, clock, onError, everyMs }: SweeperOptions) {
  let busy = false;

  async function sweep(): Promise<number> {
    const now = clock();
    const ids = await attachments.expire(now - unsentMs, now - arrivingMs);
    for (const id of ids) {
      // The row goes last: as long as it is there, what is left is looked for again.
      await storage.remove(id);
      await attachments.forget(id);
    }
    return ids.length;
  }

  async function sweepAll(): Promise<void> {
    while ((await sweep()) > 0);
  }

  /** At once, what need not wait for the sweep; where that fails, the sweep does it. */
  async function remove(id: string): Promise<void> {
    try {
      await attachments.abandon(id);
      await storage.remove(id);
      await attachments.forget(id);
    } catch (error) {
      onError(error);
    }
  }

  async function run(): Promise<void> {
    if (busy) return;
    busy = true;
    await sweep().then(() => undefined, onError);
    busy = false;
  }

  const timer = setInterval(() => void run(), everyMs).unref();
  return { remove, sweepAll, close: (): void => clearInterval(timer) };
}
