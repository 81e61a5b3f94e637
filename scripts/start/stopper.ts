/** A reason for not starting that a person can do something about: shown as it is, without a stack. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}

export type Stoppable = {
  readonly stop: () => Promise<void>;
  /** Ends it at once. */
  readonly kill: () => void;
};

export type Stopper = {
  /** What is to be stopped at the end, last one first. */
  readonly onStop: (stoppable: Stoppable) => void;
  /** Waits for a promise, or for ever once stopping has begun: the start must not go on then. */
  readonly guard: <T>(promise: Promise<T>) => Promise<T>;
  /** Shows a problem, stops everything and exits with 1. */
  readonly fail: (error: unknown) => Promise<void>;
};

/** npm passes on a Ctrl-C that the terminal has sent us already: signals this close together are one. */
const sameSignalMs = 500;
const gracefulStopMs = 15_000;
const parentCheckMs = 500;

/**
 * Stops what was started when the person says so (SIGINT, SIGTERM, SIGHUP; exit code 0), at once when they say it twice
 * (exit code 130), and when something fails (exit code 1).
 */
export function createStopper(): Stopper {
  const stoppables: Stoppable[] = [];
  let stoppingSince: number | undefined;

  function killAll(): void {
    for (const { kill } of stoppables) kill();
  }

  async function stopAll(): Promise<void> {
    const timer = setTimeout(() => {
      console.error('It did not stop in time and was ended.');
      killAll();
    }, gracefulStopMs);
    for (const { stop } of stoppables.toReversed()) await stop();
    clearTimeout(timer);
  }

  async function requestStop(): Promise<void> {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince < sameSignalMs) return;
      killAll();
      process.exit(130);
    }
    stoppingSince = Date.now();
    console.log('\nStopping…');
    await stopAll();
    console.log('Stopped.');
    process.exit(0);
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void requestStop());
  stopWithNpm(() => void requestStop());
  // Whatever ends this process (an uncaught exception too) ends the others.
  process.on('exit', killAll);

  return {
    onStop: (stoppable) => void stoppables.push(stoppable),
    async guard(promise) {
      const value = await promise.catch((error: unknown) => {
        if (stoppingSince === undefined) throw error;
        return never<Awaited<typeof promise>>();
      });
      return stoppingSince === undefined ? value : never();
    },
    async fail(error) {
      console.error(`\n${describe(error)}`);
      stoppingSince ??= Date.now();
      await stopAll();
      process.exit(1);
    },
  };
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

function describe(error: unknown): string {
  if (error instanceof StartProblem || error instanceof TypeError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// A signal to npm alone ends the shell that npm runs us in, but not us: our parent changes, and that is how we notice.
function stopWithNpm(requestStop: () => void): void {
  if (process.env['npm_lifecycle_event'] !== 'start') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    requestStop();
  }, parentCheckMs);
  timer.unref();
}
