import type { IdentityReason } from '../../../src/protocol/index.ts';
import type { AuditStore } from '../storage/index.ts';

/** How long refusals are gathered, in milliseconds. */
const gatherMs = 60_000;

type Tally = { readonly agentId: string; readonly reason: IdentityReason; readonly at: number; count: number };

export type RefusalTally = {
  note(agentId: string, reason: IdentityReason): void;
  /** Records what was gathered, and stops gathering. Rejects where the store does. */
  close(): Promise<void>;
};

/**
 * Refused tokens, for the audit log: one entry for each agent and reason a minute, with how many there were and the time
 * of the first. Anybody can send a bad token, as often as they like; a row for each would let them fill the disk.
 *
 * A process that dies takes at most its last minute's counts along. What cannot be stored is tried again a minute later.
 */
export function createRefusalTally(audit: Pick<AuditStore, 'append'>, clock: () => number): RefusalTally {
  const gathered = new Map<string, Tally>();
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
    for (const [key, { agentId, reason, at, count }] of gathered) {
      gathered.delete(key);
      try {
        await audit.append({ agentId, at, kind: 'token-refused', reason, detail: { count } });
      } catch (error) {
        const since = gathered.get(key)?.count ?? 0;
        gathered.set(key, { agentId, reason, at, count: count + since });
        throw error;
      }
    }
  }

  return {
    note(agentId, reason) {
      const key = `${reason} ${agentId}`;
      const known = gathered.get(key);
      if (known === undefined) gathered.set(key, { agentId, reason, at: clock(), count: 1 });
      else known.count++;
      schedule();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await flush();
    },
  };
}
