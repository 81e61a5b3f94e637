import type { IdentityReason } from '../../../src/protocol/index.ts';
import { createAuditTally } from '../audit/index.ts';
import type { AuditStore } from '../storage/index.ts';

/** Tokens that were refused for one reason, the first of them at `at` (milliseconds since the epoch). */
export type CountedRefusal = { readonly reason: string; readonly at: number; readonly count: number };

export type RefusalTally = {
  note(agentId: string, reason: IdentityReason): void;
  /** Of one agent, what is not recorded yet. */
  counted(agentId: string): readonly CountedRefusal[];
  /** Records what was gathered, and stops gathering. Rejects where the store does. */
  close(): Promise<void>;
};

/** Refused tokens, counted for the audit log: anybody can send a bad token, as often as they like. */
export function createRefusalTally(audit: Pick<AuditStore, 'append'>, clock: () => number): RefusalTally {
  const tally = createAuditTally(audit, clock);
  return {
    note: (agentId, reason) => tally.note({ agentId, kind: 'token-refused', reason }),
    counted: (agentId) =>
      tally
        .counted()
        .filter(({ note }) => note.agentId === agentId)
        .map(({ note, at, count }) => ({ reason: note.reason, at, count })),
    close: tally.close,
  };
}
