import type { Store } from '../storage/index.ts';

/**
 * Notices changes of keys and policies that the command line has made in a SQLite database, where no notification crosses
 * processes, and tells the open streams of the agent. (Requests need no telling: each reads for itself.)
 *
 * @returns what ends the watching
 */
export function watchSettings(store: Store, agentIds: readonly string[], intervalMs: number): () => void {
  if (store.dialect !== 'sqlite') return () => {};
  const seen = new Map<string, string | null>();

  async function look(): Promise<void> {
    for (const agentId of agentIds) {
      const { revision } = await store.keys.settings(agentId);
      const before = seen.get(agentId);
      seen.set(agentId, revision);
      if (before !== undefined && before !== revision) await store.notifier.publish(`revoked:${agentId}`, '');
    }
  }

  // What the store has to say is said by the next request.
  const timer = setInterval(() => void look().catch(() => undefined), intervalMs);
  timer.unref();
  void look().catch(() => undefined);
  return () => clearInterval(timer);
}
