import type { VisitorEvent } from '../../../src/protocol/index.ts';
import { type EventRow, type Owner, ownerKey, type Store } from '../storage/index.ts';
import { describeStoreError } from './describe-error.ts';
import { type DeskEvent, tellDesk } from './desk-events.ts';
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
  /** Notes that a conversation has a new message. In the order of the calls; a failure is logged. Operators are told too. */
  announce(conversationId: string, messageId: string, kind?: 'message' | 'handoff'): void;
  /** Notes that something else about a conversation has changed. */
  announceChange(conversationId: string): void;
  /** Notes that the person who has taken over types, or has stopped. Only who listens now is told. */
  announceTyping(conversationId: string, typing: boolean): void;
  /** Tells the owner of a conversation that it is gone. Only who listens now is told: nothing of it is kept. */
  announceRemoval(owner: Owner, conversationId: string): void;
  /** Resolves when all that was announced is stored. */
  settled(): Promise<void>;
  read(owner: Owner, lastEventId: number | undefined, signal: AbortSignal): AsyncGenerator<NumberedEvent>;
};

export function createVisitorEvents(options: EventsOptions): VisitorEvents {
  const { store, clock, log } = options;
  const queues = new Map<string, Promise<void>>();
  const owners = createSharedReads((key, ring) => store.notifier.subscribe(`owner:${key}`, ring));

  const announce = (conversationId: string, messageId: string, kind: DeskKind = 'message'): void =>
    inOrder(conversationId, kind, [
      { type: 'message', data: { conversationId, messageId } },
      { type: 'conversation', data: { conversationId } },
    ]);

  /** One after the other within a conversation: an answer's event never overtakes its question's. */
  function inOrder(conversationId: string, kind: DeskKind | undefined, events: readonly NewEvent[]): void {
    const task = (queues.get(conversationId) ?? Promise.resolve())
      .then(() => append(conversationId, kind, events))
      .catch((error: unknown) => {
        log.warn({ conversationId, kind, error: describeStoreError(error) }, 'a live event could not be stored');
      })
      .finally(() => {
        if (queues.get(conversationId) === task) queues.delete(conversationId);
      });
    queues.set(conversationId, task);
  }

  async function append(
    conversationId: string,
    kind: DeskKind | undefined,
    events: readonly NewEvent[],
  ): Promise<void> {
    const owner = await store.conversations.ownerOf(conversationId);
    if (owner === undefined) return;
    for (const { type, data } of events) await store.events.append(owner, type, data, clock());
    await store.notifier.publish(`owner:${ownerKey(owner)}`);
    if (kind === undefined) return;
    await tellDesk(store.notifier, { type: 'conversation', agentId: owner.agentId, conversationId, kind });
  }

  return {
    announce,
    announceChange: (conversationId) =>
      inOrder(conversationId, 'title', [{ type: 'conversation', data: { conversationId } }]),
    announceTyping: (conversationId, typing) =>
      inOrder(conversationId, undefined, [{ type: 'typing', data: { conversationId, typing } }]),
    announceRemoval: (owner, conversationId) => {
      store.notifier.publish(`removed:${ownerKey(owner)}`, conversationId).catch((error: unknown) => {
        log.warn({ conversationId, error: describeStoreError(error) }, 'a visitor could not be told');
      });
    },
    settled: async () => {
      await Promise.all(queues.values());
    },
    read: (owner, lastEventId, signal) => readOwner(options, owners, owner, { lastEventId, signal }),
  };
}

/** Events of one owner, those that are stored and those that are only told. */
async function* readOwner(
  options: EventsOptions,
  owners: ReturnType<typeof createSharedReads>,
  owner: Owner,
  { lastEventId, signal }: { readonly lastEventId: number | undefined; readonly signal: AbortSignal },
): ReturnType<VisitorEvents['read']> {
  const key = ownerKey(owner);
  const reads = owners.join(key);
  const removed: string[] = [];
  const unsubscribe = options.store.notifier.subscribe(`removed:${key}`, (conversationId) => {
    if (conversationId !== '') removed.push(conversationId);
    reads.bell.ring();
  });
  try {
    yield* readEvents(options, { ...reads, removed }, owner, lastEventId, signal);
  } finally {
    unsubscribe();
    owners.leave(key);
  }
}

type DeskKind = Extract<DeskEvent, { type: 'conversation' }>['kind'];
type NewEvent = { readonly type: VisitorEvent['type']; readonly data: EventRow['data'] };

/** Who comes later is not told that somebody typed once. */
const typingLastsMs = 10_000;

/** Streams of one owner look at the same moment, when the bell rings: what one of them reads then serves them all. */
async function* readEvents(
  { store, clock, pollMs }: EventsOptions,
  { bell, share, removed }: SharedReads & { readonly removed: string[] },
  owner: Owner,
  lastEventId: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  let last = lastEventId ?? (await store.events.lastId(owner));
  while (!signal.aborted) {
    const { rings } = bell;
    for (const conversationId of removed.splice(0)) yield { id: last, event: { type: 'removed', conversationId } };
    const after = last;
    const rows = await share(`after ${after}`, () => store.events.after(owner, after));
    for (const row of rows) {
      last = row.id;
      const event = await share(`event ${row.id}`, () => materialize(store, owner, row, clock()));
      if (event !== undefined) yield { id: row.id, event };
    }
    if (rows.length === 0) await bell.wait(rings, signal, pollMs);
  }
}

/** Undefined for what has become another's since (claimed), or is of a kind that this version does not know. */
async function materialize(
  store: Store,
  owner: Owner,
  { type, data, createdAt }: EventRow,
  now: number,
): Promise<VisitorEvent | undefined> {
  const { conversationId, messageId, typing } = data;
  if (typeof conversationId !== 'string') return undefined;
  if ((await store.conversations.find(owner, conversationId)) === undefined) return undefined;
  if (type === 'conversation') return { type, conversationId };
  if (type === 'typing' && typeof typing === 'boolean') {
    const { name } = (await store.handoffs.find(conversationId)) ?? {};
    const isOver = name === undefined || now - createdAt > typingLastsMs;
    return isOver ? undefined : { type, conversationId, name, typing };
  }
  if (type !== 'message' || typeof messageId !== 'string') return undefined;
  const message = await store.conversations.message(conversationId, messageId);
  return message === undefined ? undefined : { type, conversationId, message };
}
