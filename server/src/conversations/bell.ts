/** Wakes those who wait for news. A ring between looking and waiting is not lost: `wait` compares counts. */
export type Bell = {
  readonly rings: number;
  ring(): void;
  /** Resolves at the next ring after `sinceRings`, when `signal` is aborted, or after `timeoutMs`. */
  wait(sinceRings: number, signal: AbortSignal, timeoutMs?: number): Promise<void>;
};

export function createBell(): Bell {
  let rings = 0;
  const waiting = new Set<() => void>();

  function wait(sinceRings: number, signal: AbortSignal, timeoutMs?: number): Promise<void> {
    if (rings > sinceRings || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        clearTimeout(timer);
        resolve();
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(done, timeoutMs);
      timer?.unref();
      waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  return {
    get rings() {
      return rings;
    },
    ring: () => {
      rings++;
      for (const done of [...waiting]) done();
    },
    wait,
  };
}
