import type { Store } from '../storage/index.ts';

type WatchOptions = {
  readonly store: Pick<Store, 'dialect'> & { readonly keys: Pick<Store['keys'], 'settings'> };
  /** Of the agents that there are, each time they are looked at. */
  readonly agentIds: () => readonly string[];
  /** How often to look, in milliseconds. A tenth as often on Postgres, where notifications are the first to tell. */
  readonly intervalMs: number;
  readonly onChange: (agentId: string) => void;
};

/**
 * Notices changes of keys and policies for the sake of open streams, by their revisions: of the command line beside SQLite, where no
 * notification crosses processes; and on Postgres of a process that died between its change and the telling. (Requests need
 * no telling: each reads for itself.)
 *
 * @returns what ends the watching
 */
export function watchSettings({ store, agentIds, intervalMs, onChange }: WatchOptions): () => void {
  const seen = new Map<string, string | null>();

  async function look(): Promise<void> {
    for (const agentId of agentIds()) {
      const { revision } = await store.keys.settings(agentId);
      // The first look counts as a change, too: a stream may have been opened before it.
      const isNew = seen.get(agentId) !== revision;
      seen.set(agentId, revision);
      if (isNew) onChange(agentId);
    }
  }

  // What the store has to say is said by the next request.
  const timer = setInterval(
    () => void look().catch(() => undefined),
    intervalMs * (store.dialect === 'sqlite' ? 1 : 10),
  );
  timer.unref();
  void look().catch(() => undefined);
  return () => clearInterval(timer);
}
