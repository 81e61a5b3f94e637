import type { AuditEntry, AuditStore } from '../storage/index.ts';

/** How long notes are gathered, in milliseconds. */
const gatherMs = 60_000;

type Note = Pick<AuditEntry, 'agentId' | 'kind'> & { readonly reason: string };

/** What was counted and is not recorded yet. `at`: of the first, in milliseconds since the epoch. */
export type Counted = { readonly note: Note; readonly at: number; readonly count: number };

export type AuditTally = {
  note(note: Note): void;
  /** Counted by this process, and not recorded yet. */
  counted(): readonly Counted[];
  /** Records what was gathered, and stops gathering. Rejects where the store does. */
  close(): Promise<void>;
};

/**
 * What visitors can make happen as often as they like, for the audit log: one entry for each agent, kind and reason a minute,
 * with how often it was and the time of the first. A row for each would let them fill the disk.
 *
 * A process that dies takes at most its last minute's counts along. What cannot be stored is tried again a minute later.
 */
export function createAuditTally(audit: Pick<AuditStore, 'append'>, clock: () => number): AuditTally {
  const gathered = new Map<string, Counted & { count: number }>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function schedule(): void {
    if (isClosed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      flush().catch(schedule);
    }, gatherMs).unref();
  }

  async function flush(): Promise<void> {
    for (const [key, { note, at, count }] of gathered) {
      gathered.delete(key);
      try {
        await audit.append({ ...note, at, detail: { count } });
      } catch (error) {
        const since = gathered.get(key)?.count ?? 0;
        gathered.set(key, { note, at, count: count + since });
        throw error;
      }
    }
  }

  return {
    note(note) {
      const key = JSON.stringify([note.agentId, note.kind, note.reason]);
      const known = gathered.get(key);
      if (known === undefined) gathered.set(key, { note, at: clock(), count: 1 });
      else known.count++;
      schedule();
    },
    counted: () => [...gathered.values()].map((each) => ({ ...each })),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await flush();
    },
  };
}
