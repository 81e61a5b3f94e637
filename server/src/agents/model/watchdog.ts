/** Times the wait for an answer's pieces. */
export type Watchdog = {
  /** Aborted when the time is up, or with the signal it was made from. */
  readonly signal: AbortSignal;
  readonly timedOut: boolean;
  /** A piece has come: from now on the time between two pieces counts. */
  feed(): void;
  /** Counts no time until the next piece: somebody else is being waited for. */
  hold(): void;
  /** Aborts what still runs, and lets go of the timer. */
  stop(): void;
};

export type WatchdogTimes = { readonly firstPieceMs: number; readonly idleMs: number };

export function createWatchdog(outer: AbortSignal, { firstPieceMs, idleMs }: WatchdogTimes): Watchdog {
  const controller = new AbortController();
  let timedOut = false;
  const arm = (timeoutMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      timedOut = true;
      controller.abort();
    }, timeoutMs);
  let timer = arm(firstPieceMs);
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    get timedOut() {
      return timedOut;
    },
    feed() {
      clearTimeout(timer);
      timer = arm(idleMs);
    },
    hold() {
      clearTimeout(timer);
    },
    stop() {
      clearTimeout(timer);
      controller.abort();
    },
  };
}
