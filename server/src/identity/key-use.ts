import type { Store } from '../storage/index.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Notes on which day a key was last used, so that an operator sees which one nobody signs with any more, and the audit log has each
 * key's first use of a day, once for all processes. Written once a day, key and process; what cannot be written is tried again by
 * the next token, and keeps nobody waiting for more than the attempt.
 */
export function createKeyUse({ keys, audit }: Pick<Store, 'keys' | 'audit'>, clock: () => number) {
  const noted = new Map<string, number>();
  return async function note(agentId: string, keyId: string): Promise<void> {
    const day = Math.floor(clock() / dayMs) * dayMs;
    const place = `${agentId}/${keyId}`;
    if (noted.get(place) === day) return;
    noted.set(place, day);
    try {
      await keys.used(agentId, keyId, day);
      await audit.appendOnce({ agentId, at: clock(), kind: 'key-used', reason: keyId }, day);
    } catch {
      noted.delete(place);
    }
  };
}
