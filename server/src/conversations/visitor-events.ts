import type { VisitorEvent } from '../../../src/protocol/index.ts';
import { type EventRow, type Owner, ownerKey, type Store } from '../storage/index.ts';
import { describeStoreError } from './describe-error.ts';
import type { ServiceLog } from './service-log.ts';
import { createSharedReads, type SharedReads } from './shared-reads.ts';
import type { NumberedEvent } from './types.ts';

type EventsOptions = {
  readonly store: Store;
  readonly clock: () => number;
  readonly log: ServiceLog;
  /** How often a reader looks without being told. */
  readonly pollMs: number;
};

/** Live events of a visitor. Stored as ids only; what they are about is read, as its owner may, when it is delivered. */
export type VisitorEvents = {
  /** Notes that a conversation has a new message. In the order of the calls; a failure is logged. */
  announce(conversationId: string, messageId: string): void;
  /** Resolves when all that was announced is stored. */
  settled(): Promise<void>;
  read(owner: Owner, lastEventId: number | undefined, signal: AbortSignal): AsyncGenerator<NumberedEvent>;
};

export function createVisitorEvents(options: EventsOptions): VisitorEvents {
  const { store, clock, log } = options;
  const queues = new Map<string, Promise<void>>();
  const owners = createSharedReads((key, ring) => store.notifier.subscribe(`owner:${key}`, ring));

  /** One after the other within a conversation: an answer's event never overtakes its question's. */
  function announce(conversationId: string, messageId: string): void {
    const task = (queues.get(conversationId) ?? Promise.resolve())
      .then(() => append(conversationId, messageId))
      .catch((error: unknown) => {
        log.warn({ conversationId, messageId, error: describeStoreError(error) }, 'a live event could not be stored');
      })
      .finally(() => {
        if (queues.get(conversationId) === task) queues.delete(conversationId);
      });
    queues.set(conversationId, task);
  }

  async function append(conversationId: string, messageId: string): Promise<void> {
    const owner = await store.conversations.ownerOf(conversationId);
    if (owner === undefined) return;
    await store.events.append(owner, 'message', { conversationId, messageId }, clock());
    await store.events.append(owner, 'conversation', { conversationId }, clock());
    await store.notifier.publish(`owner:${ownerKey(owner)}`);
  }

  return {
    announce,
    settled: async () => {
      await Promise.all(queues.values());
    },
    read: async function* (owner, lastEventId, signal) {
      const key = ownerKey(owner);
      const reads = owners.join(key);
      try {
        yield* readEvents(options, reads, owner, lastEventId, signal);
      } finally {
        owners.leave(key);
      }
    },
  };
}

/** Streams of one owner look at the same moment, when the bell rings: what one of them reads then serves them all. */
async function* readEvents(
  { store, pollMs }: EventsOptions,
  { bell, share }: SharedReads,
  owner: Owner,
  lastEventId: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  let last = lastEventId ?? (await store.events.lastId(owner));
  while (!signal.aborted) {
    const { rings } = bell;
    const after = last;
    const rows = await share(`after ${after}`, () => store.events.after(owner, after));
    for (const row of rows) {
      last = row.id;
      const event = await share(`event ${row.id}`, () => materialize(store, owner, row));
      if (event !== undefined) yield { id: row.id, event };
    }
    if (rows.length === 0) await bell.wait(rings, signal, pollMs);
  }
}

/** Undefined for what has become another's since (claimed), or is of a kind that this version does not know. */
async function materialize(store: Store, owner: Owner, { type, data }: EventRow): Promise<VisitorEvent | undefined> {
  const { conversationId, messageId } = data;
  if (typeof conversationId !== 'string') return undefined;
  if ((await store.conversations.find(owner, conversationId)) === undefined) return undefined;
  if (type === 'conversation') return { type, conversationId };
  if (type !== 'message' || typeof messageId !== 'string') return undefined;
  const message = await store.conversations.message(conversationId, messageId);
  return message === undefined ? undefined : { type, conversationId, message };
}
