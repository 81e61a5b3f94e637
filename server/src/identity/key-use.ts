import type { KeyStore } from '../storage/index.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Notes on which day a key was last used, so that an operator sees which one nobody signs with any more. Written once a day, key
 * and process; what cannot be written is tried again by the next token, and keeps nobody waiting for more than the attempt.
 */
export function createKeyUse(keys: Pick<KeyStore, 'used'>, clock: () => number) {
  const noted = new Map<string, number>();
  return async function note(agentId: string, keyId: string): Promise<void> {
    const day = Math.floor(clock() / dayMs) * dayMs;
    const place = `${agentId}/${keyId}`;
    if (noted.get(place) === day) return;
    noted.set(place, day);
    await keys.used(agentId, keyId, day).catch(() => noted.delete(place));
  };
}
