import type { DashboardServices } from '../route.ts';

const everyMs = 60_000;

/**
 * Counts, from time to time, the hours that are over. Every process does: the store sees to it that none gets into another's
 * way.
 *
 * @returns what ends it
 */
export function countStatistics({ store, clock, log }: Pick<DashboardServices, 'store' | 'clock' | 'log'>): () => void {
  let isRunning = false;
  let isClosed = false;

  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      // What SQLite does is done in this thread: others get their turn.
      while (!isClosed && (await store.statistics.countNext(clock()))) await new Promise(setImmediate);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      if (!isClosed) log.warn({ error: name }, 'statistics could not be counted; they are tried again in a minute');
    } finally {
      isRunning = false;
    }
  }

  const timer = setInterval(() => void run(), everyMs).unref();
  return () => {
    isClosed = true;
    clearInterval(timer);
  };
}
