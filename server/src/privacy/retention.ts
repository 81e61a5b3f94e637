import type { ConversationService } from '../conversations/index.ts';
import type { Store } from '../storage/index.ts';
import type { ClearAway } from './clear-away.ts';

export type RetentionRule = { readonly agentId: string; readonly days: number };

export type RetentionLog = {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
};

type RetentionOptions = {
  readonly store: Store;
  readonly conversations: Pick<ConversationService, 'removeIdle'>;
  readonly rules: () => readonly RetentionRule[];
  readonly processId: string;
  readonly clock: () => number;
  readonly log: RetentionLog;
  readonly retentionEveryMs?: number | undefined;
  readonly clearAway: ClearAway;
};

const dayMs = 86_400_000;
const everyMs = 15 * 60 * 1_000;
/** So many are looked for at once; other work of the server goes on between them. */
const batch = 50;
const lease = 'retention';
/** A process that says nothing for so long is taken for dead, and another one goes on. Renewed with each batch. */
const leaseMs = 5 * 60 * 1_000;

/** Removes what agents' operators do not want to keep any longer, in one server process at a time. */
export function createRetention(options: RetentionOptions) {
  const { store, rules, processId, clock, log, clearAway } = options;
  let running: Promise<void> | undefined;
  let isClosed = false;

  const isMine = async (): Promise<boolean> => {
    const now = clock();
    return !isClosed && (await store.privacy.takeLease(lease, processId, now, now + leaseMs));
  };

  async function runOnce(): Promise<void> {
    const due = rules();
    if (due.length === 0 || !(await isMine())) return;
    try {
      for (const rule of due) if (!(await applyRule(options, rule, isMine))) return;
      // Also where nothing was removed now: what was removed since the last time is due after a day.
      await clearAway('daily');
    } finally {
      await store.privacy.releaseLease(lease, processId);
    }
  }

  function run(): Promise<void> {
    running ??= runOnce().finally(() => (running = undefined));
    return running;
  }

  const timer = setInterval(() => {
    run().catch((error: unknown) => {
      log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'what is too old could not be removed yet');
    });
  }, options.retentionEveryMs ?? everyMs).unref();

  return {
    run,
    /** Resolves when what runs has come to its next batch. */
    async close(): Promise<void> {
      isClosed = true;
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
  };
}

/** False where this process may not go on. */
async function applyRule(
  { store, conversations, clock, log }: RetentionOptions,
  { agentId, days }: RetentionRule,
  mayGoOn: () => Promise<boolean>,
): Promise<boolean> {
  const idle = { agentId, before: clock() - days * dayMs, limit: batch };
  const counts = { conversations: 0, contacts: 0, attachments: 0 };

  async function removeConversation(id: string): Promise<boolean> {
    const files = await store.privacy.countAttachments([id]);
    if (!(await conversations.removeIdle(id, idle.before))) return false;
    counts.conversations += 1;
    counts.attachments += files;
    return true;
  }

  async function removeContact(subject: string): Promise<boolean> {
    const isForgotten = (await store.privacy.forget({ agentId, subject }, [])) === 'forgotten';
    if (isForgotten) counts.contacts += 1;
    return isForgotten;
  }

  try {
    return (
      (await inBatches(mayGoOn, () => store.privacy.idleConversations(idle), removeConversation)) &&
      (await inBatches(mayGoOn, () => store.privacy.idleContacts(idle), removeContact))
    );
  } finally {
    // Also of a run that was cut off: what was removed was removed.
    if (counts.conversations + counts.contacts > 0) {
      log.info({ agentId, days, ...counts }, 'what was kept for long enough was removed');
      await store.audit.append({ agentId, at: clock(), kind: 'retention-run', detail: { days, ...counts } });
    }
  }
}

async function inBatches(
  mayGoOn: () => Promise<boolean>,
  next: () => Promise<readonly string[]>,
  remove: (id: string) => Promise<boolean>,
): Promise<boolean> {
  for (;;) {
    if (!(await mayGoOn())) return false;
    const ids = await next();
    let removed = 0;
    for (const id of ids) if (await remove(id)) removed += 1;
    // What could not be removed now is tried by the next run.
    if (ids.length < batch || removed === 0) return true;
  }
}
