import { KeysUnavailableError } from '../keys-unavailable.ts';
import type { RemoteKeys } from '../types.ts';
import { fetchJwks } from './fetch-jwks.ts';
import type { JwksKey } from './read-jwks.ts';

/** How long a set is used without asking again. */
const freshMs = 10 * 60 * 1000;
/** How long the last good set is used while its host does not answer. */
const keptMs = 24 * 60 * 60 * 1000;
/** Time between two attempts, whatever the tokens ask for: anybody can send an unknown `kid`. */
const cooldownMs = 30 * 1000;

export type RemoteKeysOptions = {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Told of each failed attempt. */
  readonly onError?: ((message: string) => void) | undefined;
};

type KeySet = { readonly keys: readonly JwksKey[]; readonly fetchedAt: number };

/**
 * The keys of one JWKS address, shared by all agents that name it.
 *
 * A set is asked for anew after 10 minutes and for a `kid` that it does not have, one attempt at a time and one in 30 seconds.
 * While the host is away the last good set is used, for 24 hours; nobody waits then for more than the first failing attempt.
 * Without any set nothing can be said of a token: {@link KeysUnavailableError}.
 */
function createRemoteKeys(url: string, options: RemoteKeysOptions): RemoteKeys {
  const { clock, fetch: fetcher = fetch, onError = () => {} } = options;
  // What follows the path may be somebody's password to it.
  const { origin, pathname } = new URL(url);
  const shown = origin + pathname;
  let known: KeySet | undefined;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let lastFailed = false;
  let running: Promise<void> | undefined;

  async function load(): Promise<void> {
    attemptedAt = clock();
    try {
      known = { keys: await fetchJwks(url, fetcher), fetchedAt: clock() };
      lastFailed = false;
    } catch (error) {
      lastFailed = true;
      onError(`The keys of ${shown} could not be fetched: ${error instanceof Error ? error.message : 'unknown'}.`);
    }
  }

  /** Resolves when an attempt has ended, at once where none may be made. Never rejects. */
  function refresh(): Promise<void> {
    if (running === undefined && Math.abs(clock() - attemptedAt) < cooldownMs) return Promise.resolve();
    running ??= load().finally(() => (running = undefined));
    return running;
  }

  const current = (): readonly JwksKey[] | undefined =>
    known !== undefined && clock() - known.fetchedAt < keptMs ? known.keys : undefined;

  async function keysNow(): Promise<readonly JwksKey[]> {
    if (known === undefined || clock() - known.fetchedAt >= freshMs) {
      const attempt = refresh();
      if (!lastFailed || current() === undefined) await attempt;
    }
    const keys = current();
    if (keys !== undefined) return keys;
    throw new KeysUnavailableError(`No keys could be had from ${shown}, so its tokens cannot be judged.`);
  }

  return {
    async candidates(algorithm, kid) {
      const matching = (keys: readonly JwksKey[]) =>
        keys.filter((key) => key.algorithm === algorithm && (kid === undefined || key.kid === kid));
      const found = matching(await keysNow());
      if (found.length > 0) return found;
      await refresh();
      return matching(current() ?? []);
    },
    list: async () => (await keysNow()).map(({ id, kid, algorithm }) => ({ id, kid, algorithm })),
    has: (keyId) => current()?.some(({ id }) => id === keyId) === true,
  };
}

/** {@link createRemoteKeys} for each address, made once. */
export function createRemoteKeySets(options: RemoteKeysOptions): (url: string) => RemoteKeys {
  const sets = new Map<string, RemoteKeys>();
  return (url) => {
    const known = sets.get(url) ?? createRemoteKeys(url, options);
    sets.set(url, known);
    return known;
  };
}
