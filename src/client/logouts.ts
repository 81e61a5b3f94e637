import type { Environment } from './environment.ts';

/**
 * Logouts of all tabs of this origin. A tab tells the others at once, and leaves a mark in the storage that they share
 * for those who cannot hear it: a frozen tab, a page that Back brings up again. The mark says when the last logout was,
 * and nothing of whose.
 */
export class Logouts {
  /** Told when another tab has logged out: everything of the present visitor has to go, in this task. */
  onLogout = () => {};

  readonly #environment: Environment;
  readonly #key: string;
  readonly #channel: ReturnType<Environment['channel']>;
  readonly #unwake: () => void;
  #seen: number;

  constructor(environment: Environment, name: string) {
    this.#environment = environment;
    this.#key = `${name} logout`;
    this.#seen = this.#stored();
    this.#channel = environment.channel(name, (message) => this.#hear(message));
    this.#unwake = environment.onWake(() => this.check());
  }

  /** The last logout that this tab knows of; 0 for none. What was kept under an earlier one is nobody's any more. */
  get seen(): number {
    return this.#seen;
  }

  /** Looks whether another tab has logged out since. To be asked before anything goes out, or in, as the present visitor. */
  check(): void {
    const stored = this.#stored();
    if (stored === this.#seen || stored === 0) return;
    this.#seen = stored;
    this.onLogout();
  }

  /** This tab logs out. */
  tell(): void {
    const { now } = this.#environment;
    this.#seen = Math.max(now(), this.#stored() + 1, this.#seen + 1);
    this.#environment.shared.set(this.#key, `${this.#seen}`);
    this.#channel.post({ type: 'logout', at: this.#seen });
  }

  close(): void {
    this.#unwake();
    this.#channel.close();
  }

  #hear(message: unknown): void {
    const { type, at } = (message ?? {}) as { type?: unknown; at?: unknown };
    if (type !== 'logout' || !isTime(at)) return;
    this.check();
    // Where the storage is blocked, or full, each page has its own, and the message is all that there is.
    if (at <= this.#seen) return;
    this.#environment.shared.set(this.#key, `${at}`);
    this.check();
  }

  #stored(): number {
    const stored = Number(this.#environment.shared.get(this.#key));
    return isTime(stored) ? stored : 0;
  }
}

/** What a script of the page has put there may be a number after which no later one can follow. */
function isTime(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 1e14;
}
