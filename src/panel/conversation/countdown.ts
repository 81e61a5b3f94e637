/** Time as the panel needs it, so that tests can move it. */
export type Clock = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls back every second until the answer is called. */
  readonly everySecond: (tick: () => void) => () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  everySecond: (tick) => {
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  },
};

/** Ticks each second while a moment lies ahead. */
export class Countdown {
  readonly #tick: () => void;
  #stop: (() => void) | undefined;

  constructor(tick: () => void) {
    this.#tick = tick;
  }

  /** @param until milliseconds since the epoch; undefined for none. */
  follow(until: number | undefined, clock: Clock): void {
    const lies = until !== undefined && until > clock.now();
    if (lies) this.#stop ??= clock.everySecond(this.#tick);
    else this.stop();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
