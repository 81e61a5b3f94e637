import type { Core } from './core.ts';
import { TransportError } from './transport.ts';

const firstDelayMs = 400;
const maxDelayMs = 15_000;

/** A server that has never answered is given up for the moment after this many tries. */
const triesOfStrangers = 4;

/**
 * Waits before the next try: longer each time, shorter when the page wakes or comes back online. Rejects when aborted.
 *
 * @param isServers whether it is the server that was asked, and not the page
 */
export function backOff(core: Core, attempt: number, signal: AbortSignal, isServers = true): Promise<void> {
  const { environment } = core;
  const tell = () => {
    if (!environment.online()) core.update({ connection: 'offline' });
    // What was never there is not lost.
    else if (isServers && core.isReached) core.update({ connection: 'reconnecting' });
  };
  const jitter = 0.75 + Math.random() / 2;
  return new Promise((resolve, reject) => {
    const done = () => {
      cancel();
      unwake();
      signal.removeEventListener('abort', aborted);
    };
    const go = () => {
      done();
      resolve();
    };
    const aborted = () => {
      done();
      reject(signal.reason as Error);
    };
    const cancel = environment.after(Math.min(firstDelayMs * 2 ** attempt, maxDelayMs) * jitter, () => {
      // Offline, a try is bound to fail: the wake-up call decides when to go on.
      if (environment.online()) go();
    });
    const unwake = environment.onWake(() => {
      if (environment.online()) go();
      tell();
    });
    signal.addEventListener('abort', aborted);
    tell();
    if (signal.aborted) aborted();
  });
}

/** Whether the same request may succeed soon without anybody doing anything: the connection, or the server, was away. */
export function isPassing(error: unknown): boolean {
  return error instanceof TransportError && (error.status === 0 || error.status >= 500);
}

/** Whether the server has asked for patience. */
export function isBusy(error: unknown): boolean {
  return error instanceof TransportError && error.status === 429;
}

/**
 * Tries until it works, or fails for good, or `maxTries` are spent (default: no end). Only for calls that do no harm twice.
 *
 * @throws what the last try threw; the signal's reason when aborted
 */
export async function withRetries<T>(
  core: Core,
  signal: AbortSignal,
  work: () => Promise<T>,
  maxTries = Number.POSITIVE_INFINITY,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      const result = await work();
      signal.throwIfAborted();
      if (core.state.connection !== 'online') core.update({ connection: 'online' });
      return result;
    } catch (error) {
      signal.throwIfAborted();
      const isWorthIt = isPassing(error) || (isBusy(error) && maxTries === Number.POSITIVE_INFINITY);
      if (!isWorthIt || attempt + 1 >= maxTries) throw error;
      const isStrange = !core.isReached && core.environment.online() && core.state.failure === undefined;
      if (isStrange && attempt + 1 === triesOfStrangers) core.fail(core.toFailure(error));
      await backOff(core, attempt, signal);
    }
  }
}
